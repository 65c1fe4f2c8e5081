import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { rfc3339Formatter } from "../../src/output/json-time.ts";

process.env["TZ"] = "Europe/Berlin";

function ns(date: string, nanoseconds = 0n): bigint {
  return BigInt(Date.parse(date)) * 1_000_000n + nanoseconds;
}

describe("rfc3339Formatter", () => {
  for (const [name, wallNs, text] of [
    ["the beginning of time", 0n, "1970-01-01T00:00:00.000000000Z"],
    ["the first nanosecond", 1n, "1970-01-01T00:00:00.000000001Z"],
    ["the last nanosecond of a second", ns("2026-01-01T12:34:56Z", 999_999_999n), "2026-01-01T12:34:56.999999999Z"],
    ["what a double cannot hold", 1_767_270_896_123_456_789n, "2026-01-01T12:34:56.123456789Z"],
    ["the last moment of a year", ns("2026-12-31T23:59:59Z", 999_999_999n), "2026-12-31T23:59:59.999999999Z"],
    ["the first moment of a year", ns("2027-01-01T00:00:00Z"), "2027-01-01T00:00:00.000000000Z"],
    ["a leap day", ns("2028-02-29T23:59:59Z", 1n), "2028-02-29T23:59:59.000000001Z"],
    [
      "the day after the 28th of February of no leap year",
      ns("2027-03-01T00:00:00Z"),
      "2027-03-01T00:00:00.000000000Z",
    ],
    ["the second after a leap second", ns("2017-01-01T00:00:00Z"), "2017-01-01T00:00:00.000000000Z"],
    ["the hour that summer time skips", ns("2026-03-29T01:30:00Z"), "2026-03-29T01:30:00.000000000Z"],
    ["the hour that winter time repeats", ns("2026-10-25T00:30:00Z"), "2026-10-25T00:30:00.000000000Z"],
    ["and its repetition", ns("2026-10-25T01:30:00Z"), "2026-10-25T01:30:00.000000000Z"],
    ["a time beyond 32 bits", ns("2106-02-07T06:28:16Z"), "2106-02-07T06:28:16.000000000Z"],
    ["the last time of 64 bits", (1n << 63n) - 1n, "2262-04-11T23:47:16.854775807Z"],
    ["a time before 1970", -1n, "1969-12-31T23:59:59.999999999Z"],
    ["a whole second before 1970", -1_000_000_000n, "1969-12-31T23:59:59.000000000Z"],
  ] as const) {
    it(`formats ${name}`, () => {
      assert.equal(rfc3339Formatter()(wallNs), text);
    });
  }

  it("is exact for any time, in any order", () => {
    const format = rfc3339Formatter();
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 62n), max: (1n << 64n) - 1n }), (wallNs) => {
        const [, second = "", nanoseconds = ""] = /^(.*)\.(\d{9})Z$/.exec(format(wallNs)) ?? [];
        assert.equal(ns(`${second}Z`, BigInt(nanoseconds)), wallNs);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
