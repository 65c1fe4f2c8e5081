import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resolve, type Btf } from "../../tools/bpf2ts/btf.ts";
import { emitModule } from "../../tools/bpf2ts/emit/module.ts";
import { enterTypes } from "../../tools/bpf2ts/find-types.ts";
import { GeneratorError } from "../../tools/bpf2ts/generator-error.ts";
import { findMaps } from "../../tools/bpf2ts/maps.ts";
import { createScope } from "../../tools/bpf2ts/names.ts";
import { parseBtf } from "../../tools/bpf2ts/parse-btf.ts";
import type { TypeRegistry } from "../../tools/bpf2ts/type-registry.ts";

const int = { kind: "INT", name: "int", size: 4, bits_offset: 0, nr_bits: 32, encoding: "SIGNED" };

describe("parseBtf", () => {
  it("reads 64-bit enums exactly, which JSON.parse alone would round", () => {
    const json = `{"types":[{"id":1,"kind":"ENUM64","name":"wide","encoding":"UNSIGNED","size":8,"vlen":2,"values":[
      {"name":"A","val":18446744073709551615},{"name":"B","val":9007199254740993}]}]}`;
    assert.match(
      moduleOf(parseBtf(json, { signedEnums: true }), "wide"),
      /A: 18446744073709551615n,\n {2}B: 9007199254740993n,/,
    );
  });

  const printed: readonly (readonly [what: string, entry: object, signedEnums: boolean, constants: RegExp])[] = [
    ["a negative constant", enumOf("SIGNED", "-1"), true, /A: -1,/],
    ["a negative constant without a recorded sign", enumOf("UNSIGNED", "18446744073709551615"), false, /A: -1,/],
    ["a large constant of an unsigned enum", enumOf("UNSIGNED", "18446744071562067968"), true, /A: 2147483648,/],
    ["a large constant as newer bpftool prints it", enumOf("UNSIGNED", "2147483648"), true, /A: 2147483648,/],
  ];
  for (const [what, entry, signedEnums, constants] of printed) {
    it(`reads ${what}`, () => {
      assert.match(moduleOf(parseBtf(jsonOf([entry]), { signedEnums }), "e"), constants);
    });
  }

  const damaged: readonly (readonly [what: string, types: unknown, message: RegExp])[] = [
    ["no list of types", undefined, /bpftool's output has no list "types"/],
    ["a type that is no object", [7], /types\[0\] is not an object/],
    ["a type without a kind", [{}], /has no valid "kind"/],
    ["an id out of order", [{ ...int, id: 2 }], /type 2 stands where type 1 should/],
    ["a negative size", [{ ...int, size: -4 }], /type 1 \(INT\) has no valid "size"/],
    ["a size that is text", [{ ...int, size: "4" }], /type 1 \(INT\) has no valid "size"/],
    ["a name that is none in C", [structOf({ name: "a;b" })], /has the name "a;b", which is none in C/],
    ["a member outside its struct", [structOf({ bits_offset: 64 }), int], /members\[0\] lies outside its struct/],
    ["a member within a byte", [structOf({ bits_offset: 3 }), int], /members\[0\] has an impossible position/],
    ["a bit-field too wide", [structOf({ bitfield_size: 33 }), int], /lies outside its struct/],
    ["a member larger than its struct", [{ ...structOf({}), size: 2 }, int], /s\.m lies outside struct s/],
    ["a member of a type that does not exist", [structOf({ type_id: 99 })], /type 99 is referred to but missing/],
    ["a member that is void", [structOf({ type_id: 0 })], /s\.m \(void\): values of this kind/],
    [
      "two members of one name",
      [{ ...structOf({}), members: [member({}), member({})] }, int],
      /two members of one name/,
    ],
    [
      "an unnamed member that is no struct",
      [structOf({ name: "(anon)" }), int],
      /has a member with neither name nor members/,
    ],
    ["a struct within itself", [structOf({ type_id: 1 })], /type 1 contains itself/],
    ["an unnamed struct within itself", [structOf({ name: "(anon)", type_id: 1 })], /type 1 contains itself/],
    ["an array of itself", [structOf({ type_id: 2 }), array(2, 1)], /type 2 contains itself/],
    ["an array larger than its struct", [structOf({ type_id: 2 }), array(3, 4e9), int], /s\.m lies outside struct s/],
    ["a typedef of itself", [structOf({ type_id: 2 }), typedef(3), typedef(2)], /type 2 is a typedef of itself/],
    [
      "a bit-field that is a pointer to nothing in C",
      [structOf({ bitfield_size: 3, type_id: 2 }), array(3, 1), int],
      /bit-field m/,
    ],
    [
      "an integer that does not fill its bytes",
      [structOf({}), { ...int, nr_bits: 5 }],
      /s\.m \(int\): it does not fill/,
    ],
  ];
  for (const [what, types, message] of damaged) {
    it(`refuses ${what}`, () => {
      const generate = (): unknown => moduleOf(parseBtf(jsonOf(types), { signedEnums: true }), "s");
      assert.throws(generate, (error) => error instanceof GeneratorError && message.test(error.message));
    });
  }

  it("refuses output that is not JSON", () => {
    assert.throws(() => parseBtf("Segmentation fault", { signedEnums: true }), GeneratorError);
  });

  it("follows a long chain of typedefs", () => {
    const chain = Array.from({ length: 1000 }, (_, index) => typedef(index + 2));
    assert.equal(resolve(parseBtf(jsonOf([...chain, int]), { signedEnums: true }), 1), 1001);
  });

  it("refuses a map whose type is no number", () => {
    const variable = { kind: "VAR", name: "m", type_id: 1, linkage: "global" };
    const section = { kind: "DATASEC", name: ".maps", vars: [{ type_id: 3 }] };
    const btf = parseBtf(jsonOf([structOf({ name: "type" }), int, variable, section]), { signedEnums: true });
    assert.throws(() => findMaps(btf), /^GeneratorError: read the map m: its type is not a number$/);
  });
});

function member(fields: object): object {
  return { name: "m", type_id: 2, bits_offset: 0, ...fields };
}

function structOf(fields: object): object {
  return { kind: "STRUCT", name: "s", size: 4, members: [member(fields)] };
}

function array(element: number, length: number): object {
  return { kind: "ARRAY", name: "(anon)", type_id: element, nr_elems: length };
}

function typedef(target: number): object {
  return { kind: "TYPEDEF", name: "t", type_id: target };
}

/** An enum with one constant, given as bpftool prints it; JSON.stringify would round it. */
function enumOf(encoding: string, val: string): object {
  return { kind: "ENUM", name: "e", encoding, size: 4, values: [{ name: "A", val }] };
}

/** bpftool's output for types that get their ids by position. */
function jsonOf(types: unknown): string {
  const withIds = Array.isArray(types)
    ? types.map((type: unknown, index) => (typeof type === "object" ? { id: index + 1, ...type } : type))
    : types;
  return JSON.stringify({ types: withIds }).replaceAll(/"val":"(-?\d+)"/g, '"val":$1');
}

function moduleOf(btf: Btf, type: string): string {
  const registry: TypeRegistry = { btf, littleEndian: true, scope: createScope(), types: new Map(), open: new Set() };
  enterTypes(registry, [type]);
  const nothing = { programs: [], maps: [], variables: [] };
  const origin = { source: "a.bpf.c", objectName: "a.o", littleEndian: true, machines: "" };
  return emitModule({ ...origin, ...nothing, types: [...registry.types.values()] });
}
