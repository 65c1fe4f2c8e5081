import { decodeStatus } from "../event/exit-status.ts";
import type { ExecEvent, ExitEvent } from "../event/event.ts";
import { wire } from "./wire.ts";

const flags = wire.EventFlag;

/** Decodes the exec of the classic table; undefined if the record makes no sense. */
export function decodeBriefExec(data: DataView, offset: number, size: number): ExecEvent | undefined {
  const textOffset = wire.execEventOffsets.filename;
  if (size < textOffset) return undefined;
  const { header, pid, ppid, comm, filename_size } = wire.decodeExecEvent(data, offset);
  if (textOffset + filename_size !== size) return undefined;
  const known = (header.flags & flags.EVENT_FILENAME_FAULT) === 0;
  return {
    kind: "exec",
    bootNs: header.boot_ns,
    pid,
    ppid,
    comm,
    process: undefined,
    filename: known ? wire.decodeText(data, offset + textOffset, filename_size) : undefined,
    filenameCut: (header.flags & flags.EVENT_FILENAME_CUT) !== 0,
    image: undefined,
    replaces: undefined,
    oldTid: undefined,
    privileged: undefined,
  };
}

/** Decodes the exit of the classic table; undefined if the record makes no sense. */
export function decodeBriefExit(data: DataView, offset: number, size: number): ExitEvent | undefined {
  if (size !== wire.exitEventSize) return undefined;
  const { header, pid, ppid, comm, status, duration_ns } = wire.decodeExitEvent(data, offset);
  return {
    kind: "exit",
    bootNs: header.boot_ns,
    pid,
    ppid,
    comm,
    process: undefined,
    status: decodeStatus(status),
    durationNs: duration_ns,
    durationExact: (header.flags & flags.EVENT_EXEC_TIME_UNKNOWN) === 0,
    filename: undefined,
    image: undefined,
    usage: undefined,
    threads: undefined,
    forkParent: undefined,
  };
}
