import { findingLines } from "../doctor/report.ts";
import { EbpfError } from "../errors.ts";

/**
 * The text for a failure: what failed and why, then what to do, in the doctor's words. With `verbose`, also all that the
 * loader said and where in this program it happened.
 */
export function describeError(error: unknown, { verbose }: { readonly verbose: boolean }): string {
  const lines = [`ebpf-bootstrap: ${whatFailed(error)}`];
  const finding = error instanceof EbpfError ? error.finding : undefined;
  if (error instanceof EbpfError && finding === undefined && error.hint !== undefined) lines.push(error.hint);
  if (verbose) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) lines.push(String(cause.stack));
  } else if (!(error instanceof EbpfError)) {
    lines.push("This is a bug: please report it, with what --verbose prints.");
  }
  if (finding !== undefined) lines.push(...findingLines(finding));
  return `${lines.join("\n")}\n`;
}

function whatFailed(error: unknown): string {
  if (error instanceof EbpfError) return error.failure;
  return error instanceof Error ? error.message : String(error);
}
