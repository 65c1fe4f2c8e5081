import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clockNs, clocks } from "../../src/libc/libc.ts";
import { WallClock } from "../../src/timer/clock.ts";

const NS_PER_MS = 1_000_000;

/** The least of some tries: whatever is measured, this thread may be held up in the middle of it. */
function least(measure: () => number): number {
  return Math.min(...Array.from({ length: 20 }, measure));
}

describe("WallClock", () => {
  it("says the time of the system's wall clock, for the present of the boot clock", () => {
    const errorNs = least(() => {
      const clock = new WallClock();
      const before = clockNs(clocks.realtime);
      const wall = clock.wallNs(clockNs(clocks.boottime));
      const after = clockNs(clocks.realtime);
      return Number(wall < before ? before - wall : wall > after ? wall - after : 0n);
    });
    assert.ok(errorNs < NS_PER_MS / 10, `${errorNs} ns off`);
  });

  it("agrees with Date.now()", () => {
    const errorMs = least(() => {
      const wall = new WallClock().wallNs(clockNs(clocks.boottime));
      return Math.abs(Number(wall) / NS_PER_MS - Date.now());
    });
    assert.ok(errorMs < 5, `${errorMs} ms off`);
  });

  it("keeps the distance between two events", () => {
    const clock = new WallClock();
    assert.equal(clock.wallNs(12_345_678_901n) - clock.wallNs(1n), 12_345_678_900n);
  });

  it("agrees with itself when sampled again", () => {
    const driftNs = least(() => {
      const clock = new WallClock();
      const before = clock.wallNs(0n);
      clock.sample();
      return Math.abs(Number(clock.wallNs(0n) - before));
    });
    assert.ok(driftNs < NS_PER_MS, `${driftNs} ns apart`);
  });
});
