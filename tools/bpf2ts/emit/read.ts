import type { BitsValue, IntegerValue, Value } from "../model.ts";
import type { Expression } from "./expression.ts";

/** Returns the expression that reads a value at `place`, the code of its offset in `view`. */
export function readValue(value: Value, place: string, littleEndian: boolean): Expression {
  switch (value.kind) {
    case "integer":
      return readInteger(value, place, littleEndian);
    case "boolean":
      return `${readUnsigned(value.size, place, littleEndian)} !== ${value.size === 8 ? "0n" : "0"}`;
    case "float":
      return { callee: `view.getFloat${8 * value.size}`, args: [place, String(littleEndian)] };
    case "bits":
      return readBits(value, place, littleEndian);
    case "text":
      return { callee: "decodeText", args: ["view", place, String(value.size)] };
    case "bytes":
      return { callee: "readBytes", args: ["view", place, String(value.size)] };
    case "list": {
      const parameter = nextParameter(place);
      const args = [String(value.length), place, String(value.stride)];
      return { callee: "readArray", args, parameter, body: readValue(value.element, parameter, littleEndian) };
    }
    case "record":
      return { callee: `decode${value.record.name}`, args: ["view", place] };
  }
}

/** Returns the name of the offset of an element, other than that of the array's own offset. */
export function nextParameter(place: string): string {
  const depth = /^at(\d*)$/.exec(place)?.[1];
  return depth === undefined ? "at" : `at${Number(depth) + 1}`;
}

function readInteger({ size, signed }: IntegerValue, place: string, littleEndian: boolean): Expression {
  const sign = signed ? "Int" : "Uint";
  const callee = `view.get${size === 8 ? "Big" : ""}${sign}${8 * size}`;
  return { callee, args: size === 1 ? [place] : [place, String(littleEndian)] };
}

function readUnsigned(size: number, place: string, littleEndian: boolean): string {
  const order = size === 1 ? "" : `, ${String(littleEndian)}`;
  return `view.get${size === 8 ? "Big" : ""}Uint${8 * size}(${place}${order})`;
}

function readBits(bits: BitsValue, place: string, littleEndian: boolean): Expression {
  return bits.size <= 4 && bits.size !== 3
    ? readNarrowBits(bits, place, littleEndian)
    : readWideBits(bits, place, littleEndian);
}

/** Cuts bits out of a number of at most 32 bits; JavaScript's shifts see it as exactly 32. */
function readNarrowBits({ size, shift, width, result }: BitsValue, place: string, littleEndian: boolean): string {
  const unit = readUnsigned(size, place, littleEndian);
  if (result === "signed") {
    const left = 32 - shift - width;
    return `${left === 0 ? unit : `(${unit} << ${left})`} >> ${32 - width}`;
  }
  const lowered = shift === 0 ? unit : `${unit} >>> ${shift}`;
  const atTop = shift + width === 8 * size;
  if (result === "unsigned" && atTop) return lowered;
  const masked = `${shift === 0 ? unit : `(${lowered})`} & ${2 ** width - 1}`;
  return result === "boolean" ? `(${masked}) !== 0` : masked;
}

/** Cuts bits out of a bigint. */
function readWideBits({ size, shift, width, result }: BitsValue, place: string, littleEndian: boolean): Expression {
  const unit = size === 8 ? readUnsigned(size, place, littleEndian) : `readBits(view, ${place}, ${size})`;
  const lowered = shift === 0 ? unit : `${unit} >> ${shift}n`;
  const cut = { callee: `BigInt.as${result === "signed" ? "Int" : "Uint"}N`, args: [String(width), lowered] };
  const code = `${cut.callee}(${cut.args.join(", ")})`;
  if (result === "boolean") return `${code} !== 0n`;
  return width <= 32 ? { callee: "Number", args: [code] } : cut;
}
