/** A row of the table, taken apart by its columns. */
export interface Row {
  readonly time: string;
  readonly event: "EXEC" | "EXIT";
  readonly comm: string;
  readonly pid: number;
  readonly ppid: number;
  /** The file name, or `[code] (duration)`. */
  readonly last: string;
}

const columns = /^(\d\d:\d\d:\d\d) (EXEC|EXIT) {2}(.{16,}?) (\d+) +(\d+) +(.*)$/;

/** Throws on a line that is not a row: the table has no others below its header. */
export function parseRow(line: string): Row {
  const [, time, event, comm, pid, ppid, last] = columns.exec(line) ?? [];
  if (time === undefined || comm === undefined || last === undefined || (event !== "EXEC" && event !== "EXIT")) {
    throw new Error(`not a row of the table: ${JSON.stringify(line)}`);
  }
  return { time, event, comm: comm.trimEnd(), pid: Number(pid), ppid: Number(ppid), last };
}

/** Milliseconds of an exit row's duration. */
export function durationMs(row: Row): number {
  const match = /\((\d+)ms/.exec(row.last);
  if (match === null) throw new Error(`no duration in ${JSON.stringify(row)}`);
  return Number(match[1]);
}

/** The rows of each process, in their order. */
export function rowsByPid(rows: readonly Row[]): Map<number, Row[]> {
  const byPid = new Map<number, Row[]>();
  for (const row of rows) {
    const ofPid = byPid.get(row.pid);
    if (ofPid === undefined) byPid.set(row.pid, [row]);
    else ofPid.push(row);
  }
  return byPid;
}
