import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DrainInterval } from "../../src/monitor/drain-interval.ts";

describe("DrainInterval", () => {
  it("is short after few events", () => {
    const interval = new DrainInterval();
    assert.deepEqual(
      [1, 2, 3].map((records) => interval.after(records, 0.01)),
      [10, 10, 10],
    );
  });

  it("grows while events crowd, up to its longest, and is short again after", () => {
    const interval = new DrainInterval();
    assert.deepEqual(
      [4, 100, 1000, 4, 1].map((records) => interval.after(records, 0.01)),
      [20, 40, 80, 80, 10],
    );
  });

  it("is short while the ring fills up", () => {
    const interval = new DrainInterval();
    assert.deepEqual(
      [0.01, 0.1, 0.2, 0.9, 0.1].map((filled) => interval.after(100, filled)),
      [20, 40, 10, 10, 20],
    );
  });
});
