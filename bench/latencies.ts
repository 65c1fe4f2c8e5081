import { endianness } from "node:os";
import type { StampedSighting } from "./live-run.ts";

const littleEndian = endianness() === "LE";

/** When each process exited, by PID, of what bench/work/tiny.c writes: pairs of 64-bit words. */
export function readStamps(bytes: Uint8Array): ReadonlyMap<number, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stamps = new Map<number, number>();
  for (let at = 0; at + 16 <= bytes.byteLength; at += 16) {
    stamps.set(Number(view.getBigUint64(at, littleEndian)), Number(view.getBigUint64(at + 8, littleEndian)));
  }
  return stamps;
}

/** Nanoseconds from each exit to the first line that told it; exits that none told are left out. */
export function latencies(exits: ReadonlyMap<number, number>, sightings: Iterable<StampedSighting>): readonly number[] {
  const first = new Map<number, number>();
  for (const { kind, pid, timeNs } of sightings) {
    const exitNs = exits.get(pid);
    // An earlier line with this PID told of another process.
    if (kind !== "exit" || exitNs === undefined || timeNs < exitNs) continue;
    first.set(pid, Math.min(first.get(pid) ?? Infinity, timeNs - exitNs));
  }
  return [...first.values()];
}
