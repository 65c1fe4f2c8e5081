import { koffi } from "../libc/ffi.ts";
import { formatVarargs, type Pointer } from "../libc/libc.ts";
import { LibbpfError, VerifierError, findRefusal } from "./errors.ts";
import { libbpf, printFunction } from "./native.ts";

/** libbpf's levels of importance, as `enum libbpf_print_level` numbers them. */
const levels = ["warn", "info", "debug"] as const;
/** The importance of a message of libbpf. */
export type LogLevel = (typeof levels)[number];

/** Receives libbpf's own messages, a line or more each, without the prefix and the last line break. */
export type LogListener = (level: LogLevel, message: string) => void;

/**
 * Runs a call into libbpf that returns a handle, or null and sets errno.
 *
 * @param code the failure's code, if not `LIBBPF_FAILED`
 * @throws {LibbpfError} with what libbpf said; {VerifierError} if a program was refused
 */
export function callForHandle(
  operation: string,
  listener: LogListener | undefined,
  call: () => Pointer | null,
  code?: string,
): Pointer {
  const { result, errno, warnings } = capture(listener, call);
  if (result === null) throw failure(operation, errno, warnings, code);
  return result;
}

/**
 * Runs a call into libbpf that returns a negative error number on failure.
 *
 * @param expected an error number that is no failure, but an answer
 * @throws {LibbpfError} with what libbpf said; {VerifierError} if a program was refused
 */
export function callForStatus(
  operation: string,
  listener: LogListener | undefined,
  call: () => number,
  expected?: number,
): number {
  const { result, warnings } = capture(listener, call);
  if (result < 0 && -result !== expected) throw failure(operation, -result, warnings);
  return result;
}

function failure(operation: string, errno: number, warnings: readonly string[], code?: string): LibbpfError {
  const refusal = findRefusal(warnings);
  return refusal === undefined
    ? new LibbpfError(operation, errno, warnings, code)
    : new VerifierError(operation, errno, warnings, refusal);
}

interface Captured<T> {
  readonly result: T;
  readonly errno: number;
  readonly warnings: readonly string[];
}

/** Runs a call with libbpf's messages redirected: warnings are kept, everything goes to the listener. */
function capture<T>(listener: LogListener | undefined, call: () => T): Captured<T> {
  const warnings: string[] = [];
  const print = koffi.register((level: number, format: Pointer, args: Pointer): number => {
    const name = levels[level] ?? "debug";
    if (name === "debug" && listener === undefined) return 0;
    const message = formatVarargs(format, args)
      .replace(/^libbpf: /, "")
      .replace(/\n$/, "");
    if (name === "warn") warnings.push(message);
    listener?.(name, message);
    return 0;
  }, printFunction);
  const previous = libbpf.libbpf_set_print(print);
  try {
    const result = call();
    return { result, errno: koffi.errno(), warnings };
  } finally {
    libbpf.libbpf_set_print(previous);
    koffi.unregister(print);
  }
}
