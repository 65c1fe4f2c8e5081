/** The function, in every module, that decodes text, and the one that it leaves damaged text to. */
export const decodeTextFunctions = `\
/**
 * Decodes the text that begins \`offset\` bytes into \`view\`: up to the first NUL, but \`size\` bytes at most. UTF-8 is decoded;
 * every byte that is not part of valid UTF-8 becomes the lone surrogate U+DC00 + byte, so that no two texts look the same.
 */
export function decodeText(view: DataView, offset: number, size: number): string {
  const limit = offset + size;
  let end = offset;
  while (end + 4 <= limit) {
    // Four bytes at once, if none of them is NUL or outside ASCII.
    const word = view.getUint32(end);
    if ((((word - 0x01010101) | word) & 0x80808080) !== 0) break;
    end += 4;
  }
  let seen = 0;
  for (; end < limit; end++) {
    const byte = view.getUint8(end);
    if (byte === 0) break;
    seen |= byte;
  }
  // Up to about 24 bytes, it costs less to append characters than to make a Buffer.
  if (seen > 0x7f || end - offset > 24) {
    const bytes = Buffer.from(view.buffer, view.byteOffset + offset, end - offset);
    if (seen <= 0x7f) return bytes.toString("latin1");
    const text = bytes.toString("utf8");
    return text.includes("\\ufffd") ? readEscapedText(bytes) : text;
  }
  let text = "";
  let at = offset;
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
  }
  for (; at < end; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}

/** Decodes UTF-8 with the bytes that are none of it as lone surrogates. */
function readEscapedText(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let point = length === 1 ? lead : lead & (0x7f >> length);
    for (let next = at + 1; next < at + length; next++) {
      const byte = bytes[next] ?? 0;
      point = (byte & 0xc0) === 0x80 ? (point << 6) | (byte & 0x3f) : -1;
    }
    const smallest = length === 1 ? 0 : length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
    const surrogate = point >= 0xd800 && point <= 0xdfff;
    const stray = (lead >= 0x80 && lead < 0xc2) || lead > 0xf4;
    if (stray || surrogate || point < smallest || point > 0x10ffff) {
      text += String.fromCharCode(0xdc00 + lead);
      at++;
    } else {
      text += String.fromCodePoint(point);
      at += length;
    }
  }
  return text;
}`;

/** The inverse of decodeText, for variables. */
export const writeTextFunction = `\
/** Encodes what decodeText returns, padded with NULs to \`size\` bytes. */
function writeText(view: DataView, offset: number, size: number, text: string): void {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point === 0 || (point >= 0xd800 && point <= 0xdfff && (point < 0xdc80 || point > 0xdcff))) {
      throw new RangeError(\`\${JSON.stringify(text)} is outside char[\${size}]: it holds \${JSON.stringify(character)}\`);
    }
    if (point >= 0xdc80 && point <= 0xdcff) bytes.push(point - 0xdc00);
    else bytes.push(...Buffer.from(character));
  }
  if (bytes.length > size) {
    throw new RangeError(\`\${JSON.stringify(text)} is outside char[\${size}]: it takes \${bytes.length} bytes\`);
  }
  for (let index = 0; index < size; index++) view.setUint8(offset + index, bytes[index] ?? 0);
}`;
