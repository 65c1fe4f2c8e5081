import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeBytes, encodeText } from "../../src/event/text.ts";

describe("decodeBytes", () => {
  const table: [number[], string][] = [
    [[], ""],
    [[0x61, 0xc3, 0xa9], "aé"],
    [[0x61, 0xff, 0x62], "a\udcffb"],
    [[0xc3], "\udcc3"],
    [[0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
    [[0xf0, 0x9f, 0x98, 0x80, 0x80], "😀\udc80"],
    [[0xc0, 0x80], "\udcc0\udc80"],
  ];
  for (const [bytes, text] of table) {
    it(`makes ${JSON.stringify(text)} of ${JSON.stringify(bytes)}`, () => {
      assert.equal(decodeBytes(Uint8Array.from(bytes)), text);
    });
  }

  it("loses nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        assert.deepEqual([...encodeText(decodeBytes(bytes))], [...bytes]);
      }),
    );
  });
});
