import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ProcessEvent } from "../../src/event/event.ts";
import { cellsOf } from "../../src/output/cells.ts";
import { classicColumns, describeColumns, parseColumns, wideColumns, type Column } from "../../src/output/columns.ts";
import { tableOutput } from "../../src/output/table.ts";
import * as full from "./table-events.ts";

process.env["TZ"] = "UTC";

function columnsOf(names: string): readonly Column[] {
  const columns = parseColumns(names);
  assert.ok(typeof columns !== "string", names);
  return columns;
}

/** The lines of a table whose machine was booted at 12:34:51, on a terminal of that many cells. */
function lines(
  columns: readonly Column[],
  width: number | undefined | (() => number | undefined),
  ...events: readonly ProcessEvent[]
): string[] {
  let text = "";
  const table = tableOutput({
    rows: {
      write: (part) => {
        text += part;
      },
      flush: () => Promise.resolve(),
    },
    diagnostics: (line) => assert.fail(line),
    wallNs: (bootNs) => BigInt(Date.parse("2026-01-01T12:34:51Z")) * 1_000_000n + bootNs,
    columns,
    width: typeof width === "function" ? width : () => width,
    userName: () => "alice",
  });
  for (const event of events) table.event(event);
  assert.ok(text.endsWith("\n"));
  return text.slice(0, -1).split("\n");
}

const long = { ...full.briefExec, filename: "/usr/libexec/a-rather-long-name-of-a-program" };
const wide = { ...full.briefExec, filename: "/日本語/日本語/日本語/日本語/日本語/日本語" };
const failed = { ...full.execFailed, filename: "/usr/libexec/a-rather-long-name-of-a-program" };
const escaped = { ...full.briefExec, comm: "\x1b\x1b\x1b\x1b\x1b", filename: "/bin/sh" };
const huge = { ...full.briefExec, pid: 4294967295, ppid: 4294967295, filename: "/bin/sh" };

describe("a table on a terminal", () => {
  it("shows short rows as everywhere", () => {
    for (const columns of [classicColumns, wideColumns]) {
      assert.deepEqual(lines(columns, 132, ...full.events), lines(columns, undefined, ...full.events));
    }
  });

  it("is as wide as it needs where the terminal's width is not known", () => {
    for (const width of [undefined, 0]) {
      assert.equal(
        lines(classicColumns, width, long)[1],
        `12:34:56 EXEC  bash             1234    1       ${long.filename}`,
      );
    }
  });

  const rows: readonly (readonly [name: string, width: number, event: ProcessEvent, row: string])[] = [
    [
      "a row that just fits",
      92,
      long,
      "12:34:56 EXEC  bash             1234    1       /usr/libexec/a-rather-long-name-of-a-program",
    ],
    [
      "a row that does not",
      91,
      long,
      "12:34:56 EXEC  bash             1234    1       /usr/libexec/a-rather-long-name-of-a-progr…",
    ],
    [
      "the usual terminal",
      80,
      long,
      "12:34:56 EXEC  bash             1234    1       /usr/libexec/a-rather-long-name…",
    ],
    ["wide characters", 80, wide, "12:34:56 EXEC  bash             1234    1       /日本語/日本語/日本語/日本語/日…"],
    [
      "wide characters that leave a cell free",
      79,
      wide,
      "12:34:56 EXEC  bash             1234    1       /日本語/日本語/日本語/日本語/…",
    ],
    [
      "an error after its file name",
      80,
      failed,
      "12:34:56 FAIL  bash             1234    1       /usr/libexec/a-rather-… [ENOENT]",
    ],
    ["no room for the error", 60, failed, "12:34:56 FAIL  bash             1234    1       /u… [ENOENT]"],
    [
      "a wide name where there is room",
      80,
      escaped,
      "12:34:56 EXEC  \\x1b\\x1b\\x1b\\x1b\\x1b 1234    1       /bin/sh",
    ],
    ["a wide name where there is none", 57, escaped, "12:34:56 EXEC  \\x1b\\x1b\\x1b\\x1b…  1234    1       /bin/sh"],
    ["a narrow terminal", 50, long, "12:34:56 EXEC  bash       1234    1       /usr/li…"],
    ["a very narrow terminal", 40, long, "12:34:56 EXEC  bash 1234    1       /us…"],
    ["the narrowest that everything has a cell in", 34, long, "12:34:56 EXEC  … 1234    1       …"],
    ["one that is too narrow for all columns", 33, long, "12:34:56 EXEC  … 1234    1      …"],
    ["one that is too narrow for most", 10, long, "12:34:56 …"],
    ["one of a single cell", 1, long, "…"],
    ["numbers wider than any PID", 56, huge, "12:34:56 EXEC  bash             4294967295 4294967295 /…"],
  ];
  for (const [name, width, event, row] of rows) {
    it(`shows ${name}`, () => {
      assert.equal(lines(classicColumns, width, event)[1], row);
    });
  }

  it("fits its header too, to the same places", () => {
    assert.deepEqual(lines(classicColumns, 50, full.exec), [
      "TIME     EVENT COMM       PID     PPID    FILENAM…",
      "12:34:56 EXEC  bash       1234    1       ./run",
    ]);
  });

  it("shares room among the columns that grow", () => {
    assert.deepEqual(lines(columnsOf("exe,args,pid"), 80, full.exec), [
      `${"EXE".padEnd(35)} ${"ARGS".padEnd(36)} PID`,
      `${"/usr/bin/bash".padEnd(35)} ${"sh ./run 'a b' ''".padEnd(36)} 1234`,
    ]);
  });

  it("aligns what follows wide characters", () => {
    const [, ascii = "", other = ""] = lines(columnsOf("comm,pid"), undefined, full.exec, {
      ...full.exec,
      comm: "日e\u0301",
    });
    assert.equal(ascii, `${"bash".padEnd(16)} 1234`);
    assert.equal(other, `日e\u0301${" ".repeat(13)} 1234`);
  });

  it("follows the terminal when it is resized", () => {
    const widths = [80, 80, 60];
    const [, before, after] = lines(classicColumns, () => widths.shift(), long, long);
    assert.equal(before, "12:34:56 EXEC  bash             1234    1       /usr/libexec/a-rather-long-name…");
    assert.equal(after, "12:34:56 EXEC  bash             1234    1       /usr/libexe…");
  });
});

