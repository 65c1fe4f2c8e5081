import type { BtfEnum } from "./btf.ts";
import { propertyName } from "./names.ts";
import { nameType, unsupported, type Route, type TypeRegistry } from "./type-registry.ts";

/** Enters an enum with its constants into the registry. */
export function convertEnum(registry: TypeRegistry, id: number, type: BtfEnum, route: Route): void {
  if (registry.types.has(id)) return;
  if (type.values.length === 0) throw unsupported(registry, id, route.path, "it is declared but not defined");
  if (type.cut) {
    const why = "its 64-bit constants are cut to 32 bits by clang before version 15; compile with a newer one";
    throw unsupported(registry, id, route.path, why);
  }
  const names = nameType(registry, type, route);
  const constants = type.values.map(({ name, value }) => ({ name: propertyName(name, names.cName), value }));
  registry.types.set(id, { kind: "enum", ...names, wide: type.size === 8, constants });
}
