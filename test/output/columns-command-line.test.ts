import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeBytes } from "../../src/event/text.ts";
import { commandLine } from "../../src/output/command-line.ts";

/** Arguments of any bytes but NUL, with those that a shell reads in its own way more often. */
const argument = fc
  .array(
    fc.oneof(
      fc.constantFrom(...["'", '"', "\\", "\\x41", "$", " ", "\n", "\x1b", "!", "é", "\u202e", "\u{e0041}", "日"]),
      fc.integer({ min: 1, max: 255 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) =>
    decodeBytes(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))))),
  );

describe("commandLine", () => {
  for (const [name, argv, expected] of [
    ["nothing", [], ""],
    [
      "plain arguments",
      ["ls", "-l", "--color=auto", "/tmp/a.b", "user@host:x,y%1+2_"],
      "ls -l --color=auto /tmp/a.b user@host:x,y%1+2_",
    ],
    ["other scripts", ["zoë", "日本語"], "zoë 日本語"],
    ["empty arguments", ["", "a", ""], "'' a ''"],
    ["blanks", ["a b"], "'a b'"],
    ["quotes", ["it's", '"'], `'it'\\''s' '"'`],
    ["what a shell would replace", ["$HOME", "*", "~", "a;b", "!x"], "'$HOME' '*' '~' 'a;b' '!x'"],
    ["line breaks", ["a\nb"], "$'a\\nb'"],
    ["an escape sequence and a quote", ["\x1b[2J'"], "$'\\x1b[2J\\''"],
    ["a backslash", ["\\n"], "$'\\\\n'"],
    ["an escape's look", ["\\u{41}"], "$'\\\\u{41}'"],
    ["bytes that are not UTF-8", ["\udcff"], "$'\\xff'"],
    ["invisible characters", ["\u202e", "\u{e0041}", "\u3164"], "$'\\u202e' $'\\U000e0041' $'\\u3164'"],
  ] as const) {
    it(`shows ${name}`, () => {
      assert.equal(commandLine(argv, false), expected);
    });
  }

  it("marks arguments that are cut, as no argument can", () => {
    assert.equal(commandLine(["a", "b"], true), "a b\\...");
    assert.equal(commandLine(["a", "b\\..."], false), "a $'b\\\\...'");
  });

  it("leaves nothing that a terminal could act on", () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (argv) => {
        assert.match(commandLine(argv, false), /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("is read back by bash as the same arguments", () => {
    const samples = fc.sample(fc.array(argument, { maxLength: 4 }), { numRuns: 500, seed: 2 });
    const script = samples.map((argv) => `printf '%s\\0' ${commandLine([...argv, "end"], false)}\n`).join("");
    const output = execFileSync("bash", ["--norc"], { input: script, env: { LC_ALL: "C.UTF-8" } });
    assert.equal(
      decodeBytes(output),
      samples
        .flatMap((argv) => [...argv, "end"])
        .map((text) => `${text}\0`)
        .join(""),
    );
  });
});
