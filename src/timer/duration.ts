const NS_PER_MS = 1_000_000n;

/** Whole milliseconds, rounded down as the classic table does: `12ms`. */
export function formatMs(ns: bigint): string {
  return `${ns / NS_PER_MS}ms`;
}

/**
 * Reads a number of milliseconds, whole or with a fraction, as nanoseconds; a fraction of a nanosecond counts as one.
 * Undefined if the text is not such a number, or is too large for the kernel's 64 bits.
 */
export function parseMs(text: string): bigint | undefined {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const whole = match?.[1] ?? "";
  const fraction = match?.[2] ?? "";
  if (match === null || whole + fraction === "") return undefined;
  const beyond = /[1-9]/.test(fraction.slice(6)) ? 1n : 0n;
  const ns = BigInt(whole + fraction.slice(0, 6).padEnd(6, "0")) + beyond;
  return ns < 1n << 63n ? ns : undefined;
}
