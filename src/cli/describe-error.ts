import { EbpfError } from "../errors.ts";

/**
 * The text for a failure: what failed and why, then what to do. With `verbose`, also all that the loader said and where
 * in this program it happened.
 */
export function describeError(error: unknown, { verbose }: { readonly verbose: boolean }): string {
  const lines = [`ebpf-bootstrap: ${error instanceof Error ? error.message : String(error)}`];
  if (error instanceof EbpfError && error.hint !== undefined) lines.push(error.hint);
  if (verbose) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) lines.push(String(cause.stack));
  } else if (!(error instanceof EbpfError)) {
    lines.push("This is a bug: please report it, with what --verbose prints.");
  }
  return `${lines.join("\n")}\n`;
}
