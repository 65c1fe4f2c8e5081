import type { ProcessEvent } from "../event/event.ts";
import type { Losses } from "../event/losses.ts";
import { timeOfDayFormatter } from "../timer/time-of-day.ts";
import { classicColumns } from "./columns.ts";
import type { Column, ColumnContext } from "./columns/column.ts";
import { rowWriter } from "./fit.ts";
import { lossReporter } from "./loss-report.ts";
import type { DirectOutput } from "./direct/direct-output.ts";
import { tableRows } from "./direct/table-rows.ts";
import type { FileSink, TextSink } from "./text-sink.ts";

/** Where a table goes, what it shows, and how it tells the time. */
export interface TableOptions {
  readonly rows: TextSink | FileSink;
  /** Receives lines about losses. */
  readonly diagnostics: (line: string) => void;
  /** Turns the boot clock into nanoseconds since 1970 UTC. */
  readonly wallNs: (bootNs: bigint) => bigint;
  readonly columns: readonly Column[];
  /** The cells of a row of the terminal, asked for each row; undefined or 0 if there is none: then nothing is cut. */
  readonly width: () => number | undefined;
  /** The name of a user, if there is one. */
  readonly userName: (uid: number) => string | undefined;
}

/** A table: a row an event, of whatever kind. The header is written at once. */
export function tableOutput({ rows, diagnostics, wallNs, columns, width, userName }: TableOptions): DirectOutput {
  const timeOfDay = timeOfDayFormatter();
  const context: ColumnContext = { timeOfDay: (bootNs) => timeOfDay(wallNs(bootNs)), userName };
  const rowOf = rowWriter(columns, width);
  const reportLosses = lossReporter(diagnostics);
  const headers = columns.map(({ header }) => header);
  rows.write(`${rowOf(headers, () => "")}\n`);
  return {
    event(event: ProcessEvent): void {
      const texts = columns.map((column) => column.text(event, context));
      rows.write(`${rowOf(texts, (index) => columns[index]?.tail?.(event) ?? "")}\n`);
    },
    lost(losses: Losses): void {
      reportLosses(losses);
    },
    flush: () => rows.flush(),
    recordWriter(stages) {
      // On a terminal, rows are cut to its width.
      if (columns !== classicColumns || !("buffer" in rows) || width() !== undefined) return undefined;
      return tableRows(rows.buffer, stages);
    },
  };
}
