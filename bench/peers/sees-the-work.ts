import type { Contender } from "../contender.ts";
import { lostShare } from "../sightings.ts";
import { MonitorRun } from "../monitor-run.ts";
import { storm } from "../storm.ts";
import type { Workshop } from "../workshop.ts";

const PROCESSES = 60;
const RATE = 100;
/** At so moderate a rate nobody has a reason to miss more than this. */
const MAY_MISS = 0.1;

/**
 * Makes sure that a monitor sees both events of processes that come at a moderate rate: one that prints nothing, or only
 * a part, would look fast.
 *
 * @throws {Error} that says what it does not see
 */
export async function checkSeesWork(workshop: Workshop, contender: Contender): Promise<void> {
  const run = await MonitorRun.start(workshop, contender, contender.commands, "file");
  try {
    const { pids } = await storm(workshop, { mode: "exec", children: PROCESSES, workers: 1, rate: RATE });
    await run.catchUp();
    await run.stop();
    for (const kind of ["exec", "exit"] as const) {
      const missed = lostShare(pids, run.sightings(), [kind]);
      if (missed > MAY_MISS) {
        throw new Error(
          `it does not show ${Math.round(missed * PROCESSES)} of ${PROCESSES} ${kind}s at ${RATE} a second`,
        );
      }
    }
  } finally {
    await run.stop();
  }
}
