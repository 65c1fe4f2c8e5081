import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Pass } from "../bench.ts";
import { running } from "../children.ts";
import type { Contender } from "../contender.ts";
import { lostShare } from "../sightings.ts";
import { MonitorRun } from "../monitor-run.ts";
import { memoryOf } from "../proc.ts";
import { storm } from "../storm.ts";

/** The part of the storm that is made without a monitor, right before, to compare with. */
const BARE_SHARE = 1 / 4;

/** A storm, the monitor's output to a file: most of the figures. */
export const stormPass: Pass = {
  name: "storm, to a file",
  share: 1,
  measure: measureStorm,
};

async function measureStorm({ workshop, samples, work }: Bench, contender: Contender, round: number): Promise<void> {
  const add = (metric: string, value: number) => {
    samples.add(metric, contender.name, round, value);
  };
  const bare = await storm(workshop, { ...work, children: Math.ceil(work.children * BARE_SHARE) });
  const run = await MonitorRun.start(workshop, contender, contender.commands, "file");
  try {
    const atStart = run.memory().peak;
    run.forgetPeak();
    const [cpuBefore, wakeupsBefore] = [run.cpuNs(), run.wakeups()];
    const result = await storm(workshop, work);
    add("wakeups-storm", (run.wakeups() - wakeupsBefore) / (result.wallNs / 1e9));
    await run.catchUp();
    const cpu = run.cpuNs();
    const { peak, now } = run.memory();
    await run.stop();

    const events = contender.reports ? run.eventsDuring(result.pids) : 2 * result.children;
    add("start-cpu", cpuBefore / 1e6);
    add("cpu-file", (cpu - cpuBefore) / 1e6 / (events / 1000));
    add("cpu-file-total", cpu / 1e6 / (events / 1000));
    add("rss-start", atStart / 2 ** 20);
    add("rss-peak", peak / 2 ** 20);
    add("rss-after", now / 2 ** 20);
    add("rss-above-node", (peak - (await bareNodeRss())) / 2 ** 20);
    const share = bare.children / result.children;
    add("slowdown-cpu", (result.cpuNs * share) / bare.cpuNs);
    add("slowdown-overhead", (result.cpuNs * share) / bare.cpuNs - 1);
    add("slowdown-wall", (result.wallNs * share) / bare.wallNs);
    if (contender.reports) {
      const kinds = work.mode === "exec" || work.mode === "bursts" ? (["exec", "exit"] as const) : (["exit"] as const);
      add("lost-storm", 100 * lostShare(result.pids, run.sightings(), kinds));
    }
  } finally {
    await run.stop();
  }
}

/** Bytes that Node.js holds when it does nothing. */
async function bareNodeRss(): Promise<number> {
  const node = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  running.add(node);
  await sleep(300);
  const { now } = memoryOf(node.pid ?? 0);
  node.kill("SIGKILL");
  running.delete(node);
  return now;
}
