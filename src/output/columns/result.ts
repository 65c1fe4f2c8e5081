import type { ExitEvent, ProcessEvent } from "../../event/event.ts";
import { errnoName } from "../../libc/errno.ts";
import { formatMs } from "../../timer/duration.ts";
import { printable } from "../printable.ts";
import { notApplicable, type Column } from "./column.ts";
import { exitStatusText } from "./status-text.ts";

/** What the event led to. */
export const resultColumns = {
  result: {
    name: "result",
    header: "FILENAME/EXIT CODE",
    meaning: "what began to run, or failed to; or the exit status and how long the program ran",
    cells: 18,
    fit: "grow",
    needsFullEvent: false,
    text: resultText,
    tail: (event) => (event.kind === "exec_failed" ? errorText(event.errno) : ""),
  },
  status: {
    name: "status",
    header: "STATUS",
    meaning: "how it ended or failed: [0], [SIGKILL], [SIGSEGV core], [ENOENT]",
    cells: 9,
    fit: "whole",
    needsFullEvent: false,
    text: statusText,
  },
} as const satisfies Readonly<Record<string, Column>>;

/** The last column of the classic table, which has no marks of its own for what is not known or not applicable. */
function resultText(event: ProcessEvent): string {
  switch (event.kind) {
    case "fork":
      return "";
    case "exec":
      return filenameText(event.filename, event.filenameCut);
    case "exec_failed":
      return `${filenameText(event.filename, event.filenameCut)}${errorText(event.errno)}`;
    case "exit":
      return exitText(event);
    case "running":
      return event.process?.kernelThread === true ? "" : filenameText(event.image.exe, false);
  }
}

function filenameText(filename: string | undefined, isCut: boolean): string {
  // A backslash in a name is shown as two, so these cannot come from a name.
  if (filename === undefined) return "\\unreadable";
  return isCut ? `${printable(filename)}\\...` : printable(filename);
}

function errorText(errno: number): string {
  return ` [${errnoName(errno)}]`;
}

function exitText({ status, durationNs, durationExact }: ExitEvent): string {
  return `${exitStatusText(status)} (${formatMs(durationNs)}${durationExact ? "" : " since start"})`;
}

function statusText(event: ProcessEvent): string {
  switch (event.kind) {
    case "exec_failed":
      return `[${errnoName(event.errno)}]`;
    case "exit":
      return exitStatusText(event.status);
    case "fork":
    case "exec":
    case "running":
      return notApplicable;
  }
}
