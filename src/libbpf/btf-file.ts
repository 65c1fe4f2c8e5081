import { statSync } from "node:fs";

/** Bytes. Types take some megabytes; a kernel's image with its debug information, which may hold them, a thousand. */
const LARGEST_FILE = 2 ** 31 - 1;

/** Why a file is not to be opened and read to its end, though it is there: `is not a regular file`; undefined if it may. */
export function whyNoBtfFile(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isFile()) return "is not a regular file";
  return stats.size > LARGEST_FILE ? "is larger than 2 GiB" : undefined;
}
