import assert from "node:assert/strict";
import { copyFileSync, chmodSync, existsSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { Held } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { expectedCgroup, processInProc, type ProcessInProc } from "./proc.ts";
import { theOnly, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();
const NOBODY = 65_534;

interface Seen {
  readonly records: readonly JsonRecord[];
  readonly proc: ProcessInProc;
}

/** Has `program` live in new namespaces, made by unshare(1), and reads what /proc of the initial ones says of it. */
async function see(options: readonly string[], program = fixture("hold"), spawnOptions = {}): Promise<Seen> {
  const start = monitor().records.length;
  const { result, records } = await monitor().during(async () => {
    await using _held = await Held.start("unshare", [...options, program], spawnOptions);
    const isProgram = ({ type, filename }: JsonRecord) => type === "exec" && filename === program;
    const { pid } = await monitor().until(isProgram, "show the program", start);
    return { pid, proc: processInProc(pid) };
  });
  return { records: records.filter(({ pid }) => pid === result.pid), proc: result.proc };
}

describe("a process in namespaces of its own is told with the host's numbers", () => {
  it("and its own PID: in a new PID namespace", async () => {
    const { records, proc } = await see(["--pid", "--fork"]);
    assert.equal(proc.namespacePids.length, depth() + 1, "the workload itself");
    for (const record of records) {
      assert.deepEqual([record.pid, record.ns_pid], [proc.namespacePids[0], proc.namespacePids.at(-1)]);
      assert.equal(record.ppid, proc.ppid);
    }
    assert.equal(theOnly(records, "exec").ns_pid, 1);
  });

  it("and its own PID: in a PID namespace within one", async () => {
    const { records, proc } = await see(["--pid", "--fork", "unshare", "--pid", "--fork"]);
    assert.equal(proc.namespacePids.length, depth() + 2, "the workload itself");
    assert.notEqual(proc.namespacePids.at(-1), proc.namespacePids.at(-2));
    for (const { ns_pid } of records) assert.equal(ns_pid, proc.namespacePids.at(-1));
  });

  it("and not the user it takes itself for: in a new user namespace", async (t) => {
    using scratch = new Scratch();
    const program = scratch.file("program");
    copyFileSync(fixture("hold"), program);
    chmodSync(program, 0o755);
    const user = { uid: NOBODY, gid: NOBODY, cwd: "/" };
    const probe = await watch(monitor(), "unshare", ["--user", "true"], user);
    if (probe.exitCode !== 0) {
      t.skip("this machine allows users no namespaces");
      return;
    }
    const { records, proc } = await see(["--user", "--map-root-user"], program, user);
    assert.deepEqual([proc.uid, proc.gid], [NOBODY, NOBODY], "the workload itself");
    for (const { uid, gid } of records.filter(({ type }) => type !== "fork"))
      assert.deepEqual([uid, gid], [NOBODY, NOBODY]);
    const exec = records.findLast(({ type }) => type === "exec");
    assert.equal(exec?.setuid, undefined, "rights within its own namespace are none here");
  });

  it("and the whole path of its control group: in a new cgroup namespace", async (t) => {
    if (!existsSync("/proc/self/ns/cgroup")) {
      t.skip("this kernel has no cgroup namespaces");
      return;
    }
    const { records, proc } = await see(["--cgroup"]);
    for (const { cgroup } of records) assert.equal(cgroup, expectedCgroup(proc.cgroups));
  });

  it("and the paths of its own mounts: in a new mount namespace", async () => {
    using scratch = new Scratch();
    const script = 'cd "$0" && mkdir a b && cp "$1" a/hold && mount --bind a b && cd b && exec "$0/b/hold"';
    const { records, result } = await monitor().during(async () => {
      const args = ["--mount", "/bin/sh", "-c", script, scratch.path, fixture("hold")];
      await using held = await Held.start("unshare", args);
      return processInProc(held.pid);
    });
    const exec = records.find(({ type, filename }) => type === "exec" && filename === scratch.file("b", "hold"));
    assert.ok(exec);
    assert.deepEqual([exec.exe, exec.cwd], [scratch.file("b", "hold"), scratch.file("b")]);
    assert.deepEqual([exec.exe, exec.cwd], [result.exe, result.cwd]);
  });

  it("and the machine's own time: in a new time namespace", async (t) => {
    if (!existsSync("/proc/self/ns/time")) {
      t.skip("this kernel has no time namespaces");
      return;
    }
    const args = ["--time", "--boottime", "1000000", "--fork", fixture("clocks")];
    const { all } = await watch(monitor(), "unshare", args);
    const exec = all.find(({ type, filename }) => type === "exec" && filename === fixture("clocks"));
    const exit = all.find(({ type, pid }) => type === "exit" && pid === exec?.pid);
    const [first] = all;
    assert.ok(exec && exit && first);
    assert.ok(exec.boot_time_ns - first.boot_time_ns < 10e9, "its boot clock is not the machine's");
    assert.ok((exit.lifetime_ns ?? NaN) < 10e9);
  });

  it("but has no PID of its own in the initial ones", async (t) => {
    const { records } = await watch(monitor(), fixture("tiny"));
    if (depth() > 1) t.skip("the tests themselves run in a PID namespace");
    else for (const { ns_pid } of records) assert.equal(ns_pid, undefined);
  });
});

/** PID namespaces that the tests themselves are in, as /proc tells it. */
function depth(): number {
  return processInProc(process.pid).namespacePids.length;
}
