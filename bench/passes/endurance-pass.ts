import type { Bench, Pass } from "../bench.ts";
import type { Contender } from "../contender.ts";
import { MonitorRun } from "../monitor-run.ts";
import { median } from "../statistics.ts";
import { storm } from "../storm.ts";

/** Whether memory stays flat, while one storm follows another for minutes. */
export const endurancePass: Pass = {
  name: "endurance",
  share: 1 / 3,
  measure: measureEndurance,
};

async function measureEndurance(
  { workshop, samples, work, minutes }: Bench,
  contender: Contender,
  round: number,
): Promise<void> {
  const run = await MonitorRun.start(workshop, contender, contender.commands, "null");
  try {
    const resident: number[] = [];
    for (const end = performance.now() + minutes * 60_000; performance.now() < end;) {
      await storm(workshop, work);
      await run.catchUp();
      resident.push(run.memory().now / 2 ** 20);
    }
    const half = Math.floor(resident.length / 2);
    samples.add("endurance-peak", contender.name, round, run.memory().peak / 2 ** 20);
    samples.add("endurance-early", contender.name, round, median(resident.slice(0, half)));
    samples.add("endurance-late", contender.name, round, median(resident.slice(half)));
  } finally {
    await run.stop();
  }
}
