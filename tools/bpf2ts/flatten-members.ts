import { resolve, typeAt, type BtfAggregate } from "./btf.ts";
import { malformed } from "./json-fields.ts";
import { withinType, type TypeRegistry } from "./type-registry.ts";

/** A named member, seen from the outermost struct: C11 lets the members of an unnamed member be used as its own. */
export interface FlatMember {
  readonly name: string;
  readonly target: number;
  readonly bitOffset: number;
  readonly bitWidth: number;
  /** Whether it may share its bytes with other members. */
  readonly inUnion: boolean;
}

/** Returns the members of a struct or union in the order of declaration, those of unnamed members among them. */
export function flattenMembers(
  registry: TypeRegistry,
  type: BtfAggregate,
  bitOffset = 0,
  inUnion = false,
): FlatMember[] {
  const shared = inUnion || type.kind === "union";
  return type.members.flatMap((member) => {
    const at = bitOffset + member.bitOffset;
    if (member.name !== undefined) return [{ ...member, name: member.name, bitOffset: at, inUnion: shared }];
    const id = resolve(registry.btf, member.target);
    const inner = typeAt(registry.btf, id);
    if (inner.kind !== "struct" && inner.kind !== "union") {
      throw malformed(`${type.kind} ${type.name ?? "(unnamed)"}`, "has a member with neither name nor members");
    }
    return withinType(registry, id, () => flattenMembers(registry, inner, at, shared));
  });
}
