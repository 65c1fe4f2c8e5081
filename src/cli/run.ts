import { EbpfError } from "../errors.ts";
import type { EventKind } from "../event/event.ts";
import { totalLosses } from "../event/losses.ts";
import { exitNow, pageSize, trimMemory } from "../libc/libc.ts";
import { inspectView } from "../machine/machine.ts";
import { Monitor, type Summary } from "../monitor/monitor.ts";
import { needsFullEvents } from "../output/columns.ts";
import { describeLosses } from "../output/loss-report.ts";
import { fileSink } from "../output/text-sink.ts";
import type { ProbeOptions } from "../probe/probe-options.ts";
import { openProbe } from "../probe/open-probe.ts";
import { readMemoryTexts } from "../process/memory-texts.ts";
import { columnsOf, createOutput } from "./create-output.ts";
import { describeProbe } from "./describe-probe.ts";
import { describeView } from "./describe-view.ts";
import { allEventKinds } from "./event-kinds.ts";
import type { CliOptions } from "./options.ts";
import { dropPrivileges, lesserIdentity } from "./privileges.ts";
import { say, sayMessage } from "./say.ts";
import { onStopSignal } from "./signals.ts";
import { explainWriteError, isCode, isReaderGone } from "./write-error.ts";

const STDOUT = 1;

/**
 * Runs the monitor until a signal comes or the reader of standard output goes away.
 *
 * @throws {EbpfError} `WRONG_USAGE`; or if the programs cannot be loaded, or standard output cannot be written
 */
export async function run(options: CliOptions): Promise<void> {
  if (options.ringSize < pageSize) throw tooSmallRing(options.ringSize);
  // Looked up first, so that a wrong name costs nothing.
  if (options.runAs !== undefined && process.getuid?.() !== 0) throw onlyRoot(options.runAs);
  const identity = options.keepPrivileges ? undefined : lesserIdentity(options.runAs, process.env);
  const events = eventsOf(options);
  const forProbe = probeOptions(options, events);
  const probe = openProbe(forProbe);
  if (options.verbose) for (const line of describeProbe(probe, options.ringSize)) say(line);
  for (const line of describeView(inspectView(), options)) say(line);
  const snapshot = probe.findsRunning ? readMemoryTexts(forProbe) : undefined;
  if (identity !== undefined) dropPrivileges(identity);
  // What loading took is several megabytes, and is not wanted again.
  trimMemory();
  const monitor = new Monitor(probe, events, snapshot);
  const sink = fileSink(STDOUT);
  const output = createOutput(options, sink, (bootNs) => monitor.wallNs(bootNs));
  let terminalGone = false;
  using _signals = onStopSignal({
    stop(signal) {
      terminalGone = signal === "SIGHUP";
      monitor.stop();
    },
    giveUp() {
      say(`gave up on the reader of standard output: ${sink.unwrittenBytes} bytes or more were not written`);
      // A write that is stuck would hold up an orderly exit for ever. The kernel detaches what is attached.
      exitNow(1);
    },
    progress: () => sink.writtenBytes,
  });
  try {
    say(summaryLine(await monitor.run(output)));
  } catch (error) {
    terminalGone ||= isCode(error, "EIO");
    if (!isReaderGone(error) && !terminalGone) throw explainWriteError(error);
  }
  // Node.js would set the modes of a terminal that is not there any more, and abort.
  if (terminalGone) exitNow(0);
}

/** A least duration leaves exits alone; else JSON has everything, and the table what it always had. */
function eventsOf({ events, minDurationNs, output }: CliOptions): readonly EventKind[] {
  if (minDurationNs > 0n) return ["exit"];
  return events ?? (output === "json" ? allEventKinds : ["exec", "exit"]);
}

function probeOptions(options: CliOptions, events: readonly EventKind[]): ProbeOptions {
  return {
    minDurationNs: options.minDurationNs,
    ringSize: options.ringSize,
    full: options.output === "json" || needsFullEvents(columnsOf(options)) || !events.every(isClassic),
    failedExecs: events.includes("exec_failed"),
    maxArgsBytes: options.maxArgsBytes,
    environment: options.environment !== "off",
    ...(options.btfPath !== undefined && { btfPath: options.btfPath }),
    ...(options.verbose && { onMessage: sayMessage }),
  };
}

function isClassic(kind: EventKind): boolean {
  return kind === "exec" || kind === "exit";
}

function onlyRoot(runAs: string): EbpfError {
  return new EbpfError("WRONG_USAGE", `option '--run-as ${runAs}': only root can become another user`, {
    hint: "Start it as root, or leave the option out.",
  });
}

function tooSmallRing(ringSize: number): EbpfError {
  return new EbpfError("WRONG_USAGE", `option '--ring-size': ${ringSize} is less than a page, ${pageSize} bytes`, {
    hint: "Try `ebpf-bootstrap --help`.",
  });
}

function summaryLine({ events, losses, durationMs }: Summary): string {
  const lost = totalLosses(losses);
  const kinds = lost === 0n ? "" : ` (${describeLosses(losses)})`;
  return `${events} events, ${lost} lost${kinds}, in ${(durationMs / 1000).toFixed(1)} s`;
}
