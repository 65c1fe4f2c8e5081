import { EbpfError } from "../errors.ts";
import { totalLosses } from "../event/event.ts";
import { libbpfVersion } from "../libbpf/object.ts";
import { exitNow, pageSize } from "../libc/libc.ts";
import { Monitor, type Summary } from "../monitor/monitor.ts";
import { describeLosses } from "../output/loss-report.ts";
import { tableOutput } from "../output/table.ts";
import { fileSink } from "../output/text-sink.ts";
import type { KernelProbe } from "../probe/kernel-probe.ts";
import { openProbe } from "../probe/open-probe.ts";
import type { CliOptions } from "./options.ts";
import { onStopSignal } from "./signals.ts";

const STDOUT = 1;

/**
 * Runs the monitor until a signal comes or the reader of standard output goes away.
 *
 * @throws {EbpfError} `WRONG_USAGE`; or if the programs cannot be loaded, or standard output cannot be written
 */
export async function run(options: CliOptions): Promise<void> {
  checkRingSize(options.ringSize);
  const probe = openProbe({
    minDurationNs: options.minDurationNs,
    ringSize: options.ringSize,
    ...(options.verbose && {
      onMessage: (level, message) => {
        say(`libbpf ${level}: ${message}`);
      },
    }),
  });
  if (options.verbose) describe(probe, options);
  const monitor = new Monitor(probe);
  const output = tableOutput({ rows: fileSink(STDOUT), diagnostics: say, wallNs: (bootNs) => monitor.wallNs(bootNs) });
  using _signals = onStopSignal(
    () => {
      monitor.stop();
    },
    () => {
      say("gave up waiting for the reader of standard output: the last events were not written");
      // A write that is stuck would hold up an orderly exit for ever. The kernel detaches what is attached.
      exitNow(1);
    },
  );
  try {
    say(summaryLine(await monitor.run(output)));
  } catch (error) {
    if (!isBrokenPipe(error)) throw explainWriteError(error);
  }
}

function say(line: string): void {
  process.stderr.write(`ebpf-bootstrap: ${line}\n`);
}

function checkRingSize(ringSize: number): void {
  if (ringSize >= pageSize) return;
  throw new EbpfError(
    "WRONG_USAGE",
    `option '--ring-size': ${ringSize} is less than a page of memory, ${pageSize} bytes`,
    {
      hint: "Try `ebpf-bootstrap --help`.",
    },
  );
}

function describe(probe: KernelProbe, options: CliOptions): void {
  for (const program of probe.programs) {
    const { id, verifiedInstructions } = program.info();
    say(
      `loaded ${program.name} as program ${id} on ${program.section} (${verifiedInstructions} instructions verified)`,
    );
  }
  say(`ring of ${options.ringSize} bytes, libbpf ${libbpfVersion()}, Node.js ${process.version}`);
}

function summaryLine({ events, losses, durationMs }: Summary): string {
  const lost = totalLosses(losses);
  const kinds = lost === 0n ? "" : ` (${describeLosses(losses)})`;
  return `${events} events, ${lost} lost${kinds}, in ${(durationMs / 1000).toFixed(1)} s`;
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}

function explainWriteError(error: unknown): unknown {
  if (!(error instanceof Error && "syscall" in error && error.syscall === "write")) return error;
  const code = "code" in error ? String(error.code) : "unknown error";
  return new EbpfError("WRITE_FAILED", `write to standard output: ${code}`, {
    cause: error,
    ...(code === "ENOSPC" && { hint: "The disk is full; rows up to there have been written." }),
  });
}
