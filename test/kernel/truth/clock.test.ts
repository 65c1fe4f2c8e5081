import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { fixture } from "../fixture.ts";
import { Held, HeldError } from "./held.ts";
import { sharedMonitor, type JsonMonitor } from "./json-monitor.ts";
import { theOnly, type JsonRecord } from "./record.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

/** How far a time may be off that both sides took from the same clocks. */
const TOLERANCE_NS = 5e6;

interface Clocks {
  readonly bootNs: number;
  readonly wallNs: bigint;
}

function parseClocks(text: string): Clocks {
  const [boot = "", wall = ""] = text.trim().split(" ");
  return { bootNs: Number(boot), wallNs: BigInt(wall) };
}

/** Nanoseconds since 1970 of a record's time. */
function wallNs({ time }: JsonRecord): bigint {
  const [, second = "", fraction = ""] = /^(.*)\.(\d{9})Z$/.exec(time) ?? [];
  return BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(fraction);
}

/** The difference between the wall clock and the boot clock. */
function offsetNs(clocks: Clocks): number {
  return Number(clocks.wallNs - BigInt(clocks.bootNs));
}

function offsetIn(record: JsonRecord): number {
  return offsetNs({ bootNs: record.boot_time_ns, wallNs: wallNs(record) });
}

/** Runs a program that reads the clocks; what it read, and its exec and exit. */
async function readClocks(): Promise<{ clocks: Clocks; exec: JsonRecord; exit: JsonRecord }> {
  const { records, stdout } = await watch(monitor(), fixture("clocks"));
  return { clocks: parseClocks(stdout), exec: theOnly(records, "exec"), exit: theOnly(records, "exit") };
}

describe("the time of an event", () => {
  it("is that of the boot clock, which goes on in suspend: the program that reads it lies between", async (t) => {
    for (let round = 0; round < 20; round++) {
      const { clocks, exec, exit } = await readClocks();
      assert.ok(exec.boot_time_ns <= clocks.bootNs && clocks.bootNs <= exit.boot_time_ns);
      assert.ok(exit.boot_time_ns - exec.boot_time_ns < 1e9);
    }
    const { bootNs } = parseClocks((await promisify(execFile)(fixture("clocks"))).stdout);
    const asleepNs = bootNs - Number(process.hrtime.bigint());
    if (asleepNs < 1e9) t.diagnostic("this machine has not been suspended since its boot: both clocks are the same");
  });

  it("is that of the wall clock, to the nanosecond's digit", async () => {
    for (let round = 0; round < 20; round++) {
      const { clocks, exec, exit } = await readClocks();
      assert.ok(wallNs(exec) <= clocks.wallNs + BigInt(TOLERANCE_NS));
      assert.ok(clocks.wallNs <= wallNs(exit) + BigInt(TOLERANCE_NS));
      for (const record of [exec, exit]) assert.ok(Math.abs(offsetIn(record) - offsetNs(clocks)) < TOLERANCE_NS);
    }
  });

  it("follows the wall clock when that is set, forward and back; the boot clock and durations do not", async (t) => {
    const stepS = 10;
    const stepNs = stepS * 1e9;
    const long = Held.start(fixture("hold"), []);
    await using held = await long;
    const heldAt = performance.now();
    const before = await readClocks();
    const stepped = await whileStepped(stepS, readClocks);
    if (typeof stepped === "string") {
      t.skip(`the clock cannot be set here: ${stepped}`);
      return;
    }
    const after = await readClocks();
    const heldMs = performance.now() - heldAt;
    await held.release();
    await monitor().settle();

    const forward = offsetNs(stepped.clocks) - offsetNs(before.clocks);
    assert.ok(Math.abs(forward - stepNs) < TOLERANCE_NS, "the workload itself");
    for (const { clocks, exec, exit } of [before, stepped, after]) {
      for (const record of [exec, exit]) {
        const error = offsetIn(record) - offsetNs(clocks);
        assert.ok(Math.abs(error) < TOLERANCE_NS, `${record.time} is off by ${error} ns`);
      }
      assert.ok(exec.boot_time_ns <= clocks.bootNs && clocks.bootNs <= exit.boot_time_ns);
      assert.ok((exit.duration_ns ?? NaN) < 1e9);
    }
    const exit = monitor().records.findLast(({ type, pid }) => type === "exit" && pid === held.pid);
    const durationMs = (exit?.duration_ns ?? NaN) / 1e6;
    assert.ok(durationMs >= heldMs && durationMs < heldMs + 5000, `${durationMs} ms for one that lived through it`);
    assertNeverBack(monitor());
  });
});

/** Sets the wall clock forward, does something, and sets it back; a text says why it cannot be set. */
async function whileStepped<T>(seconds: number, work: () => Promise<T>): Promise<T | string> {
  try {
    await using step = await Held.start(fixture("step-clock"), [String(seconds)]);
    const result = await work();
    assert.equal(await step.release(), 0, "the clock must be set back");
    return result;
  } catch (error) {
    if (error instanceof HeldError && error.exitCode === 3) return error.stderr.trim();
    throw error;
  }
}

/** Of each process, the times of the boot clock never go back. */
function assertNeverBack({ records }: JsonMonitor): void {
  const last = new Map<string, number>();
  for (const { id, boot_time_ns } of records) {
    assert.ok(boot_time_ns >= (last.get(id) ?? 0));
    last.set(id, boot_time_ns);
  }
}
