/**
 * Storing of small things into a buffer's bytes, without a string in between. Each function returns the offset behind
 * what it has stored. Room is the caller's business.
 */

const BLANK = 0x20;

/** Three digits of each number below 1000, as ASCII in the low bytes; with the leading zeros, and without them. */
const padded = Int32Array.from({ length: 1000 }, (_, value) => asWord(String(value).padStart(3, "0")));
const plain = Int32Array.from({ length: 1000 }, (_, value) => asWord(String(value)));

function asWord(text: string): number {
  return Buffer.alloc(4, text.padEnd(4, "\0"), "latin1").readInt32LE();
}

/** Stores an integer from 0 to 2^53 - 1 in decimal; up to three bytes behind it are stored too. */
export function putInteger(view: DataView, at: number, value: number): number {
  if (value < 1000) return putUpToThree(view, at, value);
  if (value < 1e6) {
    const thousands = (value / 1e3) | 0;
    const end = putUpToThree(view, at, thousands);
    view.setInt32(end, padded[value - thousands * 1000] ?? 0, true);
    return end + 3;
  }
  if (value < 1e9) {
    const millions = (value / 1e6) | 0;
    const thousands = (value / 1e3) | 0;
    const end = putUpToThree(view, at, millions);
    view.setInt32(end, padded[thousands - millions * 1000] ?? 0, true);
    view.setInt32(end + 3, padded[value - thousands * 1000] ?? 0, true);
    return end + 6;
  }
  const billions = Math.floor(value / 1e9);
  return putNineDigits(view, putInteger(view, at, billions), value - billions * 1e9);
}

function putUpToThree(view: DataView, at: number, value: number): number {
  view.setInt32(at, plain[value] ?? 0, true);
  return at + (value < 10 ? 1 : value < 100 ? 2 : 3);
}

/** Stores an integer below 10^9 as nine digits; a byte behind them is stored too. */
export function putNineDigits(view: DataView, at: number, value: number): number {
  const millions = (value / 1e6) | 0;
  const thousands = (value / 1e3) | 0;
  view.setInt32(at, padded[millions] ?? 0, true);
  view.setInt32(at + 3, padded[thousands - millions * 1000] ?? 0, true);
  view.setInt32(at + 6, padded[value - thousands * 1000] ?? 0, true);
  return at + 9;
}

/** Stores blanks up to `end`, and one in any case. */
export function putBlanks(bytes: Uint8Array, at: number, end: number): number {
  do bytes[at++] = BLANK;
  while (at < end);
  return at;
}

/**
 * Bytes that are stored again and again, eight at a time: up to seven bytes behind them are stored too. They travel as
 * floating-point numbers, which keep all bits but those of a NaN; of ASCII, none is one.
 */
export class Constant {
  readonly length: number;
  readonly words: Float64Array;

  /** Of a text of printable ASCII characters. */
  constructor(text: string) {
    this.length = text.length;
    const bytes = Buffer.alloc((text.length + 7) & ~7, text, "latin1");
    this.words = Float64Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(8 * index));
  }
}

/** Stores a constant; up to seven bytes behind it are stored too. */
export function putConstant(view: DataView, at: number, { words, length }: Constant): number {
  for (let index = 0; index < words.length; index++) view.setFloat64(at + 8 * index, words[index] ?? 0, true);
  return at + length;
}
