const NS_PER_SECOND = 1_000_000_000n;

/**
 * A function that formats a wall-clock time, in nanoseconds since 1970 UTC, by RFC 3339: `2026-01-01T12:34:56.000000001Z`,
 * exact to the nanosecond. Events come in runs of the same second, so the last one made is kept.
 */
export function rfc3339Formatter(): (wallNs: bigint) => string {
  let lastSecond: bigint | undefined;
  let text = "";
  return (wallNs) => {
    const second = (wallNs - modulo(wallNs)) / NS_PER_SECOND;
    if (second !== lastSecond) {
      lastSecond = second;
      text = rfc3339Second(Number(second));
    }
    return `${text}${String(modulo(wallNs)).padStart(9, "0")}Z`;
  };
}

/** A wall-clock time in whole seconds, up to the point behind which the nanoseconds stand: `2026-01-01T12:34:56.` */
export function rfc3339Second(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, -"000Z".length);
}

/** Nanoseconds since the second began, before 1970 too. */
function modulo(wallNs: bigint): bigint {
  const rest = wallNs % NS_PER_SECOND;
  return rest < 0n ? rest + NS_PER_SECOND : rest;
}
