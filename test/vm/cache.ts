import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Everything that is downloaded or built for the guests: kept between runs, and safe to delete. */
export const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "ebpf-bootstrap", "vm");

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes sure that a directory holds what a recipe makes; it is built anew, as a whole or not at all, if that changed. */
export function made(directory: string, recipe: string, make: (directory: string) => void): string {
  const label = join(directory, ".recipe");
  if (existsSync(label) && readFileSync(label, "utf8") === recipe) return directory;
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  make(unfinished);
  writeFileSync(join(unfinished, ".recipe"), recipe);
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
  return directory;
}

/** Does something unless it was done within a day: the file `mark` remembers. */
export function daily(mark: string, work: () => void): void {
  if (existsSync(mark) && Date.now() - statSync(mark).mtimeMs < DAY_MS) return;
  work();
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, "");
}
