import assert from "node:assert/strict";
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { EventKind } from "../../../src/event/event.ts";
import { classicColumns } from "../../../src/output/columns.ts";
import { NOT_PLAIN, recordWriterOf, type DirectOutput } from "../../../src/output/direct/direct-output.ts";
import { jsonOutput } from "../../../src/output/json.ts";
import { tableOutput } from "../../../src/output/table.ts";
import { fileSink, type FileSink } from "../../../src/output/text-sink.ts";
import { Decoder } from "../../../src/probe/decode.ts";
import { wire } from "../../../src/probe/wire.ts";
import { ProcessTable } from "../../../src/process/process-table.ts";
import { WallClock } from "../../../src/timer/clock.ts";
import { fullRecord, type Fields } from "../../probe/full-record.ts";
import { execRecord, exitRecord } from "../../probe/record.ts";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "direct-"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

const kinds = wire.EventKind;
const clock = new WallClock();

type MakeOutput = (sink: FileSink) => DirectOutput;

const json: MakeOutput = (lines) =>
  jsonOutput({
    lines,
    diagnostics: () => undefined,
    wallNs: (bootNs) => clock.wallNs(bootNs),
    nowBootNs: () => 0n,
    users: { name: (uid) => (uid === 0 ? "root" : undefined) },
    bootId: "3f2a9c1e-0000",
    env: "off",
  });

const table: MakeOutput = (rows) =>
  tableOutput({
    rows,
    diagnostics: () => undefined,
    wallNs: (bootNs) => clock.wallNs(bootNs),
    columns: classicColumns,
    width: () => undefined,
    userName: () => undefined,
  });

interface Written {
  readonly text: string;
  readonly events: number;
  /** Records that were written at once. */
  readonly direct: number;
}

/** What an output writes of some records, at once where it can, or always the long way. */
function write(
  make: MakeOutput,
  records: readonly Uint8Array[],
  wanted: readonly EventKind[],
  directly: boolean,
): Written {
  const path = join(folder, "lines");
  const fd = openSync(path, "w");
  const output = make(fileSink(fd));
  const decoder = new Decoder();
  const processes = new ProcessTable();
  processes.allFound();
  const stages = { clock, processes, cgroupPath: decoder.cgroupPath, kinds: new Set(wanted) };
  const writeRecord = directly ? recordWriterOf(output, stages) : undefined;
  assert.equal(writeRecord !== undefined, directly);
  let events = 0;
  let direct = 0;
  for (const record of records) {
    const data = amongOthers(record);
    const offset = BEFORE;
    const written = writeRecord?.(data, offset, record.length) ?? NOT_PLAIN;
    if (written !== NOT_PLAIN) {
      events += written;
      direct++;
      continue;
    }
    const decoded = decoder.decode(data, offset, record.length);
    if (typeof decoded === "string") continue;
    const event = processes.enrich(decoded);
    if (event === undefined || !stages.kinds.has(event.kind)) continue;
    events++;
    output.event(event);
  }
  assert.equal(output.flush(), undefined, "a file is written at once");
  closeSync(fd);
  return { text: readFileSync(path, "utf8"), events, direct };
}

const BEFORE = 8;

/** A record in a ring, with others before and behind it. */
function amongOthers(record: Uint8Array): DataView {
  const bytes = new Uint8Array(BEFORE + record.length + 64).fill(0x55);
  bytes.set(record, BEFORE);
  return new DataView(bytes.buffer);
}

/** Both ways must give the same; returns what was written at once. */
function assertSame(make: MakeOutput, records: readonly Uint8Array[], wanted: readonly EventKind[]): Written {
  const direct = write(make, records, wanted, true);
  const long = write(make, records, wanted, false);
  assert.equal(direct.text, long.text);
  assert.equal(direct.events, long.events);
  return direct;
}

/** Mostly plain text, and sometimes any bytes. */
const text = fc.oneof(
  { weight: 12, arbitrary: fc.stringMatching(/^[a-z0-9./_ -]{1,15}$/).map((some) => Buffer.from(some)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a"b', "a\\b", "a\nb", "ä", "\u202e", "\x7f", "~ !").map((some) => Buffer.from(some)),
  },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 15 })
      .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0))),
  },
);

