import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "./fixture.ts";
import { many, patience } from "./pace.ts";
import { MonitorProcess } from "./monitor-process.ts";
import { storm } from "./workload.ts";

/** The numbers of the summary line: `123 events, 4 lost (…), in 5.6 s`. */
function summary(stderr: string): { events: number; lost: number } {
  const match = /(\d+) events, (\d+) lost/.exec(stderr);
  if (match === null) throw new Error(`no summary in ${JSON.stringify(stderr)}`);
  return { events: Number(match[1]), lost: Number(match[2]) };
}

describe("losses", () => {
  it("are none in a storm of 20,000 programs at the default ring size", { timeout: patience(120_000) }, async () => {
    await using monitor = await MonitorProcess.start();
    const children = await storm(many(20_000), 2, fixture("tiny"));
    assert.equal(await monitor.end(), 0);
    assert.equal(summary(monitor.stderr).lost, 0, monitor.stderr);
    const workers = new Set(children.map(({ ppid }) => ppid));
    const rows = monitor.rows().filter(({ ppid, comm }) => workers.has(ppid) && comm === "tiny");
    assert.equal(rows.filter(({ event }) => event === "EXEC").length, children.length);
    assert.equal(rows.filter(({ event }) => event === "EXIT").length, children.length);
  });

  it("and events seen are events made, exactly, when the ring is tiny", { timeout: patience(120_000) }, async () => {
    // A witness with room for everything runs from before to after, and so sees all that others on this machine do.
    await using witness = await MonitorProcess.start(["--ring-size", "64MiB"]);
    await using monitor = await MonitorProcess.start(["--ring-size", "4KiB"]);
    const stormy = storm(many(20_000), 2, fixture("tiny"));
    // On a machine that is slow to make events, it would lose none: for a moment it takes none out of the ring.
    process.kill(monitor.pid, "SIGSTOP");
    await sleep(patience(50));
    process.kill(monitor.pid, "SIGCONT");
    const children = await stormy;
    assert.equal(await monitor.end(), 0);
    assert.equal(await witness.end(), 0);
    assert.equal(summary(witness.stderr).lost, 0);

    const { events, lost } = summary(monitor.stderr);
    assert.ok(lost > 0, "a page of ring cannot hold a storm");
    assert.equal(monitor.rows().length, events, "every event counted is a row");
    const workers = new Set(children.map(({ ppid }) => ppid));
    const made = witness.rows().filter(({ ppid, comm }) => workers.has(ppid) && comm === "tiny").length;
    assert.equal(made, 2 * children.length);
    const ofOthers = witness.rows().length - made;
    assert.ok(events + lost >= made, `${events} seen + ${lost} lost < ${made} made`);
    assert.ok(events + lost <= made + ofOthers, `${events} seen + ${lost} lost > ${made} + ${ofOthers} made`);
  });

  it(
    "are told while they happen and at the end, when the reader of stdout has stopped",
    { timeout: patience(60_000) },
    async () => {
      await using monitor = await MonitorProcess.start(["--ring-size", "64KiB"]);
      monitor.pauseReading();
      const children = await storm(Math.max(many(5000), 2000), 2, fixture("tiny"));
      await monitor.until(() => /lost \d+ exec events, \d+ exit events/.test(monitor.stderr), "report losses");
      monitor.resumeReading();
      await sleep(300);
      assert.equal(await monitor.end(), 0);
      const { events, lost } = summary(monitor.stderr);
      assert.ok(lost > 0);
      assert.ok(events + lost >= 2 * children.length);
      assert.equal(monitor.rows().length, events);
    },
  );
});
