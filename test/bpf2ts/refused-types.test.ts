import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { GeneratorError } from "../../tools/bpf2ts/generator-error.ts";
import { readObject } from "../../tools/bpf2ts/read-object.ts";
import { findToolchain } from "../../tools/bpf2ts/toolchain.ts";
import { generateFrom, temporaryDirectory } from "./workshop.ts";

/** A C declaration, the types asked for, and what the error must say. */
type Case = readonly [what: string, c: string, types: readonly string[], message: RegExp];

const cases: readonly Case[] = [
  [
    "__int128",
    "struct huge { int a; __int128 b; };",
    ["huge"],
    /^convert huge\.b \(__int128\): integers of 16 bytes are not supported$/,
  ],
  [
    "__int128 deep within",
    "struct inner { unsigned __int128 v[2]; }; struct outer { struct inner items[3]; };",
    ["outer"],
    /^convert outer\.items\[\]\.v\[\] \(unsigned __int128\): /,
  ],
  [
    "an array without a length that is not the last member",
    "struct early { int a[0]; int b; };",
    ["early"],
    /^convert early\.a \(int\[0\]\): an array without a length is supported only at the end of a struct$/,
  ],
  [
    "an array without a length in a union",
    "union loose { int a; char b[0]; };",
    ["loose"],
    /^convert loose\.b \(char\[0\]\): an array without a length/,
  ],
  [
    "a struct that is only declared",
    "struct hidden; struct keeps { struct hidden *p; }; struct keeps kept;",
    ["hidden"],
    /^convert hidden \(struct hidden\): it is declared but not defined$/,
  ],
  [
    "a struct without fields",
    "struct blank { char pad[8]; };",
    ["blank"],
    /^convert blank \(struct blank\): it has no fields/,
  ],
  [
    "a typedef of a number",
    "typedef int number; number counted;",
    ["number"],
    /^generate number: it stands for int, and only/,
  ],
  ["a type that does not exist", "", ["nobody"], /^generate nobody: the object has no type of that name$/],
  [
    "two types of one TypeScript name",
    "struct foo_bar { int a; }; struct FooBar { int a; };",
    ["foo_bar", "FooBar"],
    /^name struct foo_bar: its TypeScript name FooBar is already that of struct FooBar$/,
  ],
  [
    "a type that takes the name of one of the module's own functions",
    "struct text { int a; };",
    ["text"],
    /^name struct text: its TypeScript name decodeText is already that of the module itself$/,
  ],
  [
    "a field that would set the prototype",
    "struct proto { int __proto__; };",
    ["proto"],
    /^name proto\.__proto__: JavaScript reserves the property name __proto__$/,
  ],
  [
    "a 64-bit enum of which the compiler kept half",
    "enum wide { WIDE = 1ULL << 40 }; struct has_wide { enum wide w; };",
    ["has_wide"],
    /^convert has_wide\.w \(enum wide\): its 64-bit constants are cut to 32 bits by clang before version 15/,
  ],
];

/** What is no name of a type that can be generated, and what to do instead. */
const misnamed: readonly (readonly [name: string, message: RegExp, hint: RegExp])[] = [
  ["struct huge", /^generate struct huge: types are named without struct$/, /^Say --type huge\.$/],
  ["enum wide", /^generate enum wide: types are named without enum$/, /^Say --type wide\.$/],
  ["int", /^generate int: it is a basic type, /, /need no --type/],
  ["unsigned int", /^generate unsigned int: it is a basic type, /, /need no --type/],
  ["void", /^generate void: it is a basic type, /, /need no --type/],
  ["huge *", /^generate huge \*: this is not the name of a type$/, /a single word/],
  ["", /^generate : this is not the name of a type$/, /a single word/],
  ["nobody", /^generate nobody: the object has no type of that name$/, /unused_nobody/],
];

describe("refused by name:", () => {
  const directory = temporaryDirectory();
  const tools = findToolchain({});
  before(() => {
    const anchors = cases.flatMap(([, c]) =>
      [...c.matchAll(/(struct|union|enum) (\w+) \{/g)].map(
        ([, keyword = "", name = ""]) => `${keyword} ${name} *u_${name};`,
      ),
    );
    generateFrom(directory, "refused", [...cases.map(([, c]) => c), ...anchors, "int i; unsigned u;"].join("\n"));
  });

  for (const [name, message, hint] of misnamed) {
    it(`'${name}'`, () => {
      const read = (): unknown =>
        readObject(join(directory, "refused_bpfel.o"), [name], true, tools, { signedEnums: false });
      assert.throws(
        read,
        (error) => error instanceof GeneratorError && message.test(error.message) && hint.test(error.hint ?? ""),
      );
    });
  }

  for (const [what, , types, message] of cases) {
    it(what, () => {
      const read = (): unknown =>
        readObject(join(directory, "refused_bpfel.o"), types, true, tools, { signedEnums: false });
      assert.throws(read, (error) => error instanceof GeneratorError && message.test(error.message));
    });
  }
});
