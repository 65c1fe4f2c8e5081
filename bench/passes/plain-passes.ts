import { setTimeout as sleep } from "node:timers/promises";
import type { Pass } from "../bench.ts";
import { MonitorRun } from "../monitor-run.ts";
import { storm, type Work } from "../storm.ts";
import type { Workshop } from "../workshop.ts";

/** Processes a second of the moderate work, where nearly every event finds a reader that sleeps. */
const MODERATE_RATE = 200;
const MODERATE_S = 5;
/** Made before, at full speed: what counts for a load that goes on for hours is not how it begins. */
const WARM_UP: Work = { mode: "exec", children: 10_000, workers: 2 };

/** The CPU time of a storm, with the output to a pipe: ours and those in C, since it tells of Node.js more than of others. */
export const pipePass: Pass = {
  name: "storm, to a pipe",
  share: 1 / 3,
  takes: ({ withRing }) => withRing !== undefined,
  async measure({ workshop, samples, work }, contender, round) {
    const run = await MonitorRun.start(workshop, contender, contender.commands, "pipe");
    try {
      samples.add("cpu-pipe", contender.name, round, await cpuOfStorm(run, workshop, work));
    } finally {
      await run.stop();
    }
  },
};

/** Since a monitor's start: after eight seconds V8 once tidies up what starting has left. */
const WARM_AFTER_MS = 12_000;

/** The CPU time of a storm for a monitor that has seen one already: V8 has optimized what it will. */
export const warmPass: Pass = {
  name: "storm, to a file, after another one",
  share: 1 / 3,
  takes: ({ withRing }) => withRing !== undefined,
  async measure({ workshop, samples, work }, contender, round) {
    const run = await MonitorRun.start(workshop, contender, contender.commands, "file");
    try {
      await warmUp(run, workshop, work.mode);
      samples.add("cpu-warm", contender.name, round, await cpuOfStorm(run, workshop, work));
    } finally {
      await run.stop();
    }
  },
};

/** To be called right after the start: puts all behind the monitor that happens once. */
async function warmUp(run: MonitorRun, workshop: Workshop, mode: Work["mode"]): Promise<void> {
  const warm = sleep(WARM_AFTER_MS);
  await storm(workshop, { ...WARM_UP, mode });
  await warm;
  await run.catchUp();
}

/** Milliseconds of the monitor's CPU time for 1,000 events of a storm. */
async function cpuOfStorm(run: MonitorRun, workshop: Workshop, work: Work): Promise<number> {
  const cpu = run.cpuNs();
  const { children } = await storm(workshop, work);
  await run.catchUp();
  return (run.cpuNs() - cpu) / 1e6 / ((2 * children) / 1000);
}

/** The CPU time of a moderate, steady load, and its wakeups. */
export const moderatePass: Pass = {
  name: `${MODERATE_RATE} processes a second`,
  share: 1 / 3,
  async measure({ workshop, samples }, contender, round) {
    const run = await MonitorRun.start(workshop, contender, contender.commands, "file");
    try {
      await warmUp(run, workshop, "exec");
      const [cpuBefore, wakeups] = [run.cpuNs(), run.wakeups()];
      const work: Work = { mode: "exec", children: MODERATE_RATE * MODERATE_S, workers: 1, rate: MODERATE_RATE };
      const { pids, wallNs } = await storm(workshop, work);
      samples.add("wakeups-moderate", contender.name, round, (run.wakeups() - wakeups) / (wallNs / 1e9));
      await run.catchUp();
      const cpu = run.cpuNs() - cpuBefore;
      await run.stop();
      const events = contender.reports ? run.eventsDuring(pids) : 2 * pids.length;
      samples.add("cpu-moderate", contender.name, round, cpu / 1e6 / (events / 1000));
    } finally {
      await run.stop();
    }
  },
};
