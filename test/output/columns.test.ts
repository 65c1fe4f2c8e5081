import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExecEvent, ExitEvent, ProcessEvent } from "../../src/event/event.ts";
import { basicColumns } from "../../src/output/columns/basic.ts";
import {
  classicColumns,
  describeColumns,
  needsFullEvents,
  parseColumns,
  wideColumns,
  wideColumnsFor,
  type Column,
} from "../../src/output/columns.ts";
import { layoutFor } from "../../src/output/layout.ts";
import * as full from "./table-events.ts";

const names = describeColumns()
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line) => line.split(" ")[0] ?? "");

function column(name: string): Column {
  const columns = parseColumns(name);
  assert.ok(typeof columns !== "string", `there is a column ${name}`);
  const [first] = columns;
  assert.ok(first);
  return first;
}

function textOf(name: string, event: ProcessEvent): string {
  return column(name).text(event, {
    timeOfDay: (bootNs) => `at ${bootNs}`,
    userName: (uid) => (uid === 1000 ? "alice" : undefined),
  });
}

/** Of each column: fork, exec, failed exec, exit, running process, kernel thread, brief exec, brief exit. */
const texts: Readonly<Record<string, readonly string[]>> = {
  time: Array<string>(8).fill("at 5000000000"),
  event: ["FORK", "EXEC", "FAIL", "EXIT", "RUN", "RUN", "EXEC", "EXIT"],
  comm: ["bash", "bash", "bash", "bash", "bash", "kworker/0:1", "bash", "bash"],
  pid: ["1234", "1234", "1234", "1234", "1234", "77", "1234", "1234"],
  ppid: ["1", "1", "1", "1", "1", "2", "1", "1"],
  user: ["alice", "alice", "alice", "alice", "alice", "0", "?", "?"],
  uid: ["1000", "1000", "1000", "1000", "1000", "0", "?", "?"],
  gid: ["100", "100", "100", "100", "100", "0", "?", "?"],
  euid: ["-", "-", "-", "-", "-", "-", "?", "-"],
  loginuid: ["1001", "1001", "1001", "1001", "1001", "-", "?", "?"],
  session: ["7", "7", "7", "7", "7", "-", "?", "?"],
  tty: ["pts/3", "pts/3", "pts/3", "pts/3", "pts/3", "-", "?", "?"],
  cgroup: [...Array<string>(5).fill(`/docker/${full.CONTAINER}`), "/", "?", "?"],
  container: [...Array<string>(5).fill(full.CONTAINER), "-", "?", "?"],
  ns_pid: ["12", "12", "12", "12", "12", "-", "?", "?"],
  cpu_id: ["3", "3", "3", "3", "3", "3", "?", "?"],
  result: ["", "./run", "/bin/lost [ENOENT]", "[0] (2500ms)", "/usr/bin/bash", "", "./run", "[0] (2500ms)"],
  status: ["-", "-", "[ENOENT]", "[0]", "-", "-", "-", "[0]"],
  cpu: ["-", "-", "-", "1.2s", "-", "-", "-", "?"],
  rss: ["-", "-", "-", "29.6M", "-", "-", "-", "?"],
  io: ["-", "-", "-", "1.5K/0B", "-", "-", "-", "?"],
  switches: ["-", "-", "-", "12/3", "-", "-", "-", "?"],
  faults: ["-", "-", "-", "120/1", "-", "-", "-", "?"],
  threads: ["-", "-", "-", "9", "4", "1", "-", "?"],
  duration: ["-", "-", "-", "2.5s", "-", "-", "-", "2.5s"],
  lifetime: ["-", "-", "-", "4.0s", "-", "-", "-", "?"],
  args: ["-", "sh ./run 'a b' ''", "-", "sh ./run 'a b' ''", "sh ./run 'a b' ''", "-", "?", "?"],
  command: [
    ...["-", "sh ./run 'a b' ''", "/bin/lost", "sh ./run 'a b' ''"],
    ...["sh ./run 'a b' ''", "[kworker/0:1]", "./run", "?"],
  ],
  filename: ["-", "./run", "/bin/lost", "./run", "?", "-", "./run", "?"],
  exe: ["-", "/usr/bin/bash", "-", "/usr/bin/bash", "/usr/bin/bash", "-", "?", "?"],
  interpreter: ["-", "/bin/sh", "-", "/bin/sh", "?", "-", "?", "?"],
  cwd: ["-", "/home/alice", "/home/alice", "/home/alice", "/home/alice", "-", "?", "?"],
};

