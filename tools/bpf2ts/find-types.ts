import { resolve, typeAt, type Btf } from "./btf.ts";
import { convertType } from "./convert-type.ts";
import { describeType } from "./describe-type.ts";
import { GeneratorError } from "./generator-error.ts";
import type { TypeRegistry } from "./type-registry.ts";

/** Enters the types with these C names, and all that they contain, into the registry. */
export function enterTypes(registry: TypeRegistry, names: readonly string[]): void {
  for (const name of [...new Set(names)].sort()) {
    const id = findType(registry.btf, name);
    const { kind } = typeAt(registry.btf, resolve(registry.btf, id));
    if (kind !== "struct" && kind !== "union" && kind !== "enum" && kind !== "forward") {
      const target = describeType(registry.btf, resolve(registry.btf, id));
      throw new GeneratorError(
        `generate ${name}: it stands for ${target}, and only structs, unions and enums are generated`,
      );
    }
    convertType(registry, id, { path: name, typedef: undefined, derived: name });
  }
}

/** Returns the id of the struct, union or enum of that name, or else of the typedef. */
function findType(btf: Btf, name: string): number {
  const named = [...btf.keys()].filter((id) => nameAt(btf, id) === name);
  const tagged = named.filter((id) => ["struct", "union", "enum"].includes(typeAt(btf, id).kind));
  const [id, other] = tagged.length > 0 ? tagged : named;
  if (id === undefined) {
    checkName(btf, name);
    const hint = `The compiler keeps only types in use; keep it with: const struct ${name} *unused_${name} __attribute__((unused));`;
    throw new GeneratorError(`generate ${name}: the object has no type of that name`, hint);
  }
  if (other === undefined) return id;
  throw new GeneratorError(`generate ${name}: the object has several different types of that name`);
}

/** Throws if a name cannot be that of a type which is generated. */
function checkName(btf: Btf, name: string): void {
  const [, keyword, rest] = /^(struct|union|enum)\s+(\w+)$/.exec(name) ?? [];
  if (keyword !== undefined && rest !== undefined) {
    throw new GeneratorError(`generate ${name}: types are named without ${keyword}`, `Say --type ${rest}.`);
  }
  const isBasic = [...btf.values()].some((type) => basic.has(type.kind) && "name" in type && type.name === name);
  if (isBasic || name === "void") {
    throw new GeneratorError(
      `generate ${name}: it is a basic type, and only structs, unions and enums are generated`,
      "Those of the program's variables and of fields need no --type.",
    );
  }
  if (!/^\w+$/.test(name)) {
    throw new GeneratorError(`generate ${name}: this is not the name of a type`, "It is a single word: --type event.");
  }
}

const basic: ReadonlySet<string> = new Set(["integer", "float"]);

function nameAt(btf: Btf, id: number): string | undefined {
  const type = typeAt(btf, id);
  return nameable.has(type.kind) && "name" in type ? type.name : undefined;
}

const nameable: ReadonlySet<string> = new Set(["struct", "union", "enum", "typedef", "forward"]);
