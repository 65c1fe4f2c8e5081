import { readFileSync } from "node:fs";
import type { Image } from "../event/event.ts";
import { decodeBytes } from "../event/text.ts";

/**
 * The arguments of a process that runs already, from /proc: the kernel side can read only the current process's memory.
 * A process may have written over them. Undefined members if they cannot be read.
 */
export function readCommandLine(
  pid: number,
  maxBytes: number,
): Pick<Image, "argv" | "argc" | "argvBytes" | "argvTruncated"> {
  const bytes = read(pid);
  if (bytes === undefined || bytes.length === 0) {
    return { argv: undefined, argc: undefined, argvBytes: undefined, argvTruncated: false };
  }
  const kept = bytes.subarray(0, maxBytes);
  const argv = decodeBytes(kept).split("\0");
  if (kept.at(-1) === 0) argv.pop();
  const argvTruncated = kept.length < bytes.length;
  return { argv, argc: argvTruncated ? countArguments(bytes) : argv.length, argvBytes: bytes.length, argvTruncated };
}

function read(pid: number): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return undefined;
  }
}

/** Each ends with a NUL, the last one perhaps without. */
function countArguments(bytes: Buffer): number {
  let count = bytes.at(-1) === 0 ? 0 : 1;
  for (const byte of bytes) if (byte === 0) count++;
  return count;
}
