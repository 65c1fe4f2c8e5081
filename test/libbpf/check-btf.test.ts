import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findBtfDamage } from "../../src/libbpf/check-btf.ts";
import { findElfSection } from "../../src/libbpf/elf-section.ts";
import { EbpfError } from "../../src/errors.ts";
import { BpfObject } from "../../src/libbpf/object.ts";
import { compileSmallObject } from "./small-object.ts";

const object = compileSmallObject();

/** The object with a 32-bit word of its BTF changed. */
function withWord(at: number, change: (word: number) => number): Uint8Array {
  const copy = Uint8Array.from(object);
  const { view, littleEndian } = section(copy);
  view.setUint32(at, change(view.getUint32(at, littleEndian)), littleEndian);
  return copy;
}

function section(of: Uint8Array) {
  const found = findElfSection(of, ".BTF");
  assert.ok(found);
  return found;
}

/** Where the first type of a kind that has no entries stands; those before it may have. */
function placeOf(kind: number): number {
  const { view, littleEndian } = section(object);
  const sizes = [0, 4, 0, 12, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 4, 12, 0, 4, 0, 12];
  const lists = [4, 5, 6, 13, 15, 19];
  for (let at = view.getUint32(4, littleEndian); ;) {
    const info = view.getUint32(at + 4, littleEndian);
    const found = (info >>> 24) & 0x1f;
    if (found === kind) return at;
    at += 12 + (lists.includes(found) ? info & 0xffff : 1) * (sizes[found] ?? 0);
  }
}

const [STRUCT, TYPEDEF, FUNC] = [4, 8, 12];

describe("findBtfDamage", () => {
  it("finds none in what a compiler made, nor where there is no BTF, nor an object", () => {
    for (const bytes of [object, object.subarray(0, 100), new Uint8Array(), Buffer.alloc(1000)]) {
      assert.equal(findBtfDamage(bytes), undefined);
    }
  });

  const damages: [name: string, at: number, change: (word: number) => number, text: RegExp][] = [
    ["a name beyond the names", placeOf(STRUCT), () => 1 << 20, /has its name beyond the names/],
    ["a member's name beyond them", placeOf(STRUCT) + 12, () => 1 << 20, /names a part beyond the names/],
    ["a member of a type that is not there", placeOf(STRUCT) + 16, () => 9999, /refers to type 9999 of \d+/],
    ["an alias of a type that is not there", placeOf(TYPEDEF) + 8, () => 9999, /refers to type 9999 of \d+/],
    ["a function without a prototype", placeOf(FUNC) + 8, () => 1, /is a function without a prototype/],
  ];
  for (const [name, at, change, text] of damages) {
    it(`finds ${name}, and opening says so`, () => {
      const bytes = withWord(at, change);
      assert.match(findBtfDamage(bytes) ?? "", text);
      assert.throws(
        () => BpfObject.open(bytes, { name: "damaged" }),
        (error) =>
          error instanceof EbpfError &&
          error.code === "OBJECT_INVALID" &&
          error.message.startsWith("open BPF object damaged: EINVAL (its BTF is damaged: type "),
      );
    });
  }

  it("finds aliases of each other, which have no end", () => {
    const at = placeOf(TYPEDEF);
    const own = Array.from({ length: 200 }, (_, number) => withWord(at + 8, () => number));
    assert.ok(own.some((bytes) => (findBtfDamage(bytes) ?? "").includes("is an alias of aliases without end")));
  });
});
