/** How a value of a C type lies in memory, and so what it becomes in TypeScript. */
export type Value =
  | IntegerValue
  | { readonly kind: "boolean"; readonly size: number }
  | { readonly kind: "float"; readonly size: 4 | 8 }
  | BitsValue
  | { readonly kind: "text"; readonly size: number }
  | { readonly kind: "bytes"; readonly size: number }
  | ListValue
  | { readonly kind: "record"; readonly record: RecordType };

/** An integer, an enum or a pointer: a number up to 4 bytes, a bigint of 8. */
export interface IntegerValue {
  readonly kind: "integer";
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** The type as C spells it, for messages. */
  readonly cType: string;
}

/** A bit-field: `width` bits above the lowest `shift` of an integer of `size` bytes. */
export interface BitsValue {
  readonly kind: "bits";
  readonly size: number;
  readonly shift: number;
  readonly width: number;
  readonly result: "signed" | "unsigned" | "boolean";
}

/** An array; the start of an element lies `stride` bytes after that of the one before. */
export interface ListValue {
  readonly kind: "list";
  readonly length: number;
  readonly stride: number;
  readonly element: Value;
}

/** A struct or union that gets an interface and a decoder. */
export interface RecordType {
  readonly kind: "record";
  readonly name: string;
  /** `struct exec_event`, `union value`, or the typedef's name. */
  readonly cName: string;
  readonly size: number;
  readonly fields: readonly Field[];
  /** Where a flexible array member begins, if the struct ends in one. */
  readonly flexible: { readonly name: string; readonly offset: number } | undefined;
  /** Whether it can be encoded field by field: neither it nor a record within it has unions or bit-fields. */
  readonly writable: boolean;
}

/** A field of a record, `offset` bytes from its start. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly value: Value;
}

/** An enum that gets an object of its constants. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly cName: string;
  /** Whether the constants are bigints. */
  readonly wide: boolean;
  readonly constants: readonly { readonly name: string; readonly value: bigint }[];
}

/** A program of the object. */
export interface Program {
  readonly name: string;
  readonly section: string;
  /** The section's first part, which says to libbpf what the program attaches to: `tp_btf`, `kprobe`, `xdp`. */
  readonly kind: string;
}

/** A map of the object. */
export interface MapDefinition {
  readonly name: string;
  readonly kind: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
}

/** A global variable, `offset` bytes from the start of its section. */
export interface Variable {
  readonly name: string;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly constant: boolean;
  readonly value: Value;
}

/** Everything that a generated module holds. */
export interface Module {
  readonly source: string;
  readonly objectName: string;
  readonly littleEndian: boolean;
  readonly machines: string;
  readonly programs: readonly Program[];
  readonly maps: readonly MapDefinition[];
  readonly variables: readonly Variable[];
  readonly types: readonly (RecordType | EnumType)[];
}

/** Whether a value can be encoded. */
export function isWritable(value: Value): boolean {
  if (value.kind === "list") return isWritable(value.element);
  return value.kind === "record" ? value.record.writable : value.kind !== "bits";
}

/** Returns how many bytes a value takes. */
export function valueSize(value: Value): number {
  switch (value.kind) {
    case "integer":
    case "boolean":
    case "float":
    case "bits":
    case "text":
    case "bytes":
      return value.size;
    case "list":
      return value.length * value.stride;
    case "record":
      return value.record.size;
  }
}
