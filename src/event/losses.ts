/** What did not reach the monitor since it started. */
export interface Losses {
  /** Events that found no room in the ring, by kind. */
  readonly fork: bigint;
  readonly exec: bigint;
  readonly execFailed: bigint;
  readonly exit: bigint;
  readonly running: bigint;
  /** Runs of a program that the kernel skipped; each may or may not have been an event. */
  readonly skippedRuns: bigint;
  /** Records that made no sense, and were passed over. */
  readonly malformed: bigint;
}

/** Nothing lost. */
export const noLosses: Losses = {
  fork: 0n,
  exec: 0n,
  execFailed: 0n,
  exit: 0n,
  running: 0n,
  skippedRuns: 0n,
  malformed: 0n,
};

/** All losses in one number. */
export function totalLosses(losses: Losses): bigint {
  return Object.values(losses).reduce<bigint>((sum, count) => sum + (count as bigint), 0n);
}
