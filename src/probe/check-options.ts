import { pageSize } from "../libc/libc.ts";
import { LARGEST_ARGS_BYTES, LARGEST_RING_SIZE } from "./defaults.ts";

/** What of the options has a range. */
interface RangedOptions {
  readonly minDurationNs: bigint;
  readonly ringSize: number;
  readonly maxArgsBytes: number;
}

/** @throws {TypeError} that names the option and its value, if one is not what it may be */
export function checkOptions({ minDurationNs, ringSize, maxArgsBytes }: RangedOptions): void {
  if (typeof minDurationNs !== "bigint" || minDurationNs < 0n || minDurationNs >= 1n << 63n) {
    throw new TypeError(`option minDurationNs: ${String(minDurationNs)} is no bigint of nanoseconds, 0n or more`);
  }
  const isPowerOfTwo = Number.isInteger(ringSize) && Number.isInteger(Math.log2(ringSize));
  if (!isPowerOfTwo || ringSize < pageSize || ringSize > LARGEST_RING_SIZE) {
    throw new TypeError(
      `option ringSize: ${String(ringSize)} is no power of two from ${pageSize} (a page) to ${LARGEST_RING_SIZE} bytes`,
    );
  }
  if (!Number.isInteger(maxArgsBytes) || maxArgsBytes < 0 || maxArgsBytes > LARGEST_ARGS_BYTES) {
    throw new TypeError(
      `option maxArgsBytes: ${String(maxArgsBytes)} is no whole number from 0 to ${LARGEST_ARGS_BYTES}`,
    );
  }
}
