import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Bench, Pass } from "../bench.ts";
import type { Contender } from "../contender.ts";
import { MonitorRun } from "../monitor-run.ts";
import { ringsOf } from "../proc.ts";
import { storm } from "../storm.ts";

/** Processes whose records are fed to the monitor again and again. */
const RECORDED = 150;

/** What a monitor could take in: real records of its own, written into its ring as fast as it empties it. */
export const ceilingPass: Pass = {
  name: "consumer's ceiling",
  share: 1 / 3,
  // Of one process, that is, with one ring; and we know of these that it is a ring.
  takes: ({ reports, withRing }) => reports && withRing !== undefined,
  measure: measureCeiling,
};

interface Replayed {
  readonly events: number;
  readonly cpuNs: number;
}

async function measureCeiling({ workshop, samples }: Bench, contender: Contender, round: number): Promise<void> {
  const run = await MonitorRun.start(workshop, contender, contender.commands, "null");
  try {
    const [pid, ring] = run.pids().flatMap((pid) => ringsOf(pid).map((id) => [pid, id]))[0] ?? [];
    if (pid === undefined || ring === undefined) throw new Error("it has no ring buffer");
    process.kill(pid, "SIGSTOP");
    await storm(workshop, { mode: "exec", children: RECORDED, workers: 1 });
    const arguments_ = [workshop.replayObject, String(ring), String(pid)];
    const { stdout } = await promisify(execFile)(workshop.replay, arguments_);
    const { events, cpuNs } = JSON.parse(stdout) as Replayed;
    samples.add("ceiling", contender.name, round, events / (cpuNs / 1e9));
  } finally {
    await run.stop();
  }
}
