import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ProcessEvent } from "../../src/event/event.ts";
import { Decoder, type NoEvent } from "../../src/probe/decode.ts";
import { wire } from "../../src/probe/wire.ts";
import { execRecord, exitRecord, fullExecRecord } from "./record.ts";

function decode(bytes: Uint8Array, length = bytes.length): ProcessEvent | NoEvent {
  // Records lie anywhere in the ring, at multiples of eight.
  const data = new DataView(new ArrayBuffer(16 + bytes.length + 64));
  new Uint8Array(data.buffer).set(bytes, 16);
  return new Decoder().decode(data, 16, length);
}

const decoder = new Decoder();

describe("Decoder", () => {
  it("decodes an exec", () => {
    assert.deepEqual(decode(execRecord("/usr/bin/ls", { pid: 7, ppid: 3, comm: "ls", bootNs: 2n ** 60n })), {
      kind: "exec",
      bootNs: 2n ** 60n,
      pid: 7,
      ppid: 3,
      comm: "ls",
      process: undefined,
      filename: "/usr/bin/ls",
      filenameCut: false,
      image: undefined,
      replaces: undefined,
      oldTid: undefined,
      privileged: undefined,
    });
  });

  it("decodes an exit", () => {
    assert.deepEqual(decode(exitRecord(7 << 8, 12_000_000n, { pid: 7, ppid: 3, comm: "ls", bootNs: 5n })), {
      kind: "exit",
      bootNs: 5n,
      pid: 7,
      ppid: 3,
      comm: "ls",
      process: undefined,
      status: { kind: "exited", code: 7 },
      durationNs: 12_000_000n,
      durationExact: true,
      filename: undefined,
      image: undefined,
      usage: undefined,
      threads: undefined,
      forkParent: undefined,
    });
  });

  it("says what the flags say", () => {
    const flags = wire.EventFlag;
    const cut = decode(execRecord("/long", { flags: flags.EVENT_FILENAME_CUT }));
    assert.ok(typeof cut === "object" && cut.kind === "exec" && cut.filenameCut && cut.filename === "/long");
    const fault = decode(execRecord("", { flags: flags.EVENT_FILENAME_FAULT }));
    assert.ok(typeof fault === "object" && fault.kind === "exec" && fault.filename === undefined);
    const inexact = decode(exitRecord(0, 1n, { flags: flags.EVENT_EXEC_TIME_UNKNOWN }));
    assert.ok(typeof inexact === "object" && inexact.kind === "exit" && !inexact.durationExact);
  });

  const flags = wire.EventFlag;
  const kinds = wire.EventKind;
  for (const [name, kind, fields, argv, cut] of [
    ["none that were read", kinds.EVENT_FULL_EXEC, { argsTotal: 7n }, [], true],
    ["none that were read, at the end", kinds.EVENT_RUNNING, { argsTotal: 7n }, [], true],
    ["none that there are", kinds.EVENT_FULL_EXEC, { argsTotal: 0n }, [], false],
    ["unreadable ones", kinds.EVENT_FULL_EXEC, { argsTotal: 7n, flags: flags.EVENT_ARGS_FAULT }, undefined, false],
    [
      "those of another process",
      kinds.EVENT_RUNNING,
      { argsTotal: 7n, flags: flags.EVENT_ARGS_FAULT },
      undefined,
      false,
    ],
    ["a byte of them", kinds.EVENT_FULL_EXEC, { argsTotal: 7n, args: "a" }, ["a"], true],
    ["all of them", kinds.EVENT_FULL_EXEC, { argsTotal: 3n, args: "a\0\0" }, ["a", ""], false],
  ] as const) {
    it(`decodes arguments: ${name}`, () => {
      const event = decode(fullExecRecord(kind, fields));
      assert.ok(typeof event === "object" && (event.kind === "exec" || event.kind === "running"));
      assert.deepEqual([event.image?.argv, event.image?.argvTruncated], [argv, cut]);
    });
  }

  it("says that a working directory has been deleted", () => {
    for (const [flag, expected] of [
      [flags.EVENT_CWD_DELETED, true],
      [flags.EVENT_EXE_DELETED, false],
    ] as const) {
      const event = decode(fullExecRecord(kinds.EVENT_FULL_EXEC, { flags: flag }));
      assert.ok(typeof event === "object" && event.kind === "exec");
      assert.equal(event.image?.cwdDeleted, expected);
    }
  });

  it("keeps bytes that are not UTF-8", () => {
    const event = decode(execRecord(Uint8Array.of(0x2f, 0xff, 0x41)));
    assert.ok(typeof event === "object" && event.kind === "exec");
    assert.equal(event.filename, "/\udcffA");
  });

  it("takes a record with room to spare behind it", () => {
    const record = execRecord("/bin/sh");
    assert.equal(typeof decode(record, record.length + 40), "object");
  });

  const malformed: [string, Uint8Array][] = [
    ["an empty record", new Uint8Array(0)],
    ["one shorter than its header", exitRecord(0, 0n).subarray(0, 15)],
    ["one shorter than its size says", exitRecord(0, 0n).subarray(0, 40)],
    ["an unknown kind", exitRecord(0, 0n).fill(99, 0, 2)],
    ["an exec whose file name is longer than the record", execRecord("/bin/sh").fill(255, 40, 44)],
  ];
  for (const [name, bytes] of malformed) {
    it(`refuses ${name}`, () => {
      assert.equal(decode(bytes), "malformed");
    });
  }

  it("never throws and never reads beyond the record, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 0, max: 10 }),
        fc.boolean(),
        (bytes, kind, plausible) => {
          const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
          if (plausible && bytes.length >= 8) {
            new Uint16Array(bytes.buffer, bytes.byteOffset, 1)[0] = kind;
            new Uint32Array(bytes.buffer, bytes.byteOffset + 4, 1)[0] = bytes.length;
          }
          // The view ends with the record: reading beyond it would throw.
          const event = decoder.decode(view, 0, bytes.length);
          if (typeof event === "object" && event.kind === "exec")
            assert.ok((event.filename?.length ?? 0) <= bytes.length);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
