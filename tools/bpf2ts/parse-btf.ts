import type { Btf, BtfAggregate, BtfEnum, BtfInteger, BtfMember, BtfType } from "./btf.ts";
import { asObject, integerField, listField, malformed, stringField, type JsonObject } from "./json-fields.ts";

/** What the BTF of a compiler leaves out. */
export interface BtfDialect {
  /** Whether the compiler records that an enum is signed; clang does so from version 15. */
  readonly signedEnums: boolean;
}

/** Returns the types in the output of `bpftool -j btf dump`; throws if anything in it is not as it must be. */
export function parseBtf(json: string, dialect: BtfDialect): Btf {
  const types: BtfType[] = [{ kind: "void" }];
  for (const entry of listField(asObject(parseJson(json), "bpftool's output"), "types")) {
    const id = integerField(entry, "id");
    const kind = stringField(entry, "kind");
    if (id !== types.length) throw malformed(`type ${id}`, `stands where type ${types.length} should`);
    types.push(parseType({ where: `type ${id} (${kind})`, fields: entry.fields }, kind, dialect));
  }
  return types;
}

/** Parses JSON whose enum values may exceed 2^53: they become strings, since JSON.parse would round them. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json.replaceAll(/"val":\s*(-?\d+)/g, '"val":"$1"'));
  } catch {
    throw malformed("bpftool's output", "is not JSON");
  }
}

function parseType(entry: JsonObject, kind: string, dialect: BtfDialect): BtfType {
  switch (kind) {
    case "INT":
      return parseInteger(entry);
    case "FLOAT":
      return { kind: "float", name: stringField(entry, "name"), size: integerField(entry, "size") };
    case "PTR":
      return { kind: "pointer", target: integerField(entry, "type_id") };
    case "ARRAY":
      return { kind: "array", element: integerField(entry, "type_id"), length: integerField(entry, "nr_elems") };
    case "STRUCT":
    case "UNION":
      return parseAggregate(entry, kind === "STRUCT" ? "struct" : "union");
    case "ENUM":
    case "ENUM64":
      return parseEnum(entry, kind === "ENUM64", dialect);
    case "FWD":
      return { kind: "forward", name: identifier(entry), keyword: stringField(entry, "fwd_kind") };
    case "TYPEDEF":
      return { kind: "typedef", name: identifier(entry), target: integerField(entry, "type_id") };
    case "CONST":
    case "VOLATILE":
    case "RESTRICT":
    case "TYPE_TAG":
      return { kind: "qualifier", target: integerField(entry, "type_id") };
    case "FUNC":
    case "FUNC_PROTO":
      return { kind: "function" };
    case "VAR":
      return parseVariable(entry);
    case "DATASEC":
      return parseSection(entry);
    default:
      return { kind: "other", name: kind };
  }
}

function parseInteger(entry: JsonObject): BtfInteger {
  const size = integerField(entry, "size");
  const encoding = stringField(entry, "encoding");
  return {
    kind: "integer",
    // C spells types such as `long long` with spaces.
    name: stringField(entry, "name"),
    size,
    encoding: encoding === "BOOL" ? "boolean" : encoding === "SIGNED" ? "signed" : "unsigned",
    whole: integerField(entry, "nr_bits") === 8 * size && integerField(entry, "bits_offset") === 0,
  };
}

function parseAggregate(entry: JsonObject, kind: "struct" | "union"): BtfAggregate {
  const size = integerField(entry, "size");
  const members = listField(entry, "members").map((member) => parseMember(member, size));
  return { kind, name: optionalIdentifier(entry), size, members };
}

function parseMember(entry: JsonObject, size: number): BtfMember {
  const bitOffset = integerField(entry, "bits_offset");
  const bitWidth = "bitfield_size" in entry.fields ? integerField(entry, "bitfield_size") : 0;
  if (bitOffset + bitWidth > 8 * size) throw malformed(entry.where, "lies outside its struct");
  const possible = bitWidth === 0 ? bitOffset % 8 === 0 : bitWidth <= 64;
  if (!possible) throw malformed(entry.where, "has an impossible position");
  return { name: optionalIdentifier(entry), target: integerField(entry, "type_id"), bitOffset, bitWidth };
}

/**
 * Values come as bpftool prints them: 32-bit ones cut, sign-extended or not. The size and the sign decide what they are.
 * Without a recorded sign, a value above INT_MAX is taken to be a negative one, which it nearly always is.
 */
function parseEnum(entry: JsonObject, wide: boolean, dialect: BtfDialect): BtfEnum {
  const size = integerField(entry, "size");
  const bits = wide ? 64 : 32;
  const raw = listField(entry, "values").map((value) => ({ name: identifier(value), value: enumValue(value) }));
  const guessed = !dialect.signedEnums && raw.some(({ value }) => BigInt.asIntN(bits, value) < 0n);
  const signed = stringField(entry, "encoding") === "SIGNED" || guessed;
  const values = raw.map(({ name, value }) => ({
    name,
    value: signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value),
  }));
  return { kind: "enum", name: optionalIdentifier(entry), size, signed, cut: size === 8 && !wide, values };
}

function enumValue(entry: JsonObject): bigint {
  const text = stringField(entry, "val");
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw malformed(entry.where, 'has no valid "val"');
}

function parseVariable(entry: JsonObject): BtfType {
  const [name, target] = [identifier(entry), integerField(entry, "type_id")];
  return { kind: "variable", name, target, linkage: stringField(entry, "linkage") };
}

function parseSection(entry: JsonObject): BtfType {
  const variables = listField(entry, "vars").map((variable) => integerField(variable, "type_id"));
  return { kind: "section", name: stringField(entry, "name"), variables };
}

/** The name of something that C gives one; a function's static variable `seen` is called `handle_exec.seen`. */
function identifier(entry: JsonObject): string {
  const name = stringField(entry, "name");
  if (/^[A-Za-z_][\w.]*$/.test(name)) return name;
  throw malformed(entry.where, `has the name ${JSON.stringify(name)}, which is none in C`);
}

function optionalIdentifier(entry: JsonObject): string | undefined {
  return stringField(entry, "name") === "(anon)" ? undefined : identifier(entry);
}
