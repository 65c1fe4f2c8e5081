const NS_PER_MS = 1_000_000n;

/** What the kernel side can hold. */
const LARGEST_NS = (1n << 63n) - 1n;

/** Whole milliseconds, rounded down as the classic table does: `12ms`. */
export function formatMs(ns: bigint): string {
  return `${ns / NS_PER_MS}ms`;
}

/**
 * Reads a number of milliseconds, whole or with a fraction, as nanoseconds; a fraction of a nanosecond counts as one.
 * Returns these, or what is wrong as a sentence.
 */
export function parseMs(text: string): bigint | string {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const whole = match?.[1] ?? "";
  const fraction = match?.[2] ?? "";
  if (match === null || whole + fraction === "") {
    return "It takes milliseconds, 0 or more, whole or with a fraction: 100 or 0.5.";
  }
  const beyond = /[1-9]/.test(fraction.slice(6)) ? 1n : 0n;
  const ns = BigInt(whole + fraction.slice(0, 6).padEnd(6, "0")) + beyond;
  return ns <= LARGEST_NS ? ns : `It is too large: ${LARGEST_NS / NS_PER_MS} at most.`;
}
