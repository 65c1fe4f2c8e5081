import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatBytes, formatSpan } from "../../src/output/columns/quantity.ts";

describe("formatSpan", () => {
  for (const [ns, expected] of [
    [0n, "0us"],
    [999n, "0us"],
    [812_999n, "812us"],
    [1_000_000n, "1ms"],
    [999_999_999n, "999ms"],
    [1_000_000_000n, "1.0s"],
    [3_499_999_999n, "3.4s"],
    [59_999_999_999n, "59.9s"],
    [60_000_000_000n, "1m00s"],
    [123_000_000_000n, "2m03s"],
    [3_599_000_000_000n, "59m59s"],
    [3_600_000_000_000n, "1h00m"],
    [86_399_000_000_000n, "23h59m"],
    [86_400_000_000_000n, "1d00h"],
    [1_000_000_000_000_000n * 86_400n, "1000000d00h"],
  ] as const) {
    it(`shows ${ns} ns as ${expected}`, () => {
      assert.equal(formatSpan(ns), expected);
    });
  }
});

describe("formatBytes", () => {
  for (const [bytes, expected] of [
    [0n, "0B"],
    [1023n, "1023B"],
    [1024n, "1.0K"],
    [102_399n, "99.9K"],
    [102_400n, "100K"],
    [1_048_575n, "1023K"],
    [31_037_850n, "29.6M"],
    [1n << 30n, "1.0G"],
    [(1n << 64n) - 1n, "15.9E"],
    [1n << 80n, "1048576E"],
  ] as const) {
    it(`shows ${bytes} bytes as ${expected}`, () => {
      assert.equal(formatBytes(bytes), expected);
    });
  }
});
