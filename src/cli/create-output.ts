import { readFileSync } from "node:fs";
import { clockNs, clocks } from "../libc/libc.ts";
import { classicColumns, wideColumnsFor, type Column } from "../output/columns.ts";
import { jsonOutput } from "../output/json.ts";
import type { Output } from "../output/output.ts";
import { tableOutput } from "../output/table.ts";
import type { TextSink } from "../output/text-sink.ts";
import { userNames } from "../process/users.ts";
import type { CliOptions } from "./options.ts";
import { say } from "./say.ts";

/** The output that the command line asks for. */
export function createOutput(options: CliOptions, sink: TextSink, wallNs: (bootNs: bigint) => bigint): Output {
  const users = userNames();
  if (options.output === "json") {
    return jsonOutput({
      lines: sink,
      diagnostics: say,
      wallNs,
      nowBootNs: () => clockNs(clocks.boottime),
      users,
      bootId: bootId(),
      env: options.environment,
    });
  }
  return tableOutput({
    rows: sink,
    diagnostics: say,
    wallNs,
    columns: columnsOf(options),
    width: terminalCells,
    userName: (uid) => users.name(uid),
  });
}

/** The columns of the table that the command line asks for. */
export function columnsOf({ columns, wide }: CliOptions): readonly Column[] {
  return columns ?? (wide ? wideColumnsFor(terminalCells()) : classicColumns);
}

/** The cells of a row of the terminal that standard output is, if it is one. */
function terminalCells(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

/** Names this run of the machine; without /proc, its beginning in wall-clock seconds does nearly as well. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return ((clockNs(clocks.realtime) - clockNs(clocks.boottime)) / 1_000_000_000n).toString(16).padStart(8, "0");
  }
}
