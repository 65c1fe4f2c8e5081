import type { ProcessEvent } from "../../event/event.ts";
import { printable } from "../printable.ts";

/** A column of the table. */
export interface Column {
  /** What `--columns` calls it. */
  readonly name: string;
  readonly header: string;
  /** One line for `--columns help`. */
  readonly meaning: string;
  /** The width of its place in terminal cells; a value that is wider pushes the rest of its row along. */
  readonly cells: number;
  /** On a terminal: `whole` is never cut, `cut` may be to fit, and a `grow` column gets the room that is left as well. */
  readonly fit: "whole" | "cut" | "grow";
  /** Whether the brief events of the classic table do not tell it. */
  readonly needsFullEvent: boolean;
  /** The value, safe for a terminal; `unknown` or `notApplicable` if there is none. */
  readonly text: (event: ProcessEvent, context: ColumnContext) => string;
  /** The end of that text which stays when the rest is cut; none unless given. */
  readonly tail?: (event: ProcessEvent) => string;
}

/** What columns need besides the event. */
export interface ColumnContext {
  /** The local time of day at a time of the boot clock, `HH:MM:SS`. */
  readonly timeOfDay: (bootNs: bigint) => string;
  /** The name of a user, if there is one. */
  readonly userName: (uid: number) => string | undefined;
}

/** Stands for a value that could not be had. */
export const unknown = "?";

/** Stands where there is no value: a fork has no exit status, and not every process has a terminal. */
export const notApplicable = "-";

/**
 * A text from the kernel, safe for a terminal, that nobody can take for `unknown` or `notApplicable`: a backslash in a
 * text is shown as two, so an escape is always ours.
 */
export function valueText(text: string): string {
  if (text === unknown) return "\\x3f";
  return text === notApplicable ? "\\x2d" : printable(text);
}
