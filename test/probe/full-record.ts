import { wire } from "../../src/probe/wire.ts";

/** Full records as the kernel side writes them, made by the generated offsets and this machine's byte order. */

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A field of a struct by its name; those that are not given are 0. */
export type Fields = Readonly<Record<string, number | bigint | Uint8Array>>;

/** What a full record is made of. */
export interface FullRecord {
  readonly kind: number;
  readonly flags: number;
  readonly bootNs: bigint;
  readonly process: Fields;
  /** The fields of the record's own struct, but for header and process. */
  readonly own: Fields;
  readonly usage?: Fields;
  /** The texts behind it. */
  readonly text?: Uint8Array;
}

/** The offsets of a record's struct, and the bytes before its text. */
const layouts = new Map<number, { readonly offsets: Readonly<Record<string, number>>; readonly size: number }>([
  [wire.EventKind.EVENT_FORK, { offsets: wire.forkEventOffsets, size: wire.forkEventSize }],
  [wire.EventKind.EVENT_FULL_EXEC, { offsets: wire.fullExecEventOffsets, size: wire.fullExecEventOffsets.text }],
  [wire.EventKind.EVENT_RUNNING, { offsets: wire.fullExecEventOffsets, size: wire.fullExecEventOffsets.text }],
  [wire.EventKind.EVENT_EXEC_FAILED, { offsets: wire.execFailedEventOffsets, size: wire.execFailedEventOffsets.text }],
  [wire.EventKind.EVENT_FULL_EXIT, { offsets: wire.fullExitEventOffsets, size: wire.fullExitEventSize }],
  [wire.EventKind.EVENT_CGROUP, { offsets: wire.cgroupEventOffsets, size: wire.cgroupEventOffsets.path }],
]);

/** The bytes of a full record. */
export function fullRecord({
  kind,
  flags,
  bootNs,
  process,
  own,
  usage = {},
  text = new Uint8Array(),
}: FullRecord): Uint8Array {
  const layout = layouts.get(kind);
  if (layout === undefined) throw new TypeError(`make a record of kind ${kind}: there is no such full record`);
  const bytes = new Uint8Array(layout.size + text.length);
  const view = new DataView(bytes.buffer);
  const { header = 0, process: processAt, usage: usageAt } = layout.offsets;
  view.setUint16(header + wire.eventHeaderOffsets.kind, kind, littleEndian);
  view.setUint16(header + wire.eventHeaderOffsets.flags, flags, littleEndian);
  view.setUint32(header + wire.eventHeaderOffsets.size, bytes.length, littleEndian);
  view.setBigUint64(header + wire.eventHeaderOffsets.boot_ns, bootNs, littleEndian);
  if (processAt !== undefined) put(view, processAt, wire.processOffsets, process);
  if (usageAt !== undefined) put(view, usageAt, wire.usageOffsets, usage);
  put(view, 0, layout.offsets, own);
  bytes.set(text, layout.size);
  return bytes;
}

function put(view: DataView, base: number, offsets: Readonly<Record<string, number>>, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    const offset = offsets[name];
    if (offset === undefined) throw new TypeError(`make a record: there is no field ${name}`);
    if (typeof value === "bigint") view.setBigUint64(base + offset, value, littleEndian);
    else if (typeof value === "number") view.setUint32(base + offset, value, littleEndian);
    else new Uint8Array(view.buffer).set(value, base + offset);
  }
}
