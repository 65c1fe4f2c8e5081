import { readFileSync, rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Pass } from "../bench.ts";
import type { Contender } from "../contender.ts";
import { monotonicNs } from "../cpu-clock.ts";
import { latencies, readStamps } from "../latencies.ts";
import { LiveRun, type StampedSighting } from "../live-run.ts";
import { median, quantile } from "../statistics.ts";
import { storm } from "../storm.ts";

/** Probes a second while a monitor starts: the first line can be late by one interval. */
const PROBE_RATE = 200;
const PROBES = 100;
const START_LIMIT_MS = 15_000;

const IDLE_WINDOW_MS = 500;
const IDLE_WINDOWS = 8;
/** Windows in which something happened on the machine are not idle, and are taken again; at most so many. */
const IDLE_TRIES = 30;

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
      const idleS = sum(idle.map(({ seconds }) => seconds));
      add("wakeups-idle", sum(idle.map(({ wakeups }) => wakeups)) / idleS);
      add("cpu-idle", (100 * sum(idle.map(({ cpuNs }) => cpuNs))) / 1e9 / idleS);
    }
    const trickle = stampedStorm(bench, TRICKLE_RATE * TRICKLE_S, 1, TRICKLE_RATE);
    const seconds = await secondsOf(run, TRICKLE_S - 1);
    const quiet = await trickle;
    const busy = await stampedStorm(bench, BUSY_CHILDREN, 2);
    const sightings = [...run.sightings(contender.parse)];
    const least = leastDisturbed(seconds, sightings);
    if (least !== undefined) add("wakeups-trickle", least.wakeups);
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
  readonly cpuNs: number;
  readonly seconds: number;
}

async function idleWindows(run: LiveRun): Promise<readonly Window[]> {
  const windows: Window[] = [];
  for (let tries = 0; tries < IDLE_TRIES && windows.length < IDLE_WINDOWS; tries++) {
    const [wakeups, cpu, output, at] = [run.wakeups(), run.cpuNs(), run.outputBytes(), performance.now()];
    await sleep(IDLE_WINDOW_MS);
    if (run.outputBytes() !== output) continue;
    const seconds = (performance.now() - at) / 1000;
    windows.push({ wakeups: run.wakeups() - wakeups, cpuNs: run.cpuNs() - cpu, seconds });
  }
  return windows;
}

interface Second {
  readonly fromNs: number;
  readonly wakeups: number;
}

async function secondsOf(run: LiveRun, count: number): Promise<readonly Second[]> {
  const seconds: Second[] = [];
  while (seconds.length < count) {
    const [fromNs, wakeups] = [monotonicNs(), run.wakeups()];
    await sleep(1000);
    seconds.push({ fromNs, wakeups: run.wakeups() - wakeups });
  }
  return seconds;
}

/** The second with the fewest events: in it, others on the machine disturbed the least. */
function leastDisturbed(seconds: readonly Second[], sightings: readonly StampedSighting[]): Second | undefined {
  const events = ({ fromNs }: Second) =>
    sightings.filter(({ timeNs }) => timeNs >= fromNs && timeNs < fromNs + 1e9).length;
  return [...seconds].sort((a, b) => events(a) - events(b))[0];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
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
