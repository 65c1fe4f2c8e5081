import { EbpfError } from "../errors.ts";

/** Why standard output could not be written, and what to do; an error of another kind as it is. */
export function explainWriteError(error: unknown): unknown {
  if (!(error instanceof Error && "syscall" in error && error.syscall === "write")) return error;
  const code = "code" in error ? String(error.code) : "unknown error";
  return new EbpfError("WRITE_FAILED", `write to standard output: ${code}`, {
    cause: error,
    ...(code === "ENOSPC" && { hint: "The disk is full; what comes before has been written." }),
  });
}

/** Whether an error says that whoever read the output has gone: a pipe's reader, or the terminal. */
export function isReaderGone(error: unknown): boolean {
  return isCode(error, "EPIPE") || isCode(error, "EIO");
}

/** Whether an error is the system's of that name. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