const time = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(0n, 10n ** 13n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 2n ** 57n) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 999n, 10n ** 9n - 1n, 10n ** 9n, 2n ** 53n + 1n) },
);

const count = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt(0n, 1n << 20n) },
  { weight: 1, arbitrary: fc.bigInt(0n, (1n << 64n) - 1n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, 9n, 10n, 99n, 100n, 999n, 1000n, 999_999n, 10n ** 6n, 10n ** 9n, 2n ** 53n - 1n),
  },
);

const pid = fc.integer({ min: 1, max: 4 });
const start = fc.constantFrom(5n, 4_292_746_002_956n);
const flags = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);
const rarely = (value: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: value });

const processOf: fc.Arbitrary<Fields> = fc.record({
  pid,
  ppid: pid,
  start_boottime: start,
  parent_start_boottime: start,
  cgroup_id: fc.constantFrom(1n, 1n, 1n, 2n),
  comm: text.map((some) => some.subarray(0, 15)),
  uid: fc.constantFrom(0, 1000, 0xffff_fffe),
  gid: fc.constantFrom(0, 1000),
  login_uid: fc.constantFrom(0xffff_ffff, 1000),
  session_id: fc.constantFrom(0xffff_ffff, 3),
  namespace_pid: rarely(fc.integer({ min: 1, max: 0xffff_ffff })),
  cpu: fc.integer({ min: 0, max: 300 }),
  tty: fc.constantFrom("", "pts0", "tty1").map((some) => Buffer.from(some)),
});

const cgroup = fullRecord({
  kind: kinds.EVENT_CGROUP,
  flags: 0,
  bootNs: 1n,
  process: {},
  own: { cgroup_id: 1n, path_size: 11 },
  text: Buffer.from("a.scope\0b\0\0").subarray(0, 11),
});

const fork = fc
  .record({ flags, bootNs: time, process: processOf, maker_pid: pid, maker_start_boottime: start })
  .map(({ maker_pid, maker_start_boottime, ...rest }) =>
    fullRecord({ kind: kinds.EVENT_FORK, ...rest, own: { maker_pid, maker_start_boottime } }),
  );

const nul = Buffer.of(0);
const withNuls = (texts: readonly Uint8Array[]) => Buffer.concat(texts.flatMap((some) => [some, nul]));
const path = fc.oneof(fc.array(text, { minLength: 1, maxLength: 4 }), fc.constant([Buffer.from("/")])).map(withNuls);

const exec = fc
  .record({
    flags,
    bootNs: time,
    process: processOf,
    filename: text.map((some) => withNuls([some])),
    interpreter: fc.oneof(
      { weight: 6, arbitrary: fc.constant(Buffer.of()) },
      text.map((some) => withNuls([some])),
    ),
    exe: path,
    cwd: path,
    args: fc.oneof(
      { weight: 8, arbitrary: fc.array(fc.oneof(text, fc.constant(Buffer.of())), { maxLength: 4 }).map(withNuls) },
      { weight: 1, arbitrary: text },
    ),
    cut: rarely(fc.integer({ min: 1, max: 9 })),
    previous: fc.oneof({ weight: 8, arbitrary: fc.constant(0n) }, time),
    oldTid: rarely(pid),
    argc: fc.integer({ min: 0, max: 2000 }),
  })
  .map(({ filename, interpreter, exe, cwd, args, cut, previous, oldTid, argc, ...rest }) =>
    fullRecord({
      kind: kinds.EVENT_FULL_EXEC,
      ...rest,
      own: {
        previous_exec_boottime: previous,
        args_total: BigInt(args.length + cut),
        argc,
        old_tid: oldTid === 0 ? Number(rest.process["pid"]) : oldTid,
        filename_size: filename.length,
        interpreter_size: interpreter.length,
        exe_size: exe.length,
        cwd_size: cwd.length,
        args_size: args.length,
      },
      text: Buffer.concat([filename, interpreter, exe, cwd, args]),
    }),
  );

