import type { IntegerValue, Value } from "../model.ts";
import { printExpression } from "./expression.ts";
import { nextParameter } from "./read.ts";

/**
 * Returns the statements that write the value that the code `source` stands for at `place`, the code of its offset in
 * `view`. The value must not be a bit-field, nor hold unions.
 */
export function writeValue(value: Value, place: string, source: string, littleEndian: boolean, indent: string): string {
  const call = (callee: string, ...args: string[]): string => printExpression(indent, "", { callee, args }, ";");
  const order = String(littleEndian);
  switch (value.kind) {
    case "integer": {
      const callee = `view.set${value.size === 8 ? "Big" : ""}${value.signed ? "Int" : "Uint"}${8 * value.size}`;
      return call(callee, place, checked(value, source), ...(value.size === 1 ? [] : [order]));
    }
    case "boolean":
      return value.size === 8
        ? call("view.setBigUint64", place, `${source} ? 1n : 0n`, order)
        : call(`view.setUint${8 * value.size}`, place, `${source} ? 1 : 0`, ...(value.size === 1 ? [] : [order]));
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
      const body = writeValue(value.element, at, element, littleEndian, `${indent}  `);
      const head = `writeArray(${source}, ${value.length}, ${place}, ${value.stride}, (${element}, ${at}) => {`;
      return `${indent}${head}\n${body}\n${indent}});`;
    }
    case "record":
      return call(`encode${value.record.name}`, "view", place, source);
  }
}

function checked({ size, signed, cType }: IntegerValue, source: string): string {
  const check = `${signed ? "signed" : "unsigned"}${size === 8 ? "64" : ""}`;
  const bits = size === 8 ? "" : `, ${8 * size}`;
  return `${check}(${source}${bits}, ${JSON.stringify(cType)})`;
}
