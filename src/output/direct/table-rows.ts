import { decodeStatus } from "../../event/exit-status.ts";
import { wire } from "../../probe/wire.ts";
import { timeOfDayFormatter } from "../../timer/time-of-day.ts";
import { exitStatusText } from "../columns/status-text.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { NOT_PLAIN, type RecordWriter, type Stages } from "./direct-output.ts";
import { Constant, putBlanks, putConstant, putInteger } from "./put.ts";
import { LE, SplitTime } from "./record-time.ts";

const { eventHeaderOffsets: header, execEventOffsets: exec, exitEventOffsets: exit } = wire;
const { EVENT_EXEC, EVENT_EXIT } = wire.EventKind;
const COMM_SIZE = exec.filename_size - exec.comm;

/** Where columns of the classic table begin, in a row of which no value is wider than its place. */
const place = { pid: 32, ppid: 40, result: 48 } as const;

/** More than a row takes besides its file name. */
const ROW_ROOM = 128;

const BACKSLASH = 0x5c;
const EXEC = new Constant("EXEC  ");
const EXIT = new Constant("EXIT  ");
const MS_AND_END = new Constant("ms)\n");
const NEWLINE = 0x0a;

/**
 * Writes rows of the classic table: a fifth of what a row costs by way of events and columns. Plain are records without
 * flags, whose texts are printable ASCII.
 */
export function tableRows(buffer: LineBuffer, { clock, kinds }: Stages): RecordWriter {
  const wantsExec = kinds.has("exec");
  const wantsExit = kinds.has("exit");
  const boot = new SplitTime();
  const wall = new SplitTime();
  const statuses = statusTexts();
  const timeOfDay = timeOfDayFormatter();
  let second = -1;
  let time = new Constant("");

  /** The time, the event's name and what both kinds of record have; -1 if it is not plain. */
  const putCommon = (start: number, name: Constant, data: DataView, offset: number): number => {
    const { bytes, view } = buffer;
    if (!boot.read(data, offset + header.boot_ns)) return NOT_PLAIN;
    wall.setSum(boot, clock.offset);
    if (wall.seconds !== second) {
      second = wall.seconds;
      time = new Constant(`${timeOfDay(BigInt(second) * 1_000_000_000n)} `);
    }
    let at = putConstant(view, start, time);
    at = putConstant(view, at, name);
    at = putPrintable(bytes, at, data, offset + exec.comm, COMM_SIZE);
    if (at < 0) return NOT_PLAIN;
    at = putBlanks(bytes, at, start + place.pid);
    at = putInteger(view, at, data.getUint32(offset + exec.pid, LE));
    if (at > start + place.ppid - 1) return NOT_PLAIN;
    at = putBlanks(bytes, at, start + place.ppid);
    at = putInteger(view, at, data.getUint32(offset + exec.ppid, LE));
    // A PID that pushes its row along is none that the kernel gives.
    if (at > start + place.result - 1) return NOT_PLAIN;
    return putBlanks(bytes, at, start + place.result);
  };

  const writeExec = (data: DataView, offset: number, size: number): number => {
    const filenameSize = size - exec.filename;
    if (filenameSize < 0 || data.getUint32(offset + exec.filename_size, LE) !== filenameSize) return NOT_PLAIN;
    if (!wantsExec) return 0;
    buffer.reserve(ROW_ROOM + filenameSize);
    const { bytes } = buffer;
    let at = putCommon(buffer.used, EXEC, data, offset);
    if (at < 0) return NOT_PLAIN;
    at = putPrintable(bytes, at, data, offset + exec.filename, filenameSize);
    if (at < 0) return NOT_PLAIN;
    bytes[at] = NEWLINE;
    buffer.used = at + 1;
    return 1;
  };

  const writeExit = (data: DataView, offset: number, size: number): number => {
    if (size !== wire.exitEventSize) return NOT_PLAIN;
    if (!wantsExit) return 0;
    buffer.reserve(ROW_ROOM);
    const { view } = buffer;
    let at = putCommon(buffer.used, EXIT, data, offset);
    if (at < 0 || !boot.read(data, offset + exit.duration_ns)) return NOT_PLAIN;
    at = putConstant(view, at, statuses(data.getUint32(offset + exit.status, LE)));
    at = putInteger(view, at, boot.seconds * 1000 + Math.floor(boot.ns / 1e6));
    at = putConstant(view, at, MS_AND_END);
    buffer.used = at;
    return 1;
  };

  return (data, offset, length) => {
    if (length < wire.eventHeaderSize || data.getUint16(offset + header.flags, LE) !== 0) return NOT_PLAIN;
    const size = data.getUint32(offset + header.size, LE);
    if (size > length) return NOT_PLAIN;
    switch (data.getUint16(offset + header.kind, LE)) {
      case EVENT_EXEC:
        return writeExec(data, offset, size);
      case EVENT_EXIT:
        return writeExit(data, offset, size);
      default:
        return NOT_PLAIN;
    }
  };
}

/** Stores a text up to its first NUL, or of `size` bytes; -1 if it needs an escape. */
function putPrintable(bytes: Uint8Array, start: number, data: DataView, offset: number, size: number): number {
  let at = start;
  for (let index = 0; index < size; index++) {
    const byte = data.getUint8(offset + index);
    if (byte === 0) break;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return NOT_PLAIN;
    bytes[at++] = byte;
  }
  return at;
}

/** Makes the text of a wait status, `[0] (`; there are few of them. */
function statusTexts(): (status: number) => Constant {
  const known = new Map<number, Constant>();
  return (status) => {
    let text = known.get(status);
    if (text === undefined) {
      text = new Constant(`${exitStatusText(decodeStatus(status))} (`);
      known.set(status, text);
    }
    return text;
  };
}
