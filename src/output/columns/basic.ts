import type { EventKind } from "../../event/event.ts";
import { printable } from "../printable.ts";
import type { Column } from "./column.ts";

/** What the EVENT column calls each kind of event: at most five characters. */
const eventNames: Readonly<Record<EventKind, string>> = {
  fork: "FORK",
  exec: "EXEC",
  exec_failed: "FAIL",
  exit: "EXIT",
  running: "RUN",
};

/** What every event tells of itself, in the widths of the classic table. */
export const basicColumns = {
  time: {
    name: "time",
    header: "TIME",
    meaning: "local time of day of the event",
    cells: 8,
    fit: "whole",
    needsFullEvent: false,
    text: (event, { timeOfDay }) => timeOfDay(event.bootNs),
  },
  event: {
    name: "event",
    header: "EVENT",
    meaning: "FORK, EXEC, FAIL (an exec that failed), EXIT, or RUN (ran already when the monitor started)",
    cells: 5,
    fit: "whole",
    needsFullEvent: false,
    text: (event) => eventNames[event.kind],
  },
  comm: {
    name: "comm",
    header: "COMM",
    meaning: "name of the process's main thread, at most 15 bytes",
    cells: 16,
    fit: "cut",
    needsFullEvent: false,
    text: (event) => printable(event.comm),
  },
  pid: {
    name: "pid",
    header: "PID",
    meaning: "process ID",
    cells: 7,
    fit: "whole",
    needsFullEvent: false,
    text: (event) => String(event.pid),
  },
  ppid: {
    name: "ppid",
    header: "PPID",
    meaning: "process ID of the parent",
    cells: 7,
    fit: "whole",
    needsFullEvent: false,
    text: (event) => String(event.ppid),
  },
} as const satisfies Readonly<Record<string, Column>>;
