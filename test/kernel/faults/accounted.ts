import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { patience } from "../pace.ts";
import type { JsonRecord } from "../truth/record.ts";

const PATIENCE_MS = patience(60_000);

/** The types of records that are compared. */
const types: readonly JsonRecord["type"][] = ["fork", "exec", "exec_failed", "exit"];

/** What came of some work, in the eyes of two monitors. */
export interface Accounted<T> {
  readonly result: T;
  /** Events that the second did not show and the first did. */
  readonly missed: number;
  /** Events that the second says it has lost. */
  readonly lost: number;
  /** Runs that the kernel skipped, each of which may have been one of these events: they are in `lost`. */
  readonly skipped: number;
}

/**
 * Does something while two monitors run, one of which has room for everything, and ends both. Events that the other has
 * lost are then exactly those that only the first has shown, those of other programs on this machine included.
 */
export async function accountFor<T>(
  witness: ContainedMonitor,
  monitor: ContainedMonitor,
  work: () => Promise<T>,
): Promise<Accounted<T>> {
  const first = await markBoth(witness, monitor);
  const result = await work();
  const last = await markBoth(witness, monitor);
  const lost = await monitor.endWithLosses();
  await witness.end();
  assert.equal(lost, sumOfLosses(monitor.records, "total"), "standard error and the records tell the same");
  const [from, to] = [first, last].map((pid) => exitOf(witness, pid)?.boot_time_ns ?? NaN);
  const shown = countsOf(monitor.records);
  let missed = 0;
  for (const [event, count] of countsOf(witness.records, from, to))
    missed += Math.max(0, count - (shown.get(event) ?? 0));
  return { result, missed, lost, skipped: sumOfLosses(monitor.records, "skipped_runs") };
}

/** Runs programs until both have shown the same one's end, and so all that came before; returns its PID. */
async function markBoth(...monitors: readonly ContainedMonitor[]): Promise<number> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline;) {
    const { pid } = spawnSync(fixture("tiny"));
    // Of a ring that is still full it may be lost.
    for (let round = 0; round < 20; round++) {
      if (monitors.every((monitor) => exitOf(monitor, pid) !== undefined)) return pid;
      await sleep(50);
    }
  }
  throw new Error(`not both see what happens: ${monitors.map(({ stderr }) => stderr).join()}`);
}

function exitOf({ records }: ContainedMonitor, pid: number): JsonRecord | undefined {
  return records.findLast((record) => record.pid === pid && record.type === "exit");
}

function countsOf(records: readonly JsonRecord[], from = -Infinity, to = Infinity): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, id, boot_time_ns } of records) {
    if (!types.includes(type) || boot_time_ns <= from || boot_time_ns > to) continue;
    counts.set(`${type} ${id}`, (counts.get(`${type} ${id}`) ?? 0) + 1);
  }
  return counts;
}

function sumOfLosses(records: readonly JsonRecord[], field: "total" | "skipped_runs"): number {
  const losses = records.map((record) => (record as Readonly<Partial<Record<typeof field, number>>>)[field] ?? 0);
  return losses.reduce((sum, count) => sum + count, 0);
}
