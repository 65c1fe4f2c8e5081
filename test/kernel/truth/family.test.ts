import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { many } from "../pace.ts";
import { storm } from "../workload.ts";
import { Held } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { processInProc } from "./proc.ts";
import { byPid, ofPid, startNs, theOnly, typesOf, type JsonRecord } from "./record.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

/** The records of a process are in order, and of one process. */
function assertOneLife(records: readonly JsonRecord[]): void {
  assert.equal(new Set(records.map(({ id }) => id)).size, 1, JSON.stringify(records));
  const times = records.map(({ boot_time_ns }) => boot_time_ns);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  const [fork, ...rest] = records;
  const exit = records.at(-1);
  assert.ok(fork && exit);
  const sinceFork = fork.boot_time_ns - startNs(exit);
  assert.ok(sinceFork >= 0 && sinceFork < 1e9, `its fork was told ${sinceFork} ns after its start`);
  for (const { parent_id } of rest) assert.equal(parent_id, fork.parent_id);
}

describe("a storm", () => {
  it("of 3,000 processes that only fork: each is born once, of its parent, and ends once", async () => {
    const { result, records } = await monitor().during(() => storm(many(3000), 2, "-"));
    const groups = byPid(records);
    for (const { pid, ppid, status } of result) {
      const group = groups.get(pid) ?? [];
      assert.deepEqual(typesOf(group), ["fork", "exit"]);
      assertOneLife(group);
      const [fork, exit] = group;
      const parent = theOnly(groups.get(ppid) ?? [], "fork");
      assert.equal(fork?.parent_id, parent.id);
      assert.deepEqual([fork.ppid, exit?.ppid, exit?.exit_code, exit?.threads], [ppid, ppid, status >> 8, 1]);
      assert.deepEqual([exit?.comm, exit?.filename], ["storm", fixture("storm")], "it ran what its parent ran");
      assert.equal(exit?.duration_ns, exit?.lifetime_ns, "with no exec, the image is as old as the process");
    }
  });

  it("of 3,000 vforks, each of which runs a program: three records each", async () => {
    const { result, records } = await monitor().during(() => storm(many(3000), 2, fixture("tiny"), "3"));
    const groups = byPid(records);
    for (const { pid, ppid } of result) {
      const group = groups.get(pid) ?? [];
      assert.deepEqual(typesOf(group), ["fork", "exec", "exit"]);
      assertOneLife(group);
      const [fork, exec, exit] = group;
      assert.ok(fork && exec && exit);
      assert.equal(exec.replaces, undefined, "what it ran before was its parent's");
      assert.equal(exit.duration_ns, exit.boot_time_ns - exec.boot_time_ns);
      assert.deepEqual([fork.comm, exec.comm, exit.comm], ["storm", "tiny", "tiny"]);
      assert.deepEqual([fork.ppid, exec.ppid, exit.ppid], [ppid, ppid, ppid]);
    }
    assert.equal(new Set(records.map(({ id }) => id)).size, groups.size, "an id for each process");
  });

  it("of threads makes no processes", async () => {
    const { all, pid } = await watch(monitor(), fixture("nine-threads"), ["9"]);
    assert.deepEqual(
      all.filter(({ comm, pid: other }) => comm === "nine-threads" && other !== pid),
      [],
    );
    assert.equal(theOnly(ofPid(all, pid), "exit").threads, 9);
  });
});

describe("a process made by a thread", () => {
  it("has the thread's process for its parent, though the thread has ended", async () => {
    const { all, stdout, pid, records } = await watch(monitor(), fixture("fork-from-thread"));
    const [fork, exit] = ofPid(all, Number(stdout));
    const { id } = theOnly(records, "exec");
    assert.deepEqual([fork?.type, fork?.ppid, fork?.parent_id], ["fork", pid, id]);
    assert.deepEqual([exit?.type, exit?.ppid, exit?.parent_id, exit?.exit_code], ["exit", pid, id, 5]);
    assert.equal(exit?.current_parent_id, undefined);
    assert.deepEqual([exit?.threads, theOnly(records, "exit").threads], [1, 2]);
  });
});

