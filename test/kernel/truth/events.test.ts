import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { JsonMonitor } from "./json-monitor.ts";
import { theOnly, typesOf, type JsonRecord } from "./record.ts";
import { watch } from "./watch.ts";

const sleeper = fixture("sleep-ms");
const args = ["30", "/nonexistent/program"];

/** Runs a program that calls exec twice, and tries once more, under a monitor of these types of events. */
async function watchWith(...events: Parameters<typeof JsonMonitor.startWith>[0]): Promise<readonly JsonRecord[]> {
  await using monitor = await JsonMonitor.startWith(events);
  const { records } = await watch(monitor, sleeper, ["30", sleeper, ...args]);
  await monitor.end();
  assert.deepEqual(
    monitor.records.filter(({ type }) => !events.some((event) => event === type)),
    [],
    "no others than those asked for",
  );
  return records;
}

describe("the types of events that are asked for come, and are complete without the others", () => {
  it("all", async () => {
    const records = await watchWith("fork", "exec", "exec_failed", "exit", "running");
    assert.deepEqual(typesOf(records), ["fork", "exec", "exec", "exec_failed", "exit"]);
    for (const { missing } of records) assert.equal(missing, undefined);
  });

  it("fork", async () => {
    const records = await watchWith("fork");
    assert.deepEqual(typesOf(records), ["fork"]);
    assert.equal(records[0]?.missing, undefined);
  });

  it("exec", async () => {
    const records = await watchWith("exec");
    assert.deepEqual(typesOf(records), ["exec", "exec"]);
    assert.equal(records[1]?.replaces?.filename, sleeper);
    for (const { missing } of records) assert.equal(missing, undefined);
  });

  it("exit", async () => {
    const records = await watchWith("exit");
    assert.deepEqual(typesOf(records), ["exit"]);
    const exit = theOnly(records, "exit");
    assert.deepEqual([exit.filename, exit.exe, exit.argv], [sleeper, sleeper, [sleeper, ...args]]);
    assert.deepEqual([exit.exit_code, exit.threads, exit.missing], [127, 1, undefined]);
    assert.ok((exit.duration_ns ?? 0) >= 30e6 && (exit.lifetime_ns ?? 0) >= 60e6);
  });

  it("exit and exec_failed", async () => {
    const records = await watchWith("exit", "exec_failed");
    assert.deepEqual(typesOf(records), ["exec_failed", "exit"]);
    for (const { missing } of records) assert.equal(missing, undefined);
  });

  it("exit and running", async () => {
    const records = await watchWith("exit", "running");
    assert.deepEqual(typesOf(records), ["exit"]);
    assert.equal(records[0]?.missing, undefined);
  });
});

describe("with --duration", () => {
  it("only exits of those that lived for so long come, and they say what ran", async () => {
    await using monitor = await JsonMonitor.startWith(["exit"]);
    await using filtered = await JsonMonitor.startWith(["exit"], "-d", "0.001");
    const { records } = await watch(monitor, sleeper, args);
    await filtered.settle();
    const expected = theOnly(records, "exit");
    const exit = theOnly(
      filtered.records.filter(({ id }) => id === expected.id),
      "exit",
    );
    await filtered.end();
    assert.deepEqual([exit.exe, exit.argv, exit.exit_code], [expected.exe, expected.argv, 127]);
    assert.equal(exit.lifetime_ns, exit.boot_time_ns - Number(exit.id.split("-")[2]));
  });
});
