import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noLosses } from "../../src/event/losses.ts";
import { lostLines } from "../../src/output/json-lost.ts";

const SECOND = 1_000_000_000n;

/** Lines of a machine that was booted at 12:00:00 and whose clock is moved by hand. */
function makeLines() {
  const clock = { bootNs: 10n * SECOND };
  const lines = lostLines({
    nowBootNs: () => clock.bootNs,
    wallNs: (bootNs) => BigInt(Date.parse("2026-01-01T12:00:00Z")) * 1_000_000n + bootNs,
  });
  return { lines, clock };
}

describe("lostLines", () => {
  it("has nothing to tell at first, nor if nothing is new", () => {
    const { lines } = makeLines();
    assert.equal(lines.take(), undefined);
    lines.add(noLosses);
    assert.equal(lines.take(), undefined);
    lines.add({ ...noLosses, exec: 1n });
    assert.notEqual(lines.take(), undefined);
    lines.add({ ...noLosses, exec: 1n });
    assert.equal(lines.take(), undefined);
  });

  it("tells what was lost since when, of each kind", () => {
    const { lines, clock } = makeLines();
    clock.bootNs = 11n * SECOND;
    lines.add({ fork: 1n, exec: 2n, execFailed: 3n, exit: 4n, running: 5n, skippedRuns: 6n, malformed: 7n });
    clock.bootNs = 99n * SECOND;
    assert.equal(
      lines.take(),
      '{"type":"lost","time":"2026-01-01T12:00:11.000000000Z","boot_time_ns":11000000000,' +
        '"since":"2026-01-01T12:00:10.000000000Z","fork":1,"exec":2,"exec_failed":3,"exit":4,"running":5,' +
        '"skipped_runs":6,"malformed":7,"total":28}',
    );
  });

  it("tells of each loss once, and of all that came before a line in that line", () => {
    const { lines, clock } = makeLines();
    lines.add({ ...noLosses, exit: 1n });
    lines.take();
    for (let second = 11n; second <= 20n; second++) {
      clock.bootNs = second * SECOND;
      lines.add({ ...noLosses, exit: second, fork: 1n << 60n });
    }
    const line = lines.take() ?? "";
    assert.match(line, /"time":"2026-01-01T12:00:20.000000000Z".*"since":"2026-01-01T12:00:10.000000000Z"/);
    assert.match(line, /"fork":1152921504606846976,.*"exit":19,.*"total":1152921504606846995}$/);
  });
});