describe("any table", () => {
  const allNames = describeColumns()
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(" ")[0] ?? "");
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "a",
          "/",
          " ",
          "'",
          "\\",
          "\n",
          "\x1b[2J",
          "\u202e",
          "\udcff",
          "日",
          "한",
          "🦊",
          "e\u0301",
          "…",
          "",
        ),
        fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(""));
  const event = fc
    .record({
      event: fc.constantFrom(...full.events),
      comm: text,
      filename: text,
      exe: text,
      argv: fc.array(text, { maxLength: 4 }),
      cgroup: text,
      pid: fc.constantFrom(1, 4194303, 4294967295),
      errno: fc.constantFrom(2, 13, 4095),
      deleted: fc.boolean(),
    })
    .map(({ event, comm, filename, exe, argv, cgroup, pid, errno, deleted }) => ({
      ...event,
      ...("filename" in event && event.filename !== undefined && { filename }),
      ...("image" in event &&
        event.image !== undefined && { image: { ...event.image, exe, cwd: exe, argv, deleted, cwdDeleted: deleted } }),
      ...("errno" in event && { errno }),
      process: event.process && { ...event.process, cgroup, tty: cgroup },
      comm,
      pid,
    })) as fc.Arbitrary<ProcessEvent>;
  const columns = fc.oneof(
    fc.constantFrom(classicColumns, wideColumns),
    fc.array(fc.constantFrom(...allNames), { minLength: 1, maxLength: 8 }).map((names) => columnsOf(names.join(","))),
  );
  const context = { timeOfDay: () => "12:34:56", userName: () => "alice" };

  it("has a line for each event, none wider than the terminal, and nothing that a terminal could act on", () => {
    fc.assert(
      fc.property(
        columns,
        fc.array(event, { maxLength: 5 }),
        fc.integer({ min: 1, max: 200 }),
        (columns, events, width) => {
          const [header = "", ...rows] = lines(columns, width, ...events);
          assert.equal(rows.length, events.length);
          for (const row of [header, ...rows]) {
            assert.ok(cellsOf(row) <= width, `${row}: ${cellsOf(row)} > ${width}`);
            assert.match(row, /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
          }
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("is never cut where there is no terminal", () => {
    fc.assert(
      fc.property(columns, event, (columns, event) => {
        const row = lines(columns, undefined, event)[1] ?? "";
        for (const column of columns) {
          const value = column.name === "time" ? "12:34:56" : column.text(event, context);
          assert.ok(row.includes(value), `${row} has ${value}`);
        }
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it("says where something is cut that it is", () => {
    fc.assert(
      fc.property(columns, event, fc.integer({ min: 1, max: 200 }), (columns, event, width) => {
        const whole = lines(columns, undefined, event)[1] ?? "";
        const fitted = lines(columns, width, event)[1] ?? "";
        const unaligned = (row: string) => row.replace(/ +/g, " ").trim();
        assert.ok(unaligned(fitted) === unaligned(whole) || fitted.includes("…"), fitted);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});
