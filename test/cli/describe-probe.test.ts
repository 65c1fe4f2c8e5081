import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeProbe } from "../../src/cli/describe-probe.ts";

describe("describeProbe", () => {
  it("says how large the ring is, and on what it runs", () => {
    const lines = describeProbe({ programs: [], gaps: () => [] }, 4096);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^ring of 4096 bytes, libbpf v1.*, Node\.js v/);
  });

  it("says what is missing, a line for each gap", () => {
    const lines = describeProbe({ programs: [], gaps: () => ["failed execs, here", "forks, there"] }, 4096);
    assert.deepEqual(lines.slice(1), ["missing: failed execs, here", "missing: forks, there"]);
  });
});
