import { isUtf8 } from "node:buffer";

/**
 * The string of some bytes, as the events have it: UTF-8, with each byte that is none of it as the lone surrogate
 * U+DC00 + byte.
 */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let text = "";
  for (let at = 0; at < buffer.length;) {
    const length = characterLength(buffer, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + (buffer[at] ?? 0)) : buffer.toString("utf8", at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the character that begins there; 0 if none does. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

/** The bytes of a string of an event: the inverse of how it was decoded. */
export function encodeText(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let from = 0;
  let used = 0;
  for (const { index } of text.matchAll(/[\udc80-\udcff]/gu)) {
    if (index > from) used += bytes.write(text.slice(from, index), used);
    bytes[used++] = text.charCodeAt(index) - 0xdc00;
    from = index + 1;
  }
  if (from < text.length) used += bytes.write(text.slice(from), used);
  return bytes.subarray(0, used);
}
