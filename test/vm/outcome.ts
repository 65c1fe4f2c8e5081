import type { Ended } from "./boot.ts";
import type { Architecture } from "./matrix.ts";
import { checkRecords, type Watched } from "./records.ts";
import type { Result } from "./report.ts";
import { modes } from "./settings.ts";
import type { Fields } from "./survey.ts";

/** What a guest found out. */
export interface Outcome {
  /** The kernel's release. */
  readonly kernel: string;
  readonly date: string;
  /** The instructions that the verifier went through, by mode and program; of a mode that was refused, none. */
  readonly verified: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly fields: Fields;
  readonly tests: readonly Result[];
}

/** Reads what the command of `suiteCommand` printed. */
export function parseOutput(
  kernel: string,
  architecture: Architecture,
  { output, status }: Pick<Ended, "output" | "status">,
): Outcome {
  const verified: Record<string, Record<string, number>> = {};
  const tests: Result[] = [];
  const watched: (Watched & { readonly records: Uint8Array[] })[] = [];
  let fields: Fields = {};
  let mode: Record<string, number> = {};
  for (const line of output.split("\n")) {
    const [word, first = "", second = ""] = line.split(" ");
    if (word === "mode") verified[modes[Number(first)]?.name ?? first] = mode = {};
    else if (word === "verified") mode[first] = Number(second);
    else if (word === "watched") watched.push({ parent: Number(first), child: Number(second), records: [] });
    else if (word === "record") watched.at(-1)?.records.push(new Uint8Array(Buffer.from(first, "hex")));
    else if (word === "monitor") tests.push(checkRefusal(architecture, line));
    else if (line.startsWith('{"fields"')) ({ fields } = JSON.parse(line) as { fields: Fields });
    else if (line.startsWith("{")) tests.push(JSON.parse(line) as Result);
  }
  const [brief, full] = watched;
  if (brief && full) tests.unshift(...checkRecords(architecture.littleEndian, { brief, full }));
  if (status !== 0 && !tests.some(({ outcome }) => outcome === "failed")) {
    tests.push({ path: ["the tests"], ms: 0, outcome: "failed", reason: `they ended with status ${status}` });
  }
  return { kernel, date: new Date().toISOString().slice(0, 10), verified, fields, tests };
}

/** On a CPU for which there is no native module, the monitor must say so, by the CPU's name. */
function checkRefusal({ name }: Architecture, said: string): Result {
  const path = ["the monitor", "names the CPU for which there is no native module"];
  const passed = said.includes(`no binary for linux on ${name}`);
  return { path, ms: 0, ...(passed ? { outcome: "passed" } : { outcome: "failed", reason: said }) };
}
