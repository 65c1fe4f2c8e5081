import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExecEvent, ExitEvent, ForkEvent, Image, Process, RunningEvent } from "../../src/event/event.ts";
import { ProcessTable } from "../../src/process/process-table.ts";

const noImage: Image = {
  exe: undefined,
  interpreter: undefined,
  cwd: undefined,
  argv: undefined,
  argc: undefined,
  argvBytes: undefined,
  argvTruncated: false,
  env: undefined,
  envTruncated: false,
  memfd: false,
  deleted: false,
  cwdDeleted: false,
};

function processOf(startBootNs: bigint, parentStartBootNs = 1n): Process {
  return {
    startBootNs,
    parentStartBootNs,
    uid: 0,
    gid: 0,
    loginUid: undefined,
    sessionId: undefined,
    loginKnown: true,
    tty: undefined,
    cgroup: "/",
    namespacePid: undefined,
    cpu: 0,
    kernelThread: false,
  };
}

/** A process that began at a time, and its parent, PID 10, which began at 1. */
function about(pid: number, startBootNs: bigint): Pick<ForkEvent, "bootNs" | "pid" | "ppid" | "comm" | "process"> {
  return { bootNs: startBootNs + 100n, pid, ppid: 10, comm: "c", process: processOf(startBootNs) };
}

function fork(pid: number, startBootNs: bigint): ForkEvent {
  return { kind: "fork", ...about(pid, startBootNs), maker: { pid: 10, startBootNs: 1n } };
}

function exec(pid: number, startBootNs: bigint, filename: string, replaced = false): ExecEvent {
  return {
    kind: "exec",
    ...about(pid, startBootNs),
    filename,
    filenameCut: false,
    image: { ...noImage, exe: filename, argv: [filename] },
    replaces: replaced ? { filename: undefined, durationNs: 5n } : undefined,
    oldTid: undefined,
    privileged: undefined,
  };
}

function exit(pid: number, startBootNs: bigint): ExitEvent {
  return {
    kind: "exit",
    ...about(pid, startBootNs),
    status: { kind: "exited", code: 0 },
    durationNs: 1n,
    durationExact: true,
    filename: undefined,
    image: undefined,
    usage: undefined,
    threads: 1,
    forkParent: undefined,
  };
}

function running(pid: number, startBootNs: bigint): RunningEvent {
  const image = { ...noImage, exe: "/bin/old", argv: ["old"] };
  return { kind: "running", hasExeced: true, ...about(pid, startBootNs), filename: undefined, image, threads: 1 };
}

function enrichExit(table: ProcessTable, event: ExitEvent): ExitEvent {
  const enriched = table.enrich(event);
  assert.ok(enriched?.kind === "exit");
  return enriched;
}

