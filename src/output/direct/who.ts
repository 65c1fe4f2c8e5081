import type { Process } from "../../event/event.ts";
import { decodeProcess, type CgroupPath } from "../../probe/decode-process.ts";
import { wire } from "../../probe/wire.ts";
import { Constant } from "./put.ts";
import { LE } from "./record-time.ts";

const { eventHeaderOffsets: header, forkEventOffsets: fork, processOffsets: process } = wire;

/** Where the words lie that say on whose behalf a process runs: user to session, control group, terminal. */
const WORDS = [
  ...[0, 4, 8, 12].map((at) => process.uid + at),
  ...[0, 4].map((at) => process.cgroup_id + at),
  ...[0, 4, 8, 12].map((at) => process.tty + at),
].map((at) => fork.process + at);

/** Texts that are remembered; a power of two. */
const CAPACITY = 64;

interface Who {
  readonly words: Int32Array;
  readonly epoch: number;
  readonly text: Constant | undefined;
}

/**
 * The text that `describe` makes of a full record's process, remembered by what it is made from: many processes in a row
 * run on the same behalf. It is made anew when `epoch` is another, since users are renamed.
 */
export function cachedWho(
  describe: (process: Process) => string | undefined,
  cgroupPath: CgroupPath,
): (data: DataView, offset: number, epoch: number) => Constant | undefined {
  const known: (Who | undefined)[] = Array.from({ length: CAPACITY }, () => undefined);

  const make = (data: DataView, offset: number, epoch: number): Who => {
    const flags = data.getUint16(offset + header.flags, LE);
    const text = describe(decodeProcess(wire.decodeProcess(data, offset + fork.process), flags, cgroupPath));
    return {
      words: Int32Array.from(WORDS, (at) => data.getInt32(offset + at, LE)),
      epoch,
      text: text === undefined || !isAscii(text) ? undefined : new Constant(text),
    };
  };

  let last: Who | undefined;

  return (data, offset, epoch) => {
    if (last?.epoch === epoch && isSame(last.words, data, offset)) return last.text;
    let hash = 0;
    for (const at of WORDS) hash = Math.imul(hash ^ data.getInt32(offset + at, LE), 0x9e3779b1);
    const slot = hash >>> 26;
    let who = known[slot];
    if (who?.epoch !== epoch || !isSame(who.words, data, offset)) known[slot] = who = make(data, offset, epoch);
    last = who;
    return who.text;
  };
}

function isSame(words: Int32Array, data: DataView, offset: number): boolean {
  for (let index = 0; index < words.length; index++) {
    if (words[index] !== data.getInt32(offset + (WORDS[index] ?? 0), LE)) return false;
  }
  return true;
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
