import type { Bench, Pass } from "../bench.ts";
import type { Contender } from "../contender.ts";
import { MonitorRun, type Destination } from "../monitor-run.ts";
import { storm, type Work } from "../storm.ts";

/** Processes a second of the moderate work, where nearly every event finds a reader that sleeps. */
const MODERATE_RATE = 200;
const MODERATE_S = 4;

/** The CPU time of a storm, with the output to a pipe: ours and those in C, since it tells of Node.js more than of others. */
export const pipePass: Pass = {
  name: "storm, to a pipe",
  share: 2 / 3,
  takes: ({ withRing }) => withRing !== undefined,
  async measure(bench, contender, round) {
    await measureCpu(bench, contender, round, "pipe", shorter(bench.work), "cpu-pipe");
  },
};

/** The CPU time of a moderate, steady load, and its wakeups. */
export const moderatePass: Pass = {
  name: `${MODERATE_RATE} processes a second`,
  share: 2 / 3,
  async measure(bench, contender, round) {
    const work: Work = { mode: "exec", children: MODERATE_RATE * MODERATE_S, workers: 1, rate: MODERATE_RATE };
    await measureCpu(bench, contender, round, "file", work, "cpu-moderate", "wakeups-moderate");
  },
};

/** Half the storm: enough for a figure of CPU time. */
export function shorter(work: Work): Work {
  return { ...work, children: Math.ceil(work.children / 2) };
}

async function measureCpu(
  { workshop, samples }: Bench,
  contender: Contender,
  round: number,
  destination: Destination,
  work: Work,
  cpuMetric: string,
  wakeupsMetric?: string,
): Promise<void> {
  const run = await MonitorRun.start(workshop, contender.commands, destination);
  try {
    const [cpu, wakeups] = [run.cpuNs(), run.wakeups()];
    const { children, wallNs } = await storm(workshop, work);
    if (wakeupsMetric !== undefined) {
      samples.add(wakeupsMetric, contender.name, round, (run.wakeups() - wakeups) / (wallNs / 1e9));
    }
    await run.catchUp();
    samples.add(cpuMetric, contender.name, round, (run.cpuNs() - cpu) / 1e6 / ((2 * children) / 1000));
  } finally {
    await run.stop();
  }
}
