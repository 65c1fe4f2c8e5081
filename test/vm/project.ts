import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "./matrix.ts";
import { copyModules } from "./modules.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const compiled = join(repository, "build/vm/compiled");

/** Compiles the sources and the tests: a guest would take minutes to. */
export function compileTests(): void {
  rmSync(compiled, { recursive: true, force: true });
  execFileSync(process.execPath, [
    join(repository, "node_modules/typescript/bin/tsc"),
    ...["-p", join(repository, "test/vm/tsconfig.json")],
  ]);
}

/**
 * Puts together what a guest has of the project: the built monitor, the compiled tests, the programs they run, and the
 * modules that they need, for its CPU; `root` is what else it has.
 *
 * @throws {Unavailable} if the module for this CPU can be had neither from the net nor from the cache
 */
export function assembleProject(directory: string, architecture: Architecture, root: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, "fixtures"), { recursive: true });
  for (const name of ["src", "tools", "test"]) cpSync(join(compiled, name), join(directory, name), { recursive: true });
  for (const name of ["dist", "docs", "package.json", "ebpf-bootstrap"]) {
    cpSync(join(repository, name), join(directory, name), { recursive: true });
  }
  for (const name of readdirSync(join(repository, "src/probe")).filter((file) => file.endsWith(".o"))) {
    cpSync(join(repository, "src/probe", name), join(directory, "src/probe", name));
  }
  for (const name of ["guest.sh", "init.sh"]) cpSync(join(repository, "test/vm", name), join(directory, name));
  copyModules(join(directory, "node_modules"), architecture);
  compilePrograms(directory, architecture, root);
}

/** Those that the tests run, statically; and load.c with the libbpf that is in the guest's root. */
function compilePrograms(directory: string, { triplet }: Architecture, root: string): void {
  const compile = (...args: string[]) => execFileSync(`${triplet}-gcc`, ["-O2", ...args]);
  const sources = join(repository, "test/fixtures");
  for (const file of readdirSync(sources).filter((name) => name.endsWith(".c"))) {
    const program = join(directory, "fixtures", file.slice(0, -".c".length));
    compile("-static", "-pthread", "-o", program, join(sources, file));
  }
  const libraries = join(root, "usr/lib", triplet);
  // The headers are those of this machine, the same on every CPU. Those libraries need newer ones than the compiler has.
  compile(
    ...["-idirafter", "/usr/include", "-o", join(directory, "load"), join(repository, "test/vm/load.c")],
    ...["-L", libraries, "-l:libbpf.so.1", "-Wl,--allow-shlib-undefined"],
  );
}
