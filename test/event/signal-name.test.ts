import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { signalName } from "../../src/event/signal-name.ts";

/** The names by which bash knows signals 1 to 64; it counts the upper half of the real-time ones down from RTMAX. */
function namesOfBash(): string[] {
  const loop = 'for signal in {1..64}; do echo "SIG$(kill -l "$signal")"; done';
  return execFileSync("bash", ["-c", loop], { encoding: "utf8" })
    .trimEnd()
    .split("\n")
    .map((name) => name.replace(/RTMAX-(\d+)/, (_, below) => `RTMIN+${30 - Number(below)}`));
}

describe("signalName", () => {
  it("names the signals as bash does", () => {
    const names = namesOfBash();
    assert.equal(names.length, 64);
    // The two that the C library keeps for itself have no name.
    const unnamed = new Map([
      [32, "SIG32"],
      [33, "SIG33"],
    ]);
    names.forEach((name, index) => {
      const signal = index + 1;
      assert.equal(signalName(signal), unnamed.get(signal) ?? name, `signal ${signal}`);
    });
  });

  for (const [signal, name] of [
    [6, "SIGABRT"],
    [9, "SIGKILL"],
    [29, "SIGIO"],
    [34, "SIGRTMIN"],
    [37, "SIGRTMIN+3"],
    [63, "SIGRTMIN+29"],
    [64, "SIGRTMAX"],
    [0, "SIG0"],
    [65, "SIG65"],
    [127, "SIG127"],
    [-1, "SIG-1"],
  ] as const) {
    it(`calls ${signal} ${name}`, () => {
      assert.equal(signalName(signal), name);
    });
  }
});
