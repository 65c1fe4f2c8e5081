import type { ElfSymbol } from "./elf.ts";
import type { Program } from "./model.ts";

/** Returns the programs of an object by name: its global functions, but for those in .text, which programs call. */
export function findPrograms(symbols: readonly ElfSymbol[]): Program[] {
  return symbols
    .filter(({ type, global, section }) => type === "FUNC" && global && section.executable && section.name !== ".text")
    .map(({ name, section }) => ({ name, section: section.name, kind: programKind(section.name) }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** A leading `?` asks libbpf not to load the program by default. */
function programKind(section: string): string {
  return section.replace(/^\?/, "").replace(/\/.*$/, "");
}