function withProcess<Event extends ProcessEvent>(event: Event, changes: Partial<typeof full.someone>): Event {
  return { ...event, process: { ...full.someone, ...changes } };
}

function execOf(changes: Partial<typeof full.image>): ExecEvent {
  return { ...full.exec, image: { ...full.image, ...changes } };
}

function exitOf(changes: Partial<typeof full.usage>): ExitEvent {
  return { ...full.exit, usage: { ...full.usage, ...changes } };
}

const partial = { partial: true };
const noIo = { readBytes: undefined, writeBytes: undefined };

const cases: readonly (readonly [what: string, name: string, event: ProcessEvent, expected: string])[] = [
  ["a user without a name", "user", withProcess(full.exec, { uid: 4711 }), "4711"],
  ["a login that this kernel does not keep", "loginuid", withProcess(full.exec, { loginKnown: false }), "?"],
  ["a session that this kernel does not keep", "session", withProcess(full.exec, { loginKnown: false }), "?"],
  ["a control group that could not be had", "cgroup", withProcess(full.exec, { cgroup: undefined }), "?"],
  ["a container that could not be had", "container", withProcess(full.exec, { cgroup: undefined }), "?"],
  ["no container", "container", withProcess(full.exec, { cgroup: "/user.slice" }), "-"],
  ["a control group with a forged row", "cgroup", withProcess(full.exec, { cgroup: "/a\nb" }), "/a\\nb"],
  ["a program that rose", "euid", { ...full.exec, privileged: { euid: 0, egid: 0 } }, "0"],
  ["a signal", "status", { ...full.exit, status: { kind: "signaled", signal: 9, coreDumped: false } }, "[SIGKILL]"],
  ["a core", "status", { ...full.exit, status: { kind: "signaled", signal: 11, coreDumped: true } }, "[SIGSEGV core]"],
  ["an error without a name", "status", { ...full.execFailed, errno: 4095 }, "[errno 4095]"],
  ["CPU time that is more", "cpu", exitOf(partial), ">=1.2s"],
  ["I/O that is more", "io", exitOf(partial), ">=1.5K/0B"],
  ["switches that are more", "switches", exitOf(partial), ">=12/3"],
  ["faults that are more", "faults", exitOf(partial), ">=120/1"],
  ["memory, which no thread adds to", "rss", exitOf(partial), "29.6M"],
  ["I/O that is not counted", "io", exitOf(noIo), "?"],
  ["I/O that is counted in part", "io", exitOf({ readBytes: undefined }), "?/0B"],
  ["a duration that is only an upper bound", "duration", { ...full.exit, durationExact: false }, "<=2.5s"],
  ["threads of a fork that was not seen", "threads", { ...full.exit, threads: undefined }, "?"],
  ["arguments that could not be read", "args", execOf({ argv: undefined }), "?"],
  ["no arguments at all", "args", execOf({ argv: [] }), ""],
  ["an empty argument", "args", execOf({ argv: [""] }), "''"],
  ["an argument like a mark", "args", execOf({ argv: ["-"] }), "'-'"],
  ["an argument like the other mark", "args", execOf({ argv: ["?"] }), "'?'"],
  ["the beginning of the arguments", "args", execOf({ argv: ["sh", "-c"], argvTruncated: true }), "sh -c\\..."],
  ["a command without arguments", "command", execOf({ argv: [] }), "./run"],
  ["a command that could not be read", "command", { ...full.exec, filename: undefined, image: undefined }, "?"],
  [
    "a running command without arguments",
    "command",
    { ...full.running, image: { ...full.image, argv: [] } },
    full.image.exe ?? "",
  ],
  ["the beginning of a file name", "filename", { ...full.exec, filename: "/lo", filenameCut: true }, "/lo\\..."],
  ["a file name that could not be read", "filename", { ...full.exec, filename: undefined }, "?"],
  ["a file name like a mark", "filename", { ...full.exec, filename: "?" }, "\\x3f"],
  ["a file name like the other mark", "filename", { ...full.execFailed, filename: "-" }, "\\x2d"],
  ["a failed exec's unreadable name", "result", { ...full.execFailed, filename: undefined }, "\\unreadable [ENOENT]"],
  ["a failed exec's long name", "result", { ...full.execFailed, filenameCut: true }, "/bin/lost\\... [ENOENT]"],
  ["an executable that could not be had", "exe", execOf({ exe: undefined }), "?"],
  ["a deleted executable", "exe", execOf({ deleted: true }), "/usr/bin/bash \\deleted"],
  ["a deleted directory", "cwd", execOf({ cwdDeleted: true }), "/home/alice \\deleted"],
  ["a deleted directory", "cwd", { ...full.execFailed, cwdDeleted: true }, "/home/alice \\deleted"],
  ["an executable in memory", "exe", execOf({ exe: "x", memfd: true, deleted: true }), "x \\memfd"],
  ["a name that forges a mark", "exe", execOf({ exe: "/x \\deleted" }), "/x \\\\deleted"],
  ["no script", "interpreter", execOf({ interpreter: undefined }), "-"],
  ["a directory that could not be had", "cwd", execOf({ cwd: undefined }), "?"],
  ["a failed exec's unknown directory", "cwd", { ...full.execFailed, cwd: undefined }, "?"],
];

