import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeStatus } from "../../src/event/exit-status.ts";
import type { ExitStatus } from "../../src/event/event.ts";

/** What is in a status, taken apart by division: code * 256 + core * 128 + signal. */
function expected(status: number): ExitStatus {
  const low = status % 256;
  const signal = low % 128;
  if (signal === 0) return { kind: "exited", code: (status - low) / 256 };
  return { kind: "signaled", signal, coreDumped: low - signal === 128 };
}

describe("decodeStatus", () => {
  for (const [status, decoded] of [
    [0, { kind: "exited", code: 0 }],
    [7 * 256, { kind: "exited", code: 7 }],
    [255 * 256, { kind: "exited", code: 255 }],
    [9, { kind: "signaled", signal: 9, coreDumped: false }],
    [128 + 11, { kind: "signaled", signal: 11, coreDumped: true }],
    [64, { kind: "signaled", signal: 64, coreDumped: false }],
  ] as const) {
    it(`reads 0x${status.toString(16)}`, () => {
      assert.deepEqual(decodeStatus(status), decoded);
    });
  }

  it("reads every status of wait(2)", () => {
    for (let status = 0; status < 65536; status++) {
      assert.deepEqual(decodeStatus(status), expected(status), `0x${status.toString(16)}`);
    }
  });
});