describe("ProcessTable", () => {
  it("tells an exit what ended, and forgets it", () => {
    const table = new ProcessTable();
    table.enrich(fork(20, 2n));
    table.enrich(exec(20, 2n, "/bin/a"));
    const first = enrichExit(table, exit(20, 2n));
    assert.equal(first.filename, "/bin/a");
    assert.deepEqual(first.image?.argv, ["/bin/a"]);
    assert.equal(table.size, 0);
    assert.equal(enrichExit(table, exit(20, 2n)).image, undefined);
  });

  it("tells an exec what it replaced", () => {
    const table = new ProcessTable();
    table.enrich(exec(20, 2n, "/bin/a"));
    const second = table.enrich(exec(20, 2n, "/bin/b", true));
    assert.ok(second?.kind === "exec");
    assert.deepEqual(second.replaces, { filename: "/bin/a", durationNs: 5n });
    assert.equal(enrichExit(table, exit(20, 2n)).filename, "/bin/b");
  });

  it("knows that a child which only forked runs what its parent ran", () => {
    const table = new ProcessTable();
    table.enrich(exec(10, 1n, "/bin/parent"));
    table.enrich(fork(20, 2n));
    table.enrich(exec(10, 1n, "/bin/other", true));
    assert.equal(enrichExit(table, exit(20, 2n)).filename, "/bin/parent");
  });

  it("does not take a process for another that had its PID", () => {
    const table = new ProcessTable();
    table.enrich(exec(20, 2n, "/bin/a"));
    assert.equal(enrichExit(table, exit(20, 3n)).image, undefined);
  });

  it("lets the next process of a PID take the place of one whose exit was lost", () => {
    const table = new ProcessTable();
    for (let start = 2n; start < 100n; start++) table.enrich(exec(20, start, `/bin/${start}`));
    assert.equal(table.size, 1);
    assert.equal(enrichExit(table, exit(20, 99n)).filename, "/bin/99");
  });

  it("forgets at a sweep what does not live any more", () => {
    const table = new ProcessTable();
    for (let pid = 20; pid < 30; pid++) table.enrich(fork(pid, 2n));
    assert.equal(
      table.sweep((pid) => pid % 2 === 0),
      5,
    );
    assert.equal(table.size, 5);
  });

  it("reports a process found running once, and not if it was seen to start or to end", () => {
    const table = new ProcessTable();
    assert.equal(table.enrich(running(20, 2n))?.kind, "running");
    assert.equal(table.enrich(running(20, 2n)), undefined);
    table.enrich(fork(21, 3n));
    assert.equal(table.enrich(running(21, 3n)), undefined);
    table.enrich(exit(22, 4n));
    assert.equal(table.enrich(running(22, 4n)), undefined);
    assert.equal(enrichExit(table, exit(20, 2n)).image?.exe, "/bin/old");
  });

  it("reports a process that called exec before it was found, as that exec left it", () => {
    const table = new ProcessTable();
    table.enrich(exec(20, 2n, "/bin/a"));
    const found = table.enrich({ ...running(20, 2n), image: noImage });
    assert.ok(found?.kind === "running");
    assert.deepEqual(found.image.argv, ["/bin/a"]);
    table.enrich(exec(20, 2n, "/bin/b", true));
    assert.equal(table.enrich({ ...running(20, 2n), image: noImage }), undefined);
    assert.equal(enrichExit(table, exit(20, 2n)).filename, "/bin/b");
  });

  it("remembers no ended process once all running ones have been found", () => {
    const table = new ProcessTable();
    table.allFound();
    table.enrich(exit(22, 4n));
    assert.equal(table.size, 0);
    assert.equal(table.enrich(running(22, 4n))?.kind, "running");
  });

  const texts = { argv: ["old", "x"], argc: 2, argvBytes: 6, argvTruncated: false, env: ["A=b"], envTruncated: true };
  const snapshot = { bootNs: 90n, ofPid: new Map([[20, texts]]) };
  const found = { ...running(20, 2n), image: { ...noImage, exe: "/bin/old" } };

  it("gives a process found running the arguments and environment of the snapshot", () => {
    const table = new ProcessTable(snapshot);
    const enriched = table.enrich(found);
    assert.ok(enriched?.kind === "running");
    assert.deepEqual(enriched.image, { ...noImage, exe: "/bin/old", ...texts });
    const end = { ...exit(20, 2n), durationExact: false };
    assert.deepEqual(enrichExit(table, end).image?.argv, ["old", "x"]);
    const unknown = table.enrich({ ...found, pid: 21 });
    assert.ok(unknown?.kind === "running");
    assert.equal(unknown.image.argv, undefined);
  });

  it("does not give it those of an earlier process of its PID", () => {
    const enriched = new ProcessTable(snapshot).enrich({ ...found, process: processOf(90n) });
    assert.ok(enriched?.kind === "running");
    assert.equal(enriched.image.argv, undefined);
  });

  it("does not give it those of the program before, if it has called exec since", () => {
    const table = new ProcessTable(snapshot);
    table.enrich(exec(20, 2n, "/bin/new"));
    const enriched = table.enrich(found);
    assert.ok(enriched?.kind === "running");
    assert.deepEqual(enriched.image.argv, ["/bin/new"]);
    assert.deepEqual(enrichExit(table, exit(20, 2n)).image?.argv, ["/bin/new"]);
  });

  it("does not tell the end of a process by the snapshot if it has called exec since, where execs are not sent", () => {
    for (const [execBootNs, argv] of [
      [85n, ["old", "x"]],
      [95n, undefined],
    ] as const) {
      const table = new ProcessTable(snapshot);
      table.enrich(found);
      const end = { ...exit(20, 2n), bootNs: 200n, durationNs: 200n - execBootNs };
      assert.deepEqual(enrichExit(table, end).image?.argv, argv);
    }
  });

  it("passes brief events on as they are", () => {
    const table = new ProcessTable();
    const brief = { ...exec(20, 2n, "/bin/a"), process: undefined };
    assert.equal(table.enrich(brief), brief);
    assert.equal(table.size, 0);
  });
});
