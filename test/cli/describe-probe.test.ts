import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeProbe } from "../../src/cli/describe-probe.ts";

describe("describeProbe", () => {
  for (const [name, wanted, tellsFailedExecs, expected] of [
    ["are wanted and told", ["exec", "exec_failed"], true, false],
    ["are wanted, and this kernel cannot tell them", ["exec", "exec_failed"], false, true],
    ["are not wanted", ["exec"], false, false],
  ] as const) {
    it(`${expected ? "warns" : "says nothing"} of failed execs that ${name}`, () => {
      const lines = describeProbe({ programs: [], canFindRunning: true, tellsFailedExecs }, 4096, wanted);
      assert.match(lines[0] ?? "", /^ring of 4096 bytes, libbpf /);
      assert.equal(
        lines.some((line) => line.startsWith("missing: failed execs, ")),
        expected,
      );
    });
  }

  it("says that processes which run already are missing where they cannot be found", () => {
    const [line] = describeProbe({ programs: [], canFindRunning: false, tellsFailedExecs: true }, 4096, []);
    assert.match(line ?? "", /^missing: processes that run already, /);
  });
});
