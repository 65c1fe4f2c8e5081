import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { generateFrom, importModule, temporaryDirectory, type GeneratedModule } from "./workshop.ts";

describe("decodeText", () => {
  const directory = temporaryDirectory();
  let generated: GeneratedModule;
  before(async () => {
    generateFrom(directory, "text", "char room[300];");
    generated = await importModule(directory, "text", "bpfel");
  });

  /** Decodes bytes that stand between others in a larger buffer. */
  function decode(bytes: Uint8Array, before = 3): string {
    const memory = new Uint8Array(before + bytes.length + 8).fill(0x41);
    memory.set(bytes, before);
    return generated.decodeText(new DataView(memory.buffer, 1), before - 1, bytes.length);
  }

  const cases: readonly (readonly [what: string, bytes: readonly number[], text: string])[] = [
    ["nothing", [], ""],
    ["an empty text", [0, 0x41], ""],
    ["text up to the NUL", [0x61, 0x62, 0, 0x63], "ab"],
    ["text that fills its room", [0x61, 0x62, 0x63, 0x64, 0x65], "abcde"],
    ["all lengths of UTF-8", [0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], "Aé€😀"],
    ["a genuine U+FFFD", [0xef, 0xbf, 0xbd], "\ufffd"],
    ["a genuine U+FFFD beside a stray byte", [0xef, 0xbf, 0xbd, 0xff], "\ufffd\udcff"],
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x41], "\ufeffA"],
    ["the first and last code points of each length", [0xc2, 0x80, 0xdf, 0xbf, 0xe0, 0xa0, 0x80], "\x80\u07ff\u0800"],
    ["the last code point", [0xf4, 0x8f, 0xbf, 0xbf], "\u{10ffff}"],
    ["a continuation byte alone", [0x80, 0xbf], "\udc80\udcbf"],
    ["overlong forms", [0xc0, 0x80, 0xc1, 0xbf, 0xe0, 0x9f, 0xbf], "\udcc0\udc80\udcc1\udcbf\udce0\udc9f\udcbf"],
    ["an overlong form of four", [0xf0, 0x8f, 0xbf, 0xbf], "\udcf0\udc8f\udcbf\udcbf"],
    ["an encoded surrogate", [0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
    ["a code point above the last", [0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
    ["bytes that begin nothing", [0xf5, 0x80, 0x80, 0x80, 0xfe, 0xff], "\udcf5\udc80\udc80\udc80\udcfe\udcff"],
    ["a sequence cut by the end", [0x41, 0xf0, 0x9f, 0x98], "A\udcf0\udc9f\udc98"],
    ["a sequence cut by a NUL", [0xe2, 0x82, 0, 0xac], "\udce2\udc82"],
    ["a sequence cut by ASCII", [0xe2, 0x82, 0x41, 0xac], "\udce2\udc82A\udcac"],
  ];
  for (const [what, bytes, text] of cases) {
    it(`decodes ${what}`, () => {
      assert.equal(decode(Uint8Array.from(bytes)), text);
    });
  }

  it("decodes ASCII of every length at every alignment", () => {
    for (let length = 0; length <= 70; length++) {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(1 + ((index * 37) % 127))).join("");
      for (const before of [1, 2, 3, 4]) assert.equal(decode(Buffer.from(text, "latin1"), before), text);
    }
  });

  it("agrees with an independent model on any bytes", () => {
    fc.assert(
      fc.property(anyBytes(), (bytes) => {
        assert.equal(decode(bytes), model(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it("loses nothing: the bytes can be had back from the text", () => {
    const { encode } = generated.variables["room"] ?? assert.fail();
    fc.assert(
      fc.property(anyBytes(), (bytes) => {
        const room = new DataView(new ArrayBuffer(300));
        encode(room, 0, decode(bytes));
        const expected = new Uint8Array(300);
        expected.set(untilNul(bytes));
        assert.deepEqual(new Uint8Array(room.buffer), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("throws rather than read beyond the view", () => {
    assert.throws(() => generated.decodeText(new DataView(Uint8Array.of(65, 65, 65, 65).buffer), 2, 3), RangeError);
  });
});

/** Bytes that are often valid UTF-8 and often nearly so. */
function anyBytes(): fc.Arbitrary<Uint8Array> {
  const valid = fc.string({ unit: "binary", maxLength: 12 }).map((text) => Buffer.from(text));
  const edge = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc1,
    0xc2,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
  );
  const stray = fc.array(edge, { maxLength: 6 }).map((bytes) => Buffer.from(bytes));
  const chunk = fc.oneof(valid, stray, fc.uint8Array({ maxLength: 6 }));
  return fc.array(chunk, { maxLength: 6 }).map((chunks) => new Uint8Array(Buffer.concat(chunks)));
}

/** What decodeText must return, by trying every length of a sequence with the platform's own strict decoder. */
function model(bytes: Uint8Array): string {
  const input = untilNul(bytes);
  let text = "";
  for (let at = 0; at < input.length;) {
    const length = [1, 2, 3, 4].find(
      (size) => at + size <= input.length && isOneCharacter(input.subarray(at, at + size)),
    );
    text +=
      length === undefined
        ? String.fromCharCode(0xdc00 + (input[at] ?? 0))
        : strict.decode(input.subarray(at, at + length));
    at += length ?? 1;
  }
  return text;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isOneCharacter(bytes: Uint8Array): boolean {
  try {
    return Array.from(strict.decode(bytes)).length === 1;
  } catch {
    return false;
  }
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}
