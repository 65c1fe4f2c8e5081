import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { many, patience } from "../pace.ts";
import type { JsonRecord } from "../truth/record.ts";
import { storm, type Child } from "../workload.ts";

/** How often each process has a record of one of these types. */
function countById(records: readonly JsonRecord[], ...types: readonly JsonRecord["type"][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id, type } of records) if (types.includes(type)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

describe("a storm that goes on already when the monitor starts", { timeout: patience(60_000) }, () => {
  it("is shown from then on without a gap, and nothing of it twice", async () => {
    const storming = storm(many(6000), 2, fixture("tiny"), "5");
    await sleep(100);
    await using monitor = await ContainedMonitor.start([]);
    const children = await storming;
    const last = children.at(-1)?.pid;
    await monitor.until(() => monitor.records.some(({ pid, type }) => pid === last && type === "exit"), "see the last");
    await monitor.end();

    const workers = new Set(children.map(({ ppid }) => ppid));
    const mine = monitor.records.filter(({ ppid }) => workers.has(ppid));
    for (const types of [["fork", "running"], ["exec"], ["exit"]] as const) {
      for (const [id, count] of countById(mine, ...types)) assert.equal(count, 1, `${types.join()} of ${id}`);
    }
    const exits = new Map(mine.filter(({ type }) => type === "exit").map((record) => [record.pid, record]));
    const ids = countById(mine, "exec");
    let seen = 0;
    for (const worker of workers) {
      // A worker's children come one after another: once one is seen, so are all that follow.
      const inTurn = children.filter(({ ppid }: Child) => ppid === worker);
      const from = inTurn.findIndex(({ pid }) => exits.has(pid));
      assert.ok(from >= 0, "the storm must go on for longer than the start takes");
      for (const [index, { pid, status }] of inTurn.slice(from).entries()) {
        const exit = exits.get(pid);
        assert.equal(exit?.exit_code, status >> 8, `process ${pid}`);
        seen++;
        // The first one's beginning may have come before.
        if (index === 0 && exit.missing !== undefined) continue;
        assert.deepEqual([exit.missing, exit.filename, ids.get(exit.id)], [undefined, fixture("tiny"), 1]);
      }
    }
    assert.ok(seen > 100, "the workload itself");
  });
});
