import { readFileSync } from "node:fs";
import { clockNs, clocks } from "../libc/libc.ts";

/**
 * Turns times of the boot clock into wall-clock times. The difference between the two changes when the wall clock is set
 * or slewed, so it must be sampled again (`sample`) before each batch of events that is converted.
 */
export class WallClock {
  readonly #namespaceOffsetNs = timeNamespaceOffsetNs();
  #offsetNs = 0n;

  constructor() {
    this.sample();
  }

  /** Reads both clocks, back to back. */
  sample(): void {
    const before = clockNs(clocks.boottime);
    const wall = clockNs(clocks.realtime);
    const after = clockNs(clocks.boottime);
    this.#offsetNs = wall - (before + after) / 2n + this.#namespaceOffsetNs;
  }

  /** Nanoseconds since 1970-01-01 UTC at a time of the boot clock, in nanoseconds since boot. */
  wallNs(bootNs: bigint): bigint {
    return bootNs + this.#offsetNs;
  }
}

/**
 * What the boot clock of this process's time namespace is ahead of the machine's, which is the one the kernel's events
 * have (time_namespaces(7); 5.6). None without such namespaces.
 */
function timeNamespaceOffsetNs(): bigint {
  try {
    const match = /^boottime\s+(-?\d+)\s+(\d+)$/m.exec(readFileSync("/proc/self/timens_offsets", "utf8"));
    return match === null ? 0n : BigInt(match[1] ?? 0) * 1_000_000_000n + BigInt(match[2] ?? 0);
  } catch {
    return 0n;
  }
}
