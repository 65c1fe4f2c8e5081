/**
 * Storing of JSON strings from a record's text. Plain is what is the same in JSON: printable ASCII but `"` and `\`. Each
 * function returns the offset behind what it has stored, or `NOT_PLAIN`.
 */
import { NOT_PLAIN } from "./direct-output.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;

/** 1 for each plain byte. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte <= 0x7e && byte !== QUOTE && byte !== 0x5c),
);

/** Stores a text that ends at its first NUL, or after `size` bytes. */
export function putText(bytes: Uint8Array, at: number, data: DataView, offset: number, size: number): number {
  for (let index = 0; index < size; index++) {
    const byte = data.getUint8(offset + index);
    if (byte === 0) break;
    if (isPlain[byte] === 0) return NOT_PLAIN;
    bytes[at++] = byte;
  }
  return at;
}

/** Stores a path: in the record stand its names from the last to the first, each with a NUL. */
export function putPath(bytes: Uint8Array, at: number, data: DataView, offset: number, size: number): number {
  let end = size - 1;
  if (data.getUint8(offset + end) !== 0) return NOT_PLAIN;
  if (data.getUint8(offset) === SLASH) {
    // The root has no name but its own.
    bytes[at] = SLASH;
    return end === 1 ? at + 1 : NOT_PLAIN;
  }
  while (end > 0) {
    let start = end;
    while (start > 0 && data.getUint8(offset + start - 1) !== 0) start--;
    bytes[at++] = SLASH;
    for (let index = start; index < end; index++) {
      const byte = data.getUint8(offset + index);
      if (isPlain[byte] === 0) return NOT_PLAIN;
      bytes[at++] = byte;
    }
    end = start - 1;
  }
  return at;
}

/** Stores texts, each with a NUL in the record, as strings with commas between them. */
export function putTexts(bytes: Uint8Array, at: number, data: DataView, offset: number, size: number): number {
  if (data.getUint8(offset + size - 1) !== 0) return NOT_PLAIN;
  bytes[at++] = QUOTE;
  for (let index = 0; index < size - 1; index++) {
    const byte = data.getUint8(offset + index);
    if (byte === 0) {
      bytes[at] = QUOTE;
      bytes[at + 1] = COMMA;
      bytes[at + 2] = QUOTE;
      at += 3;
    } else {
      if (isPlain[byte] === 0) return NOT_PLAIN;
      bytes[at++] = byte;
    }
  }
  bytes[at] = QUOTE;
  return at + 1;
}
