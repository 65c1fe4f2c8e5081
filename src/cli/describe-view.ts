import { judgeView } from "../machine/checks.ts";
import type { View } from "../machine/machine.ts";

/** The lines that say whose processes are seen, where that is not what one would think; verbose, also what is missing. */
export function describeView(view: View, verbose: boolean): string[] {
  return judgeView(view).flatMap(({ check, text }) => (verbose || check === "pid_namespace" ? [text] : []));
}
