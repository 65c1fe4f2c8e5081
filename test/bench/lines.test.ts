import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { latencies, readStamps } from "../../bench/latencies.ts";
import { parseObject, parseRow } from "../../bench/ours.ts";
import { parseForkstat, parseSnoop } from "../../bench/peers/peers.ts";

describe("what lines tell the bench", () => {
  it("reads rows of the table", () => {
    assert.deepEqual(parseRow("23:02:38 EXEC  bash             1234    1000    /usr/bin/bash"), {
      kind: "exec",
      pid: 1234,
    });
    assert.deepEqual(parseRow("23:02:39 EXIT  a b 5 6          1235    1234    [0] (12ms)"), {
      kind: "exit",
      pid: 1235,
    });
    assert.equal(parseRow("TIME     EVENT COMM             PID     PPID    FILENAME/EXIT CODE"), undefined);
  });

  it("reads execs and exits in JSON, and nothing else", () => {
    const id = '"id":"3f2a9c1e-1234-4292746002956","pid":1234,';
    assert.deepEqual(parseObject(`{"type":"exit","time":"2026-01-01T13:46:23.746002956Z",${id}"ppid":1}`), {
      kind: "exit",
      pid: 1234,
    });
    assert.equal(parseObject(`{"type":"fork","time":"2026-01-01T13:46:23.746002956Z",${id}"ppid":1}`), undefined);
    assert.equal(parseObject(`{"type":"exec_failed",${id}"ppid":1}`), undefined);
  });
});

describe("what lines of peers tell the bench", () => {
  it("reads execsnoop and exitsnoop, whose rows begin alike", () => {
    assert.deepEqual(parseSnoop("tiny             7856   7855     0 /build/tiny -O2 "), { kind: "exec", pid: 7856 });
    assert.deepEqual(parseSnoop("tiny             8010    8009    8010    0.00    0"), { kind: "exit", pid: 8010 });
    assert.equal(parseSnoop("PCOMM            PID    PPID   RET ARGS"), undefined);
  });

  it("reads forkstat, whose names are not to be trusted, by PID", () => {
    assert.deepEqual(parseForkstat("18:02:18 exec   8092                 tiny"), { kind: "exec", pid: 8092 });
    assert.deepEqual(parseForkstat("18:02:18 exit   8141      0   0.000s tiny"), { kind: "exit", pid: 8141 });
    assert.equal(parseForkstat("Time     Event   PID Info   Duration Process"), undefined);
  });
});

describe("latencies", () => {
  it("run from an exit to the first line of its process that came after it", () => {
    const exits = new Map([
      [7, 1000],
      [8, 2000],
    ]);
    const lines = [
      { kind: "exit", pid: 7, timeNs: 900 },
      { kind: "exec", pid: 7, timeNs: 1100 },
      { kind: "exit", pid: 7, timeNs: 1500 },
      { kind: "exit", pid: 7, timeNs: 1600 },
      { kind: "exit", pid: 9, timeNs: 1700 },
    ] as const;
    assert.deepEqual(latencies(exits, lines), [500]);
  });

  it("take the times of exits from native words", () => {
    const words = new BigUint64Array([7n, 1000n, 8n, 2000n]);
    assert.deepEqual(
      [...readStamps(new Uint8Array(words.buffer))],
      [
        [7, 1000],
        [8, 2000],
      ],
    );
  });
});
