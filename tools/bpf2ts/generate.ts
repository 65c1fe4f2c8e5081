import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, recordsSignedEnums, type Source } from "./compile.ts";
import { emitModule } from "./emit/module.ts";
import { makeDirectory } from "./make-directory.ts";
import { replaceChanged } from "./replace-changed.ts";
import { readObject } from "./read-object.ts";
import { targets, type TargetName } from "./target.ts";
import { findToolchain, type Toolchain } from "./toolchain.ts";

/** What to generate, and from what. */
export interface GenerateOptions {
  /** The output files are `<name>_bpfel.o` and so on. */
  readonly name: string;
  readonly source: Source;
  readonly targets: readonly TargetName[];
  /** C names of structs, unions, enums and typedefs; what they contain comes with them. */
  readonly types: readonly string[];
  /** The directory for the output; made if it does not exist. */
  readonly out: string;
  /** Programs to use instead of those that are found. */
  readonly tools: Partial<Toolchain>;
}

/**
 * Compiles the source and writes an object and a module for each target. Replaces files only once everything has
 * succeeded, and only those whose content has changed. Throws a GeneratorError for every expected failure.
 */
export function generate(options: GenerateOptions): void {
  const tools = findToolchain(options.tools);
  makeDirectory(options.out);
  const work = mkdtempSync(join(options.out, ".bpf2ts-"));
  try {
    const names = options.targets.flatMap((target) => generateTarget(options, target, tools, work));
    for (const name of names) replaceChanged(join(work, name), join(options.out, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes the files for one target into `work` and returns their names. */
function generateTarget(options: GenerateOptions, name: TargetName, tools: Toolchain, work: string): string[] {
  const { source, types } = options;
  const { littleEndian, machines } = targets[name];
  const objectName = `${options.name}_${name}.o`;
  const moduleName = `${options.name}_${name}.ts`;
  const object = join(work, objectName);
  compile(source, name, object, tools);
  const contents = readObject(object, types, littleEndian, tools, { signedEnums: recordsSignedEnums(tools.cc) });
  const text = emitModule({ source: basename(source.path), objectName, littleEndian, machines, ...contents });
  writeFileSync(join(work, moduleName), text);
  return [objectName, moduleName];
}
