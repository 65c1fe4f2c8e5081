const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The signals that ask the program to end. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Milliseconds without progress after which the reader has stopped reading: it must not keep the program alive. */
const GRACE_MS = 2000;

/** A terminal, and what runs the program in it, may both pass on one Ctrl-C: within these milliseconds it is the same. */
const ECHO_MS = 200;

/** What a signal sets off. */
export interface StopActions {
  /** Begins an orderly end. */
  readonly stop: (signal: StopSignal) => void;
  /** Ends at once, whatever is left. */
  readonly giveUp: () => void;
  /** A number that grows as long as the end makes progress. */
  readonly progress: () => number;
}

/**
 * Calls `stop` at the first signal that asks the program to end; then `giveUp` at the second, or once there has been no
 * progress for two seconds. Disposing of it gives the signals back their usual effect.
 */
export function onStopSignal({ stop, giveUp, progress }: StopActions): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let firstAt = 0;
  let last = 0;
  const handle = (signal: StopSignal): void => {
    if (timer !== undefined) {
      if (performance.now() - firstAt >= ECHO_MS) giveUp();
      return;
    }
    firstAt = performance.now();
    last = progress();
    timer = setInterval(() => {
      const now = progress();
      if (now === last) giveUp();
      last = now;
    }, GRACE_MS);
    stop(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return {
    [Symbol.dispose](): void {
      clearInterval(timer);
      for (const signal of STOP_SIGNALS) process.off(signal, handle);
    },
  };
}
