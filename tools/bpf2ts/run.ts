import { spawnSync } from "node:child_process";
import { GeneratorError } from "./generator-error.ts";

/** The output of a tool can be large: the BTF of a program that includes vmlinux.h. */
const maxBuffer = 2 ** 30;

/** Runs a tool and returns its stdout; throws, with what it said on either stream, if it fails. */
export function run(operation: string, tool: string, args: readonly string[]): string {
  const result = spawnSync(tool, args, { encoding: "utf8", maxBuffer, env: { ...process.env, LC_ALL: "C" } });
  if (result.error !== undefined) throw new GeneratorError(`${operation}: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  const said = `${result.stdout}\n${result.stderr}`.trim().replaceAll(/\s*\n\s*/g, "; ");
  throw new GeneratorError(
    `${operation}: ${tool} failed: ${said || `exit status ${String(result.status ?? result.signal)}`}`,
  );
}
