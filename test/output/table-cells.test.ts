import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellsOf, cutToCells, padToCells } from "../../src/output/cells.ts";

describe("cellsOf", () => {
  for (const [name, text, cells] of [
    ["nothing", "", 0],
    ["ASCII", "/bin/sh", 7],
    ["Latin and Cyrillic", "zoë Москва", 10],
    ["ideographs", "日本語", 6],
    ["full-width forms", "ＡＢ", 4],
    ["half-width forms", "ｱｲ", 2],
    ["Hangul syllables", "한글", 4],
    ["Hangul from its parts", "\u1112\u1161\u11ab", 2],
    ["marks that combine", "e\u0301\u0327", 1],
    ["emoji", "🦊", 2],
    ["an ambiguous character, which is narrow", "…", 1],
  ] as const) {
    it(`counts ${name}`, () => {
      assert.equal(cellsOf(text), cells);
    });
  }

  it("stops early beyond its limit", () => {
    assert.equal(cellsOf("日".repeat(1000), 10), 12);
  });
});

describe("padToCells", () => {
  for (const [text, cells, expected] of [
    ["", 3, "   "],
    ["ab", 3, "ab "],
    ["abc", 3, "abc"],
    ["abcd", 3, "abcd"],
    ["日", 3, "日 "],
    ["e\u0301", 3, "e\u0301  "],
  ] as const) {
    it(`pads ${JSON.stringify(text)} to ${cells}`, () => {
      assert.equal(padToCells(text, cells), expected);
    });
  }
});

describe("cutToCells", () => {
  for (const [text, cells, expected] of [
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["abcd", 1, "…"],
    ["abcd", 0, ""],
    ["abcd", -1, ""],
    ["", 0, ""],
    ["日本語", 6, "日本語"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["日本語", 2, "…"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
    ["a\\x1bb", 5, "a…"],
    ["a\\x1bb", 6, "a\\x1bb"],
    ["\\\\x1bcd", 5, "\\\\x1…"],
    ["a\\u{202e}b", 9, "a…"],
    ["a\\u202eb", 7, "a…"],
  ] as const) {
    it(`cuts ${JSON.stringify(text)} to ${cells}`, () => {
      assert.equal(cutToCells(text, cells), expected);
    });
  }
});
