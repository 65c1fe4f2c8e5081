import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRingSize } from "../../src/cli/sizes.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

describe("parseRingSize", () => {
  for (const [text, size] of [
    ["1", 1],
    ["4096", 4096],
    ["4096b", 4096],
    ["256k", 256 * KIB],
    ["256K", 256 * KIB],
    ["256KiB", 256 * KIB],
    ["4MiB", 4 * MIB],
    ["4mib", 4 * MIB],
    ["4M", 4 * MIB],
    ["4 MiB", 4 * MIB],
    ["0064k", 64 * KIB],
    ["1GiB", 1024 * MIB],
    ["1024MiB", 1024 * MIB],
    ["1073741824", 1024 * MIB],
  ] as const) {
    it(`reads '${text}'`, () => {
      assert.equal(parseRingSize(text), size);
    });
  }

  const kinds: readonly (readonly [string, RegExp, readonly string[]])[] = [
    [
      "what is no size",
      /^It takes a number of bytes/,
      [
        ...[
          "",
          " ",
          "MiB",
          "-1",
          "+1",
          "4.5MiB",
          "1e6",
          "0x1000",
          "4MB",
          "4TiB",
          " 4MiB",
          "4MiB ",
          "4MiB 1",
          "4\nMiB!",
        ],
        ...["NaN", "Infinity", "٤", "constructor", "4constructor"],
      ],
    ],
    ["what is no power of two", /power of two/, ["0", "0MiB", "3", "3MiB", "4095", "1000000", "9".repeat(400)]],
    ["what is too large", /1GiB at most/, ["2GiB", "2048MiB", "2147483648", "18446744073709551616"]],
  ];
  for (const [name, reason, texts] of kinds) {
    for (const text of texts) {
      it(`refuses ${name}: ${JSON.stringify(text).slice(0, 30)}`, () => {
        const result = parseRingSize(text);
        assert.match(typeof result === "string" ? result : `accepted as ${result}`, reason);
      });
    }
  }
});
