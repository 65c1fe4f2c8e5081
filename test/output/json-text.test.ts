import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { quoted, textField, textListField } from "../../src/output/json-text.ts";

/** Parts of a text, each with its bytes: valid text, or a byte that is none. */
const part = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }).map((text) => ({ text, bytes: Buffer.from(text) })),
  fc.integer({ min: 0x80, max: 0xff }).map((byte) => ({
    text: String.fromCharCode(0xdc00 + byte),
    bytes: Buffer.from([byte]),
  })),
);

const textWithBytes = fc.array(part, { maxLength: 6 }).map((parts) => ({
  text: parts.map(({ text }) => text).join(""),
  bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
}));

function parse(fields: string): Record<string, unknown> {
  return JSON.parse(`{${fields.slice(1)}}`) as Record<string, unknown>;
}

/** The exact bytes of a text and its twin. */
function bytesOf(text: unknown, twin: unknown): Buffer {
  return typeof twin === "string" ? Buffer.from(twin, "base64") : Buffer.from(String(text));
}

describe("quoted", () => {
  for (const [name, text, json] of [
    ["nothing", "", '""'],
    ["a path", "/usr/bin/[ -f ~", '"/usr/bin/[ -f ~"'],
    ["quotes and backslashes", 'a"b\\c', '"a\\"b\\\\c"'],
    ["line breaks", "a\nb\r\tc", '"a\\nb\\r\\tc"'],
    ["an escape sequence", "\x1b[2J", '"\\u001b[2J"'],
    ["NUL and DEL", "\0\x7f", '"\\u0000\\u007f"'],
    ["a C1 control", "\u009b2J", '"\\u009b2J"'],
    ["other scripts", "zoë 日本語 🦊", '"zoë 日本語 🦊"'],
    ["what some readers take for the end of a line", "\u0085\u2028\u2029", '"\\u0085\\u2028\\u2029"'],
    ["a bidirectional override", "\u202egnp", '"\\u202egnp"'],
    ["an invisible character beyond 16 bits", "\u{e0041}", '"\\udb40\\udc41"'],
    ["bytes that are not UTF-8", "a\udcff\udc80b", '"a\ufffd\ufffdb"'],
    ["the replacement character itself", "\ufffd", '"\ufffd"'],
    ["half a character", "\ud83d", '"\ufffd"'],
  ] as const) {
    it(`quotes ${name}`, () => {
      assert.equal(quoted(text), json);
    });
  }
});

describe("textField", () => {
  it("has a twin only if there are bytes that are not UTF-8", () => {
    assert.equal(textField("comm", "ls"), ',"comm":"ls"');
    assert.equal(textField("comm", "é\ufffd\n"), ',"comm":"é\ufffd\\n"');
    assert.equal(textField("comm", "a\udcff🦊"), ',"comm":"a\ufffd🦊","comm_base64":"Yf/wn6aK"');
  });

  it("gives each text back to the byte, in one line of valid UTF-8", () => {
    fc.assert(
      fc.property(textWithBytes, ({ text, bytes }) => {
        const fields = textField("comm", text);
        const { comm, comm_base64: twin } = parse(fields);
        assert.deepEqual(bytesOf(comm, twin), bytes);
        assert.equal(Buffer.from(fields).toString(), fields);
        assert.match(fields, /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});

describe("textListField", () => {
  it("keeps empty texts, and their order", () => {
    assert.equal(textListField("argv", []), ',"argv":[]');
    assert.equal(textListField("argv", [""]), ',"argv":[""]');
    assert.equal(textListField("argv", ["", "a", "", "\n"]), ',"argv":["","a","","\\n"]');
  });

  it("has a twin as long, with null for what is exact", () => {
    assert.equal(
      textListField("argv", ["a", "\udcff", "é"]),
      ',"argv":["a","\ufffd","é"],"argv_base64":[null,"/w==",null]',
    );
  });

  it("gives each text back to the byte", () => {
    fc.assert(
      fc.property(fc.array(textWithBytes, { maxLength: 5 }), (texts) => {
        const { argv, argv_base64: twins = [] } = parse(
          textListField(
            "argv",
            texts.map(({ text }) => text),
          ),
        ) as { argv: string[]; argv_base64?: (string | null)[] };
        assert.deepEqual(
          argv.map((text, index) => bytesOf(text, twins[index])),
          texts.map(({ bytes }) => bytes),
        );
        assert.ok(twins.length === 0 || twins.length === argv.length);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("takes time in proportion to the text, not more", () => {
    const bad = "\udcff".repeat(2 << 20);
    const started = performance.now();
    textListField("argv", [bad]);
    assert.ok(performance.now() - started < 5000);
  });
});
