import { modes } from "./settings.ts";
import type { Outcome } from "./outcome.ts";

/** The verifier refuses a program that takes more. */
const LIMIT = 1_000_000;

/** What is not the same on every kernel is a matter of the machine then, or of chance: who is logged in, say. */
const OF_THE_MACHINE = /\.(user|tty|container_id|current_parent_id|kernel_thread|usage\.partial|\w+_truncated)$/;

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

Instructions that the verifier went through to accept each program, of ${LIMIT.toLocaleString("en")} at most: the most was
${most(outcomes)}. A mode is a way in which the monitor loads its programs.

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

/** The types and fields of records that not every kernel has, and the tests that say so. */
function gaps(names: readonly string[], outcomes: ReadonlyMap<string, Outcome>): string {
  const fieldsOf = (name: string) => outcomes.get(name)?.fields ?? {};
  const surveyed = names.filter((name) => Object.keys(fieldsOf(name)).length > 0);
  const unionOf = (keysOf: (name: string) => string[]) => [...new Set(surveyed.flatMap(keysOf))].sort();
  const typeOf = (field: string) => field.slice(0, field.indexOf("."));
  const hasType = (name: string, type: string) => Object.keys(fieldsOf(name)).some((field) => typeOf(field) === type);
  const fields = unionOf((name) => Object.keys(fieldsOf(name)));
  const everywhere = fields.filter((field) => surveyed.every((name) => fieldsOf(name)[field] === "told"));
  const typeRows = [...new Set(fields.map(typeOf))]
    .filter((type) => !surveyed.every((name) => hasType(name, type)))
    .map((type) => [`records \`${type}\``, ...surveyed.map((name) => (hasType(name, type) ? "yes" : "no"))]);
  const cell = (name: string, field: string) =>
    hasType(name, typeOf(field)) ? words[fieldsOf(name)[field] ?? "untold"] : "–";
  const fieldRows = fields
    .filter((field) => !OF_THE_MACHINE.test(field))
    .map((field) => [`\`${field}\``, ...surveyed.map((name) => cell(name, field))])
    .filter(([, ...cells]) => new Set(cells.filter((text) => text !== "–")).size > 1);
  const intro = `${everywhere.length} fields of [the JSON](output.md) are told on all of these kernels. The others:`;
  const reasons = names.flatMap((name) =>
    (outcomes.get(name)?.tests ?? [])
      .filter(({ outcome, reason }) => outcome === "skipped" && reason?.startsWith("not on this kernel"))
      .map(({ path, reason }) => `- ${name}: ${path.slice(1).join(": ")}: ${reason ?? ""}`),
  );
  return [
    intro,
    table(["", ...surveyed], [...typeRows, ...fieldRows]),
    "“missing”: the record's `missing` names it; “no”: there was none; “with -d”: of monitors that are not sent execs.",
    ...(reasons.length > 0 ? ["Tests of what is not there:", reasons.join("\n")] : []),
  ].join("\n\n");
}

/** The most instructions, and how often they would fit under the limit. */
function most(outcomes: ReadonlyMap<string, Outcome>): string {
  const counts = [...outcomes].flatMap(([name, { verified }]) =>
    Object.values(verified).flatMap((mode) =>
      Object.entries(mode).map(([program, count]) => ({ name, program, count })),
    ),
  );
  const { name, program, count } = counts.reduce((worst, each) => (each.count > worst.count ? each : worst));
  const times = Math.floor(LIMIT / count);
  return `${count.toLocaleString("en")}, of \`${program}\` on ${name}, for which there is room ${times} times`;
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
