import { endianness } from "node:os";

/** Whether numbers in records are little-endian. */
export const LE = endianness() === "LE";

const LOW = LE ? 0 : 4;
const HIGH = LE ? 4 : 0;

/** 2^32 ns are four seconds and this. */
const REST_OF_HIGH = 2 ** 32 - 4e9;

/** Times beyond 2^56 ns, 2.3 years, cannot be split exactly in this way. */
const LARGEST_HIGH = 2 ** 24 - 1;

/** Seconds, and 0 to 10^9 - 1 nanoseconds. */
interface Split {
  readonly seconds: number;
  readonly ns: number;
}

/** A number of nanoseconds as seconds and what is left: exact where a number alone would be rounded, and no bigint. */
export class SplitTime implements Split {
  seconds = 0;
  ns = 0;

  /** Reads 64 bits. False if they are too many. */
  read(data: DataView, offset: number): boolean {
    const high = data.getUint32(offset + HIGH, LE);
    if (high > LARGEST_HIGH) return false;
    const rest = high * REST_OF_HIGH + data.getUint32(offset + LOW, LE);
    const seconds = Math.floor(rest / 1e9);
    this.seconds = high * 4 + seconds;
    this.ns = rest - seconds * 1e9;
    return true;
  }

  /** As one number, rounded to a double. */
  get total(): number {
    return this.seconds * 1e9 + this.ns;
  }

  /** Becomes the time from an earlier one to a later one. */
  setDifference(later: SplitTime, earlier: SplitTime): void {
    const ns = later.ns - earlier.ns;
    this.seconds = later.seconds - earlier.seconds - (ns < 0 ? 1 : 0);
    this.ns = ns < 0 ? ns + 1e9 : ns;
  }

  /** Becomes the sum of two times. */
  setSum(a: Split, b: Split): void {
    const ns = a.ns + b.ns;
    this.seconds = a.seconds + b.seconds + (ns >= 1e9 ? 1 : 0);
    this.ns = ns >= 1e9 ? ns - 1e9 : ns;
  }
}

/** Reads an integer of 64 bits; -1 if a number cannot hold it exactly. */
export function readInteger(data: DataView, offset: number): number {
  const high = data.getUint32(offset + HIGH, LE);
  return high < 2 ** 21 ? high * 2 ** 32 + data.getUint32(offset + LOW, LE) : -1;
}
