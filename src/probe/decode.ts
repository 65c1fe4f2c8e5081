import { decodeStatus } from "../event/exit-status.ts";
import type { ExecEvent, ExitEvent, ProcessEvent } from "../event/event.ts";
import { wire } from "./wire.ts";

const { EVENT_EXEC, EVENT_EXIT } = wire.EventKind;
const { EVENT_FILENAME_CUT, EVENT_FILENAME_FAULT, EVENT_EXEC_TIME_UNKNOWN } = wire.EventFlag;

/** Decodes a record of the ring; undefined if it is none that this program's kernel side writes. */
export function decodeRecord(data: DataView, offset: number, length: number): ProcessEvent | undefined {
  if (length < wire.eventHeaderSize) return undefined;
  const header = wire.decodeEventHeader(data, offset);
  if (header.size > length) return undefined;
  switch (header.kind) {
    case EVENT_EXEC:
      return decodeExec(data, offset, header.size);
    case EVENT_EXIT:
      return decodeExit(data, offset, header.size);
    default:
      return undefined;
  }
}

function decodeExec(data: DataView, offset: number, size: number): ExecEvent | undefined {
  const textOffset = wire.execEventOffsets.filename;
  if (size < textOffset) return undefined;
  const { header, pid, ppid, comm, filename_size } = wire.decodeExecEvent(data, offset);
  if (textOffset + filename_size !== size) return undefined;
  const known = (header.flags & EVENT_FILENAME_FAULT) === 0;
  return {
    kind: "exec",
    bootNs: header.boot_ns,
    pid,
    ppid,
    comm,
    filename: known ? wire.decodeText(data, offset + textOffset, filename_size) : undefined,
    filenameCut: (header.flags & EVENT_FILENAME_CUT) !== 0,
  };
}

function decodeExit(data: DataView, offset: number, size: number): ExitEvent | undefined {
  if (size !== wire.exitEventSize) return undefined;
  const { header, pid, ppid, comm, status, duration_ns } = wire.decodeExitEvent(data, offset);
  return {
    kind: "exit",
    bootNs: header.boot_ns,
    pid,
    ppid,
    comm,
    status: decodeStatus(status),
    durationNs: duration_ns,
    durationExact: (header.flags & EVENT_EXEC_TIME_UNKNOWN) === 0,
  };
}
