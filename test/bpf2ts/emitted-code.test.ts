import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { bothTargets, generateFrom, moduleText, temporaryDirectory } from "./workshop.ts";

/** A C declaration of the type `name`, and the code that must come of it for little-endian machines. */
interface Case {
  readonly what: string;
  readonly c: string;
  readonly type: string;
  readonly code: string;
}

const cases: readonly Case[] = [
  {
    what: "a struct with text, padding and a flexible array",
    c: "struct exec_event { unsigned kind; unsigned long long ns; char comm[16]; _Bool ok; unsigned char _pad[3]; char name[]; };",
    type: "exec_event",
    code: `
/** struct exec_event. */
export interface ExecEvent {
  readonly kind: number;
  readonly ns: bigint;
  readonly comm: string;
  readonly ok: boolean;
}

/** The bytes that struct exec_event takes. */
export const execEventSize = 40;

/** Where the fields of struct exec_event begin, in bytes from its start. */
export const execEventOffsets = {
  kind: 0,
  ns: 8,
  comm: 16,
  ok: 32,
  name: 36,
} as const;

/** Decodes the struct exec_event that begins \`offset\` bytes into \`view\`. */
export function decodeExecEvent(view: DataView, offset: number): ExecEvent {
  return {
    kind: view.getUint32(offset, true),
    ns: view.getBigUint64(offset + 8, true),
    comm: decodeText(view, offset + 16, 16),
    ok: view.getUint8(offset + 32) !== 0,
  };
}
`,
  },
  {
    what: "scalars of every size",
    c: "struct scalars { signed char a; short b; unsigned short c; int d; long long e; float f; double g; void *h; long i; char j; };",
    type: "scalars",
    code: `
  return {
    a: view.getInt8(offset),
    b: view.getInt16(offset + 2, true),
    c: view.getUint16(offset + 4, true),
    d: view.getInt32(offset + 8, true),
    e: view.getBigInt64(offset + 16, true),
    f: view.getFloat32(offset + 24, true),
    g: view.getFloat64(offset + 32, true),
    h: view.getBigUint64(offset + 40, true),
    i: view.getBigInt64(offset + 48, true),
    j: view.getInt8(offset + 56),
  };
`,
  },
  {
    what: "the types of arrays",
    c: "struct arrays { int a[2]; unsigned char b[6]; long c[2][3]; char d[2][4]; signed char e[3]; _Bool f[1]; void *g[2]; };",
    type: "arrays",
    code: `
export interface Arrays {
  readonly a: readonly number[];
  readonly b: Uint8Array;
  readonly c: readonly (readonly bigint[])[];
  readonly d: readonly string[];
  readonly e: readonly number[];
  readonly f: readonly boolean[];
  readonly g: readonly bigint[];
}
`,
  },
  {
    what: "the decoding of arrays",
    c: "struct more_arrays { int a[2]; unsigned char b[6]; long c[2][3]; char d[2][4]; };",
    type: "more_arrays",
    code: `
    a: readArray(2, offset, 4, (at) => view.getInt32(at, true)),
    b: readBytes(view, offset + 8, 6),
    c: readArray(2, offset + 16, 24, (at) => readArray(3, at, 8, (at1) => view.getBigInt64(at1, true))),
    d: readArray(2, offset + 64, 4, (at) => decodeText(view, at, 4)),
`,
  },
  {
    what: "a nested struct, and an unnamed one with a name of its own",
    c: "struct leaf { int v; }; struct tree { struct leaf left; struct { short n; } usage; struct { int z; } items[2]; };",
    type: "tree",
    code: `
    left: decodeLeaf(view, offset),
    usage: decodeTreeUsage(view, offset + 4),
    items: readArray(2, offset + 8, 4, (at) => decodeTreeItems(view, at)),
`,
  },
  {
    what: "unnamed members as if they were the struct's own",
    c: "struct flat { int a; union { int b; struct { short c; short d; }; }; };",
    type: "flat",
    code: `
    a: view.getInt32(offset, true),
    b: view.getInt32(offset + 4, true),
    c: view.getInt16(offset + 4, true),
    d: view.getInt16(offset + 6, true),
`,
  },
  {
    what: "a union by all its members",
    c: "union value { int number; unsigned char octets[4]; };",
    type: "value",
    code: `
/** Decodes the union value that begins \`offset\` bytes into \`view\`. */
export function decodeValue(view: DataView, offset: number): Value {
  return {
    number: view.getInt32(offset, true),
    octets: readBytes(view, offset, 4),
  };
}
`,
  },
  {
    what: "bit-fields",
    c: "struct bits { unsigned a : 3; int b : 5; _Bool c : 1; unsigned long long d : 40; unsigned long long e : 7; int whole; };",
    type: "bits",
    code: `
    a: view.getUint8(offset) & 7,
    b: (view.getUint8(offset) << 24) >> 27,
    c: (view.getUint8(offset + 1) & 1) !== 0,
    d: BigInt.asUintN(40, view.getBigUint64(offset, true) >> 9n),
    e: view.getUint8(offset + 6) >>> 1,
    whole: view.getInt32(offset + 8, true),
`,
  },
  {
    what: "no offset for bit-fields",
    c: "struct bits_too { unsigned a : 3; int whole; };",
    type: "bits_too",
    code: `
export const bitsTooOffsets = {
  whole: 4,
} as const;
`,
  },
  {
    what: "bit-fields that no integer of the record covers",
    c: "struct __attribute__((packed)) odd { unsigned char a : 7; unsigned b : 32; _Bool c : 1; };",
    type: "odd",
    code: `
    a: view.getUint8(offset) & 127,
    b: Number(BigInt.asUintN(32, readBits(view, offset, 5) >> 7n)),
    c: ((view.getUint8(offset + 4) >>> 7) & 1) !== 0,
`,
  },
  {
    what: "an enum with negative constants",
    c: "enum event_kind { EVENT_NONE = -1, EVENT_EXEC = 1, EVENT_LAST = EVENT_EXEC };",
    type: "event_kind",
    code: `
/** The constants of enum event_kind. */
export const EventKind = {
  EVENT_NONE: -1,
  EVENT_EXEC: 1,
  EVENT_LAST: 1,
} as const;

/** A value of enum event_kind that has a name. */
export type EventKind = (typeof EventKind)[keyof typeof EventKind];
`,
  },
  {
    what: "a field of an enum as a number of the enum's sign and size",
    c: "enum up { UP }; enum __attribute__((packed)) small { SMALL }; struct enums { enum up a; enum small b; };",
    type: "enums",
    code: `
    a: view.getUint32(offset, true),
    b: view.getUint8(offset + 4),
`,
  },
  {
    what: "a struct that only a typedef names",
    c: "typedef struct { int v; } named_later; struct wraps { const named_later inner; };",
    type: "wraps",
    code: `
export interface Wraps {
  readonly inner: NamedLater;
}
`,
  },
  {
    what: "a type whose name the generated code needs for something else",
    c: "struct object { int class; };",
    type: "object",
    code: `
export interface Object_ {
  readonly class: number;
}

/** The bytes that struct object takes. */
export const object_Size = 4;
`,
  },
];

