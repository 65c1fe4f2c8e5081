import { EbpfError } from "../errors.ts";
import { errnoName } from "../libc/errno.ts";

/** The shared library is not there, or is older than this package can use. Code `LIBBPF_NOT_FOUND`. */
export class LibbpfNotFoundError extends EbpfError {
  override readonly name = "LibbpfNotFoundError";

  constructor(reason: string, cause?: unknown) {
    const fix =
      "Install libbpf 1.0 or later: `apt install libbpf1` (Debian, Ubuntu), `dnf install libbpf` (Fedora), " +
      "`pacman -S libbpf` (Arch), `zypper install libbpf1` (openSUSE).";
    super("LIBBPF_NOT_FOUND", "load libbpf.so.1", {
      operation: "load libbpf.so.1",
      finding: { check: "libbpf", status: "missing", text: reason, fixes: [fix] },
      cause,
    });
  }
}

/** A call into libbpf failed. Code `LIBBPF_FAILED`; `errno` is set, and `messages` is what libbpf said about it. */
export class LibbpfError extends EbpfError {
  override readonly name: string = "LibbpfError";
  readonly messages: readonly string[];
  /** The name of the program that the call failed at, where libbpf tells it. */
  readonly program: string | undefined;

  constructor(operation: string, errno: number, messages: readonly string[], code = "LIBBPF_FAILED") {
    super(code, `${operation}: ${reasonOf(errno, messages)}`, { operation, errno });
    this.messages = messages;
    this.program = findProgram(messages);
  }
}

function reasonOf(errno: number, messages: readonly string[]): string {
  // The first warning is nearest to the cause; the later ones say what failed because of it.
  const first = messages[0]?.split("\n")[0];
  return first === undefined ? libbpfErrorName(errno) : `${libbpfErrorName(errno)} (${first})`;
}

function findProgram(messages: readonly string[]): string | undefined {
  return messages.map((message) => /^prog '([^']*)': /.exec(message)?.[1]).findLast((name) => name !== undefined);
}

/** libbpf's own error numbers lie above the kernel's (`enum libbpf_errno` in libbpf.h). */
const ownErrors =
  "LIBELF FORMAT KVERSION ENDIAN INTERNAL RELOC LOAD VERIFY PROG2BIG KVER PROGTYPE WRNGPID INVSEQ NLPARSE";
const FIRST_OWN_ERROR = 4000;

/** The name of an error number, of the kernel's or of libbpf's own: `LIBBPF_ERRNO__FORMAT`. */
export function libbpfErrorName(errno: number): string {
  const own = ownErrors.split(" ")[errno - FIRST_OWN_ERROR];
  return own === undefined ? errnoName(errno) : `LIBBPF_ERRNO__${own}`;
}

/** The kernel's verifier refused a program. Code `VERIFIER_REFUSED`; `log` is the verifier's whole log. */
export class VerifierError extends LibbpfError {
  override readonly name = "VerifierError";
  override readonly program: string;
  readonly log: string;

  constructor(operation: string, errno: number, messages: readonly string[], refusal: VerifierRefusal) {
    super(
      operation,
      errno,
      [`the verifier refused ${refusal.program}: ${summaryOf(refusal.log)}`, ...messages],
      "VERIFIER_REFUSED",
    );
    this.program = refusal.program;
    this.log = refusal.log;
  }
}

/** A program that the verifier refused, and its whole log. */
export interface VerifierRefusal {
  readonly program: string;
  readonly log: string;
}

/** Finds the verifier's log among libbpf's messages; undefined if the failure was of another kind. */
export function findRefusal(messages: readonly string[]): VerifierRefusal | undefined {
  for (const message of messages) {
    const match = /^prog '([^']*)': -- BEGIN PROG LOAD LOG --\n([^]*?)-- END PROG LOAD LOG --/.exec(message);
    if (match?.[1] !== undefined && match[2] !== undefined) return { program: match[1], log: match[2] };
  }
  return undefined;
}

/** The line of a verifier log that says what is wrong: the last one before the statistics. */
function summaryOf(log: string): string {
  const lines = log
    .split("\n")
    .filter((line) => line !== "" && !/^(processed \d+ insns|verification time|stack depth)/.test(line));
  return lines.at(-1) ?? "no reason given";
}
