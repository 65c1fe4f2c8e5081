import type { Command, Contender } from "./contender.ts";
import { parseRow } from "./ours.ts";
import type { Workshop } from "./workshop.ts";

/** What `cReferences` are called. */
export const referenceNames = ["c-reference", "c-no-wakeup"] as const;

/** Our own small monitor in C (bench/reference/), the yardstick: as most are written; and without wakeups. */
export function cReferences(workshop: Workshop): readonly Contender[] {
  const [waking, quiet] = referenceNames;
  return [
    reference(waking, "C on libbpf: ring of 256 KiB, default wakeups, printf per event", workshop, []),
    reference(quiet, "the same without wakeups, drained every 20 ms", workshop, ["--no-wakeup"]),
  ];
}

function reference(name: string, title: string, workshop: Workshop, args: readonly string[]): Contender {
  const commands = (...more: string[]): readonly Command[] => [
    { argv: [workshop.reference, ...args, ...more, workshop.referenceObject] },
  ];
  return {
    name,
    title,
    commands: commands(),
    withRing: (bytes) => commands("-r", String(bytes)),
    parse: parseRow,
    reports: true,
    usesBpf: true,
    serves: (program) => (program === "on_exec" ? "exec" : program === "on_exit" ? "exit" : undefined),
  };
}
