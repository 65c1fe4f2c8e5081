import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExecEvent, ExitEvent, ProcessEvent } from "../../src/event/event.ts";
import { noLosses } from "../../src/event/losses.ts";
import { classicColumns, wideColumns, type Column } from "../../src/output/columns.ts";
import type { Output } from "../../src/output/output.ts";
import { tableOutput } from "../../src/output/table.ts";
import * as full from "./table-events.ts";

process.env["TZ"] = "UTC";

const HEADER = "TIME     EVENT COMM             PID     PPID    FILENAME/EXIT CODE\n";

const exec: ExecEvent = {
  kind: "exec",
  bootNs: 5_000_000_000n,
  pid: 1234,
  ppid: 1,
  comm: "bash",
  process: undefined,
  filename: "/bin/bash",
  filenameCut: false,
  image: undefined,
  replaces: undefined,
  oldTid: undefined,
  privileged: undefined,
};

const exit: ExitEvent = {
  kind: "exit",
  bootNs: 5_000_000_000n,
  pid: 1234,
  ppid: 1,
  comm: "bash",
  process: undefined,
  status: { kind: "exited", code: 0 },
  durationNs: 12_999_999n,
  durationExact: true,
  filename: undefined,
  image: undefined,
  usage: undefined,
  threads: undefined,
  forkParent: undefined,
};

/** A table whose machine was booted at 12:34:51. */
function makeTable(columns: readonly Column[] = classicColumns): {
  table: Output;
  text: () => string;
  diagnostics: string[];
  flushes: () => number;
} {
  let text = "";
  let flushes = 0;
  const diagnostics: string[] = [];
  const table = tableOutput({
    rows: {
      write: (part) => {
        text += part;
      },
      flush: () => {
        flushes++;
        return Promise.resolve();
      },
    },
    diagnostics: (line) => diagnostics.push(line),
    wallNs: (bootNs) => BigInt(Date.parse("2026-01-01T12:34:51Z")) * 1_000_000n + bootNs,
    columns,
    width: () => undefined,
    userName: (uid) => (uid === 1000 ? "alice" : undefined),
  });
  return { table, text: () => text, diagnostics, flushes: () => flushes };
}

function rowOf(event: ProcessEvent): string {
  const { table, text } = makeTable();
  table.event(event);
  return text().slice(HEADER.length);
}

