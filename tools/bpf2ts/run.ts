import { spawnSync } from "node:child_process";
import { GeneratorError } from "./generator-error.ts";

/** The output of a tool can be large: the BTF of a program that includes vmlinux.h. */
const maxBuffer = 2 ** 30;

/** Of what a tool said when it failed: it can complain of each section of a damaged object. */
const TOLD_LINES = 2;
const TOLD_LENGTH = 200;

/** Runs a tool and returns its stdout; throws, with the first lines of what it said, if it fails. */
export function run(operation: string, tool: string, args: readonly string[]): string {
  const result = spawnSync(tool, args, { encoding: "utf8", maxBuffer, env: { ...process.env, LC_ALL: "C" } });
  if (result.error !== undefined) throw new GeneratorError(`${operation}: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  const said = firstLines(result.stderr.trim() || result.stdout);
  throw new GeneratorError(
    `${operation}: ${tool} failed: ${said || `exit status ${String(result.status ?? result.signal)}`}`,
  );
}

function firstLines(text: string): string {
  const lines = text.split("\n").flatMap((line) => line.replaceAll(/\p{Cc}+/gu, " ").trim() || []);
  const told = lines.slice(0, TOLD_LINES).join("; ");
  if (told.length > TOLD_LENGTH) return `${told.slice(0, TOLD_LENGTH)}…`;
  return lines.length > TOLD_LINES ? `${told}; …` : told;
}
