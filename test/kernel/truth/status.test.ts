import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { endianness } from "node:os";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { many } from "../pace.ts";
import { ifFailedExecsAreTold } from "./failed-execs.ts";
import { Held } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { stateOf } from "./proc.ts";
import { byPid, ofPid, theOnly, typesOf, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { expectedEnd, wait4, type Waited } from "./wait4.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

/** How an exit record says that the process ended. */
function endOf({ exit_code, signal, core_dumped }: JsonRecord) {
  return signal === undefined ? { exit_code } : { signal, core_dumped };
}

/** Each process has ended once, and in the way that its parent was told. */
function assertEndsAgree(children: readonly Waited[], records: readonly JsonRecord[]): void {
  const groups = byPid(records);
  for (const { pid, ppid, status } of children) {
    const group = groups.get(pid) ?? [];
    assert.deepEqual(typesOf(group), ["fork", "exec", "exit"], `process ${pid}, wait status ${status}`);
    const exit = theOnly(group, "exit");
    assert.deepEqual(endOf(exit), expectedEnd(status), `wait status ${status}`);
    assert.equal(exit.ppid, ppid);
  }
}

describe("the end of a process is what its parent's wait4(2) was told", () => {
  it("for 3,200 processes: every exit code, and every signal that can end one, ten times", async () => {
    const count = Math.max(many(3200), 320);
    const { result, records } = await monitor().during(() => wait4({ count, workers: 2 }, fixture("end-as"), "{}"));
    assert.equal(result.length, count);
    // 256 codes and 56 signals, less those that whoever runs this had the kernel ignore.
    assert.ok(new Set(result.map(({ status }) => status)).size >= 256 + 50, "the workload itself");
    assertEndsAgree(result, records);
  });

  it("when cores are dumped, and when they are not", async (t) => {
    using scratch = new Scratch();
    const deadly = ["SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGXCPU", "SIGSYS"];
    const { result, records } = await monitor().during(async () => {
      const children: Waited[] = [];
      for (const number of [3, 4, 5, 6, 7, 8, 11, 24, 31, 9, 15]) {
        for (const core of ["core", "none"]) {
          const run = { count: 1, workers: 1, cwd: scratch.path };
          children.push(...(await wait4(run, fixture("end-as"), String(255 + number), core)));
        }
      }
      return children;
    });
    assertEndsAgree(result, records);
    const ends = result.map(({ status }) => expectedEnd(status));
    const dumped = ends.filter(({ core_dumped }) => core_dumped === true).map(({ signal }) => signal);
    const pattern = readFileSync("/proc/sys/kernel/core_pattern", "utf8").trim();
    const limit = /^Max core file size +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    // To a program, or under a limit, a dump may fail: then the flag agrees all the same, but never is true.
    if (pattern === "core" && limit === "unlimited") assert.deepEqual(dumped, deadly);
    else t.diagnostic(`${dumped.length} cores were dumped; core_pattern is ${pattern}, the limit ${limit}`);
    assert.ok(ends.length - dumped.length >= 13);
  });

  it("when the main thread ended long before, with another code", async () => {
    const { records, exitCode } = await watch(monitor(), fixture("leader-exits-first"));
    assert.equal(exitCode, 7);
    assert.deepEqual(typesOf(records), ["fork", "exec", "exit"]);
    const exit = theOnly(records, "exit");
    assert.deepEqual(endOf(exit), { exit_code: 7 });
    assert.equal(exit.threads, 2);
    assert.ok((exit.duration_ns ?? 0) >= 300e6 && (exit.duration_ns ?? 0) < 2e9, `${exit.duration_ns} ns`);
  });

  it("for 2,000 processes whose nine threads race to the end: once each, and never for a thread", async () => {
    const { result, records } = await monitor().during(() =>
      wait4({ count: many(2000), workers: 2 }, fixture("nine-threads"), "9"),
    );
    assertEndsAgree(result, records);
    const known = new Set(result.flatMap(({ pid, ppid }) => [pid, ppid]));
    const ofThem = records.filter(({ comm, type }) => comm === "nine-threads" && type === "exit");
    assert.deepEqual(
      ofThem.filter(({ pid }) => !known.has(pid)),
      [],
    );
    for (const { threads, exit_code } of ofThem) assert.deepEqual({ threads, exit_code }, { threads: 9, exit_code: 9 });
  });

  for (const segment of ["first", "last"] as const) {
    it(
      `when exec itself was fatal: the program's ${segment} segment cannot be had, and there is no way back`,
      ifFailedExecsAreTold,
      async () => {
        using scratch = new Scratch();
        // Linked at the same addresses as its caller: where that had the name, this one has other bytes.
        writeFileSync(scratch.file("constant"), withImpossibleAddress(readFileSync(fixture("use")), segment), {
          mode: 0o755,
        });
        const run = { count: 1, workers: 1, cwd: scratch.path };
        const { result, records } = await monitor().during(() => wait4(run, fixture("exec-constant")));
        const [{ pid, status } = { pid: 0, status: 0 }] = result;
        assert.deepEqual(expectedEnd(status), { signal: "SIGSEGV", core_dumped: (status & 0x80) !== 0 });
        const ofIt = ofPid(records, pid);
        assert.deepEqual(typesOf(ofIt), ["fork", "exec", "exec_failed", "exit"]);
        assert.deepEqual(endOf(theOnly(ofIt, "exit")), expectedEnd(status));
        // The memory that held the name is gone by then.
        const { filename, missing } = theOnly(ofIt, "exec_failed");
        if (filename === undefined) assert.ok(missing?.includes("filename"));
        else assert.equal(filename, "./constant", "not what stands in its place in the new program");
      },
    );
  }
});

describe("a process that is stopped and continued", () => {
  it("has not ended, and its time goes on", async () => {
    const start = monitor().records.length;
    const { result, records } = await monitor().during(async () => {
      const startedAt = performance.now();
      await using held = await Held.start(fixture("hold"), []);
      const readyAt = performance.now();
      held.kill("SIGSTOP");
      while (stateOf(held.pid) !== "T") await monitor().settle();
      const whileStopped = ofPid(monitor().records.slice(start), held.pid).filter(({ type }) => type === "exit");
      held.kill("SIGCONT");
      while (stateOf(held.pid) === "T") await monitor().settle();
      const leastMs = performance.now() - readyAt;
      const exitCode = await held.release();
      return { pid: held.pid, exitCode, whileStopped, leastMs, mostMs: performance.now() - startedAt };
    });
    assert.deepEqual(result.whileStopped, []);
    assert.equal(result.exitCode, 0);
    const ofHeld = ofPid(records, result.pid);
    assert.deepEqual(typesOf(ofHeld), ["fork", "exec", "exit"]);
    const ms = (theOnly(ofHeld, "exit").duration_ns ?? 0) / 1e6;
    assert.ok(ms >= result.leastMs && ms <= result.mostMs, `${result.leastMs} <= ${ms} <= ${result.mostMs}`);
  });
});

/** A copy of an ELF file of 64 bits of which one loadable segment wants an address that no process can have. */
function withImpossibleAddress(bytes: Buffer, segment: "first" | "last"): Buffer {
  const file = Buffer.from(bytes);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little = endianness() === "LE";
  const table = Number(view.getBigUint64(32, little));
  const size = view.getUint16(54, little);
  const headers = Array.from({ length: view.getUint16(56, little) }, (_, index) => table + index * size);
  const loadable = headers.filter((header) => view.getUint32(header, little) === 1);
  const broken = loadable.at(segment === "first" ? 0 : -1);
  assert.ok(broken !== undefined);
  view.setBigUint64(broken + 16, 0xffff_8000_0000_0000n, little);
  return file;
}
