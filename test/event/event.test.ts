import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { totalLosses } from "../../src/event/event.ts";

describe("totalLosses", () => {
  it("adds every kind of loss, each once", () => {
    assert.equal(totalLosses({ exec: 1n, exit: 20n, skippedRuns: 300n, malformed: 4000n }), 4321n);
    assert.equal(totalLosses({ exec: 0n, exit: 0n, skippedRuns: 0n, malformed: 0n }), 0n);
  });
});
