import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { EventKind } from "../event/event.ts";
import { describeColumns, parseColumns, type Column } from "../output/columns.ts";
import { DEFAULT_ARGS_BYTES, DEFAULT_RING_SIZE, LARGEST_ARGS_BYTES } from "../probe/defaults.ts";
import { parseMs } from "../timer/duration.ts";
import { findContradiction, type ParsedOptions } from "./contradictions.ts";
import { parseEventKinds } from "./event-kinds.ts";
import { parseBytes, parseRingSize } from "./sizes.ts";
import { printUsageError } from "./usage-error.ts";

/** The command line, decoded. What is undefined was not said. */
export interface CliOptions {
  readonly minDurationNs: bigint;
  readonly output: "table" | "json";
  readonly events: readonly EventKind[] | undefined;
  readonly columns: readonly Column[] | undefined;
  readonly wide: boolean;
  /** Bytes. */
  readonly maxArgsBytes: number;
  readonly environment: "off" | "redacted" | "raw";
  /** Bytes. */
  readonly ringSize: number;
  /** A file with the kernel's BTF. */
  readonly btfPath: string | undefined;
  readonly runAs: string | undefined;
  readonly keepPrivileges: boolean;
  readonly verbose: boolean;
}

const EXAMPLES = `
Examples:
  sudo ebpf-bootstrap                 every process that starts and ends
  sudo ebpf-bootstrap -d 1000         only the ends of those that ran for a second or more
  sudo ebpf-bootstrap -w              with users, arguments, and what each process used
  sudo ebpf-bootstrap --columns time,event,pid,user,args
  sudo ebpf-bootstrap -o json | jq 'select(.type == "exit" and .exit_code != 0)'
  sudo ebpf-bootstrap > processes.txt 2> losses.txt
  sudo ebpf-bootstrap doctor          whether it works here, and if not, why (--json too)

Rows go to standard output; losses, the summary and errors to standard error.
Exit status: 0 ended by a signal or by the reader, 1 failed, 2 wrong usage.`;

/** The command line of `ebpf-bootstrap doctor`: all arguments but that word. */
export interface DoctorArguments {
  readonly doctor: readonly string[];
}

/**
 * Reads the command line; of the doctor's, only what stands before that word. Prints help, version, columns or what is
 * wrong with the usage itself, and then throws commander's error, whose exit status is 0 for the first three and 1 for
 * wrong usage.
 */
export function parseOptions(argv: readonly string[]): CliOptions | DoctorArguments {
  const command = createCommand();
  const parsed = command.parse(argv, { from: "user" }).opts<ParsedOptions>();
  const [stray, ...rest] = command.args;
  if (stray === "doctor") return { doctor: [...argv.slice(0, -command.args.length), ...rest] };
  if (stray !== undefined) command.error(`error: unexpected argument '${stray}'`);
  const wrong = findContradiction(parsed);
  if (wrong !== undefined) command.error(`error: ${wrong}`);
  return {
    minDurationNs: parsed.duration ?? 0n,
    output: parsed.output,
    events: parsed.events,
    columns: parsed.columns,
    wide: parsed.wide ?? false,
    maxArgsBytes: parsed.maxArgsBytes,
    environment: parsed.env === undefined ? "off" : parsed.env === "raw" ? "raw" : "redacted",
    ringSize: parsed.ringSize,
    btfPath: parsed.btf,
    runAs: parsed.runAs,
    keepPrivileges: parsed.keepPrivileges ?? false,
    verbose: parsed.verbose ?? false,
  };
}

function createCommand(): Command {
  return new Command("ebpf-bootstrap")
    .description("Traces every process that starts and ends on this machine, and shows it live.")
    .option(
      "-d, --duration <ms>",
      "report only processes whose program (since the last exec) ran for at least this long, when they end",
      parseDuration,
    )
    .addOption(
      new Option("-o, --output <format>", "a table, or one JSON object a line")
        .choices(["table", "json"])
        .default("table"),
    )
    .option(
      "--events <list>",
      "running, fork, exec, exec_failed, exit; or all (default: exec,exit; JSON: all)",
      parseEvents,
    )
    .option("-w, --wide", "a table with users, arguments, and what each process used")
    .option("--columns <list>", "the table's columns; help lists them", parseColumnList)
    .addOption(
      new Option("--max-args-bytes <size>", "keep this many bytes of a program's arguments, 2MiB at most")
        .argParser(parseArgsBytes)
        .default(DEFAULT_ARGS_BYTES, "128KiB"),
    )
    .addOption(
      new Option("--env [raw]", "JSON: environments too, secrets redacted unless raw").argParser(parseEnvironment),
    )
    .addOption(
      new Option("--ring-size <size>", "bytes, KiB, MiB or GiB of buffer in the kernel: a power of two")
        .argParser(parseSize)
        .default(DEFAULT_RING_SIZE, "4MiB"),
    )
    .option("--btf <file>", "the kernel's types, where it does not show them itself", parseFile)
    .option("--run-as <user>", "become this user once attached (default: who called sudo, or nobody)")
    .option("--keep-privileges", "stay root")
    .option("-v, --verbose", "say what is loaded, with libbpf's own messages, on standard error")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("Try `ebpf-bootstrap --help`.")
    .configureOutput({ outputError: printUsageError })
    .allowExcessArguments()
    .passThroughOptions()
    .exitOverride();
}

function parseDuration(text: string): bigint {
  const ns = parseMs(text);
  if (typeof ns === "string") throw new InvalidArgumentError(ns);
  return ns;
}

function parseEvents(text: string): readonly EventKind[] {
  const kinds = parseEventKinds(text);
  if (typeof kinds === "string") throw new InvalidArgumentError(kinds);
  return kinds;
}

function parseColumnList(text: string): readonly Column[] {
  if (text === "help") {
    process.stdout.write(describeColumns());
    throw new CommanderError(0, "columns", "columns were listed");
  }
  const columns = parseColumns(text);
  if (typeof columns === "string") throw new InvalidArgumentError(columns);
  return columns;
}

function parseArgsBytes(text: string): number {
  const size = parseBytes(text);
  if (typeof size === "string") throw new InvalidArgumentError(size);
  if (size > LARGEST_ARGS_BYTES) throw new InvalidArgumentError("It can be 2MiB at most.");
  return size;
}

function parseEnvironment(text: string): "raw" {
  if (text !== "raw") throw new InvalidArgumentError("It takes nothing, or raw: --env=raw.");
  return text;
}

/** A file's name, which is not empty. */
export function parseFile(text: string): string {
  if (text === "") throw new InvalidArgumentError("It takes the name of a file.");
  return text;
}

function parseSize(text: string): number {
  const size = parseRingSize(text);
  if (typeof size === "string") throw new InvalidArgumentError(size);
  return size;
}

function version(): string {
  // By the package's own name, since the way up to its root differs between the source and the build.
  const manifest: unknown = createRequire(import.meta.url)("ebpf-bootstrap/package.json");
  return (manifest as { readonly version: string }).version;
}
