import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { median, pairedRatio, quantile, spread } from "../../bench/statistics.ts";

describe("the statistics of the bench", () => {
  it("take the middle value, or between the two in the middle", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it("interpolate quantiles", () => {
    const values = Array.from({ length: 101 }, (_, index) => 100 - index);
    assert.equal(quantile(values, 0.99), 99);
    assert.equal(quantile([10, 20], 0.25), 12.5);
    assert.equal(quantile([7], 0.99), 7);
  });

  it("tell the least and the greatest beside the median", () => {
    assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
  });

  it("compare within a round, so that a slow round does not tell", () => {
    const ours = new Map([
      [0, 1],
      [1, 10],
      [2, 1],
    ]);
    const theirs = new Map([
      [0, 2],
      [1, 20],
      [2, 2],
    ]);
    assert.equal(pairedRatio(ours, theirs), 0.5);
  });

  it("compare only rounds that both have", () => {
    assert.equal(pairedRatio(new Map([[0, 6]]), new Map([[1, 2]])), undefined);
    assert.equal(
      pairedRatio(
        new Map([
          [0, 6],
          [1, 8],
        ]),
        new Map([[1, 2]]),
      ),
      4,
    );
    assert.equal(pairedRatio(new Map([[0, 6]]), new Map([[0, 0]])), undefined);
  });
});
