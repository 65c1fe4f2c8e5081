import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DrainInterval } from "../../src/monitor/drain-interval.ts";

/** The pauses after drains of so many records each, and so much of the ring filled before. */
function pauses(drains: readonly (readonly [records: number, filled: number])[]): number[] {
  const interval = new DrainInterval();
  return drains.map(([records, filled]) => {
    interval.note(records, filled);
    return interval.next();
  });
}

describe("DrainInterval", () => {
  it("is short after few events", () => {
    assert.deepEqual(pauses([1, 2, 3].map((records) => [records, 0.01])), [10, 10, 10]);
  });

  it("grows while events crowd, up to its longest, and is short again after", () => {
    assert.deepEqual(pauses([4, 100, 1000, 4, 1].map((records) => [records, 0.01])), [20, 40, 80, 80, 10]);
  });

  it("is short while the ring fills up", () => {
    assert.deepEqual(pauses([0.01, 0.1, 0.2, 0.9, 0.1].map((filled) => [100, filled])), [20, 40, 10, 10, 20]);
  });

  it("goes by all drains since the last pause", () => {
    const interval = new DrainInterval();
    interval.note(1024, 0.2);
    interval.note(1, 0.01);
    assert.equal(interval.next(), 10, "the ring was filled before the first of them");
    interval.note(1024, 0.1);
    interval.note(1, 0.01);
    assert.equal(interval.next(), 20, "the last of them was no sign of quiet");
  });
});
