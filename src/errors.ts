/** What every error of this package carries besides its message. */
export interface EbpfErrorOptions {
  /** What was attempted, in a few words: `load the BPF object`. */
  readonly operation?: string;
  /** The kernel's or the C library's positive error number, where there is one. */
  readonly errno?: number;
  /** What the reader can do about it, as one or more sentences. */
  readonly hint?: string;
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

  constructor(code: string, message: string, options: EbpfErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.operation = options.operation;
    this.errno = options.errno;
    this.hint = options.hint;
  }
}
