import type { Finding } from "../errors.ts";
import { printable } from "../output/printable.ts";
import type { Diagnosis } from "./diagnose.ts";

/** Characters of the columns: the longest status and the longest name of a check, and two blanks behind each. */
const STATUS_WIDTH = 9;
const CHECK_WIDTH = 18;

/** The lines that the doctor prints of a finding: status, check and text; below, one for each way to mend it. */
export function findingLines({ check, status, text, fixes }: Finding): string[] {
  const head = status.padEnd(STATUS_WIDTH) + check.padEnd(CHECK_WIDTH) + printable(text);
  return [head, ...fixes.map((fix) => `${" ".repeat(STATUS_WIDTH)}${"fix:".padEnd(CHECK_WIDTH)}${printable(fix)}`)];
}

/** The whole diagnosis, for people. */
export function diagnosisText({ ok, findings }: Diagnosis): string {
  return `${[...findings.flatMap(findingLines), verdictOf(ok, findings)].join("\n")}\n`;
}

function verdictOf(ok: boolean, findings: readonly Finding[]): string {
  if (ok) return "The monitor works here.";
  const isOpen = findings.at(-1)?.status === "unknown";
  return isOpen ? "Whether the monitor works here is not known." : "The monitor does not work here.";
}

/** The same for programs, one line of ASCII: docs/doctor.md describes it. */
export function diagnosisJson({ ok, findings, test }: Diagnosis): string {
  const rounded = (ms: number) => Math.round(ms * 1000) / 1000;
  const times = test && {
    attach_ms: rounded(test.attachMs),
    event_ms: rounded(test.eventMs),
    detach_ms: rounded(test.detachMs),
  };
  const json = JSON.stringify({ ok, checks: findings, test: times });
  return `${json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
