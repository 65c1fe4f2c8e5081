import { PlainProgram } from "../../process/program.ts";
import { wire } from "../../probe/wire.ts";
import { Constant } from "./put.ts";
import { LE } from "./record-time.ts";

const { fullExecEventOffsets: exec } = wire;

/** Where all begins that an exec's line says of its program, but for `argc`: sizes, and the texts behind them. */
const TEXTS = exec.filename_size;

/** Programs that are remembered, and hashes of those that came once; powers of two. */
const CAPACITY = 64;
const SEEN = 1024;

/** Bytes of a record that is worth it: so many take part in the memory that all of them need. */
const LONGEST = 1024;

/** A program whose texts in a record are known, with what is written for them. */
export class KnownProgram extends PlainProgram {
  readonly hash: number;
  readonly argc: number;
  readonly words: Int32Array;
  /** From `filename` on to the end of an exec's line. */
  readonly execText: Constant;
  /** What an exit says. */
  readonly exitText: Constant;

  constructor(hash: number, argc: number, words: Int32Array, execText: string, json: string) {
    super(json);
    this.hash = hash;
    this.argc = argc;
    this.words = words;
    this.execText = new Constant(execText);
    this.exitText = new Constant(json);
  }
}

/**
 * Programs that run again and again, with the same arguments in the same directory: their texts need not be looked at
 * byte by byte. That takes a third off what a short program's line costs. A program is remembered when it comes the second
 * time.
 */
export class KnownPrograms {
  readonly #known: (KnownProgram | undefined)[] = Array.from({ length: CAPACITY }, () => undefined);
  readonly #seen = new Int32Array(SEEN);
  #hash = 0;

  /** Finds what a record of an exec says, `size` bytes in all. */
  find(data: DataView, offset: number, size: number): KnownProgram | undefined {
    if (size > LONGEST) return undefined;
    const end = offset + size - 4;
    let hash = size ^ data.getInt32(offset + exec.argc, LE);
    for (let at = offset + TEXTS; at < end; at += 4) hash = Math.imul(hash ^ data.getInt32(at, LE), 0x9e3779b1);
    // The last four bytes may overlap those before.
    hash = Math.imul(hash ^ data.getInt32(end, LE), 0x9e3779b1);
    this.#hash = hash;
    const known = this.#known[hash >>> 26];
    return known?.hash === hash && isSame(known, data, offset, end) ? known : undefined;
  }

  /**
   * The program of the record that `find` has just been asked for, to be known from now on if it came before.
   *
   * @param execText from `filename` on to the end of its line
   * @param json what its exit will say
   */
  add(data: DataView, offset: number, size: number, execText: () => string, json: string): PlainProgram {
    const hash = this.#hash;
    const slot = (hash >>> 16) & (SEEN - 1);
    if (size > LONGEST || this.#seen[slot] !== hash) {
      this.#seen[slot] = hash;
      return new PlainProgram(json);
    }
    const end = offset + size - 4;
    const count = Math.ceil((end - offset - TEXTS) / 4);
    const words = Int32Array.from({ length: count + 1 }, (_, index) =>
      data.getInt32(index === count ? end : offset + TEXTS + 4 * index, LE),
    );
    const known = new KnownProgram(hash, data.getInt32(offset + exec.argc, LE), words, execText(), json);
    this.#known[hash >>> 26] = known;
    return known;
  }
}

function isSame({ words, argc }: KnownProgram, data: DataView, offset: number, end: number): boolean {
  const last = words.length - 1;
  if (offset + TEXTS + 4 * (last - 1) >= end || offset + TEXTS + 4 * last < end) return false;
  if (words[last] !== data.getInt32(end, LE) || argc !== data.getInt32(offset + exec.argc, LE)) return false;
  let at = offset + TEXTS;
  for (let index = 0; index < last; index++, at += 4) if (words[index] !== data.getInt32(at, LE)) return false;
  return true;
}
