import { readFileSync } from "node:fs";

/** PID_MAX_LIMIT of 64-bit kernels (include/linux/threads.h): no machine has more processes. */
const PID_MAX_LIMIT = 4 * 1024 * 1024;

/** How many processes can live at once on this machine; the largest there can be if the kernel does not tell. */
export function processLimit(): number {
  try {
    const threadsMax = Number(readFileSync("/proc/sys/kernel/threads-max", "utf8"));
    if (threadsMax > 0) return Math.min(threadsMax, PID_MAX_LIMIT);
  } catch {
    // No /proc: take the largest.
  }
  return PID_MAX_LIMIT;
}
