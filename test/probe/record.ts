import { wire } from "../../src/probe/wire.ts";

/** Bytes of records as the kernel side writes them, made by the generated offsets and this machine's byte order. */

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export interface RecordFields {
  readonly pid?: number;
  readonly ppid?: number;
  readonly comm?: string;
  readonly bootNs?: bigint;
  readonly flags?: number;
}

/** An exec record; the file name is the text's UTF-8, or the bytes themselves. */
export function execRecord(filename: string | Uint8Array, fields: RecordFields = {}): Uint8Array {
  const name = typeof filename === "string" ? Buffer.from(filename) : filename;
  const { offsets, at } = { offsets: wire.execEventOffsets, at: wire.execEventOffsets.filename };
  const bytes = new Uint8Array(at + name.length);
  const view = fill(bytes, wire.EventKind.EVENT_EXEC, fields);
  view.setUint32(offsets.filename_size, name.length, littleEndian);
  bytes.set(name, at);
  return bytes;
}

export interface FullExecFields extends RecordFields {
  /** What was read of the arguments. */
  readonly args?: string;
  /** Bytes of all of them. */
  readonly argsTotal?: bigint;
}

/** A full exec, or a process that runs already, without paths. */
export function fullExecRecord(kind: number, fields: FullExecFields = {}): Uint8Array {
  const { args = "", argsTotal = 0n } = fields;
  const offsets = wire.fullExecEventOffsets;
  const bytes = new Uint8Array(offsets.text + args.length);
  const view = fill(bytes, kind, fields);
  view.setBigUint64(offsets.args_total, argsTotal, littleEndian);
  view.setUint32(offsets.args_size, args.length, littleEndian);
  bytes.set(Buffer.from(args), offsets.text);
  return bytes;
}

/** An exit record with a status as wait(2) has it. */
export function exitRecord(status: number, durationNs: bigint, fields: RecordFields = {}): Uint8Array {
  const bytes = new Uint8Array(wire.exitEventSize);
  const view = fill(bytes, wire.EventKind.EVENT_EXIT, fields);
  view.setUint32(wire.exitEventOffsets.status, status, littleEndian);
  view.setBigUint64(wire.exitEventOffsets.duration_ns, durationNs, littleEndian);
  return bytes;
}

function fill(bytes: Uint8Array, kind: number, fields: RecordFields): DataView {
  const { pid = 1234, ppid = 1000, comm = "sh", bootNs = 5_000_000_000n, flags = 0 } = fields;
  const view = new DataView(bytes.buffer);
  view.setUint16(wire.eventHeaderOffsets.kind, kind, littleEndian);
  view.setUint16(wire.eventHeaderOffsets.flags, flags, littleEndian);
  view.setUint32(wire.eventHeaderOffsets.size, bytes.length, littleEndian);
  view.setBigUint64(wire.eventHeaderOffsets.boot_ns, bootNs, littleEndian);
  view.setUint32(wire.execEventOffsets.pid, pid, littleEndian);
  view.setUint32(wire.execEventOffsets.ppid, ppid, littleEndian);
  bytes.set(Buffer.from(comm).subarray(0, 16), wire.execEventOffsets.comm);
  return view;
}
