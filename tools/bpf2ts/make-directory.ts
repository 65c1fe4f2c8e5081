import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GeneratorError } from "./generator-error.ts";

/**
 * Makes the directory for the output, and those above it that do not exist. Unlike the recursive mode of `mkdirSync` it
 * also ends where there can be none: /proc says of every new directory that what it is to be made in does not exist.
 */
export function makeDirectory(directory: string): void {
  const path = resolve(directory);
  try {
    makeWithParents(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new GeneratorError(
      `make the directory ${path}: ${reason}`,
      "Give --out a directory that can be made and written to.",
    );
  }
}

function makeWithParents(path: string): void {
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeWithParents(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may just have made it.
    if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
