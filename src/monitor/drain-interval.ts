/** The pause after a drain that brought few events: the exit of a single short program must not wait for long. */
const SHORTEST_MS = 10;
/** Of thousands of lines a second no eye sees it. A second's events share a dozen wake-ups and writes. */
const LONGEST_MS = 80;
/** Events that are no crowd. */
const FEW_RECORDS = 3;
/** Of the ring. Were it fuller than that, a sudden rise of the rate could fill it within a longer pause. */
const MOST_FILLED = 1 / 8;

/**
 * Milliseconds between two drains while events keep coming. A wake-up costs more than ten events, most of it for caches
 * that others have used in between; so while there is a crowd, each pause is twice as long as the one before.
 */
export class DrainInterval {
  #ms = SHORTEST_MS;
  #records = 0;
  #filled = 0;

  /** A drain brought so many records; before it, so much of the ring was filled (0 to 1). */
  note(records: number, filled: number): void {
    this.#records += records;
    this.#filled = Math.max(this.#filled, filled);
  }

  /** The pause after the drains noted since the last one. */
  next(): number {
    const isQuiet = this.#records <= FEW_RECORDS;
    this.#ms = isQuiet || this.#filled > MOST_FILLED ? SHORTEST_MS : Math.min(2 * this.#ms, LONGEST_MS);
    this.#records = 0;
    this.#filled = 0;
    return this.#ms;
  }
}
