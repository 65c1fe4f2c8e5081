import { decodeStatus } from "../event/exit-status.ts";
import type { ExecEvent, ExecFailedEvent, ExitEvent, ForkEvent, RunningEvent } from "../event/event.ts";
import { decodeImage } from "./decode-image.ts";
import { decodeProcess, type CgroupPath } from "./decode-process.ts";
import { decodeUsage } from "./decode-usage.ts";
import { RecordText } from "./record-text.ts";
import { wire } from "./wire.ts";

const flags = wire.EventFlag;

/** What full events have in common, from their header and process. */
function common(
  header: ReturnType<typeof wire.decodeEventHeader>,
  process: ReturnType<typeof wire.decodeProcess>,
  cgroupPath: CgroupPath,
): Pick<ForkEvent, "bootNs" | "pid" | "ppid" | "comm" | "process"> {
  return {
    bootNs: header.boot_ns,
    pid: process.pid,
    ppid: process.ppid,
    comm: process.comm,
    process: decodeProcess(process, header.flags, cgroupPath),
  };
}

/** Decodes a fork. */
export function decodeFork(data: DataView, offset: number, cgroupPath: CgroupPath): ForkEvent {
  const { header, process, maker_pid, maker_start_boottime } = wire.decodeForkEvent(data, offset);
  const maker = { pid: maker_pid, startBootNs: maker_start_boottime };
  return { kind: "fork", ...common(header, process, cgroupPath), maker };
}

/** Decodes an exec. Throws a RangeError if its texts go beyond it. */
export function decodeFullExec(data: DataView, offset: number, size: number, cgroupPath: CgroupPath): ExecEvent {
  const record = wire.decodeFullExecEvent(data, offset);
  const { header, process } = record;
  const text = new RecordText(data, offset + wire.fullExecEventOffsets.text, offset + size);
  const filename = text.string(record.filename_size);
  const previous = record.previous_exec_boottime;
  return {
    kind: "exec",
    ...common(header, process, cgroupPath),
    filename,
    filenameCut: false,
    image: decodeImage(record, text),
    replaces: previous === 0n ? undefined : { filename: undefined, durationNs: header.boot_ns - previous },
    oldTid: record.old_tid === process.pid ? undefined : record.old_tid,
    privileged: (header.flags & flags.EVENT_PRIVILEGED) === 0 ? undefined : { euid: record.euid, egid: record.egid },
  };
}

/** Decodes a process that lived already. Throws a RangeError if its texts go beyond it. */
export function decodeRunning(data: DataView, offset: number, size: number, cgroupPath: CgroupPath): RunningEvent {
  const record = wire.decodeFullExecEvent(data, offset);
  const text = new RecordText(data, offset + wire.fullExecEventOffsets.text, offset + size);
  text.string(record.filename_size);
  return {
    kind: "running",
    ...common(record.header, record.process, cgroupPath),
    filename: undefined,
    image: decodeImage(record, text),
    threads: record.threads,
    hasExeced: (record.header.flags & flags.EVENT_EXEC_TIME_UNKNOWN) !== 0,
  };
}

/** Decodes an exec that failed. Throws a RangeError if its texts go beyond it. */
export function decodeExecFailed(
  data: DataView,
  offset: number,
  size: number,
  cgroupPath: CgroupPath,
): ExecFailedEvent {
  const record = wire.decodeExecFailedEvent(data, offset);
  const text = new RecordText(data, offset + wire.execFailedEventOffsets.text, offset + size);
  return {
    kind: "exec_failed",
    ...common(record.header, record.process, cgroupPath),
    filename: text.string(record.filename_size),
    filenameCut: (record.header.flags & flags.EVENT_FILENAME_CUT) !== 0,
    cwd: text.path(record.cwd_size),
    cwdDeleted: (record.header.flags & flags.EVENT_CWD_DELETED) !== 0,
    errno: record.error,
  };
}

/** Decodes an exit. */
export function decodeFullExit(data: DataView, offset: number, cgroupPath: CgroupPath): ExitEvent {
  const record = wire.decodeFullExitEvent(data, offset);
  const { header, process } = record;
  const forkSeen = (header.flags & flags.EVENT_FORK_UNKNOWN) === 0;
  return {
    kind: "exit",
    ...common(header, process, cgroupPath),
    status: decodeStatus(record.status),
    durationNs: record.duration_ns,
    durationExact: (header.flags & flags.EVENT_EXEC_TIME_UNKNOWN) === 0,
    filename: undefined,
    image: undefined,
    usage: decodeUsage(record.usage, header.flags),
    threads: forkSeen ? record.threads : undefined,
    forkParent: forkSeen ? { pid: record.fork_parent_pid, startBootNs: record.fork_parent_start_boottime } : undefined,
  };
}