/** Programs that come again and again, and that differ in a byte or in the size of one text. */
const variants = [0, 3, 4, 8, 9, 12, 13, 14, 15, 16, 17].flatMap((changed) =>
  ["b", "cc"].map((by) => {
    const parts = ["ls", "ls", "bin", "/", "ls", "-l", ""].map((word) => Buffer.from(`${word}\0`, "latin1"));
    const [filename, exe, cwd, args] = [parts.slice(0, 1), parts.slice(1, 3), parts.slice(3, 4), parts.slice(4)].map(
      (some) => Buffer.concat(some),
    ) as [Buffer, Buffer, Buffer, Buffer];
    let from = 0;
    const texts = [filename, exe, cwd, args].map((some) => {
      const at = changed - from;
      from += some.length;
      if (at < 0 || at >= some.length || some[at] === 0) return some;
      return Buffer.concat([some.subarray(0, at), Buffer.from(by), some.subarray(at + 1)]);
    });
    const [filename_size = 0, exe_size = 0, cwd_size = 0, args_size = 0] = texts.map(({ length }) => length);
    const own = { filename_size, exe_size, cwd_size, args_size, args_total: BigInt(args_size) };
    return { own, text: Buffer.concat(texts) };
  }),
);

const again = fc
  .record({
    variant: fc.constantFrom(...variants),
    argc: fc.constantFrom(3, 4),
    process: processOf,
    bootNs: time,
  })
  .map(({ variant: { own, text }, argc, process, bootNs }) =>
    fullRecord({
      kind: kinds.EVENT_FULL_EXEC,
      flags: 0,
      bootNs,
      process: { ...process, comm: Buffer.from("ls") },
      own: { ...own, argc, old_tid: Number(process["pid"]) },
      text,
    }),
  );

const usage: fc.Arbitrary<Fields> = fc.record({
  user_ns: fc.constantFrom(0n, 4_000_000n),
  system_ns: fc.constantFrom(0n, 8_000_000n),
  run_ns: count,
  max_rss_bytes: count,
  read_bytes: count,
  write_bytes: count,
  voluntary_switches: count,
  involuntary_switches: count,
  minor_faults: count,
  major_faults: count,
});

const exit = fc
  .record({
    flags,
    bootNs: time,
    process: processOf,
    usage,
    fork_parent_pid: pid,
    fork_parent_start_boottime: start,
    duration_ns: time,
    status: fc.constantFrom(0, 0, 256, 9, 139, 0xff00),
    threads: fc.integer({ min: 1, max: 2000 }),
  })
  .map(({ fork_parent_pid, fork_parent_start_boottime, duration_ns, status, threads, ...rest }) =>
    fullRecord({
      kind: kinds.EVENT_FULL_EXIT,
      ...rest,
      own: { fork_parent_pid, fork_parent_start_boottime, duration_ns, status, threads },
    }),
  );

const other = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(exec, fc.integer({ min: 0, max: 300 })).map(([record, size]) => record.subarray(0, size)),
);

const full = fc.oneof(
  { weight: 4, arbitrary: fork },
  { weight: 6, arbitrary: exec },
  { weight: 6, arbitrary: exit },
  { weight: 1, arbitrary: other },
);

const fields = fc.record({
  pid: fc.oneof(fc.integer({ min: 1, max: 4_194_304 }), fc.constantFrom(0, 9, 10, 999, 1000, 0xffff_ffff)),
  ppid: fc.integer({ min: 0, max: 99_999_999 }),
  comm: text.map((some) => some.subarray(0, 15).toString("latin1")),
  bootNs: time,
  flags,
});

const brief = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, fields).map(([filename, given]) => execRecord(filename, given)) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 256, 9, 139), time, fields)
      .map(([status, duration, given]) => exitRecord(status, duration, given)),
  },
  { weight: 1, arbitrary: other },
);

