import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatMs, parseMs } from "../../src/timer/duration.ts";

const LARGEST = (1n << 63n) - 1n;

describe("parseMs", () => {
  const good: readonly (readonly [string, bigint])[] = [
    ["0", 0n],
    ["1", 1_000_000n],
    ["100", 100_000_000n],
    ["007", 7_000_000n],
    ["1.", 1_000_000n],
    ["0.5", 500_000n],
    [".5", 500_000n],
    ["1.25", 1_250_000n],
    ["0.000001", 1n],
    ["0.0000001", 1n],
    ["0.0000010", 1n],
    ["0.0000011", 2n],
    ["0.0000000000", 0n],
    ["1.0000000", 1_000_000n],
    ["0.9999999", 1_000_000n],
    ["9223372036854.775807", LARGEST],
  ];
  for (const [text, ns] of good) {
    it(`reads '${text}' as ${ns} ns`, () => {
      assert.equal(parseMs(text), ns);
    });
  }

  const bad = [
    ...["", ".", "-1", "-0", "+1", "1e3", "1e999", " 1", "1 ", "1\n", "0x10", "1_000", "1,5", "1.5.5", "1ms", "1n"],
    ...["abc", "NaN", "Infinity", "१"],
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.match(String(parseMs(text)), /^It takes milliseconds, /);
    });
  }

  for (const text of ["9223372036854.775808", "9223372036854.7758071", "9".repeat(400)]) {
    it(`refuses ${text.slice(0, 30)}, which is too large`, () => {
      assert.equal(parseMs(text), "It is too large: 9223372036854 at most.");
    });
  }

  it("reads every number of nanoseconds that the kernel can hold, exactly", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, LARGEST), (ns) => {
        const text = `${ns / 1_000_000n}.${String(ns % 1_000_000n).padStart(6, "0")}`;
        assert.equal(parseMs(text), ns);
      }),
      { seed: 1 },
    );
  });
});

describe("formatMs", () => {
  for (const [ns, text] of [
    [0n, "0ms"],
    [999_999n, "0ms"],
    [1_000_000n, "1ms"],
    [12_999_999n, "12ms"],
    [86_400_000_000_000n, "86400000ms"],
    [LARGEST, "9223372036854ms"],
  ] as const) {
    it(`shows ${ns} ns as ${text}`, () => {
      assert.equal(formatMs(ns), text);
    });
  }
});
