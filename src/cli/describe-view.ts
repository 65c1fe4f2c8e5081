import { judgeView } from "../machine/checks.ts";
import type { View } from "../machine/machine.ts";
import type { CliOptions } from "./options.ts";

/** The lines that say whose processes are seen, where that is not what one would think; verbose, also what is missing. */
export function describeView(view: View, options: Pick<CliOptions, "verbose" | "environment">): string[] {
  const { verbose, environment } = options;
  const wanted = { pid_namespace: true, proc: verbose, capabilities: verbose && environment !== "off" };
  return judgeView(view).flatMap(({ check, text }) => (wanted[check] ? [text] : []));
}
