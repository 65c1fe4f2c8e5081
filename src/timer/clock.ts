import { readFileSync } from "node:fs";
import { clockNs, clocks } from "../libc/libc.ts";

const NS_PER_SECOND = 1_000_000_000n;

/**
 * Turns times of the boot clock into wall-clock times. The difference between the two changes when the wall clock is set
 * or slewed, so it must be sampled again (`sample`) before each batch of events that is converted.
 */
export class WallClock {
  readonly #namespaceOffsetNs = timeNamespaceOffsetNs();
  #offsetNs = 0n;
  #offset = { seconds: 0, ns: 0 };

  constructor() {
    this.sample();
  }

  /** Reads both clocks, back to back. */
  sample(): void {
    const before = clockNs(clocks.boottime);
    const wall = clockNs(clocks.realtime);
    const after = clockNs(clocks.boottime);
    const offsetNs = wall - (before + after) / 2n + this.#namespaceOffsetNs;
    const seconds = floorDivide(offsetNs, NS_PER_SECOND);
    this.#offsetNs = offsetNs;
    this.#offset = { seconds: Number(seconds), ns: Number(offsetNs - seconds * NS_PER_SECOND) };
  }

  /** What the wall clock is ahead of the boot clock: seconds, perhaps negative, and 0 to 10^9 - 1 nanoseconds. */
  get offset(): { readonly seconds: number; readonly ns: number } {
    return this.#offset;
  }

  /** Nanoseconds since 1970-01-01 UTC at a time of the boot clock, in nanoseconds since boot. */
  wallNs(bootNs: bigint): bigint {
    return bootNs + this.#offsetNs;
  }
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return quotient * divisor > dividend ? quotient - 1n : quotient;
}

/**
 * What the boot clock of this process's time namespace is ahead of the machine's, which is the one the kernel's events
 * have (time_namespaces(7); 5.6). None without such namespaces.
 */
function timeNamespaceOffsetNs(): bigint {
  try {
    const match = /^boottime\s+(-?\d+)\s+(\d+)$/m.exec(readFileSync("/proc/self/timens_offsets", "utf8"));
    return match === null ? 0n : BigInt(match[1] ?? 0) * NS_PER_SECOND + BigInt(match[2] ?? 0);
  } catch {
    return 0n;
  }
}
