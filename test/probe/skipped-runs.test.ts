import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SkippedRuns } from "../../src/probe/skipped-runs.ts";

describe("skipped runs", () => {
  it("count one reading later, when there was time to recover them", () => {
    const runs = new SkippedRuns();
    assert.equal(runs.read(3n, 0n, false), 0n);
    assert.equal(runs.read(3n, 2n, false), 1n);
    assert.equal(runs.read(3n, 2n, false), 1n);
  });

  it("all count at the end", () => {
    const runs = new SkippedRuns();
    assert.equal(runs.read(3n, 1n, false), 0n);
    assert.equal(runs.read(7n, 4n, true), 3n);
  });

  it("never become fewer, also if one that has counted is recovered late", () => {
    const runs = new SkippedRuns();
    runs.read(5n, 0n, false);
    assert.equal(runs.read(5n, 4n, false), 1n);
    assert.equal(runs.read(5n, 5n, false), 1n);
    assert.equal(runs.read(9n, 6n, true), 3n);
  });

  it("are none if more were recovered than had been skipped when that was read", () => {
    const runs = new SkippedRuns();
    assert.equal(runs.read(1n, 4n, false), 0n);
    assert.equal(runs.read(4n, 4n, true), 0n);
  });
});
