import { findElfSection } from "./elf-section.ts";

/** Bytes of a `struct btf_type` (include/uapi/linux/btf.h). */
const TYPE_SIZE = 12;

/** What stands behind a `struct btf_type` of a kind. */
interface Layout {
  /** Bytes of each entry, and whether there are as many as the type says; else there is one. */
  readonly entrySize: number;
  readonly isList?: true;
  /** Where in an entry there are offsets of names, and numbers of types. */
  readonly names: readonly number[];
  readonly types: readonly number[];
  /** Whether the type itself holds the number of another. */
  readonly refers: boolean;
  /** Whether it is another type with something added, or with another name. */
  readonly isAlias?: true;
}

const nothing = { entrySize: 0, names: [], types: [] } as const;
const plain: Layout = { ...nothing, refers: false };
const pointer: Layout = { ...nothing, refers: true };
const alias: Layout = { ...pointer, isAlias: true };
const members: Layout = { entrySize: 12, isList: true, names: [0], types: [4], refers: false };

const FUNC = 12;
const FUNC_PROTO = 13;

/** By kind: BTF_KIND_INT is 1. */
const layouts: readonly (Layout | undefined)[] = [
  undefined,
  { ...plain, entrySize: 4 }, // INT
  pointer,
  { ...plain, entrySize: 12, types: [0, 4] }, // ARRAY
  members, // STRUCT
  members, // UNION
  { ...plain, entrySize: 8, isList: true, names: [0] }, // ENUM
  plain, // FWD
  alias, // TYPEDEF
  alias, // VOLATILE
  alias, // CONST
  alias, // RESTRICT
  pointer, // FUNC
  { entrySize: 8, isList: true, names: [0], types: [4], refers: true }, // FUNC_PROTO
  { ...pointer, entrySize: 4 }, // VAR
  { ...plain, entrySize: 12, isList: true, types: [0] }, // DATASEC
  plain, // FLOAT
  { ...pointer, entrySize: 4 }, // DECL_TAG
  alias, // TYPE_TAG
  { ...plain, entrySize: 12, isList: true, names: [0] }, // ENUM64
];

/** Aliases of aliases that may follow one another, as the kernel allows it. */
const MAX_DEPTH = 32;

/**
 * Says what is wrong with the BTF of an object, so far as libbpf before 1.3 does not look: it goes where a type's number
 * leads, and crashes or never comes back. Undefined if nothing is, if there is none, or if libbpf finds what is.
 */
export function findBtfDamage(object: Uint8Array): string | undefined {
  const section = findElfSection(object, ".BTF");
  if (section === undefined || section.view.byteLength < 24) return undefined;
  const { view, littleEndian } = section;
  const word = (at: number) => view.getUint32(at, littleEndian);
  const [header, typesAt, typesSize, , namesSize] = [4, 8, 12, 16, 20].map(word) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const start = header + typesAt;
  const end = start + typesSize;
  if (end > view.byteLength) return undefined;

  const types: { readonly at: number; readonly kind: number; readonly layout: Layout; readonly length: number }[] = [];
  for (let at = start; at + TYPE_SIZE <= end;) {
    const info = word(at + 4);
    const kind = (info >>> 24) & 0x1f;
    const layout = layouts[kind];
    if (layout === undefined) return undefined;
    const length = layout.isList === true ? info & 0xffff : 1;
    types.push({ at, kind, layout, length });
    at += TYPE_SIZE + length * layout.entrySize;
    if (at > end) return undefined;
  }

  /** Whether there is a type of that number; 0 is void. */
  const isType = (number: number) => number <= types.length;
  for (const [index, { at, kind, layout, length }] of types.entries()) {
    const what = `type ${index + 1}`;
    if (word(at) >= namesSize) return `${what} has its name beyond the names`;
    if (layout.refers && !isType(word(at + 8))) return `${what} refers to type ${word(at + 8)} of ${types.length}`;
    if (kind === FUNC && types[word(at + 8) - 1]?.kind !== FUNC_PROTO)
      return `${what} is a function without a prototype`;
    for (let entry = at + TYPE_SIZE; entry < at + TYPE_SIZE + length * layout.entrySize; entry += layout.entrySize) {
      if (layout.names.some((offset) => word(entry + offset) >= namesSize))
        return `${what} names a part beyond the names`;
      const wrong = layout.types.map((offset) => word(entry + offset)).find((number) => !isType(number));
      if (wrong !== undefined) return `${what} refers to type ${wrong} of ${types.length}`;
    }
    let depth = 0;
    for (let next = types[index]; next?.layout.isAlias === true; next = types[word(next.at + 8) - 1]) {
      if (++depth > MAX_DEPTH) return `${what} is an alias of aliases without end`;
    }
  }
  return undefined;
}
