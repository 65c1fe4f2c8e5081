/**
 * Counts runs that the kernel skipped, and no other program did in their place (bpf/recover.bpf.h). A run is recovered a
 * moment after it was skipped, or much later if the program that does so is itself preempted: so a skipped one counts
 * only from the next reading on, or at the end.
 */
export class SkippedRuns {
  #counted = 0n;
  #missesBefore = 0n;

  /**
   * Returns how many there are, which is never less than before.
   *
   * @param misses runs that the kernel skipped, as read before `recovered`
   * @param recovered runs that another program did in their place
   * @param isLast whether the programs are detached, so that no more will be recovered
   */
  read(misses: bigint, recovered: bigint, isLast: boolean): bigint {
    const skipped = (isLast ? misses : this.#missesBefore) - recovered;
    this.#missesBefore = misses;
    if (skipped > this.#counted) this.#counted = skipped;
    return this.#counted;
  }
}
