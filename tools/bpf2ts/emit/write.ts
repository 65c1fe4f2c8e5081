import type { IntegerValue, Value } from "../model.ts";
import { lineWidth, printExpression, type Expression } from "./expression.ts";
import { nextParameter } from "./read.ts";

/**
 * Returns the statements that write the value that the code `source` stands for at `place`, the code of its offset in
 * `view`. The value must not be a bit-field, nor hold unions.
 */
export function writeValue(value: Value, place: string, source: string, littleEndian: boolean, indent: string): string {
  const call = (callee: string, ...args: Expression[]): string => printExpression(indent, "", { callee, args }, ";");
  const order = String(littleEndian);
  switch (value.kind) {
    case "integer": {
      const callee = `view.set${value.size === 8 ? "Big" : ""}${value.signed ? "Int" : "Uint"}${8 * value.size}`;
      return call(callee, place, checked(value, source), ...(value.size === 1 ? [] : [order]));
    }
    case "boolean":
      return value.size === 8
        ? call("view.setBigUint64", place, { callee: "BigInt", args: [source] }, order)
        : call(
            `view.setUint${8 * value.size}`,
            place,
            { callee: "Number", args: [source] },
            ...(value.size === 1 ? [] : [order]),
          );
    case "float":
      return call(`view.setFloat${8 * value.size}`, place, source, order);
    case "bits":
      throw new TypeError("a bit-field cannot be written on its own");
    case "text":
      return call("writeText", "view", place, String(value.size), source);
    case "bytes":
      return call("writeBytes", "view", place, String(value.size), source);
    case "list": {
      const at = nextParameter(place);
      const element = at.replace("at", "element");
      const args = [source, String(value.length), place, String(value.stride), `(${element}, ${at}) => {`];
      const body = (inner: string): string => writeValue(value.element, at, element, littleEndian, inner);
      return printBlockCall(indent, "writeArray", args, body);
    }
    case "record":
      return call(`encode${value.record.name}`, "view", place, source);
  }
}

function checked({ size, signed, cType }: IntegerValue, source: string): Expression {
  const callee = `${signed ? "signed" : "unsigned"}${size === 8 ? "64" : ""}`;
  const bits = size === 8 ? [] : [String(8 * size)];
  return { callee, args: [source, ...bits, JSON.stringify(cType)] };
}

/** Prints a call whose last argument is a function with a block, its opening given as `args`' last. */
function printBlockCall(
  indent: string,
  callee: string,
  args: readonly string[],
  block: (indent: string) => string,
): string {
  const inner = `${indent}  `;
  const line = `${indent}${callee}(${args.join(", ")}`;
  if (line.length <= lineWidth) return `${line}\n${block(inner)}\n${indent}});`;
  return `${indent}${callee}(\n${inner}${args.join(`,\n${inner}`)}\n${block(`${inner}  `)}\n${inner}},\n${indent});`;
}
