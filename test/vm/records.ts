import assert from "node:assert/strict";
import * as bigEndian from "../../src/probe/probe_bpfeb.ts";
import * as littleEndian from "../../src/probe/probe_bpfel.ts";
import type { Result } from "./report.ts";

/** What load.c saw of a program that it ran. */
export interface Watched {
  /** The process IDs of load itself, and of the program. */
  readonly parent: number;
  readonly child: number;
  readonly records: readonly Uint8Array[];
}

/** Runs of load.c: of `tiny 5` with the table's records, and of `try-exec /nonexistent/program` with full ones. */
export interface Dump {
  readonly brief: Watched;
  readonly full: Watched;
}

/** Reads records as they came off a ring by the generated bindings of its byte order, and holds them to what happened. */
export function checkRecords(isLittleEndian: boolean, { brief, full }: Dump): Result[] {
  const wire = isLittleEndian ? littleEndian : bigEndian;
  const { EventKind } = wire;
  const title = `records read by probe_bpfe${isLittleEndian ? "l" : "b"}.ts`;
  const views = ({ records }: Watched) =>
    records.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  const ofKind = (watched: Watched, kind: number) =>
    views(watched).filter((view) => wire.decodeEventHeader(view, 0).kind === kind);
  /** The records of the program that was run. */
  const find = <Event>(kind: number, decode: (view: DataView, at: number) => Event, watched: Watched) =>
    ofKind(watched, kind)
      .map((view) => ({ view, event: decode(view, 0) }))
      .filter(({ event }) => pidOf(event) === watched.child);
  const theOnly = <Event>(kind: number, decode: (view: DataView, at: number) => Event, watched: Watched) => {
    const [only, ...more] = find(kind, decode, watched);
    assert.ok(only && more.length === 0, `${more.length + (only ? 1 : 0)} records of kind ${kind} instead of one`);
    return only;
  };
  const check = (name: string, work: () => string | undefined): Result => {
    const path = [title, name];
    try {
      const absent = work();
      return absent === undefined
        ? { path, outcome: "passed", ms: 0 }
        : { path, outcome: "skipped", ms: 0, reason: `not on this kernel: ${absent}` };
    } catch (error) {
      return { path, outcome: "failed", ms: 0, reason: error instanceof Error ? error.message : String(error) };
    }
  };

  return [
    check("every record is of a known kind, and no longer than its room", () => {
      for (const view of [...views(brief), ...views(full)]) {
        const { kind, size } = wire.decodeEventHeader(view, 0);
        assert.ok(Object.values<number>(EventKind).includes(kind), `kind ${kind}`);
        assert.ok(size <= view.byteLength, `${size} bytes of ${view.byteLength}`);
      }
      return undefined;
    }),
    check("brief: an exec and an exit", () => {
      const { view, event: exec } = theOnly(EventKind.EVENT_EXEC, wire.decodeExecEvent, brief);
      assert.deepEqual([exec.comm, exec.ppid], ["tiny", brief.parent]);
      assert.equal(wire.decodeText(view, wire.execEventOffsets.filename, exec.filename_size), "./fixtures/tiny");
      const { event: exit } = theOnly(EventKind.EVENT_EXIT, wire.decodeExitEvent, brief);
      assert.deepEqual([exit.comm, exit.ppid, exit.status], ["tiny", brief.parent, 5 << 8]);
      assert.equal(exit.duration_ns, exit.header.boot_ns - exec.header.boot_ns);
      return undefined;
    }),
    check("full: a fork, an exec with its arguments, and an exit with what was used", () => {
      const { event: fork } = theOnly(EventKind.EVENT_FORK, wire.decodeForkEvent, full);
      assert.deepEqual([fork.process.ppid, fork.maker_pid, fork.process.comm], [full.parent, full.parent, "load"]);
      const { view, event: exec } = theOnly(EventKind.EVENT_FULL_EXEC, wire.decodeFullExecEvent, full);
      assert.deepEqual([exec.process.comm, exec.process.uid, exec.argc, exec.threads], ["try-exec", 0, 2, 1]);
      assert.equal(exec.args_total, BigInt("./fixtures/try-exec\0/nonexistent/program\0".length));
      const texts = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("latin1");
      for (const text of ["./fixtures/try-exec\0", "/nonexistent/program\0"]) assert.ok(texts.includes(text), text);
      const { event: exit } = theOnly(EventKind.EVENT_FULL_EXIT, wire.decodeFullExitEvent, full);
      assert.deepEqual([exit.process.comm, exit.status, exit.threads], ["try-exec", 0, 1]);
      assert.deepEqual([exit.fork_parent_pid, exit.process.start_boottime], [full.parent, fork.process.start_boottime]);
      assert.equal(exit.duration_ns, exit.header.boot_ns - exec.header.boot_ns);
      assert.ok(fork.header.boot_ns < exec.header.boot_ns);
      assert.ok(exit.usage.max_rss_bytes > 0n && exit.usage.max_rss_bytes < 2n ** 30n, `${exit.usage.max_rss_bytes}`);
      return undefined;
    }),
    check("full: an exec that failed", () => {
      if (find(EventKind.EVENT_EXEC_FAILED, wire.decodeExecFailedEvent, full).length === 0)
        return "failed execs are not told";
      const { view, event } = theOnly(EventKind.EVENT_EXEC_FAILED, wire.decodeExecFailedEvent, full);
      assert.deepEqual([event.error, event.process.comm], [2, "try-exec"]);
      const filename = wire.decodeText(view, wire.execFailedEventOffsets.text, event.filename_size);
      assert.equal(filename, "/nonexistent/program");
      return undefined;
    }),
    check("full: the processes that run, and their control groups", () => {
      const running = ofKind(full, EventKind.EVENT_RUNNING).map((view) => wire.decodeFullExecEvent(view, 0).process);
      assert.ok(
        running.some(({ pid, ppid }) => pid === 1 && ppid === 0),
        "process 1",
      );
      assert.ok(
        running.some(({ pid, comm }) => pid === full.parent && comm === "load"),
        "load itself",
      );
      const groups = ofKind(full, EventKind.EVENT_CGROUP).map((view) => wire.decodeCgroupEvent(view, 0).cgroup_id);
      assert.equal(new Set(groups).size, groups.length, "each once");
      for (const { cgroup_id } of running) assert.ok(groups.includes(cgroup_id), `group ${cgroup_id} was not told`);
      return undefined;
    }),
  ];
}

function pidOf(event: unknown): number {
  const { pid, process } = event as { readonly pid?: number; readonly process?: { readonly pid: number } };
  return pid ?? process?.pid ?? 0;
}
