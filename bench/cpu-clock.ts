import { koffi } from "../src/libc/ffi.ts";

const clockGettime = koffi.load(null).func("int clock_gettime(int clock, void *time)") as (
  clock: number,
  time: Uint8Array,
) => number;

/** include/uapi/linux/time.h: the clock since boot, suspend left out. */
const MONOTONIC = 1;
/** A process's CPU clock, as clock_getcpuclockid(3) makes its number: nanoseconds, not the ticks of /proc. */
const PROCESS_CPU = 2;

const time = new BigInt64Array(2);

/**
 * User and system CPU time that a process has taken so far, its ended threads included, in nanoseconds.
 *
 * @throws {Error} if there is no such process
 */
export function cpuNs(pid: number): number {
  return read((~pid << 3) | PROCESS_CPU, `the CPU clock of process ${pid}`);
}

/** The time by CLOCK_MONOTONIC, nanoseconds. */
export function monotonicNs(): number {
  return read(MONOTONIC, "the clock");
}

function read(clock: number, what: string): number {
  if (clockGettime(clock, new Uint8Array(time.buffer)) !== 0) throw new Error(`cannot read ${what}`);
  return Number(time[0]) * 1e9 + Number(time[1]);
}
