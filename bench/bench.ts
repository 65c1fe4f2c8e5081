import type { Contender } from "./contender.ts";
import type { Samples } from "./samples.ts";
import type { Work } from "./storm.ts";
import type { Workshop } from "./workshop.ts";

/** What every pass works with. */
export interface Bench {
  readonly workshop: Workshop;
  readonly samples: Samples;
  /** The storm that figures are taken in. */
  readonly work: Work;
  /** How long endurance is tried. */
  readonly minutes: number;
}

/** One way of running a contender, which yields some of the metrics. */
export interface Pass {
  readonly name: string;
  /** The part of the rounds that it takes where all is measured, so that all is done in ten minutes. */
  readonly share: number;
  /** Which contenders; undefined: all. */
  readonly takes?: (contender: Contender) => boolean;
  measure(bench: Bench, contender: Contender, round: number): Promise<void>;
}

/** Runs a pass over all contenders, one after another in each round: A B C A B C. */
export async function runPass(
  pass: Pass,
  contenders: readonly Contender[],
  bench: Bench,
  rounds: number,
  report: (line: string) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    report(`${pass.name}, round ${round + 1} of ${rounds}`);
    for (const contender of contenders) {
      if (pass.takes?.(contender) === false) continue;
      try {
        await pass.measure(bench, contender, round);
      } catch (error) {
        report(`${contender.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
