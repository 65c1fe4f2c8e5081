import { spawnSync } from "node:child_process";
import { GeneratorError } from "./generator-error.ts";
import { run } from "./run.ts";
import type { TargetName } from "./target.ts";
import type { Toolchain } from "./toolchain.ts";

/** What is compiled, and with which flags of the user's. */
export interface Source {
  readonly path: string;
  readonly cflags: readonly string[];
}

/**
 * Compiles the source to `object`, an ELF file that has BTF but no DWARF. clang's own messages go straight to stderr.
 * The working directory is cut from the paths in the object, so that it is the same wherever the project lies.
 */
export function compile(source: Source, target: TargetName, object: string, tools: Toolchain): void {
  const flags = ["-O2", "-g", "-target", target, `-ffile-prefix-map=${process.cwd()}=.`];
  const includes = hostIncludes(tools.cc).flatMap((directory) => ["-idirafter", directory]);
  const compiler = [...flags, ...source.cflags, ...includes, "-c", source.path, "-o", object];
  const { status } = spawnSync(tools.cc, compiler, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new GeneratorError(`compile ${source.path} for ${target}: ${tools.cc} failed, as told above`);
  run(`strip the DWARF from the object of ${source.path}`, tools.strip, ["-g", object]);
}

/**
 * The directories where clang looks for headers when it compiles for this machine. For BPF it looks in fewer: the ones
 * of the machine's own architecture, such as Debian's `/usr/include/x86_64-linux-gnu` with its `asm/types.h`, are missing.
 */
function hostIncludes(cc: string): string[] {
  const { stderr } = spawnSync(cc, ["-v", "-E", "-x", "c", "/dev/null"], { encoding: "utf8" });
  const list = /#include <\.\.\.> search starts here:\n([^]*?)End of search list\./.exec(stderr)?.[1] ?? "";
  return list.split("\n").flatMap((line) => (line.startsWith(" ") ? [line.trim()] : []));
}

/** Whether the compiler marks signed enums as such in BTF. clang does from version 15; others are taken to. */
export function recordsSignedEnums(cc: string): boolean {
  const { stdout } = spawnSync(cc, ["-dumpversion"], { encoding: "utf8" });
  return !(Number.parseInt(stdout, 10) < 15);
}
