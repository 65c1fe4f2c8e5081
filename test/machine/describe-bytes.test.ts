import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeBytes } from "../../src/machine/describe-bytes.ts";

describe("describeBytes", () => {
  for (const [bytes, text] of [
    [0, "0 bytes"],
    [1023, "1023 bytes"],
    [1024, "1 KiB"],
    [65_536, "64 KiB"],
    [1_024_000_000, "976.6 MiB"],
    [23_129_419_776, "21.5 GiB"],
    [2 ** 42, "4096 GiB"],
  ] as const) {
    it(`${bytes} is ${text}`, () => {
      assert.equal(describeBytes(bytes), text);
    });
  }
});
