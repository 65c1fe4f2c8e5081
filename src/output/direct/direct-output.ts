import type { EventKind } from "../../event/event.ts";
import type { ProcessTable } from "../../process/process-table.ts";
import type { WallClock } from "../../timer/clock.ts";
import type { Output } from "../output.ts";

/**
 * Writes a record's line at once, without an event made of it, if it is a plain one: most are. Returns how many events it
 * has written: 1; 0 if the record's kind is not asked for; or `NOT_PLAIN`, with nothing done, if the record has to go the
 * long way. The line is the same on both ways.
 */
export type RecordWriter = (data: DataView, offset: number, length: number) => number;

/** The record has to go the long way. */
export const NOT_PLAIN = -1;

/** What a writer of records shares with the stages that it cuts short. */
export interface Stages {
  readonly clock: WallClock;
  readonly processes: ProcessTable;
  readonly cgroupPath: (id: bigint) => string | undefined;
  /** The kinds that are asked for. */
  readonly kinds: ReadonlySet<EventKind>;
}

/** An output that can write plain records at once. */
export interface DirectOutput extends Output {
  /** Undefined if what it writes depends on more than the record. */
  readonly recordWriter: (stages: Stages) => RecordWriter | undefined;
}

/** The writer of an output that has one. */
export function recordWriterOf(output: Output | DirectOutput, stages: Stages): RecordWriter | undefined {
  return "recordWriter" in output ? output.recordWriter(stages) : undefined;
}
