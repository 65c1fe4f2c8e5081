import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sighting } from "../../bench/contender.ts";
import { eventsDuring, lostShare } from "../../bench/sightings.ts";

const kinds = ["exec", "exit"] as const;

function bothOf(...pids: readonly number[]): Sighting[] {
  return pids.flatMap((pid) => kinds.map((kind) => ({ kind, pid })));
}

describe("the share of lost events", () => {
  it("is none if all were seen, among others", () => {
    assert.equal(lostShare([1, 2], bothOf(1, 3, 2), kinds), 0);
  });

  it("is the part that was not seen", () => {
    assert.equal(lostShare([1, 2], [{ kind: "exec", pid: 1 }], kinds), 0.75);
    assert.equal(lostShare([1, 2], [], kinds), 1);
  });

  it("expects a PID as often as it was used, and takes no event for two", () => {
    assert.equal(lostShare([1, 1], bothOf(1), kinds), 0.5);
    assert.equal(lostShare([1, 2], bothOf(1, 1), kinds), 0.5);
  });

  it("can ask for exits alone", () => {
    assert.equal(lostShare([1], [{ kind: "exit", pid: 1 }], ["exit"]), 0);
  });
});

describe("the events during a storm", () => {
  it("are those of its processes, and of others from the first to the last of them", () => {
    assert.equal(eventsDuring([1, 2], bothOf(8, 1, 9, 2, 8)), 6);
    assert.equal(eventsDuring([1, 2], bothOf(8, 9)), 0);
  });
});
