import { createRequire } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import type { GenerateOptions } from "./generate.ts";
import type { TargetName } from "./target.ts";

/** Returns the command, which calls `action` with what the arguments say. */
export function createCommand(action: (options: GenerateOptions) => void): Command {
  return new Command("bpf2ts")
    .description(
      "Compiles a BPF program and writes, for each byte order, the object <ident>_<target>.o and a TypeScript module " +
        "<ident>_<target>.ts with its programs, maps, global variables and types.",
    )
    .usage("[options] <ident> <source> [-- <cflags...>]")
    .argument("<ident>", "how the names of the output files begin", parseIdent)
    .argument("<source>", "the BPF program in C: a file *.c", parseSource)
    .argument("[cflags...]", "flags for clang, behind --")
    .addOption(
      new Option("--target <list>", "bpfel (little-endian), bpfeb (big-endian) or bpfel,bpfeb")
        .argParser(parseTargets)
        .default(["bpfel", "bpfeb"], "both"),
    )
    .addOption(
      new Option("--type <name>", "a struct, union, enum or typedef to generate with all it contains; repeatable")
        .argParser(append)
        .default([], "none"),
    )
    .option("--out <directory>", "where to write the output", ".")
    .option("--cc <program>", "the compiler (default: clang, or else the newest clang-<version>)")
    .option("--strip <program>", "the program that strips debug information (default: llvm-strip, found likewise)")
    .option(
      "--readelf <program>",
      "the program that lists sections and symbols (default: llvm-readelf, found likewise)",
    )
    .option("--bpftool <program>", "the program that prints BTF (default: the first bpftool that works)")
    .version(version(), "-V, --version", "print the version")
    .addHelpText("after", example)
    .showHelpAfterError("See bpf2ts --help.")
    .action((name: string, path: string, cflags: string[], options: Options) => {
      const { target, type, out, ...tools } = options;
      action({ name, source: { path, cflags }, targets: target, types: type, out, tools });
    });
}

interface Options {
  readonly target: readonly TargetName[];
  readonly type: readonly string[];
  readonly out: string;
  readonly cc?: string;
  readonly strip?: string;
  readonly readelf?: string;
  readonly bpftool?: string;
}

const example = `
Example:
  bpf2ts --type exec_event --out src/probe probe bpf/probe.bpf.c -- -Ibpf -Wall -Werror

  writes src/probe/probe_bpfel.{o,ts} and src/probe/probe_bpfeb.{o,ts}. The compiler records only types that are in use;
  to keep another: const struct exec_event *unused_exec_event __attribute__((unused));`;

function parseIdent(text: string): string {
  if (/^\w[\w.-]*$/.test(text)) return text;
  throw new InvalidArgumentError("It must be letters, digits, '_', '-' and '.'.");
}

function parseSource(path: string): string {
  if (path.endsWith(".c")) return path;
  throw new InvalidArgumentError("It is not a C source (.bpf.c or .c).");
}

function parseTargets(text: string): TargetName[] {
  return [...new Set(text.split(",").map(parseTarget))];
}

function parseTarget(text: string): TargetName {
  if (text === "bpfel" || text === "bpfeb") return text;
  throw new InvalidArgumentError("It must be bpfel, bpfeb or bpfel,bpfeb.");
}

function version(): string {
  // By the package's own name, since the way up to its root differs between the source and the build.
  const manifest: unknown = createRequire(import.meta.url)("ebpf-bootstrap/package.json");
  return (manifest as { readonly version: string }).version;
}

function append(text: string, list: readonly string[]): string[] {
  return [...list, text];
}
