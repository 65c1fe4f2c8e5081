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
  const pids = Array.from({ length: 1000 }, (_, index) => 1000 + index);

  it("are those of its processes", () => {
    assert.ok(Math.abs(eventsDuring(pids, bothOf(...pids)) - 2000) <= 4);
    assert.ok(Math.abs(eventsDuring(pids, bothOf(7, 8, ...pids, 9)) - 2000) <= 4);
  });

  it("are also those of others in between", () => {
    const others = pids.flatMap((pid) => [pid, 7]);
    assert.ok(Math.abs(eventsDuring(pids, bothOf(...others)) - 4000) <= 8);
  });

  it("are not those before, although some had the same PIDs", () => {
    const before = Array.from({ length: 500 }, (_, index) => (index % 100 === 0 ? 1000 + index : 7));
    assert.ok(Math.abs(eventsDuring(pids, bothOf(...before, ...pids)) - 2000) <= 4);
  });

  it("are none if none was seen", () => {
    assert.equal(eventsDuring([1, 2], bothOf(8, 9)), 0);
  });
});
