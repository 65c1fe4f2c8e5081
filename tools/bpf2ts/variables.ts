import { resolve, typeAt, type Btf } from "./btf.ts";
import { convertType } from "./convert-type.ts";
import type { ElfSymbol } from "./elf.ts";
import { malformed } from "./json-fields.ts";
import { valueSize, type Variable } from "./model.ts";
import { pascalCase, propertyName } from "./names.ts";
import { variablesIn } from "./sections.ts";
import type { TypeRegistry } from "./type-registry.ts";

/**
 * Returns the global variables that libbpf keeps in maps, by name, and enters their types into the registry. Static
 * variables are the C file's own affair. Pointers are left out: they mean nothing outside the kernel, and most exist only
 * to keep a type in the object.
 */
export function findVariables(registry: TypeRegistry, symbols: readonly ElfSymbol[]): Variable[] {
  return variablesIn(registry.btf, isDataSection)
    .filter(({ target, linkage }) => linkage === "global" && !holdsPointers(registry.btf, target))
    .map(({ name, section, target }) => {
      const symbol = symbols.find((candidate) => candidate.name === name && candidate.section.name === section);
      const value = convertType(registry, target, { path: name, typedef: undefined, derived: pascalCase(name) });
      if (symbol === undefined) throw malformed(`variable ${name}`, `has no symbol in section ${section}`);
      // It may be larger: an initialised flexible array member counts for the symbol alone.
      if (symbol.size < valueSize(value)) throw malformed(`variable ${name}`, "is smaller than its type");
      const { offset, size } = symbol;
      const constant = section.startsWith(".rodata");
      return { name: propertyName(name, `the variable ${name}`), section, offset, size, constant, value };
    });
}

/** libbpf makes maps of these sections, and of no other that holds variables. */
function isDataSection(section: string): boolean {
  return /^\.(?:data|rodata|bss)(?:\..+)?$/.test(section);
}

function holdsPointers(btf: Btf, id: number): boolean {
  let type = typeAt(btf, resolve(btf, id));
  for (let depth = 0; type.kind === "array" && depth < btf.length; depth++) {
    type = typeAt(btf, resolve(btf, type.element));
  }
  return type.kind === "pointer";
}
