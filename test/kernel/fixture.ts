import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the programs have been compiled already, for a machine without a compiler. */
const compiled = process.env["TEST_FIXTURES"];

const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-fixtures-"));
process.on("exit", () => {
  rmSync(directory, { recursive: true, force: true });
});

const built = new Map<string, string>();

/** Compiles test/fixtures/NAME.c once, statically so that it starts fast; returns the path of the program. */
export function fixture(name: string): string {
  if (compiled !== undefined) return join(compiled, name);
  const known = built.get(name);
  if (known !== undefined) return known;
  const source = fileURLToPath(new URL(`../fixtures/${name}.c`, import.meta.url));
  const program = join(directory, name);
  execFileSync("cc", ["-O2", "-static", "-pthread", "-o", program, source]);
  built.set(name, program);
  return program;
}
