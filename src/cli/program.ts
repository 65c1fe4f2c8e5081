import { setFlagsFromString } from "node:v8";
import { CommanderError } from "commander";
import { EbpfError } from "../errors.ts";
import { judge } from "../machine/checks.ts";
import { inspectMachine } from "../machine/machine.ts";
import { describeError } from "./describe-error.ts";
import { doctor } from "./doctor.ts";
import { parseOptions } from "./options.ts";
import { explainWriteError, isReaderGone } from "./write-error.ts";

// What makes a line calls a few small functions twenty times each. With a copy of them at each call, V8 takes twice the
// time to optimize it (JSON: 210 ms of CPU instead of 105), and the result is no faster where other programs use the caches, too.
setFlagsFromString("--max-inlined-bytecode-size=60");

/** Exit statuses: done, failed, wrong usage. */
const status = { done: 0, failed: 1, usage: 2 } as const;

// Of what is printed here: help, the doctor. The monitor writes its rows itself.
process.stdout.on("error", (error) => {
  if (isReaderGone(error)) return;
  process.exitCode = status.failed;
  process.stderr.write(describeError(explainWriteError(error), { verbose: false }));
});
// Whoever reads this may go away at any time.
process.stderr.on("error", () => undefined);

const ended = await main(process.argv.slice(2));
process.exitCode ??= ended;

async function main(argv: readonly string[]): Promise<number> {
  let verbose = false;
  try {
    const options = parseOptions(argv);
    if ("doctor" in options) return (await doctor(options.doctor)) ? status.done : status.failed;
    verbose = options.verbose;
    if (process.platform !== "linux") throw notLinux();
    // Loaded late: it needs native libraries, whose absence must be explained, and --help must work without them.
    const { run } = await import("./run.ts");
    await run(options);
    return status.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? status.done : status.usage;
    process.stderr.write(describeError(error, { verbose }));
    return error instanceof EbpfError && error.code === "WRONG_USAGE" ? status.usage : status.failed;
  }
}

function notLinux(): EbpfError {
  return new EbpfError("NOT_LINUX", "trace processes with eBPF", { finding: judge("kernel", inspectMachine()) });
}
