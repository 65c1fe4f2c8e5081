import { eastAsianWidth } from "get-east-asian-width";

const plainAscii = /^[\x20-\x7e]*$/;

/** Marks that join the character before them, and the vowels and finals of Hangul that join a syllable's beginning. */
const joining = /^[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff]$/u;

/** A character, or an escape that stands for one. */
const unit = /\\(?:x[0-9a-f]{2}|u\{[0-9a-f]+\}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|./gsu;

/**
 * How many cells of a terminal a printable text takes: two for each wide character of East Asia (Unicode TR11), none for
 * marks that combine. Counting may stop early beyond `limit`: the result is then some number larger than that.
 */
export function cellsOf(text: string, limit = Infinity): number {
  if (plainAscii.test(text)) return text.length;
  let cells = 0;
  for (const character of text) {
    cells += cellsOfCharacter(character);
    if (cells > limit) break;
  }
  return cells;
}

/** A printable text with blanks after it up to that many cells. */
export function padToCells(text: string, cells: number): string {
  if (plainAscii.test(text)) return text.padEnd(cells);
  const missing = cells - cellsOf(text, cells);
  return missing > 0 ? text + " ".repeat(missing) : text;
}

/** As much of a printable text as fits into that many cells, with `…` for the rest; escapes are not cut apart. */
export function cutToCells(text: string, cells: number): string {
  if (cellsOf(text, cells) <= cells) return text;
  if (cells < 1) return "";
  let used = 1;
  let end = 0;
  for (const { 0: part, index } of text.matchAll(unit)) {
    used += cellsOf(part);
    if (used > cells) break;
    end = index + part.length;
  }
  return `${text.slice(0, end)}…`;
}

function cellsOfCharacter(character: string): number {
  if (plainAscii.test(character)) return 1;
  return joining.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}
