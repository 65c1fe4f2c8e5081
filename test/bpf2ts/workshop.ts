import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { generate } from "../../tools/bpf2ts/generate.ts";
import { targets, type TargetName } from "../../tools/bpf2ts/target.ts";

/** What every generated module exports, and decoders by their name. */
export interface GeneratedModule {
  readonly objectUrl: URL;
  readonly programs: unknown;
  readonly maps: unknown;
  readonly variables: Readonly<Record<string, GeneratedVariable>>;
  readonly decodeText: (view: DataView, offset: number, size: number) => string;
}

/** An entry of a generated module's `variables`, with its type forgotten. */
export interface GeneratedVariable {
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly constant: boolean;
  readonly decode: (view: DataView, offset: number) => unknown;
  readonly encode: (view: DataView, offset: number, value: unknown) => void;
}

/** Both byte orders. */
export const bothTargets: readonly TargetName[] = ["bpfel", "bpfeb"];

/** Returns a directory whose .ts files are ES modules; it is removed when the tests of the file have ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "bpf2ts-"));
  after(() => {
    rmSync(directory, { recursive: true });
  });
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }\n');
  return directory;
}

/** Generates both modules, called `name`, for C source with warnings switched off. */
export function generateFrom(directory: string, name: string, source: string, types: readonly string[] = []): void {
  const path = join(directory, `${name}.bpf.c`);
  writeFileSync(path, source);
  generate({ name, source: { path, cflags: ["-w"] }, targets: bothTargets, types, out: directory, tools: {} });
}

/** Returns the text of a generated module. */
export function moduleText(directory: string, name: string, target: TargetName): string {
  return readFileSync(join(directory, `${name}_${target}.ts`), "utf8");
}

/** Imports a generated module. */
export async function importModule(directory: string, name: string, target: TargetName): Promise<GeneratedModule> {
  return (await import(pathToFileURL(join(directory, `${name}_${target}.ts`)).href)) as GeneratedModule;
}

/** Whether a target is little-endian. */
export function isLittleEndian(target: TargetName): boolean {
  return targets[target].littleEndian;
}
