import { encodeText } from "../event/text.ts";

/** Text that needs no escape: most by far. */
const plain = /^[ !#-[\]-~]*$/;

/** Halves of characters: U+DC00 + byte where a byte was not UTF-8. A whole pair of halves does not match. */
const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogates = /\p{Surrogate}/gu;

/** What JSON lets through and a terminal, or a reader of lines, may act on; see `unsafe` in printable.ts. */
const invisible = /[\x7f\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu;

/** A JSON string: U+FFFD for each byte that is not UTF-8; control, format and invisible characters are escaped. */
export function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text.replace(loneSurrogates, "\ufffd")).replace(invisible, escape);
}

/** A member of an object, with the comma before it. If the text has bytes that are not UTF-8, its `_base64` twin too. */
export function textField(name: string, text: string): string {
  if (plain.test(text)) return `,"${name}":"${text}"`;
  const field = `,"${name}":${quoted(text)}`;
  return loneSurrogate.test(text) ? `${field},"${name}_base64":${base64(text)}` : field;
}

/**
 * An array of texts. Its twin, if any text has bytes that are not UTF-8, is an array as long, with null for each text
 * that needs none.
 */
export function textListField(name: string, texts: readonly string[]): string {
  let list = "";
  let exact = true;
  for (const text of texts) {
    const isPlain = plain.test(text);
    if (!isPlain && loneSurrogate.test(text)) exact = false;
    const comma = list === "" ? "" : ",";
    list += isPlain ? `${comma}"${text}"` : comma + quoted(text);
  }
  const field = `,"${name}":[${list}]`;
  if (exact) return field;
  const twins = texts.map((text) => (loneSurrogate.test(text) ? base64(text) : "null"));
  return `${field},"${name}_base64":[${twins.join()}]`;
}

/** Escapes a character as JSON does, by its UTF-16 units. */
function escape(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function base64(text: string): string {
  return `"${encodeText(text).toString("base64")}"`;
}
