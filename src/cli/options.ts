import { createRequire } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { parseMs } from "../timer/duration.ts";
import { DEFAULT_RING_SIZE } from "../probe/defaults.ts";
import { parseRingSize } from "./ring-size.ts";

/** The command line, decoded. */
export interface CliOptions {
  readonly minDurationNs: bigint;
  /** Bytes. */
  readonly ringSize: number;
  readonly verbose: boolean;
}

/** What commander makes of the options, by their names. */
interface ParsedOptions {
  readonly duration?: bigint;
  readonly ringSize: number;
  readonly verbose?: boolean;
}

const EXAMPLES = `
Examples:
  sudo ebpf-bootstrap                 every process that starts and ends
  sudo ebpf-bootstrap -d 1000         only the ends of those that ran for a second or more
  sudo ebpf-bootstrap | grep -v ' \\[0\\] '
                                      leave out those that ended well
  sudo ebpf-bootstrap > processes.txt 2> losses.txt

Rows go to standard output; losses, the summary and errors to standard error.
Exit status: 0 ended by a signal or by the reader, 1 failed, 2 wrong usage.`;

/**
 * Reads the command line. Prints help, version or what is wrong with the usage itself, and then throws commander's
 * error, whose exit status is 0 for the first two and 1 for wrong usage.
 */
export function parseOptions(argv: readonly string[]): CliOptions {
  const command = new Command("ebpf-bootstrap")
    .description("Traces every process that starts and ends on this machine, and shows it live.")
    .option("-d, --duration <ms>", "report only processes that lived at least this long, when they end", parseDuration)
    .addOption(
      new Option("--ring-size <size>", "bytes, KiB or MiB of buffer in the kernel: a power of two")
        .argParser(parseSize)
        .default(DEFAULT_RING_SIZE, "4MiB"),
    )
    .option("-v, --verbose", "say what is loaded, with libbpf's own messages, on standard error")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("Try `ebpf-bootstrap --help`.")
    .allowExcessArguments()
    .exitOverride();
  const { duration = 0n, ringSize, verbose = false } = command.parse(argv, { from: "user" }).opts<ParsedOptions>();
  const [stray] = command.args;
  if (stray !== undefined) command.error(`error: unexpected argument '${stray}'`);
  return { minDurationNs: duration, ringSize, verbose };
}

function parseDuration(text: string): bigint {
  const ns = parseMs(text);
  if (ns === undefined) {
    throw new InvalidArgumentError("It takes milliseconds, 0 or more, whole or with a fraction: 100 or 0.5.");
  }
  return ns;
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