describe("a copy", () => {
  it("is of what its parent was then, whatever that runs later", async () => {
    const script = `echo ready; (read line <&3; exit 6) 3<&0 & exec '${fixture("tiny")}' 4`;
    const start = monitor().records.length;
    const { result, records } = await monitor().during(async () => {
      const held = await Held.start("/bin/sh", ["-c", script]);
      await monitor().until(({ type, pid }) => type === "exit" && pid === held.pid, "show the parent's end", start);
      return { pid: held.pid, exitCode: await held.release() };
    });
    assert.equal(result.exitCode, 4);
    const parent = theOnly(ofPid(records, result.pid), "exit");
    assert.deepEqual(parent.argv, [fixture("tiny"), "4"]);
    const fork = records.find(({ type, ppid }) => type === "fork" && ppid === result.pid);
    assert.ok(fork);
    const exit = theOnly(ofPid(records, fork.pid), "exit");
    assert.deepEqual([exit.argv, exit.filename, exit.exit_code], [["/bin/sh", "-c", script], "/bin/sh", 6]);
    assert.equal(exit.parent_id, parent.id);
  });
});

describe("an orphan", () => {
  for (const subreaper of [false, true]) {
    it(`has a new parent, ${subreaper ? "a subreaper" : "init"}: its end tells of both`, async () => {
      const { all, stdout } = await watch(monitor(), fixture("reparent"), subreaper ? ["subreaper"] : []);
      const [top = 0, middle = 0, last = 0, parent = 0] = stdout.split(" ").map(Number);
      assert.notEqual(parent, middle, "the workload itself");
      if (subreaper) assert.equal(parent, top, "the workload itself");
      const records = ofPid(all, last);
      assert.deepEqual(typesOf(records), ["fork", "exit"]);
      const [fork, exit] = records;
      const idOf = (pid: number) => theOnly(ofPid(all, pid), "fork").id;
      assert.deepEqual([fork?.ppid, fork?.parent_id], [middle, idOf(middle)]);
      assert.deepEqual([exit?.ppid, exit?.parent_id], [parent, idOf(middle)]);
      const { startNs: started } = processInProc(subreaper ? process.pid : parent);
      const newParent = nameIn(exit?.current_parent_id);
      assert.equal(newParent.pid, parent);
      if (subreaper) assert.equal(exit?.current_parent_id, idOf(top));
      else assert.ok(newParent.startNs >= started[0] && newParent.startNs < started[1], "init is as old as /proc says");
      assert.equal(exit?.exit_code, 3);
      const ofMiddle = theOnly(ofPid(all, middle), "exit");
      assert.deepEqual([ofMiddle.ppid, ofMiddle.current_parent_id], [top, undefined], "its own parent has not changed");
    });
  }
});

describe("processes that have the same PID, one after another", () => {
  it("have ids, starts, durations and ends of their own", async (t) => {
    const { all, stdout, exitCode } = await watch(monitor(), fixture("reuse-pid"), ["50"]);
    if (exitCode === 3) {
      t.skip("a PID cannot be chosen here: that needs Linux 5.5 and CAP_SYS_ADMIN");
      return;
    }
    assert.equal(exitCode, 0, "the workload itself: was the PID taken by another process meanwhile?");
    const records = ofPid(all, Number(stdout));
    assert.deepEqual(
      typesOf(records),
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? "fork" : "exit")),
    );
    const exits = records.filter(({ type }) => type === "exit");
    assert.deepEqual(
      exits.map(({ exit_code }) => exit_code),
      Array.from({ length: 50 }, (_, number) => number),
    );
    assert.equal(new Set(exits.map(({ id }) => id)).size, 50);
    for (let number = 0; number < 50; number++) assertOneLife(records.slice(2 * number, 2 * number + 2));
    const starts = exits.map(startNs);
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(starts).size, 50);
  });
});

/** What an id is made of. */
function nameIn(id: string | undefined): { pid: number; startNs: number } {
  const [, pid, start] = /^[0-9a-f]{8}-(\d+)-(\d+)$/.exec(id ?? "") ?? [];
  return { pid: Number(pid), startNs: Number(start) };
}
