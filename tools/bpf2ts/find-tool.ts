import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { GeneratorError } from "./generator-error.ts";

/** A program that the generator runs, and what to say when it is missing. */
export interface Tool {
  readonly name: string;
  /** The arguments of a call that succeeds wherever the program works at all. */
  readonly probe: readonly string[];
  /** Where distributions put it outside PATH. */
  readonly elsewhere: readonly Place[];
  /** Which package to install. */
  readonly hint: string;
}

/** A file in those entries of a directory whose name matches. */
export interface Place {
  readonly directory: string;
  readonly entry: RegExp;
  readonly file: string;
}

/**
 * Returns the first candidate that works: `asked` alone if it is given, else the name in PATH, the name with a version
 * (`clang-19`) in PATH, and the places outside PATH, the newest version of each first. A file that exists may still not
 * work: Ubuntu's bpftool in PATH is a script that refuses where the tools for the running kernel are not installed.
 */
export function findTool(tool: Tool, asked: string | undefined): string {
  const found = (asked === undefined ? candidates(tool) : [asked]).find((path) => works(path, tool.probe));
  if (found === undefined) throw new GeneratorError(`run ${asked ?? tool.name}: no such program that works`, tool.hint);
  return found;
}

function candidates(tool: Tool): string[] {
  const versioned = new RegExp(`^${tool.name}-\\d+$`);
  const inPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => ({ directory, entry: versioned, file: "" }));
  return [tool.name, ...[...inPath, ...tool.elsewhere].flatMap(filesAt)];
}

function filesAt({ directory, entry, file }: Place): string[] {
  try {
    const names = readdirSync(directory).filter((name) => entry.test(name));
    return names.sort(byVersionDescending).map((name) => join(directory, name, file));
  } catch {
    return [];
  }
}

function byVersionDescending(left: string, right: string): number {
  return right.localeCompare(left, "en", { numeric: true });
}

function works(path: string, probe: readonly string[]): boolean {
  return spawnSync(path, probe, { stdio: "ignore" }).status === 0;
}
