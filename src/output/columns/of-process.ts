import type { Process } from "../../event/event.ts";
import { notApplicable, unknown, valueText, type Column, type ColumnContext } from "./column.ts";

/** The text of a column that tells who the process is. */
export function ofProcess(read: (process: Process, context: ColumnContext) => string): Column["text"] {
  return ({ process }, context) => (process === undefined ? unknown : read(process, context));
}

/** A text, or a number, that not every process has. */
export function optionalText(value: string | number | undefined): string {
  return value === undefined ? notApplicable : valueText(String(value));
}
