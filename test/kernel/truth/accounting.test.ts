import assert from "node:assert/strict";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { many } from "../pace.ts";
import { parseAccounting, type AccountedProcess } from "./acct.ts";
import { sharedMonitor } from "./json-monitor.ts";
import type { JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { signalName } from "./wait4.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

interface Accounted {
  readonly accounted: readonly AccountedProcess[];
  /** The exits of processes in the same PID namespace, but for its first process, which keeps the accounts. */
  readonly exits: readonly JsonRecord[];
  /** PIDs in the namespace, by those of the machine. */
  readonly namespacePids: ReadonlyMap<number, number>;
  /** Ids of the processes that called exec. */
  readonly called: ReadonlySet<string>;
}

const UNSUPPORTED = "this kernel has no process accounting (CONFIG_BSD_PROCESS_ACCT), or forbids it here";

/** Runs a program while the kernel accounts for it; undefined where it cannot. */
async function account(program: string, ...args: string[]): Promise<Accounted | undefined> {
  using scratch = new Scratch();
  const file = scratch.file("accounts");
  const { all, exitCode } = await watch(monitor(), fixture("witness-acct"), [file, program, ...args], {
    cwd: scratch.path,
  });
  if (exitCode === 3) return undefined;
  assert.equal(exitCode, 0);
  const inside = all.filter(({ ns_pid }) => ns_pid !== undefined && ns_pid !== 1);
  return {
    accounted: parseAccounting(readFileSync(file)).filter(({ pid }) => pid !== 1),
    exits: inside.filter(({ type }) => type === "exit"),
    namespacePids: new Map(all.flatMap(({ pid, ns_pid }) => (ns_pid === undefined ? [] : [[pid, ns_pid]]))),
    called: new Set(inside.filter(({ type }) => type === "exec").map(({ id }) => id)),
  };
}

/** What both sides know of an end, as a line of text. */
function line(comm: string, pid: number, ppid: number, uid: number, gid: number, end: string, forked: boolean): string {
  return `${comm} pid=${pid} ppid=${ppid} uid=${uid} gid=${gid} ${end}${forked ? " forked only" : ""}`;
}

function linesOf({ accounted, exits, namespacePids, called }: Accounted): { kernel: string[]; told: string[] } {
  const kernel = accounted.map(({ comm, pid, ppid, uid, gid, status, forkedOnly }) => {
    const core = (status & 0x80) !== 0 ? " core" : "";
    const end = (status & 0x7f) === 0 ? `code ${status >> 8}` : `${signalName(status & 0x7f)}${core}`;
    return line(comm, pid, ppid, uid, gid, end, forkedOnly);
  });
  const told = exits.map(({ comm, ns_pid = 0, ppid, uid, gid, exit_code, signal, core_dumped, id }) => {
    const end = signal === undefined ? `code ${exit_code}` : `${signal}${core_dumped === true ? " core" : ""}`;
    return line(comm, ns_pid, namespacePids.get(ppid) ?? 0, uid, gid, end, !called.has(id));
  });
  return { kernel: kernel.sort(), told: told.sort() };
}

describe("the kernel's own accounting", () => {
  const storms: [what: string, count: number, program: () => string[]][] = [
    [
      "3,000 programs that end in every way",
      many(3000),
      () => [fixture("witness-wait4"), String(many(3000)), "2", fixture("end-as"), "{}"],
    ],
    ["3,000 processes that only fork", many(3000), () => [fixture("storm"), String(many(3000)), "2", "-"]],
    [
      "1,000 processes of nine threads",
      many(1000),
      () => [fixture("storm"), String(many(1000)), "2", fixture("nine-threads"), "9"],
    ],
    ["a shell that runs pipelines", 200, () => ["/bin/sh", "-c", pipelines]],
  ];
  const pipelines =
    "i=0; while [ $i -lt 50 ]; do /bin/echo a | tr a b | cat >/dev/null; i=$((i + 1)); done; /nonexistent; :";
  for (const [what, count, program] of storms) {
    it(`has the same ends, no more and no less, of ${what}`, async (t) => {
      const [name = "", ...args] = program();
      const result = await account(name, ...args);
      if (result === undefined) {
        t.skip(UNSUPPORTED);
        return;
      }
      const { kernel, told } = linesOf(result);
      assert.ok(kernel.length >= count * 0.75, `the workload itself: ${kernel.length} accounts`);
      assert.deepEqual(told, kernel);
    });
  }

  it("has the same users", async (t) => {
    using scratch = new Scratch();
    const program = scratch.file("program");
    copyFileSync(fixture("tiny"), program);
    chmodSync(program, 0o755);
    const run = (uid: number, gid: number) => `setpriv --reuid ${uid} --regid ${gid} --clear-groups ${program} 1`;
    const script = `${run(65_534, 65_534)}; ${run(12_345, 54_321)}; ${run(0, 7)}; :`;
    const result = await account("/bin/sh", "-c", script);
    if (result === undefined) {
      t.skip(UNSUPPORTED);
      return;
    }
    const { kernel, told } = linesOf(result);
    assert.deepEqual(told, kernel);
    assert.ok(told.some((text) => text.includes("uid=12345 gid=54321")));
  });

  it("has the same lifetimes, to its ticks of 10 ms", async (t) => {
    const result = await account(fixture("storm"), "20", "4", fixture("sleep-ms"), "130");
    if (result === undefined) {
      t.skip(UNSUPPORTED);
      return;
    }
    const lifetimes = new Map(result.exits.map(({ ns_pid, lifetime_ns }) => [ns_pid, lifetime_ns ?? NaN]));
    const apart = result.accounted.map(({ pid, elapsedNs }) => (lifetimes.get(pid) ?? NaN) - elapsedNs);
    // The account is rounded down to a tick; and it is made after the record, on a busy machine some time after it.
    for (const ns of apart) assert.ok(ns < 10e6 && ns > -1e9, `${ns} ns apart`);
    const atOnce = apart.filter((ns) => ns > -10e6);
    assert.ok(atOnce.length >= apart.length / 2, `${apart.join(", ")} ns apart`);
  });
});
