import { modes } from "./settings.ts";
import type { Outcome } from "./outcome.ts";

/** The verifier refuses a program that takes more. */
const LIMIT = 1_000_000;

/** What is not the same on every kernel is a matter of the machine then, or of chance: who is logged in, say. */
const OF_THE_MACHINE = /\.(user|tty|container_id|kernel_thread|usage\.partial|\w+_truncated)$/;

const words = { told: "yes", missing: "missing", untold: "no" };

/** The text of docs/kernel-support.md: what guests, by name, found out. */
export function supportDocument(outcomes: ReadonlyMap<string, Outcome>): string {
  const names = [...outcomes.keys()];
  return `# Kernel support

Written by \`make test-kernels ARGS=--document\` from what was measured on these kernels, Debian's, in emulated machines with
two CPUs, Debian's own Node.js 20.19 and libbpf 1.5. All run the same BPF object of their byte order.

| | Linux | tests passed | not on this kernel | failed | measured |
| --- | --- | --- | --- | --- | --- |
${[...outcomes].map(([name, outcome]) => kernelRow(name, outcome)).join("\n")}

Tests are those of test/kernel that matter most: how processes of one and of many threads end, what they ran and with which
arguments, threads that call exec, processes that ran already, what was used, losses, and so on, each compared with what
the kernel tells by other ways. Numbers of processes are a tenth and less of those elsewhere.

## What a kernel does not give

${gaps(names, outcomes)}

## Room under the verifier's limit

Instructions that the verifier went through to accept each program, of ${LIMIT.toLocaleString("en")} at most. A mode is a way in
which the monitor loads its programs.

${modes.map(({ name }) => instructions(name, names, outcomes)).join("\n\n")}
`;
}

function kernelRow(name: string, { kernel, tests, date }: Outcome): string {
  const count = (wanted: string) => tests.filter(({ outcome }) => outcome === wanted).length;
  const absent = tests.filter(
    ({ outcome, reason }) => outcome === "skipped" && reason?.startsWith("not on this kernel"),
  );
  return `| ${name} | ${kernel} | ${count("passed")} | ${absent.length} | ${count("failed")} | ${date} |`;
}

/** The fields that not every kernel has, and the tests that say so. */
function gaps(names: readonly string[], outcomes: ReadonlyMap<string, Outcome>): string {
  const surveyed = names.filter((name) => Object.keys(outcomes.get(name)?.fields ?? {}).length > 0);
  const state = (name: string, field: string) => outcomes.get(name)?.fields[field];
  const fields = [...new Set(surveyed.flatMap((name) => Object.keys(outcomes.get(name)?.fields ?? {})))].sort();
  const differing = fields.filter(
    (field) => !OF_THE_MACHINE.test(field) && new Set(surveyed.map((name) => state(name, field))).size > 1,
  );
  const everywhere = fields.filter((field) => surveyed.every((name) => state(name, field) === "told"));
  const cell = (name: string, field: string) => words[state(name, field) ?? "untold"];
  const rows = differing.map((field) => [`\`${field}\``, ...surveyed.map((name) => cell(name, field))]);
  const intro = `${everywhere.length} fields of [the JSON](output.md) are told on all of these kernels. The others:`;
  const reasons = names.flatMap((name) =>
    (outcomes.get(name)?.tests ?? [])
      .filter(({ outcome, reason }) => outcome === "skipped" && reason?.startsWith("not on this kernel"))
      .map(({ path, reason }) => `- ${name}: ${path.slice(1).join(": ")}: ${reason ?? ""}`),
  );
  return [
    intro,
    table(["", ...surveyed], rows),
    "“missing” is named in the record's `missing`; “no” is neither there nor named, as its whole record is not there.",
    ...(reasons.length > 0 ? ["Tests of what is not there:", reasons.join("\n")] : []),
  ].join("\n\n");
}

function instructions(mode: string, names: readonly string[], outcomes: ReadonlyMap<string, Outcome>): string {
  const verified = (name: string) => outcomes.get(name)?.verified[mode] ?? {};
  const programs = [...new Set(names.flatMap((name) => Object.keys(verified(name))))].sort();
  const cell = (name: string, program: string) => verified(name)[program]?.toLocaleString("en") ?? "–";
  const rows = programs.map((program) => [`\`${program}\``, ...names.map((name) => cell(name, program))]);
  return `Mode “${mode}”:\n\n${table(["", ...names], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
