import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Pass } from "../bench.ts";
import { running } from "../children.ts";
import type { Contender } from "../contender.ts";
import { lostShare } from "../lost-share.ts";
import { MonitorRun } from "../monitor-run.ts";
import { memoryOf } from "../proc.ts";
import { storm } from "../storm.ts";

/** A storm, the monitor's output to a file: most of the figures. */
export const stormPass: Pass = {
  name: "storm, to a file",
  share: 1,
  async bare(bench, round) {
    const { wallNs, cpuNs } = await storm(bench.workshop, bench.work);
    bench.samples.add("bare-wall", "bare", round, wallNs);
    bench.samples.add("bare-cpu", "bare", round, cpuNs);
    bench.samples.add("bare-node-rss", "bare", round, await bareNodeRss());
  },
  measure: measureStorm,
};

async function measureStorm({ workshop, samples, work }: Bench, contender: Contender, round: number): Promise<void> {
  const run = await MonitorRun.start(workshop, contender.commands, "file");
  try {
    const add = (metric: string, value: number) => {
      samples.add(metric, contender.name, round, value);
    };
    const [cpuBefore, wakeupsBefore] = [run.cpuNs(), run.wakeups()];
    const result = await storm(workshop, work);
    add("wakeups-storm", (run.wakeups() - wakeupsBefore) / (result.wallNs / 1e9));
    await run.catchUp();
    const cpu = run.cpuNs();
    const thousands = (2 * result.children) / 1000;
    add("start-cpu", cpuBefore / 1e6);
    add("cpu-file", (cpu - cpuBefore) / 1e6 / thousands);
    add("cpu-file-total", cpu / 1e6 / thousands);
    const { peak, now } = run.memory();
    add("rss-peak", peak / 2 ** 20);
    add("rss-after", now / 2 ** 20);
    const bare = (metric: string) => samples.of(metric, "bare").get(round) ?? NaN;
    add("rss-above-node", (peak - bare("bare-node-rss")) / 2 ** 20);
    add("slowdown-cpu", result.cpuNs / bare("bare-cpu"));
    add("slowdown-overhead", result.cpuNs / bare("bare-cpu") - 1);
    add("slowdown-wall", result.wallNs / bare("bare-wall"));
    await run.stop();
    if (contender.reports) {
      const kinds = work.mode === "exec" || work.mode === "bursts" ? (["exec", "exit"] as const) : (["exit"] as const);
      add("lost-storm", 100 * lostShare(result.pids, run.sightings(contender.parse), kinds));
    }
  } finally {
    await run.stop();
  }
}

/** Bytes that Node.js holds at most when it does nothing. */
async function bareNodeRss(): Promise<number> {
  const node = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  running.add(node);
  await sleep(500);
  const { peak } = memoryOf(node.pid ?? 0);
  node.kill("SIGKILL");
  running.delete(node);
  return peak;
}
