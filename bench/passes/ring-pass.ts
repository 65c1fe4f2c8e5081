import type { Bench, Pass } from "../bench.ts";
import type { Command, Contender } from "../contender.ts";
import { lostShare } from "../sightings.ts";
import { MonitorRun } from "../monitor-run.ts";
import { storm, type Work } from "../storm.ts";

/** More at a time than CPUs, so that the reader has to wait for its turn. */
const work: Work = { mode: "exec", children: 5000, workers: 8 };

/** Bytes, and how often that is doubled: up to 16 MiB. */
const SMALLEST = 4096;
const SIZES = 13;

/** What a crowded storm loses, and how large a ring has to be to lose nothing of it. */
export const ringPass: Pass = {
  name: "losses by ring size",
  share: 1 / 3,
  takes: ({ reports }) => reports,
  measure: measureRing,
};

async function measureRing(bench: Bench, contender: Contender, round: number): Promise<void> {
  const { samples } = bench;
  samples.add("lost-crowd", contender.name, round, 100 * (await lostWith(bench, contender, contender.commands)));
  const { withRing } = contender;
  if (withRing === undefined) return;
  // Halved until one size is left: those below lose something, this one and those above lose nothing.
  let [low, high] = [0, SIZES];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const lost = await lostWith(bench, contender, withRing(SMALLEST << middle));
    if (lost > 0) low = middle + 1;
    else high = middle;
  }
  // Even the largest was too small, perhaps.
  if (low === SIZES) return;
  samples.add("lost-ring", contender.name, round, (SMALLEST << low) / 1024);
}

async function lostWith({ workshop }: Bench, contender: Contender, commands: readonly Command[]): Promise<number> {
  const run = await MonitorRun.start(workshop, contender, commands, "file");
  try {
    const { pids } = await storm(workshop, work);
    await run.catchUp();
    await run.stop();
    return lostShare(pids, run.sightings(), ["exec", "exit"]);
  } finally {
    await run.stop();
  }
}
