/** The values of one thing that was measured several times. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value below which the part `part` (0 to 1) of the values lies, interpolated; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median, least and greatest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The median of the ratios of two things, round by round: what else a machine was doing in a round befell both, and
 * cancels out. Rounds that only one of them has are left out; undefined if that leaves none, or a base is zero.
 */
export function pairedRatio(
  values: ReadonlyMap<number, number>,
  bases: ReadonlyMap<number, number>,
): number | undefined {
  const ratios = [...values].flatMap(([round, value]) => {
    const base = bases.get(round);
    return base === undefined || base === 0 ? [] : [value / base];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}
