import { malformed } from "./json-fields.ts";

/** The types of an object by their id, as the compiler recorded them; id 0 is `void`. */
export type Btf = readonly BtfType[];

/** One type. References to others are ids. */
export type BtfType =
  | { readonly kind: "void" }
  | BtfInteger
  | { readonly kind: "float"; readonly name: string; readonly size: number }
  | { readonly kind: "pointer"; readonly target: number }
  | { readonly kind: "array"; readonly element: number; readonly length: number }
  | BtfAggregate
  | BtfEnum
  | { readonly kind: "forward"; readonly name: string; readonly keyword: string }
  | { readonly kind: "typedef"; readonly name: string; readonly target: number }
  | { readonly kind: "qualifier"; readonly target: number }
  | { readonly kind: "function" }
  | { readonly kind: "variable"; readonly name: string; readonly target: number; readonly linkage: string }
  | { readonly kind: "section"; readonly name: string; readonly variables: readonly number[] }
  | { readonly kind: "other"; readonly name: string };

/** `char` and `unsigned char` are told apart from one-byte integers by name: the encoding does not. */
export interface BtfInteger {
  readonly kind: "integer";
  readonly name: string;
  readonly size: number;
  readonly encoding: "unsigned" | "signed" | "boolean";
  /** Whether the value fills its bytes; DWARF-era bit-field types do not. */
  readonly whole: boolean;
}

/** A struct or union; `name` is undefined where C gives none. */
export interface BtfAggregate {
  readonly kind: "struct" | "union";
  readonly name: string | undefined;
  readonly size: number;
  readonly members: readonly BtfMember[];
}

/** A member of a struct or union; `bitWidth` is 0 unless it is a bit-field. */
export interface BtfMember {
  readonly name: string | undefined;
  readonly target: number;
  /** Counted from the first byte's lowest bit on little-endian targets, from its highest on big-endian ones. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/** An enumeration; `cut` says that the compiler recorded only the low 32 bits of 64-bit values. */
export interface BtfEnum {
  readonly kind: "enum";
  readonly name: string | undefined;
  readonly size: number;
  readonly signed: boolean;
  readonly cut: boolean;
  readonly values: readonly { readonly name: string; readonly value: bigint }[];
}

/** Returns the type with an id; throws if there is none. */
export function typeAt(btf: Btf, id: number): BtfType {
  const type = btf[id];
  if (type === undefined) throw malformed(`type ${id}`, "is referred to but missing");
  return type;
}

/** Follows typedefs and qualifiers to the id of the type they stand for; throws if they run in a circle. */
export function resolve(btf: Btf, id: number): number {
  let at = id;
  for (let steps = 0; steps <= btf.length; steps++) {
    const type = typeAt(btf, at);
    if (type.kind !== "typedef" && type.kind !== "qualifier") return at;
    at = type.target;
  }
  throw malformed(`type ${id}`, "is a typedef of itself");
}
