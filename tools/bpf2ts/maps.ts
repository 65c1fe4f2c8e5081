import { resolve, typeAt, type Btf } from "./btf.ts";
import { GeneratorError } from "./generator-error.ts";
import { mapKind } from "./map-kinds.ts";
import type { MapDefinition } from "./model.ts";
import { variablesIn } from "./sections.ts";
import { sizeOf } from "./size-of.ts";

/**
 * Returns the maps of an object by name. A map is a variable in .maps whose type says it all, in libbpf's way
 * (`__uint` and `__type` in bpf_helpers.h): a number is the length of an array that a member points to, a type is what
 * a member points to.
 */
export function findMaps(btf: Btf): MapDefinition[] {
  return variablesIn(btf, (section) => section === ".maps").map(({ name, target }) => {
    const definition = typeAt(btf, resolve(btf, target));
    if (definition.kind !== "struct") throw new GeneratorError(`read the map ${name}: it is not defined by a struct`);
    const members = new Map(definition.members.map((member) => [member.name, member.target]));
    const number = (member: string): number | undefined => numberOf(btf, name, members, member);
    const size = (member: string): number | undefined => targetSize(btf, members.get(member));
    return {
      name,
      kind: mapKind(number("type") ?? 0),
      keySize: number("key_size") ?? size("key") ?? 0,
      // The values of a map of maps or of programs are file descriptors.
      valueSize: number("value_size") ?? size("value") ?? (members.has("values") ? 4 : 0),
      maxEntries: number("max_entries") ?? 0,
    };
  });
}

type Members = ReadonlyMap<string | undefined, number>;

function numberOf(btf: Btf, map: string, members: Members, member: string): number | undefined {
  const id = members.get(member);
  if (id === undefined) return undefined;
  const pointer = typeAt(btf, resolve(btf, id));
  const array = pointer.kind === "pointer" ? typeAt(btf, resolve(btf, pointer.target)) : pointer;
  if (pointer.kind === "pointer" && array.kind === "array") return array.length;
  throw new GeneratorError(`read the map ${map}: its ${member} is not a number`, `Write __uint(${member}, …).`);
}

function targetSize(btf: Btf, id: number | undefined): number | undefined {
  if (id === undefined) return undefined;
  const pointer = typeAt(btf, resolve(btf, id));
  return pointer.kind === "pointer" ? sizeOf(btf, pointer.target) : undefined;
}
