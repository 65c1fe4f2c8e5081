/** What is said of one thing that this program needs of a machine: a line of `ebpf-bootstrap doctor`. */
export interface Finding {
  /** The name of what was looked at: `capabilities`. Stable. */
  readonly check: string;
  /**
   * `missing`: the monitor does not work because of it. `note`: it works, but there is something to know. `unknown`: it
   * could not be found out.
   */
  readonly status: "ok" | "note" | "missing" | "unknown";
  readonly text: string;
  /** Ways to mend it; one of them is enough. */
  readonly fixes: readonly string[];
}

/** What every error of this package carries besides its message. */
export interface EbpfErrorOptions {
  /** What was attempted, in a few words: `load the BPF object`. */
  readonly operation?: string;
  /** The kernel's or the C library's positive error number, where there is one. */
  readonly errno?: number;
  /** What the reader can do about it, as one or more sentences. Default: the finding's fixes. */
  readonly hint?: string;
  /** What the doctor says of the cause. The message then ends with its text. */
  readonly finding?: Finding;
  readonly cause?: unknown;
}

/**
 * The base of every error that this package throws for a reason outside the caller's code. `code` is stable: programs
 * may compare it. The message says what was attempted and why it failed; `hint` says how to mend it, where that is known.
 * Mistakes in the caller's own arguments are `TypeError`s.
 */
export class EbpfError extends Error {
  override readonly name: string = "EbpfError";
  readonly code: string;
  readonly operation: string | undefined;
  readonly errno: number | undefined;
  readonly hint: string | undefined;
  /** What failed: the message without the finding's text. */
  readonly failure: string;
  readonly finding: Finding | undefined;

  constructor(code: string, failure: string, options: EbpfErrorOptions = {}) {
    const { finding, cause } = options;
    super(finding === undefined ? failure : `${failure}: ${finding.text}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.failure = failure;
    this.finding = finding;
    this.operation = options.operation;
    this.errno = options.errno;
    this.hint = options.hint ?? finding?.fixes.join("\n");
  }
}
