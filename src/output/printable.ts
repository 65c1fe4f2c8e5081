const plainAscii = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * Everything that could move the cursor, hide, reorder or forge text: control and format characters, blanks other than
 * the space, unassigned and private code points, surrogates (bytes that are not UTF-8), and the backslash of escapes.
 */
const unsafe = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\\]|(?! )\p{Z}/gu;

/** The text with unsafe characters escaped: `\n`, `\x1b`, `\\`, `\u{202e}`; a byte that is not UTF-8 as `\xff`. */
export function printable(text: string): string {
  return plainAscii.test(text) ? text : text.replace(unsafe, escape);
}

const short = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\\", "\\\\"],
]);

function escape(character: string): string {
  const known = short.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  // Bytes that are not UTF-8 were decoded to U+DC80 and up.
  if (code >= 0xdc80 && code <= 0xdcff) return hex(code - 0xdc00);
  return code < 0x80 ? hex(code) : `\\u{${code.toString(16)}}`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
