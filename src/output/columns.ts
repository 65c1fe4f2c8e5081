import { basicColumns } from "./columns/basic.ts";
import type { Column } from "./columns/column.ts";
import { costColumns } from "./columns/cost.ts";
import { credentialColumns } from "./columns/credentials.ts";
import { placeColumns } from "./columns/place.ts";
import { programColumns } from "./columns/program.ts";
import { resultColumns } from "./columns/result.ts";
import { printable } from "./printable.ts";

export type { Column } from "./columns/column.ts";

const { time, event, comm, pid, ppid } = basicColumns;
const { user } = credentialColumns;
const { result, status } = resultColumns;
const { lifetime, cpu, rss } = costColumns;
const { command } = programColumns;

/** The classic table: `%-8s %-5s %-16s %-7d %-7d %s`. */
export const classicColumns: readonly Column[] = [time, event, comm, pid, ppid, result];

/** The table of `--wide`: who, how it ended, what it cost, and the whole command. */
export const wideColumns: readonly Column[] = [time, event, user, pid, ppid, status, lifetime, cpu, rss, command];

const narrowColumns: readonly Column[] = [time, event, user, pid, status, lifetime, command];

/** The least cells of a terminal on which those leave the command some room. */
const WIDE_CELLS = 100;

/** The columns of `--wide` on a terminal of so many cells; undefined or 0 if there is none: all, since nothing is cut. */
export function wideColumnsFor(cells: number | undefined): readonly Column[] {
  return cells === undefined || cells === 0 || cells >= WIDE_CELLS ? wideColumns : narrowColumns;
}

const allColumns: readonly Column[] = [
  basicColumns,
  credentialColumns,
  placeColumns,
  resultColumns,
  costColumns,
  programColumns,
].flatMap((group) => Object.values<Column>(group));

/** Whether the brief events of the classic table do not tell all of these columns. */
export function needsFullEvents(columns: readonly Column[]): boolean {
  return columns.some(({ needsFullEvent }) => needsFullEvent);
}

/** Reads names of columns with commas between them: the columns, or a sentence that says what is wrong. */
export function parseColumns(text: string): readonly Column[] | string {
  const columns: Column[] = [];
  for (const name of text.split(",").map((part) => part.trim())) {
    const column = allColumns.find((known) => known.name === name);
    if (column === undefined) return describeMistake(name);
    columns.push(column);
  }
  return columns;
}

/** The text of `--columns help`: a line a column, with its name, its header and its meaning. */
export function describeColumns(): string {
  const lines = [{ name: "NAME", header: "HEADER", meaning: "MEANING" }, ...allColumns];
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  const headerWidth = Math.max(...lines.map(({ header }) => header.length));
  return lines
    .map(({ name, header, meaning }) => `${name.padEnd(nameWidth)}  ${header.padEnd(headerWidth)}  ${meaning}\n`)
    .join("");
}

function describeMistake(name: string): string {
  const what = name === "" ? "A column's name is missing." : `There is no column '${printable(name)}'.`;
  return `${what} Try \`--columns help\`.`;
}