describe("tableOutput", () => {
  it("writes its header at once", () => {
    assert.equal(makeTable().text(), HEADER);
  });

  const rows: readonly (readonly [string, ProcessEvent, string])[] = [
    ["an exec", exec, "12:34:56 EXEC  bash             1234    1       /bin/bash"],
    ["an exit", exit, "12:34:56 EXIT  bash             1234    1       [0] (12ms)"],
    [
      "an exit code",
      { ...exit, status: { kind: "exited", code: 255 } },
      "12:34:56 EXIT  bash             1234    1       [255] (12ms)",
    ],
    [
      "a death by signal",
      { ...exit, status: { kind: "signaled", signal: 9, coreDumped: false } },
      "12:34:56 EXIT  bash             1234    1       [SIGKILL] (12ms)",
    ],
    [
      "a core dump",
      { ...exit, status: { kind: "signaled", signal: 11, coreDumped: true } },
      "12:34:56 EXIT  bash             1234    1       [SIGSEGV core] (12ms)",
    ],
    [
      "a real-time signal",
      { ...exit, status: { kind: "signaled", signal: 37, coreDumped: false } },
      "12:34:56 EXIT  bash             1234    1       [SIGRTMIN+3] (12ms)",
    ],
    [
      "a duration that is only an upper bound",
      { ...exit, durationNs: 3_600_000_000_000n, durationExact: false },
      "12:34:56 EXIT  bash             1234    1       [0] (3600000ms since start)",
    ],
    [
      "wide numbers",
      { ...exec, pid: 4194303, ppid: 4194302 },
      "12:34:56 EXEC  bash             4194303 4194302 /bin/bash",
    ],
    [
      "numbers wider than any PID, which push the rest along",
      { ...exec, pid: 4294967295, ppid: 0 },
      "12:34:56 EXEC  bash             4294967295 0       /bin/bash",
    ],
    [
      "the longest name",
      { ...exec, comm: "123456789012345" },
      "12:34:56 EXEC  123456789012345  1234    1       /bin/bash",
    ],
    [
      "a name that escapes have made longer than its column",
      { ...exec, comm: "\x1b\x1b\x1b\x1b\x1b" },
      "12:34:56 EXEC  \\x1b\\x1b\\x1b\\x1b\\x1b 1234    1       /bin/bash",
    ],
    ["no name", { ...exec, comm: "" }, "12:34:56 EXEC                   1234    1       /bin/bash"],
    [
      "a name that forges a row",
      { ...exec, comm: "a\n12:34:56 EXIT" },
      "12:34:56 EXEC  a\\n12:34:56 EXIT 1234    1       /bin/bash",
    ],
    [
      "a file name that forges a row and hides it",
      { ...exec, filename: "/x\n\x1b[1A\u202e\udcff" },
      "12:34:56 EXEC  bash             1234    1       /x\\n\\x1b[1A\\u{202e}\\xff",
    ],
    [
      "only the beginning of a file name",
      { ...exec, filename: "/very/lo", filenameCut: true },
      "12:34:56 EXEC  bash             1234    1       /very/lo\\...",
    ],
    ["a file name of no length", { ...exec, filename: "" }, "12:34:56 EXEC  bash             1234    1       "],
    [
      "a file name that is not known",
      { ...exec, filename: undefined },
      "12:34:56 EXEC  bash             1234    1       \\unreadable",
    ],
  ];
  for (const [name, event, expected] of rows) {
    it(`shows ${name}`, () => {
      assert.equal(rowOf(event), `${expected}\n`);
    });
  }

  it("shows the other kinds of events in the same columns", () => {
    const { table, text } = makeTable();
    for (const event of [full.fork, full.execFailed, full.running, full.kernelThread]) table.event(event);
    assert.deepEqual(text().split("\n").slice(1), [
      "12:34:56 FORK  bash             1234    1       ",
      "12:34:56 FAIL  bash             1234    1       /bin/lost [ENOENT]",
      "12:34:56 RUN   bash             1234    1       /usr/bin/bash",
      "12:34:56 RUN   kworker/0:1      77      2       ",
      "",
    ]);
  });

  it("shows the same rows for full events as for brief ones", () => {
    assert.equal(rowOf(full.exec), "12:34:56 EXEC  bash             1234    1       ./run\n");
    assert.equal(rowOf(full.exit), "12:34:56 EXIT  bash             1234    1       [0] (2500ms)\n");
  });

  it("shows users, ends, costs and commands in the wide table", () => {
    const { table, text } = makeTable(wideColumns);
    for (const event of [full.exec, full.execFailed, full.exit, full.kernelThread]) table.event(event);
    assert.deepEqual(text().split("\n"), [
      "TIME     EVENT USER     PID     PPID    STATUS    LIFETIME CPU    RSS    COMMAND",
      "12:34:56 EXEC  alice    1234    1       -         -        -      -      sh ./run 'a b' ''",
      "12:34:56 FAIL  alice    1234    1       [ENOENT]  -        -      -      /bin/lost",
      "12:34:56 EXIT  alice    1234    1       [0]       4.0s     1.2s   29.6M  sh ./run 'a b' ''",
      "12:34:56 RUN   0        77      2       -         -        -      -      [kworker/0:1]",
      "",
    ]);
  });

  it("shows when each event happened, in the order they came", () => {
    const { table, text } = makeTable();
    for (const bootNs of [0n, 999_999_999n, 1_000_000_000n, 500_000_000n]) table.event({ ...exec, bootNs });
    const times = text().split("\n").slice(1, -1);
    assert.deepEqual(
      times.map((line) => line.slice(0, 8)),
      ["12:34:51", "12:34:51", "12:34:52", "12:34:51"],
    );
  });

  it("tells losses to the diagnostics and never in the rows", () => {
    const { table, text, diagnostics } = makeTable();
    table.lost({ ...noLosses, exec: 1n });
    assert.deepEqual(diagnostics, ["lost 1 exec events; 1 lost in all (a larger --ring-size loses fewer)"]);
    assert.equal(text(), HEADER);
  });

  it("flushes its rows", async () => {
    const { table, flushes } = makeTable();
    await table.flush();
    assert.equal(flushes(), 1);
  });
});
