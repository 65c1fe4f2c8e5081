import { writeTextFunction } from "./text-functions.ts";

/** Returns the functions that code calls by name, so that a module holds only those. */
export function functionsCalledIn(code: string, littleEndian: boolean): string[] {
  const functions = Object.entries({
    ...valueFunctions,
    readBits: littleEndian ? lowestByteFirst : highestByteFirst,
  });
  return functions.flatMap(([name, text]) => (new RegExp(`\\b${name}\\(`).test(code) ? [text] : []));
}

const valueFunctions = {
  readArray: `\
/** Decodes \`length\` elements, \`stride\` bytes apart. */
function readArray<Element>(
  length: number,
  offset: number,
  stride: number,
  decode: (offset: number) => Element,
): readonly Element[] {
  const elements: Element[] = [];
  for (let index = 0; index < length; index++) elements.push(decode(offset + index * stride));
  return elements;
}`,
  readBytes: `\
/** Copies bytes out of a view. */
function readBytes(view: DataView, offset: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, size).slice();
}`,
  writeText: writeTextFunction,
  writeArray: `\
/** Encodes \`length\` elements, \`stride\` bytes apart. */
function writeArray<Element>(
  elements: readonly Element[],
  length: number,
  offset: number,
  stride: number,
  encode: (element: Element, offset: number) => void,
): void {
  if (elements.length !== length) {
    throw new RangeError(\`an array of \${elements.length} elements is outside its type, which has \${length}\`);
  }
  for (const [index, element] of elements.entries()) encode(element, offset + index * stride);
}`,
  writeBytes: `\
/** Copies bytes into a view. */
function writeBytes(view: DataView, offset: number, size: number, bytes: Uint8Array): void {
  if (bytes.length !== size) throw new RangeError(\`\${bytes.length} bytes are outside unsigned char[\${size}]\`);
  new Uint8Array(view.buffer, view.byteOffset + offset, size).set(bytes);
}`,
  signed: `\
/** Returns the value if it fits the signed type of so many bits. */
function signed(value: number, bits: number, type: string): number {
  const limit = 2 ** (bits - 1);
  if (Number.isInteger(value) && value >= -limit && value < limit) return value;
  throw new RangeError(\`\${value} is outside \${type}: \${-limit} to \${limit - 1}\`);
}`,
  signed64: `\
/** Returns the value if it fits the signed type of 64 bits. */
function signed64(value: bigint, type: string): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw new RangeError(\`\${value} is outside \${type}: \${-(2n ** 63n)} to \${2n ** 63n - 1n}\`);
}`,
  unsigned: `\
/** Returns the value if it fits the unsigned type of so many bits. */
function unsigned(value: number, bits: number, type: string): number {
  const limit = 2 ** bits;
  if (Number.isInteger(value) && value >= 0 && value < limit) return value;
  throw new RangeError(\`\${value} is outside \${type}: 0 to \${limit - 1}\`);
}`,
  unsigned64: `\
/** Returns the value if it fits the unsigned type of 64 bits. */
function unsigned64(value: bigint, type: string): bigint {
  if (BigInt.asUintN(64, value) === value) return value;
  throw new RangeError(\`\${value} is outside \${type}: 0 to \${2n ** 64n - 1n}\`);
}`,
};

const lowestByteFirst = bitsFunction("let at = offset + size - 1; at >= offset; at--");
const highestByteFirst = bitsFunction("let at = offset; at < offset + size; at++");

function bitsFunction(loop: string): string {
  return `\
/** Reads an integer of any number of bytes. */
function readBits(view: DataView, offset: number, size: number): bigint {
  let bits = 0n;
  for (${loop}) bits = (bits << 8n) | BigInt(view.getUint8(at));
  return bits;
}`;
}