describe("the code for", () => {
  const directory = temporaryDirectory();
  const source = cases.map(({ c, type }, index) => `${c}\n${anchor(c, type, index)}`).join("\n");
  before(() => {
    generateFrom(
      directory,
      "table",
      source,
      cases.map(({ type }) => type),
    );
  });

  for (const { what, code } of cases) {
    it(what, () => {
      const text = moduleText(directory, "table", "bpfel");
      assert.ok(text.includes(code), `${code}is not in\n${text}`);
    });
  }

  it("the other byte order differs in nothing that has a type", () => {
    const [little = "", big = ""] = bothTargets.map((target) => declaredTypes(moduleText(directory, "table", target)));
    assert.match(little, /interface ExecEvent/);
    assert.equal(big, little);
  });
});

/** Keeps a type in the object, whichever keyword declares it. */
function anchor(c: string, type: string, index: number): string {
  const keyword = ["union", "enum"].find((each) => c.startsWith(`${each} ${type} `)) ?? "struct";
  return `const ${keyword} ${type} *unused_${index} __attribute__((unused));`;
}

/** All of a module but function bodies and what names the byte order. */
function declaredTypes(text: string): string {
  return text
    .replaceAll(/^(.*function .*) \{\n(?:[^}].*\n|\n)*\}$/gm, "$1;")
    .replace(/^\/\/ (?:Little|Big)-endian.*$/m, "")
    .replace(/table_\w+/, "");
}
