import type { MapDefinition, Program } from "../model.ts";
import { lineWidth } from "./expression.ts";

/** Returns the declaration of the object's programs. */
export function emitPrograms(programs: readonly Program[]): string {
  const entries = programs.map(({ name, section, kind }) =>
    entry(name, [`section: ${JSON.stringify(section)}`, `kind: ${JSON.stringify(kind)}`]),
  );
  return `/** The object's programs, by name. */\nexport const programs = ${object(entries)} as const;`;
}

/** Returns the declaration of the object's maps. */
export function emitMaps(maps: readonly MapDefinition[]): string {
  const entries = maps.map(({ name, kind, keySize, valueSize, maxEntries }) =>
    entry(name, [
      `kind: ${JSON.stringify(kind)}`,
      `keySize: ${keySize}`,
      `valueSize: ${valueSize}`,
      `maxEntries: ${maxEntries}`,
    ]),
  );
  return `/** The object's maps, by name. Sizes are in bytes. */\nexport const maps = ${object(entries)} as const;`;
}

function object(entries: readonly string[]): string {
  return entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n}`;
}

function entry(name: string, properties: readonly string[]): string {
  const line = `  ${name}: { ${properties.join(", ")} },`;
  return line.length <= lineWidth ? line : `  ${name}: {\n${properties.map((each) => `    ${each},\n`).join("")}  },`;
}
