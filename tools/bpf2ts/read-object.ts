import { parseBtf, type BtfDialect } from "./parse-btf.ts";
import { readSymbols } from "./elf.ts";
import { enterTypes } from "./find-types.ts";
import { findMaps } from "./maps.ts";
import type { Module } from "./model.ts";
import { createScope } from "./names.ts";
import { findPrograms } from "./programs.ts";
import { run } from "./run.ts";
import type { Toolchain } from "./toolchain.ts";
import type { TypeRegistry } from "./type-registry.ts";
import { findVariables } from "./variables.ts";

/** What an object file itself tells of the module to be generated for it. */
export type ObjectContents = Pick<Module, "programs" | "maps" | "variables" | "types">;

/** Reads programs, maps, variables and the named types out of an object file. */
export function readObject(
  object: string,
  typeNames: readonly string[],
  littleEndian: boolean,
  tools: Toolchain,
  dialect: BtfDialect,
): ObjectContents {
  const symbols = readSymbols(object, tools.readelf);
  const btf = parseBtf(run(`read the BTF of ${object}`, tools.bpftool, ["-j", "btf", "dump", "file", object]), dialect);
  const registry: TypeRegistry = { btf, littleEndian, scope: createScope(), types: new Map(), open: new Set() };
  enterTypes(registry, typeNames);
  const variables = findVariables(registry, symbols);
  return { programs: findPrograms(symbols), maps: findMaps(btf), variables, types: [...registry.types.values()] };
}
