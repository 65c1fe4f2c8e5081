import { readdirSync, readFileSync } from "node:fs";
import type { Image } from "../event/event.ts";
import { decodeBytes } from "../event/text.ts";
import { clockNs, clocks } from "../libc/libc.ts";
import { procHasMachinePids } from "../machine/namespaces.ts";
import { DEFAULT_ARGS_BYTES } from "../probe/defaults.ts";

/** What stands in a process's own memory: its arguments and its environment. */
export type MemoryTexts = Pick<Image, "argv" | "argc" | "argvBytes" | "argvTruncated" | "env" | "envTruncated">;

/** The texts of the processes that lived at a time. */
export interface MemorySnapshot {
  /** When the first of them was read, by the boot clock. */
  readonly bootNs: bigint;
  readonly ofPid: ReadonlyMap<number, MemoryTexts>;
}

/** What to read, and how much of it. */
export interface SnapshotOptions {
  /** The most bytes of arguments that are kept of a process. */
  readonly maxArgsBytes?: number | undefined;
  /** The environment too: that takes the right to trace the process, so it is to be read before root is given up. */
  readonly environment?: boolean | undefined;
}

/** The most bytes of environment that are kept of a process. */
const MAX_ENV_BYTES = 128 * 1024;

/**
 * The arguments of all processes, from /proc: the kernel side can read only the current process's memory. To be called
 * when execs are seen already, and before running processes are looked for: then whoever calls exec in between is known
 * by that, and what is in here is of the program that is found. Where /proc has other numbers than the events, as in a
 * container, it is empty.
 */
export function readMemoryTexts({ maxArgsBytes, environment }: SnapshotOptions): MemorySnapshot {
  const bootNs = clockNs(clocks.boottime);
  const ofPid = new Map<number, MemoryTexts>();
  for (const pid of pidsInProc()) {
    const commandLine = readProc(pid, "cmdline");
    // Without memory, as a thread of the kernel is, both are empty.
    if (commandLine === undefined) continue;
    const environ = environment === true ? readProc(pid, "environ") : undefined;
    if (commandLine.length === 0 && (environ === undefined || environ.length === 0)) continue;
    ofPid.set(pid, {
      ...commandLineOf(commandLine, maxArgsBytes ?? DEFAULT_ARGS_BYTES),
      env: environ && splitTexts(environ.subarray(0, MAX_ENV_BYTES)),
      envTruncated: environ !== undefined && environ.length > MAX_ENV_BYTES,
    });
  }
  return { bootNs, ofPid };
}

function pidsInProc(): number[] {
  try {
    if (!procHasMachinePids()) return [];
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** A process may have written over these. Undefined if they may not be read, or the process is gone. */
function readProc(pid: number, name: "cmdline" | "environ"): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

function commandLineOf(bytes: Buffer, maxBytes: number): Omit<MemoryTexts, "env" | "envTruncated"> {
  if (bytes.length === 0) return { argv: undefined, argc: undefined, argvBytes: undefined, argvTruncated: false };
  const argvTruncated = bytes.length > maxBytes;
  const argv = splitTexts(bytes.subarray(0, maxBytes));
  return { argv, argc: argvTruncated ? countTexts(bytes) : argv.length, argvBytes: bytes.length, argvTruncated };
}

/** Each ends with a NUL, the last one perhaps without. */
function splitTexts(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const texts = decodeBytes(bytes).split("\0");
  if (bytes.at(-1) === 0) texts.pop();
  return texts;
}

function countTexts(bytes: Buffer): number {
  let count = bytes.at(-1) === 0 ? 0 : 1;
  for (const byte of bytes) if (byte === 0) count++;
  return count;
}
