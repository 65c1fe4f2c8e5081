const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Milliseconds that an orderly end may take: a reader that has stopped reading must not keep the program alive. */
const GRACE_MS = 2000;

/**
 * Calls `stop` at the first signal that asks the program to end; then `giveUp` if the program is still there at the
 * second, or after a time of grace. Disposing of it gives the signals back their usual effect.
 */
export function onStopSignal(stop: () => void, giveUp: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const handle = (): void => {
    if (timer !== undefined) {
      giveUp();
      return;
    }
    timer = setTimeout(giveUp, GRACE_MS);
    stop();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return {
    [Symbol.dispose](): void {
      clearTimeout(timer);
      for (const signal of STOP_SIGNALS) process.off(signal, handle);
    },
  };
}
