import type { ExecEvent, ExitEvent, ExitStatus, Losses, ProcessEvent } from "../event/event.ts";
import { signalName } from "../event/signal-name.ts";
import { formatMs } from "../timer/duration.ts";
import { timeOfDayFormatter } from "../timer/time-of-day.ts";
import { lossReporter } from "./loss-report.ts";
import type { Output } from "./output.ts";
import { printable } from "./printable.ts";
import type { TextSink } from "./text-sink.ts";

/** Where a table goes, and how it tells the time. */
export interface TableOptions {
  readonly rows: TextSink;
  /** Receives lines about losses. */
  readonly diagnostics: (line: string) => void;
  /** Turns the boot clock into nanoseconds since 1970 UTC. */
  readonly wallNs: (bootNs: bigint) => bigint;
}

/** The classic table, a row an event. The header is written at once. */
export function tableOutput({ rows, diagnostics, wallNs }: TableOptions): Output {
  const timeOfDay = timeOfDayFormatter();
  const reportLosses = lossReporter(diagnostics);
  rows.write(row("TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE"));
  return {
    event(event: ProcessEvent): void {
      const { pid, ppid } = event;
      const name = event.kind === "exec" ? "EXEC" : "EXIT";
      rows.write(
        row(timeOfDay(wallNs(event.bootNs)), name, printable(event.comm), String(pid), String(ppid), lastColumn(event)),
      );
    },
    lost(losses: Losses): void {
      reportLosses(losses);
    },
    flush: () => rows.flush(),
  };
}

/** The columns of `%-8s %-5s %-16s %-7d %-7d %s`. */
function row(time: string, event: string, comm: string, pid: string, ppid: string, last: string): string {
  return `${time.padEnd(8)} ${event.padEnd(5)} ${comm.padEnd(16)} ${pid.padEnd(7)} ${ppid.padEnd(7)} ${last}\n`;
}

function lastColumn(event: ProcessEvent): string {
  switch (event.kind) {
    case "exec":
      return filenameColumn(event);
    case "exit":
      return exitColumn(event);
  }
}

function filenameColumn({ filename, filenameCut }: ExecEvent): string {
  // A backslash in a name is shown as two, so these cannot come from a name.
  if (filename === undefined) return "\\unreadable";
  return filenameCut ? `${printable(filename)}\\...` : printable(filename);
}

function exitColumn({ status, durationNs, durationExact }: ExitEvent): string {
  return `[${statusText(status)}] (${formatMs(durationNs)}${durationExact ? "" : " since start"})`;
}

function statusText(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return String(status.code);
    case "signaled":
      return status.coreDumped ? `${signalName(status.signal)} core` : signalName(status.signal);
  }
}
