import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noLosses as none } from "../../src/event/losses.ts";
import { describeLosses, lossReporter } from "../../src/output/loss-report.ts";

describe("describeLosses", () => {
  for (const [losses, text] of [
    [none, ""],
    [{ ...none, exec: 12n }, "12 exec events"],
    [{ ...none, exit: 3n }, "3 exit events"],
    [{ ...none, skippedRuns: 4n }, "4 program runs skipped by the kernel"],
    [{ ...none, malformed: 5n }, "5 malformed records"],
    [{ ...none, exec: 1n << 60n, exit: 2n }, "1152921504606846976 exec events, 2 exit events"],
  ] as const) {
    it(`says '${text}'`, () => {
      assert.equal(describeLosses(losses), text);
    });
  }
});

describe("lossReporter", () => {
  it("tells what is new and what there is in all, and is silent when nothing is new", () => {
    const lines: string[] = [];
    const report = lossReporter((line) => lines.push(line));
    report(none);
    assert.deepEqual(lines, []);
    report({ ...none, exec: 12n, exit: 3n });
    report({ ...none, exec: 12n, exit: 3n });
    report({ ...none, exec: 12n, exit: 10n, malformed: 1n });
    assert.deepEqual(lines, [
      "lost 12 exec events, 3 exit events; 15 lost in all (a larger --ring-size loses fewer)",
      "lost 7 exit events, 1 malformed records; 23 lost in all (a larger --ring-size loses fewer)",
    ]);
  });

  it("keeps the reports of two monitors apart", () => {
    const lines: string[] = [];
    const [first, second] = [lossReporter((line) => lines.push(line)), lossReporter((line) => lines.push(line))];
    first({ ...none, exec: 1n });
    second({ ...none, exec: 1n });
    assert.equal(lines.length, 2);
  });
});
