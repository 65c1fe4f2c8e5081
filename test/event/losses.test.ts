import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noLosses, totalLosses } from "../../src/event/losses.ts";

describe("totalLosses", () => {
  it("adds every kind of loss, each once", () => {
    const losses = {
      fork: 1n,
      exec: 20n,
      execFailed: 300n,
      exit: 4000n,
      running: 50_000n,
      skippedRuns: 600_000n,
      malformed: 7_000_000n,
    };
    assert.equal(totalLosses(losses), 7_654_321n);
    assert.equal(totalLosses(noLosses), 0n);
  });
});
