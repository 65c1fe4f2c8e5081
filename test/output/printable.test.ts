import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { printable } from "../../src/output/printable.ts";

/** Text of any code units: valid text, control and format characters, lone surrogates, backslashes. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\\",
        "\\n",
        "\\x1b",
        "\\u{",
        "}",
        "n",
        "x",
        "u",
        "1",
        "b",
        "{",
        "\u202e",
        "\u200d",
        "\udc80",
        "\ud83d",
      ),
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** Reads the escapes back, written from their description alone. */
function unescape(escaped: string): string {
  return escaped.replace(/\\(?:([nrt\\])|x([0-9a-f]{2})|u\{([0-9a-f]+)\})/g, (_, short, byte, code) => {
    if (typeof short === "string") return { n: "\n", r: "\r", t: "\t", "\\": "\\" }[short] ?? "";
    if (typeof code === "string") return String.fromCodePoint(parseInt(code, 16));
    const value = parseInt(String(byte), 16);
    return value < 0x80 ? String.fromCharCode(value) : String.fromCharCode(0xdc00 + value);
  });
}

describe("printable", () => {
  for (const [name, raw, shown] of [
    ["nothing", "", ""],
    ["a path", "/usr/bin/[ -f", "/usr/bin/[ -f"],
    ["other scripts", "/home/zoë/日本語/Москва", "/home/zoë/日本語/Москва"],
    ["a character beyond 16 bits", "🦊", "🦊"],
    ["a line break", "a\nb\r\tc", "a\\nb\\r\\tc"],
    ["a backslash", "a\\nb", "a\\\\nb"],
    ["a terminal's escape sequence", "\x1b[2Jx", "\\x1b[2Jx"],
    ["NUL, BEL and DEL", "\0\x07\x7f", "\\x00\\x07\\x7f"],
    ["a C1 control", "\u009b2J", "\\u{9b}2J"],
    ["a bidirectional override", "\u202egnp.exe", "\\u{202e}gnp.exe"],
    ["bidirectional isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["a zero-width space and joiner", "a\u200b\u200db", "a\\u{200b}\\u{200d}b"],
    ["a byte order mark", "\ufeffa", "\\u{feff}a"],
    ["a soft hyphen", "a\u00adb", "a\\u{ad}b"],
    ["line and paragraph separators", "\u2028\u2029", "\\u{2028}\\u{2029}"],
    ["blanks that are not the space", "a\u00a0b\u3000c", "a\\u{a0}b\\u{3000}c"],
    ["a private code point", "\ue000", "\\u{e000}"],
    ["tag characters", "\u{e0041}", "\\u{e0041}"],
    ["bytes that are not UTF-8", "a\udc80\udcffb", "a\\x80\\xffb"],
    ["a lone low surrogate that stands for no byte", "\udc7f", "\\u{dc7f}"],
    ["a lone high surrogate", "\ud83dx", "\\u{d83d}x"],
    ["a non-character", "\uffff", "\\u{ffff}"],
  ] as const) {
    it(`shows ${name}`, () => {
      assert.equal(printable(raw), shown);
    });
  }

  it("leaves no character that a terminal could act on, and none that is half of one", () => {
    const safe = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
    fc.assert(
      fc.property(text, (raw) => {
        assert.match(printable(raw), safe);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("lets every code point through unharmed or escaped, and back", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const raw = String.fromCodePoint(code);
      const shown = printable(raw);
      if (shown !== raw && !/^\\[\x21-\x7e]+$/.test(shown)) assert.fail(`U+${code.toString(16)}: ${shown}`);
      if (unescape(shown) !== raw) assert.fail(`U+${code.toString(16)} comes back as another`);
    }
  });

  it("makes no two texts look alike: each can be read back", () => {
    fc.assert(
      fc.property(text, (raw) => {
        assert.equal(unescape(printable(raw)), raw);
      }),
      { numRuns: 5000, seed: 1 },
    );
  });
});
