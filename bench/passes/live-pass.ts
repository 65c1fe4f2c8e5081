import { readFileSync, rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Pass } from "../bench.ts";
import type { Contender } from "../contender.ts";
import { latencies, readStamps } from "../latencies.ts";
import { LiveRun } from "../live-run.ts";
import { median, quantile } from "../statistics.ts";
import { storm } from "../storm.ts";

/** Probes a second while a monitor starts: the first line can be late by one interval. */
const PROBE_RATE = 200;
const PROBES = 100;
const START_LIMIT_MS = 15_000;

const IDLE_WINDOWS = 4;
/** Windows in which something happened on the machine are not idle, and are taken again; at most so many. */
const IDLE_TRIES = 10;

const TRICKLE_RATE = 10;
const TRICKLE_S = 5;
const BUSY_CHILDREN = 2000;

/** On a terminal: start, idle, trickle, storm. */
export const livePass: Pass = {
  name: "start, idle, trickle and latency, on a terminal",
  share: 1 / 3,
  takes: ({ reports }) => reports,
  measure: measureLive,
};

async function measureLive(bench: Bench, contender: Contender, round: number): Promise<void> {
  const add = (metric: string, value: number) => {
    bench.samples.add(metric, contender.name, round, value);
  };
  const run = new LiveRun(bench.workshop, contender.commands);
  try {
    add("start-first", (await firstEvent(bench, run, contender)) / 1e6);
    await sleep(500);
    const idle = await idleWindows(run);
    if (idle.length > 0) {
      add("wakeups-idle", median(idle.map(({ wakeups }) => wakeups)));
      add("cpu-idle", median(idle.map(({ cpuShare }) => 100 * cpuShare)));
    }
    const wakeups = run.wakeups();
    const quiet = await stampedStorm(bench, TRICKLE_RATE * TRICKLE_S, 1, TRICKLE_RATE);
    add("wakeups-trickle", (run.wakeups() - wakeups) / TRICKLE_S);
    const busy = await stampedStorm(bench, BUSY_CHILDREN, 2);
    const sightings = [...run.sightings(contender.parse)];
    for (const [name, stamps] of [
      ["quiet", quiet],
      ["busy", busy],
    ] as const) {
      const ms = latencies(stamps, sightings).map((ns) => ns / 1e6);
      if (ms.length === 0) continue;
      add(`latency-${name}-p50`, median(ms));
      add(`latency-${name}-p99`, quantile(ms, 0.99));
    }
  } finally {
    await run.stop();
  }
}

/** Nanoseconds from the monitor's start to the line of the first event, among processes that come all the time. */
async function firstEvent({ workshop }: Bench, run: LiveRun, contender: Contender): Promise<number> {
  const end = performance.now() + START_LIMIT_MS;
  while (performance.now() < end) {
    await storm(workshop, { mode: "exec", children: PROBES, workers: 1, rate: PROBE_RATE });
    const started = run.startedNs();
    const [first] = run.sightings(contender.parse);
    if (started !== undefined && first !== undefined) return first.timeNs - started;
  }
  throw new Error("no event seen");
}

interface Window {
  readonly wakeups: number;
  readonly cpuShare: number;
}

async function idleWindows(run: LiveRun): Promise<readonly Window[]> {
  const windows: Window[] = [];
  for (let tries = 0; tries < IDLE_TRIES && windows.length < IDLE_WINDOWS; tries++) {
    const [wakeups, cpu, output, at] = [run.wakeups(), run.cpuNs(), run.outputBytes(), performance.now()];
    await sleep(1000);
    const seconds = (performance.now() - at) / 1000;
    if (run.outputBytes() !== output) continue;
    windows.push({ wakeups: (run.wakeups() - wakeups) / seconds, cpuShare: (run.cpuNs() - cpu) / 1e9 / seconds });
  }
  return windows;
}

/** A storm; returns when each of its processes exited. */
async function stampedStorm(
  { workshop }: Bench,
  children: number,
  workers: number,
  rate?: number,
): Promise<ReadonlyMap<number, number>> {
  const stamps = workshop.scratch("stamps");
  rmSync(stamps, { force: true });
  await storm(workshop, { mode: "exec", children, workers, stamps, ...(rate !== undefined && { rate }) });
  if (statSync(stamps).size !== children * 16) throw new Error("execstorm: exits without a time");
  // The last lines may still be under way.
  await sleep(500);
  return readStamps(readFileSync(stamps));
}
