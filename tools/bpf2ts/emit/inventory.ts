import type { MapDefinition, Program } from "../model.ts";
import { lineWidth, printExpression } from "./expression.ts";

/** Returns the declaration of the object's programs. */
export function emitPrograms(programs: readonly Program[]): string {
  const entries = programs.map(({ name, section, kind }) =>
    entry(name, { section: JSON.stringify(section), kind: JSON.stringify(kind) }),
  );
  return `/** The object's programs, by name. */\nexport const programs = ${object(entries)} as const;`;
}

/** Returns the declaration of the object's maps. */
export function emitMaps(maps: readonly MapDefinition[]): string {
  const entries = maps.map(({ name, kind, keySize, valueSize, maxEntries }) =>
    entry(name, {
      kind: JSON.stringify(kind),
      keySize: String(keySize),
      valueSize: String(valueSize),
      maxEntries: String(maxEntries),
    }),
  );
  return `/** The object's maps, by name. Sizes are in bytes. */\nexport const maps = ${object(entries)} as const;`;
}

function object(entries: readonly string[]): string {
  return entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n}`;
}

function entry(name: string, properties: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(properties);
  const line = `  ${name}: { ${pairs.map(([key, code]) => `${key}: ${code}`).join(", ")} },`;
  if (line.length <= lineWidth) return line;
  return `  ${name}: {\n${pairs.map(([key, code]) => printExpression("    ", `${key}: `, code, ",")).join("\n")}\n  },`;
}
