#!/usr/bin/env node
import { CommanderError } from "commander";
import { createCommand } from "./command-line.ts";
import { generate } from "./generate.ts";
import { GeneratorError } from "./generator-error.ts";

process.exitCode = main(process.argv);

/** Returns the exit status: 0 done, 1 failed, 2 wrong usage. Expected failures are told without a stack trace. */
function main(argv: readonly string[]): number {
  try {
    createCommand(generate).exitOverride().parse(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!isExpected(error)) throw error;
    const hint = error instanceof GeneratorError && error.hint !== undefined ? `\n${error.hint}` : "";
    console.error(`bpf2ts: ${error.message}${hint}`);
    return 1;
  }
}

/** Failures of the file system, such as an output directory that cannot be written, are expected too. */
function isExpected(error: unknown): error is Error {
  return error instanceof GeneratorError || (error instanceof Error && "syscall" in error);
}
