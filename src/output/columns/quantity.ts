const NS_PER_US = 1_000n;
const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

/** A span of time, in nanoseconds, rounded down: `812us`, `12ms`, `3.4s`, `2m03s`, `1h05m`, `12d03h`. */
export function formatSpan(ns: bigint): string {
  if (ns < NS_PER_MS) return `${ns / NS_PER_US}us`;
  if (ns < NS_PER_SECOND) return `${ns / NS_PER_MS}ms`;
  const seconds = ns / NS_PER_SECOND;
  if (seconds < 60n) return `${seconds}.${(ns % NS_PER_SECOND) / (NS_PER_SECOND / 10n)}s`;
  if (seconds < 3600n) return `${seconds / 60n}m${twoDigits(seconds % 60n)}s`;
  const minutes = seconds / 60n;
  if (minutes < 24n * 60n) return `${minutes / 60n}h${twoDigits(minutes % 60n)}m`;
  const hours = minutes / 60n;
  return `${hours / 24n}d${twoDigits(hours % 24n)}h`;
}

/** An amount of data, rounded down, in units of 1024: `0B`, `812B`, `29.6M`, `128M`. */
export function formatBytes(bytes: bigint): string {
  let unit = 1n;
  let name = "B";
  for (const larger of ["K", "M", "G", "T", "P", "E"]) {
    if (bytes < unit * 1024n) break;
    unit *= 1024n;
    name = larger;
  }
  const whole = bytes / unit;
  if (unit === 1n || whole >= 100n) return `${whole}${name}`;
  return `${whole}.${((bytes % unit) * 10n) / unit}${name}`;
}

function twoDigits(value: bigint): string {
  return String(value).padStart(2, "0");
}
