import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmdirSync, unlinkSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { Held } from "./held.ts";
import { JsonMonitor } from "./json-monitor.ts";
import { expectedCgroup, processInProc, stateOf, type ProcessInProc } from "./proc.ts";
import { ofPid, startNs, theOnly, typesOf, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { bytesOf } from "./text.ts";

interface Older {
  readonly pid: number;
  readonly proc: ProcessInProc;
  readonly running: JsonRecord;
  /** All of its records, to its end. */
  readonly records: readonly JsonRecord[];
}

const hold = fixture("hold");

/** Starts a program, then a monitor, then ends the program. */
async function watchOlder(program: string, args: readonly string[], options = {}): Promise<Older> {
  await using held = await Held.start(program, args, options);
  await using monitor = await JsonMonitor.start();
  const proc = processInProc(held.pid);
  await find(monitor, held.pid);
  await held.release();
  await monitor.settle();
  await monitor.end();
  const records = ofPid(monitor.records, held.pid);
  return { pid: held.pid, proc, running: theOnly(records, "running"), records };
}

/** Waits for the record of a process that runs already. */
function find(monitor: JsonMonitor, wanted: number): Promise<JsonRecord> {
  return monitor.until(({ type, pid }) => type === "running" && pid === wanted, "find it");
}

function assertStartAgrees(record: JsonRecord, { startNs: [from, to] }: ProcessInProc): void {
  const start = startNs(record);
  assert.ok(start >= from && start < to, `${start} is not in ${from} … ${to}`);
}

describe("a process older than the monitor", () => {
  it("is told as /proc tells it, and so is its end", async () => {
    using scratch = new Scratch();
    const args = ["one", "", "th\nree", "-4"];
    const { proc, running, records } = await watchOlder(fixture("hold"), args, { cwd: scratch.path });
    assert.deepEqual(typesOf(records), ["running", "exit"]);
    const exit = theOnly(records, "exit");
    assert.deepEqual(running.argv, [fixture("hold"), ...args]);
    for (const record of records) {
      const { uid, gid, ppid, cgroup, comm, exe, argv, id } = record;
      assert.deepEqual(
        { uid, gid, ppid, cgroup, comm, exe, argv, id },
        {
          uid: proc.uid,
          gid: proc.gid,
          ppid: proc.ppid,
          cgroup: expectedCgroup(proc.cgroups),
          comm: proc.comm,
          exe: proc.exe,
          argv: proc.argv.map(String),
          id: running.id,
        },
      );
      assertStartAgrees(record, proc);
    }
    assert.equal(running.cwd, proc.cwd);
    assert.equal(running.threads, 1);
    assert.equal(running.argc, 5);
    assert.equal(exit.exit_code, 0);
    assert.equal(exit.duration_ns, undefined, "when it called exec is not known");
    assert.deepEqual(
      exit.missing?.filter((name) => ["duration_ns", "filename"].includes(name)),
      ["duration_ns", "filename"],
      "nor by which name",
    );
  });

  it("may live without its main thread", async () => {
    const { running, records, proc } = await watchOlder(fixture("leaderless"), ["7"]);
    assert.deepEqual(typesOf(records), ["running", "exit"]);
    assertStartAgrees(running, proc);
    const exit = theOnly(records, "exit");
    assert.deepEqual([exit.exit_code, exit.id], [7, running.id]);
    if (running.exe === undefined) assert.ok(running.missing?.includes("exe"));
    else assert.equal(running.exe, realpathSync(fixture("leaderless")));
  });

  for (const [what, fixtureName, args] of [
    ["bytes that are not UTF-8, and empty strings", "exec-bytes", ["61", "ff", "", "c3", ""]],
    ["none", "exec-bytes", []],
    ["arguments that it has written over", "retitle", ["secret", "words"]],
    ["100 KiB of them", "exec-many", ["1000", "100"]],
    ["2 MiB of them", "exec-many", ["32", "65536"]],
  ] as const) {
    it(`may have strange arguments: ${what}`, async () => {
      const byWay = fixtureName === "retitle" ? args : fixtureName === "exec-many" ? [...args, hold] : [hold, ...args];
      const { running, proc } = await watchOlder(fixture(fixtureName), byWay);
      const told = running.argv?.map((text, index) => bytesOf(text, running.argv_base64?.[index])) ?? [];
      const total = proc.argv.reduce((sum, { length }) => sum + length + 1, 0);
      assert.deepEqual([running.argc, running.argv_bytes], [proc.argv.length, total]);
      if (running.argv_truncated === true) {
        assert.ok(total > 128 * 1024, "whole up to the limit");
        assert.deepEqual(told.slice(0, -1), proc.argv.slice(0, told.length - 1));
      } else assert.deepEqual(told, proc.argv);
    });
  }

  it("has its arguments cut too, where --max-args-bytes says so", async () => {
    await using held = await Held.start(hold, ["a".repeat(5000), "last"]);
    await using monitor = await JsonMonitor.start("--max-args-bytes", "1000");
    const { argv, argc, argv_bytes, argv_truncated } = await find(monitor, held.pid);
    await monitor.end();
    assert.deepEqual([argc, argv_bytes, argv_truncated], [3, hold.length + 1 + 5000 + 1 + 5, true]);
    assert.deepEqual(argv, [hold, "a".repeat(1000 - hold.length - 1)]);
  });

  it("may have lost its file, and its directory", async () => {
    using scratch = new Scratch();
    const program = scratch.file("program");
    const directory = scratch.file("gone");
    mkdirSync(directory);
    copyFileSync(fixture("hold"), program);
    await using held = await Held.start(program, [], { cwd: directory });
    unlinkSync(program);
    rmdirSync(directory);
    await using monitor = await JsonMonitor.start();
    const running = await find(monitor, held.pid);
    await monitor.end();
    assert.deepEqual([running.deleted, running.exe], [true, program]);
    assert.deepEqual([running.cwd_deleted, running.cwd], [true, directory]);
  });

  it("may call exec then: that ends an image of which the beginning is not known", async () => {
    const last = fixture("tiny");
    await using held = await Held.start("/bin/sh", ["-c", `echo ready; read line; exec '${last}' 5`]);
    await using monitor = await JsonMonitor.start();
    await find(monitor, held.pid);
    assert.equal(await held.release(), 5);
    await monitor.settle();
    await monitor.end();
    const records = ofPid(monitor.records, held.pid);
    assert.deepEqual(typesOf(records), ["running", "exec", "exit"]);
    const [running, exec, exit] = records;
    assert.ok(exec && exit);
    assert.equal(exec.id, running?.id);
    const told = exec.replaces !== undefined || exec.missing?.some((name) => name.startsWith("replaces")) === true;
    assert.ok(told, "that it replaces something is told, or missing: it must not look like the first image");
    assert.equal(exit.duration_ns, exit.boot_time_ns - exec.boot_time_ns);
    assert.deepEqual(exit.missing, ["parent_id", "threads"], "its fork was not seen; its last exec was");
  });

  it("has children whose parent is known, and that run what it runs", async () => {
    const script = "echo ready; read line; (exit 9); exit 0";
    await using held = await Held.start("/bin/sh", ["-c", script]);
    await using monitor = await JsonMonitor.start();
    await find(monitor, held.pid);
    await held.release();
    await monitor.settle();
    await monitor.end();
    const running = theOnly(ofPid(monitor.records, held.pid), "running");
    const child = monitor.records.find(({ type, ppid }) => type === "fork" && ppid === held.pid);
    assert.equal(child?.parent_id, running.id);
    const exit = theOnly(ofPid(monitor.records, child.pid), "exit");
    assert.deepEqual([exit.exit_code, exit.parent_id], [9, running.id]);
    assert.deepEqual(exit.argv, ["/bin/sh", "-c", script]);
  });

  it("has its environment, with --env", async () => {
    const env = { PLAIN: "one two", API_TOKEN: "do not show", "": "nameless" };
    await using held = await Held.start(hold, ["argument"], { env });
    await using other = await Held.start("/usr/bin/env", ["-i", hold]);
    const inProc = readFileSync(`/proc/${held.pid}/environ`, "utf8").split("\0").slice(0, -1);
    assert.ok(inProc.includes("API_TOKEN=do not show"), "the workload itself");
    for (const [option, expected] of [
      ["--env=raw", inProc],
      ["--env", inProc.map((variable) => variable.replace("do not show", "[redacted]"))],
    ] as const) {
      await using monitor = await JsonMonitor.start(option);
      const running = await find(monitor, held.pid);
      const without = await find(monitor, other.pid);
      const unknown = await find(monitor, 2);
      await monitor.end();
      assert.deepEqual([running.env, running.missing], [expected, undefined]);
      assert.deepEqual([without.env, without.missing], [[], undefined]);
      assert.deepEqual([unknown.env, unknown.missing], [undefined, undefined], "a thread of the kernel has none");
    }
  });

  it("is told once, whatever it is: as many as /proc shows, those of the kernel too", async (t) => {
    const before = pidsInProc();
    await using monitor = await JsonMonitor.start();
    const untold = () => {
      const told = new Set(monitor.records.filter(({ type }) => type === "running").map(({ pid }) => pid));
      return before.filter((pid) => !told.has(pid) && !["Z", undefined].includes(stateOf(pid)));
    };
    for (let round = 0; round < 20 && untold().length > 0; round++) await monitor.settle();
    const left = untold();
    const hidden = left.filter((pid) => pid === 1 && processInProc(pid).exe === undefined);
    if (hidden.length > 0) t.diagnostic("init is hidden here: even root may not look at it");
    assert.deepEqual(left, hidden);
    await monitor.end();
    const running = monitor.records.filter(({ type }) => type === "running");
    const ids = running.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);

    const self = theOnly(ofPid(running, process.pid), "running");
    const proc = processInProc(process.pid);
    assert.deepEqual([self.exe, self.cwd, self.comm], [proc.exe, proc.cwd, proc.comm]);
    assert.deepEqual(self.argv, proc.argv.map(String));
    const born = new Set(monitor.records.filter(({ type }) => type === "fork").map(({ id }) => id));
    assert.deepEqual(
      ids.filter((id) => born.has(id)),
      [],
      "who was seen to be born was not there before",
    );
    for (const { boot_time_ns, lifetime_ns = NaN } of running) assert.ok(boot_time_ns >= lifetime_ns);
  });

  it("may be a thread of the kernel, which runs no program, and so nothing is missing of it", async () => {
    await using monitor = await JsonMonitor.start();
    const kthreadd = await find(monitor, 2);
    const self = await find(monitor, process.pid);
    await monitor.end();
    assert.deepEqual([kthreadd.comm, kthreadd.ppid, kthreadd.kernel_thread], ["kthreadd", 0, true]);
    assertStartAgrees(kthreadd, processInProc(2));
    const threads = monitor.records.filter(({ kernel_thread }) => kernel_thread === true);
    for (const { missing, exe, argv } of threads)
      assert.deepEqual([missing, exe, argv], [undefined, undefined, undefined]);
    assert.equal(self.kernel_thread, undefined);
  });
});

describe("the snapshot and the stream", () => {
  it("leave no gap: in a storm that goes on while the monitor starts, every process is told from its birth or found", async () => {
    await using storm = await Held.start("/bin/bash", [
      "-c",
      `echo ready; while ! read -t 0; do '${fixture("tiny")}' 3; done`,
    ]);
    await using monitor = await JsonMonitor.start();
    await storm.release();
    await monitor.settle();
    await monitor.end();
    const children = monitor.records.filter(({ ppid, type }) => ppid === storm.pid && type === "exit");
    assert.ok(children.length > 10, "the workload itself");
    const beginnings = new Map<string, string[]>();
    for (const { id, type } of monitor.records) {
      if (type === "fork" || type === "running") beginnings.set(id, [...(beginnings.get(id) ?? []), type]);
    }
    const unseen = children.filter(({ id }) => !beginnings.has(id));
    for (const { id } of children) assert.ok((beginnings.get(id)?.length ?? 0) <= 1, "never both");
    // What lived when the monitor attached may have gone on before it was looked for: its end then says what is missing.
    assert.ok(unseen.length <= 1, "of a storm of one at a time that is one at most");
    for (const { missing } of unseen) assert.ok(missing?.includes("parent_id"));
  });
});

function pidsInProc(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