describe("the columns", () => {
  it("are all tested", () => {
    assert.deepEqual(Object.keys(texts), names);
  });

  for (const [name, expected] of Object.entries(texts)) {
    it(`${name} tells every kind of event`, () => {
      assert.deepEqual(
        full.events.map((event) => textOf(name, event)),
        expected,
      );
    });
  }

  for (const [what, name, event, expected] of cases) {
    it(`${name} shows ${what}`, () => {
      assert.equal(textOf(name, event), expected);
    });
  }

  it("have headers that fit into their places, and a name of their own", () => {
    for (const { header, cells } of names.map(column)) assert.ok(header.length <= cells, header);
    assert.equal(new Set(names).size, names.length);
  });

  it("say that they need full events if brief ones leave them unknown", () => {
    for (const name of names) {
      const isUnknown = [full.briefExec, full.briefExit].some((event) => textOf(name, event) === "?");
      assert.equal(column(name).needsFullEvent, isUnknown, name);
    }
  });

  it("end in their tails", () => {
    const events = [...full.events, execOf({ deleted: true }), execOf({ memfd: true })];
    for (const name of names) {
      for (const event of events) assert.ok(textOf(name, event).endsWith(column(name).tail?.(event) ?? ""), name);
    }
  });
});

describe("needsFullEvents", () => {
  it("is false of the classic table, and true of the wide one and of any column that asks for more", () => {
    assert.equal(needsFullEvents(classicColumns), false);
    assert.equal(needsFullEvents(wideColumns), true);
    assert.equal(needsFullEvents([...classicColumns, column("uid")]), true);
  });
});

describe("wideColumnsFor", () => {
  it("is all of them where nothing is cut, and where there is room", () => {
    for (const cells of [undefined, 0, 100, 200]) assert.equal(wideColumnsFor(cells), wideColumns);
  });

  it("leaves the command a quarter of a terminal's row", () => {
    for (const cells of [72, 80, 99, 100]) {
      const columns = wideColumnsFor(cells);
      assert.equal(columns.at(-1)?.header, "COMMAND");
      const command = layoutFor(columns, cells).at(-1) ?? 0;
      assert.ok(command >= cells / 4, `${command} of ${cells}`);
    }
  });
});

describe("parseColumns", () => {
  it("reads names, in their order, with blanks around them", () => {
    assert.deepEqual(parseColumns("pid, comm ,pid"), [basicColumns.pid, basicColumns.comm, basicColumns.pid]);
  });

  it("reads the names of the classic table and of the wide one", () => {
    assert.deepEqual(parseColumns("time,event,comm,pid,ppid,result"), classicColumns);
    assert.deepEqual(parseColumns("time,event,user,pid,ppid,status,lifetime,cpu,rss,command"), wideColumns);
  });

  for (const [text, expected] of [
    ["pid,colour", "There is no column 'colour'. Try `--columns help`."],
    ["PID", "There is no column 'PID'. Try `--columns help`."],
    ["pid;comm", "There is no column 'pid;comm'. Try `--columns help`."],
    ["\x1b[2J", "There is no column '\\x1b[2J'. Try `--columns help`."],
    ["constructor", "There is no column 'constructor'. Try `--columns help`."],
    ["", "A column's name is missing. Try `--columns help`."],
    ["pid,,comm", "A column's name is missing. Try `--columns help`."],
    ["pid,", "A column's name is missing. Try `--columns help`."],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.equal(parseColumns(text), expected);
    });
  }
});

describe("describeColumns", () => {
  it("has a line for each column: name, header, meaning", () => {
    const lines = describeColumns().split("\n");
    assert.equal(lines.pop(), "");
    assert.equal(lines[0], "NAME         HEADER              MEANING");
    assert.ok(lines.includes("pid          PID                 process ID"));
  });

  it("fits a terminal of 140 columns, in plain ASCII", () => {
    for (const line of describeColumns().split("\n")) assert.match(line, /^[\x20-\x7e]{0,140}$/);
  });
});
