import type { Btf, BtfAggregate, BtfEnum } from "./btf.ts";
import { describeType } from "./describe-type.ts";
import { GeneratorError } from "./generator-error.ts";
import { malformed } from "./json-fields.ts";
import type { EnumType, RecordType } from "./model.ts";
import { camelCase, claim, pascalCase, typeName, type Scope } from "./names.ts";

/** What the conversion of an object's types works on and fills. */
export interface TypeRegistry {
  readonly btf: Btf;
  readonly littleEndian: boolean;
  readonly scope: Scope;
  /** The structs, unions and enums converted so far, by their id. */
  readonly types: Map<number, RecordType | EnumType>;
  /** The ids whose conversion has begun but not ended; meeting one again means that it contains itself. */
  readonly open: Set<number>;
}

/** The name of a type as C and as TypeScript have it. */
export interface TypeNames {
  readonly cName: string;
  readonly name: string;
}

/**
 * How a type was reached: `path` as in `exec_event.header`, for messages; the typedef in front of the type, if any; and
 * the TypeScript name that it gets if C gives it none.
 */
export interface Route {
  readonly path: string;
  readonly typedef: string | undefined;
  readonly derived: string;
}

/** Returns the route to a member of the type that has come by `names`. */
export function routeToMember(path: string, names: TypeNames, member: string): Route {
  return { path: `${path}.${member}`, typedef: undefined, derived: names.name + pascalCase(member) };
}

/** Names a struct, union or enum and takes that name, and those made of it, for it alone. */
export function nameType(registry: TypeRegistry, type: BtfAggregate | BtfEnum, route: Route): TypeNames {
  const names = namesOf(type, route);
  const camel = camelCase(names.name);
  const own =
    type.kind === "enum" ? [] : [`${camel}Size`, `${camel}Offsets`, `decode${names.name}`, `encode${names.name}`];
  for (const name of [names.name, ...own]) claim(registry.scope, name, names.cName);
  return names;
}

function namesOf(type: BtfAggregate | BtfEnum, { path, typedef, derived }: Route): TypeNames {
  if (type.name !== undefined) return { cName: `${type.kind} ${type.name}`, name: typeName(type.name) };
  if (typedef !== undefined) return { cName: typedef, name: typeName(typedef) };
  return { cName: `the unnamed ${type.kind} of ${path}`, name: typeName(derived) };
}

/** Runs the conversion of a type that may contain others; throws if it is under way already. */
export function withinType<Result>(registry: TypeRegistry, id: number, convert: () => Result): Result {
  if (registry.open.has(id)) throw malformed(`type ${id}`, "contains itself");
  registry.open.add(id);
  const result = convert();
  registry.open.delete(id);
  return result;
}

/** The error for a type that has no TypeScript form. */
export function unsupported(registry: TypeRegistry, id: number, path: string, why: string): GeneratorError {
  return new GeneratorError(`convert ${path} (${describeType(registry.btf, id)}): ${why}`);
}
