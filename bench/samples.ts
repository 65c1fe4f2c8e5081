/** What was measured: a value for each metric, contender and round. */
export class Samples {
  readonly #values = new Map<string, Map<number, number>>();

  add(metric: string, contender: string, round: number, value: number): void {
    const key = keyOf(metric, contender);
    const rounds = this.#values.get(key) ?? new Map<number, number>();
    this.#values.set(key, rounds.set(round, value));
  }

  /** By round; empty if it was not measured. */
  of(metric: string, contender: string): ReadonlyMap<number, number> {
    return this.#values.get(keyOf(metric, contender)) ?? new Map<number, number>();
  }
}

function keyOf(metric: string, contender: string): string {
  return `${metric} ${contender}`;
}
