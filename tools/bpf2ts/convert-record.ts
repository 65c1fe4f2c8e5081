import { resolve, typeAt, type BtfAggregate } from "./btf.ts";
import { convertBits } from "./convert-bits.ts";
import { flattenMembers, type FlatMember } from "./flatten-members.ts";
import { GeneratorError } from "./generator-error.ts";
import { malformed } from "./json-fields.ts";
import { isWritable, valueSize, type Field, type RecordType, type Value } from "./model.ts";
import { isPadding, propertyName } from "./names.ts";
import { nameType, routeToMember, withinType, type Route, type TypeNames, type TypeRegistry } from "./type-registry.ts";

/** Converts the type of a member; handed in, since types and structs contain each other. */
type ConvertType = (registry: TypeRegistry, id: number, route: Route) => Value;

/** Returns a struct or union with all its fields, and enters it into the registry. */
export function convertRecord(
  registry: TypeRegistry,
  id: number,
  type: BtfAggregate,
  route: Route,
  convertType: ConvertType,
): RecordType {
  const known = registry.types.get(id);
  if (known?.kind === "record") return known;
  const record = withinType(registry, id, () =>
    buildRecord(registry, type, nameType(registry, type, route), route.path, convertType),
  );
  registry.types.set(id, record);
  return record;
}

function buildRecord(
  registry: TypeRegistry,
  type: BtfAggregate,
  names: TypeNames,
  path: string,
  convertType: ConvertType,
): RecordType {
  const members = flattenMembers(registry, type).filter(({ name }) => !isPadding(name));
  const { fixed, flexible } = splitFlexible(registry, type, members);
  checkNames(members, names);
  if (flexible !== undefined) enterElement(registry, flexible, names, path, convertType);
  const fields = fixed.map((member) => convertMember(registry, type, member, names, path, convertType));
  if (fields.length === 0) throw new GeneratorError(`convert ${path} (${names.cName}): it has no fields to decode`);
  const writable = fixed.every(({ inUnion }) => !inUnion) && fields.every(({ value }) => isWritable(value));
  const end = flexible && { name: flexible.name, offset: flexible.bitOffset / 8 };
  return { kind: "record", ...names, size: type.size, fields, flexible: end, writable };
}

/** Takes a flexible array member off the end of a struct. */
function splitFlexible(
  { btf }: TypeRegistry,
  type: BtfAggregate,
  members: readonly FlatMember[],
): { readonly fixed: readonly FlatMember[]; readonly flexible: FlatMember | undefined } {
  const last = members.at(-1);
  if (last === undefined || type.kind === "union" || last.inUnion) return { fixed: members, flexible: undefined };
  const end = typeAt(btf, resolve(btf, last.target));
  if (end.kind !== "array" || end.length > 0) return { fixed: members, flexible: undefined };
  return { fixed: members.slice(0, -1), flexible: last };
}

/** The elements of a flexible array are the caller's to decode, so their type must be there. */
function enterElement(
  registry: TypeRegistry,
  { name, target }: FlatMember,
  names: TypeNames,
  path: string,
  convertType: ConvertType,
): void {
  const array = typeAt(registry.btf, resolve(registry.btf, target));
  const route = routeToMember(path, names, name);
  if (array.kind === "array") convertType(registry, array.element, { ...route, path: `${route.path}[]` });
}

function convertMember(
  registry: TypeRegistry,
  type: BtfAggregate,
  member: FlatMember,
  names: TypeNames,
  path: string,
  convertType: ConvertType,
): Field {
  const name = propertyName(member.name, `${path}.${member.name}`);
  const value = convertType(registry, member.target, routeToMember(path, names, member.name));
  if (member.bitWidth > 0) return { name, ...convertBits(member, value, type.size, registry.littleEndian) };
  const offset = member.bitOffset / 8;
  if (offset + valueSize(value) > type.size) throw malformed(`${path}.${name}`, `lies outside ${names.cName}`);
  return { name, offset, value };
}

function checkNames(members: readonly FlatMember[], { cName }: TypeNames): void {
  const names = new Set(members.map(({ name }) => name));
  if (names.size < members.length) throw malformed(cName, "has two members of one name");
}
