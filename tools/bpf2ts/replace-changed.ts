import { existsSync, readFileSync, renameSync } from "node:fs";

/** Moves a new file to its place, unless the file there has the same content: build tools go by modification times. */
export function replaceChanged(from: string, to: string): void {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  renameSync(from, to);
}
