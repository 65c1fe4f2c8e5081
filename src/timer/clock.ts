import { clockNs, clocks } from "../libc/libc.ts";

/**
 * Turns times of the boot clock into wall-clock times. The difference between the two changes when the wall clock is set
 * or slewed, so it must be sampled again (`sample`) before each batch of events that is converted.
 */
export class WallClock {
  #offsetNs = 0n;

  constructor() {
    this.sample();
  }

  /** Reads both clocks, back to back. */
  sample(): void {
    const before = clockNs(clocks.boottime);
    const wall = clockNs(clocks.realtime);
    const after = clockNs(clocks.boottime);
    this.#offsetNs = wall - (before + after) / 2n;
  }

  /** Nanoseconds since 1970-01-01 UTC at a time of the boot clock, in nanoseconds since boot. */
  wallNs(bootNs: bigint): bigint {
    return bootNs + this.#offsetNs;
  }
}
