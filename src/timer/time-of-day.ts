const NS_PER_SECOND = 1_000_000_000n;

/**
 * A function that formats a wall-clock time, in nanoseconds since 1970 UTC, as local `HH:MM:SS`. Events come in runs of
 * the same second, so the last text made is kept.
 */
export function timeOfDayFormatter(): (wallNs: bigint) => string {
  let lastSecond: bigint | undefined;
  let text = "";
  return (wallNs) => {
    const second = wallNs / NS_PER_SECOND;
    if (second !== lastSecond) {
      lastSecond = second;
      text = timeOfDay(new Date(Number(second) * 1000));
    }
    return text;
  };
}

function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
