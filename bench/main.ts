/**
 * Measures the monitor and its peers on the same work: `make bench`, `make bench ARGS="--help"`. docs/performance.md has
 * the latest figures, and tells how to read them.
 */
import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { CommanderError } from "commander";
import { runPass, type Bench } from "./bench.ts";
import { cReferences } from "./c-reference.ts";
import type { Contender } from "./contender.ts";
import { describeMachine, machine } from "./machine.ts";
import { figures, type Figure, type Metric } from "./metrics.ts";
import { defaultWork, parseOptions, type BenchOptions } from "./options.ts";
import { otherBuild, ours } from "./ours.ts";
import { peers } from "./peers/peers.ts";
import { checkSeesWork } from "./peers/sees-the-work.ts";
import { reportJson } from "./report-json.ts";
import { reportTable } from "./report-table.ts";
import { Samples } from "./samples.ts";
import type { Work } from "./storm.ts";
import { reportTargets } from "./targets.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** Ratios are to this contender. */
const BASE = "us";

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) {
    say(`${error.message.replace(/^error: /, "").replaceAll("\n", " ")} (Usage: make bench ARGS=--help)`);
    process.exitCode = 2;
  }
}

async function main(options: BenchOptions): Promise<void> {
  const wanted = chooseFigures(options.figures);
  const workshop = openWorkshop();
  const { contenders, leftOut } = await chooseContenders(options, workshop);
  const { work, minutes } = options;
  const bench: Bench = { workshop, samples: new Samples(), work, minutes };
  const here = machine();
  const metrics = wanted.flatMap((figure) => figure.metrics);
  for (const pass of new Set(metrics.map(({ pass }) => pass))) {
    const rounds = options.figures === undefined ? Math.ceil(options.rounds * pass.share) : options.rounds;
    await runPass(pass, contenders, bench, rounds, say);
  }
  const rounds = `${options.rounds} ${options.rounds === 1 ? "round" : "rounds"}`;
  console.log(`${describeMachine(here)}\n`);
  console.log(`Storm: ${describeWork(work)}; ${rounds}.\n`);
  console.log(contenders.map(({ name, title }) => `- ${name}: ${title}\n`).join("") + leftOut.join(""));
  console.log("Median (least–greatest) ×ratio to us, the median of the ratios in each round.\n");
  console.log(reportTable(wanted, contenders, bench.samples, BASE));
  // In a shorter storm V8 is still at its optimizing, in a longer one it has less weight.
  const targets = isDeepStrictEqual(work, defaultWork)
    ? reportTargets(bench.samples, new Set(metrics.map(({ id }) => id)))
    : "";
  if (targets !== "") console.log(`### Targets\n\nFor the default storm: ${describeWork(work)}.\n\n${targets}`);
  if (options.json !== undefined) {
    writeFileSync(options.json, reportJson(here, wanted, contenders, bench.samples, BASE));
  }
}

function describeWork({ mode, children, workers }: Work): string {
  return `${children} processes (${mode}), ${workers} at a time`;
}

function chooseFigures(names: readonly string[] | undefined): readonly Figure[] {
  if (names === undefined) return figures.filter(({ onRequest }) => onRequest !== true);
  const isNamed = ({ id }: Metric) => names.some((name) => id.startsWith(name));
  return figures
    .map((figure) => ({ ...figure, metrics: figure.metrics.filter(isNamed) }))
    .filter(({ metrics }) => metrics.length > 0);
}

/** Who takes part, and a line on each that was meant to and cannot. */
interface Field {
  readonly contenders: readonly Contender[];
  readonly leftOut: readonly string[];
}

async function chooseContenders(options: BenchOptions, workshop: Workshop): Promise<Field> {
  const isWanted = ({ name }: { readonly name: string }) => options.peers?.includes(name) ?? true;
  const contenders = [...ours()];
  const leftOut: string[] = [];
  const admit = async (name: string, prepare: () => readonly Contender[]) => {
    try {
      const candidates = prepare();
      for (const candidate of candidates) await checkSeesWork(workshop, candidate);
      contenders.push(...candidates);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`${name} is left out: ${why}`);
      leftOut.push(`- ${name}: left out: ${why}\n`);
    }
  };
  for (const { name, path } of options.also) await admit(name, () => otherBuild(name, path));
  contenders.push(...cReferences(workshop).filter(isWanted));
  for (const { name, install } of peers.filter(isWanted)) {
    say(`preparing ${name}`);
    await admit(name, () => [install()]);
  }
  return { contenders, leftOut };
}

function say(line: string): void {
  console.error(`bench: ${line}`);
}