const wanted = fc.constantFrom<readonly EventKind[]>(["fork", "exec", "exit"], ["exec", "exit"], ["exit"], ["exec"]);

describe("a plain record written at once", () => {
  it("is the same line of JSON that its event makes, whatever is around it", () => {
    fc.assert(
      fc.property(fc.array(full, { minLength: 1, maxLength: 20 }), wanted, (records, kindsWanted) => {
        assertSame(json, [cgroup, ...records], kindsWanted);
      }),
      { numRuns: 1500 },
    );
  });

  it("is the same line of JSON, whatever programs came before", () => {
    const records = fc.oneof({ weight: 3, arbitrary: again }, { weight: 2, arbitrary: exit });
    fc.assert(
      fc.property(fc.array(records, { minLength: 50, maxLength: 120 }), wanted, (some, kindsWanted) => {
        assertSame(json, [cgroup, ...some], kindsWanted);
      }),
      { numRuns: 200 },
    );
  });

  it("is the same row of the classic table that its event makes", () => {
    fc.assert(
      fc.property(fc.array(brief, { minLength: 1, maxLength: 20 }), wanted, (records, kindsWanted) => {
        assertSame(table, records, kindsWanted);
      }),
      { numRuns: 1000 },
    );
  });

  it("is what most records are", () => {
    const some = {
      pid: 7,
      ppid: 1,
      start_boottime: 9n,
      parent_start_boottime: 1n,
      cgroup_id: 1n,
      comm: Buffer.from("ls"),
    };
    const texts = withNuls(["ls", "ls", "bin", "/", "ls", "-l"].map((word) => Buffer.from(word)));
    const records = [
      cgroup,
      fullRecord({ kind: kinds.EVENT_FORK, flags: 0, bootNs: 10n, process: some, own: { maker_pid: 1 } }),
      fullRecord({
        kind: kinds.EVENT_FULL_EXEC,
        flags: 0,
        bootNs: 20n,
        process: some,
        own: { filename_size: 3, exe_size: 7, cwd_size: 2, args_size: 6, args_total: 6n, argc: 2, old_tid: 7 },
        text: texts,
      }),
      fullRecord({
        kind: kinds.EVENT_FULL_EXIT,
        flags: 0,
        bootNs: 30n,
        process: some,
        own: { duration_ns: 10n, fork_parent_pid: 1, fork_parent_start_boottime: 1n },
      }),
    ];
    const { direct, text: lines } = assertSame(json, records, ["fork", "exec", "exit"]);
    assert.equal(direct, 3);
    assert.match(lines, /"exit".*"filename":"ls","exe":"\/bin\/ls","argv":\["ls","-l"\]/);
    const rows = assertSame(table, [execRecord("/bin/ls"), exitRecord(0, 5_000_000n)], ["exec", "exit"]);
    assert.equal(rows.direct, 2);
  });

  it("gives an exit that is not plain the program of an exec that was", () => {
    const some = {
      pid: 7,
      ppid: 1,
      start_boottime: 9n,
      parent_start_boottime: 1n,
      cgroup_id: 1n,
      comm: Buffer.from("ls"),
    };
    const texts = withNuls(["ls", "ls", "bin", "/", "ls", "-l"].map((word) => Buffer.from(word)));
    const own = { filename_size: 3, exe_size: 7, cwd_size: 2, args_size: 6, args_total: 6n, argc: 2, old_tid: 7 };
    const { direct, text: lines } = assertSame(
      json,
      [
        cgroup,
        fullRecord({ kind: kinds.EVENT_FULL_EXEC, flags: 0, bootNs: 20n, process: some, own, text: texts }),
        fullRecord({
          kind: kinds.EVENT_FULL_EXIT,
          flags: wire.EventFlag.EVENT_FORK_UNKNOWN,
          bootNs: 30n,
          process: some,
          own: { duration_ns: 10n },
        }),
      ],
      ["exec", "exit"],
    );
    assert.equal(direct, 1);
    assert.match(lines, /"exit".*"argv":\["ls","-l"\].*"missing":\["parent_id","threads"\]/);
  });
});
