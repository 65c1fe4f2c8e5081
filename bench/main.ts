/**
 * Measures the monitor and its peers on the same work: `make bench`, `make bench ARGS="--help"`. docs/performance.md has
 * the latest figures, and tells how to read them.
 */
import { writeFileSync } from "node:fs";
import { runPass, type Bench } from "./bench.ts";
import { cReferences } from "./c-reference.ts";
import type { Contender } from "./contender.ts";
import { describeMachine, machine } from "./machine.ts";
import { figures, type Figure } from "./metrics.ts";
import { parseOptions, usage, type BenchOptions } from "./options.ts";
import { otherBuild, ours } from "./ours.ts";
import { reportJson } from "./report-json.ts";
import { reportTable } from "./report-table.ts";
import { Samples } from "./samples.ts";
import { reportTargets } from "./targets.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** Ratios are to this contender. */
const BASE = "us";

await main();

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const wanted = chooseFigures(options.figures);
  const workshop = openWorkshop();
  const contenders = chooseContenders(options, workshop);
  const bench: Bench = { workshop, samples: new Samples(), work: options.work };
  const here = machine();
  const passes = new Set(wanted.flatMap(({ metrics }) => metrics.map(({ pass }) => pass)));
  for (const pass of passes) {
    await runPass(pass, contenders, bench, options.rounds, (line) => {
      console.error(`bench: ${line}`);
    });
  }
  const { mode, children, workers } = options.work;
  console.log(`${describeMachine(here)}\n`);
  console.log(`Storm: ${children} processes (${mode}), ${workers} at a time; ${options.rounds} rounds.\n`);
  console.log(contenders.map(({ name, title }) => `- ${name}: ${title}\n`).join(""));
  console.log("Median (least–greatest) ×ratio to us, the median of the ratios in each round.\n");
  console.log(reportTable(wanted, contenders, bench.samples, BASE));
  const targets = reportTargets(bench.samples);
  if (targets !== "") console.log(`### Targets\n\n${targets}`);
  if (options.json !== undefined) {
    writeFileSync(options.json, reportJson(here, wanted, contenders, bench.samples, BASE));
  }
}

function chooseFigures(names: readonly string[] | undefined): readonly Figure[] {
  if (names === undefined) return figures;
  const chosen = figures
    .map((figure) => ({
      ...figure,
      metrics: figure.metrics.filter(({ id }) => names.some((name) => id.startsWith(name))),
    }))
    .filter(({ metrics }) => metrics.length > 0);
  if (chosen.length === 0) throw new TypeError(`--figure: there is ${figures.map(({ name }) => name).join(", ")}`);
  return chosen;
}

function chooseContenders({ peers, also }: BenchOptions, workshop: Workshop): readonly Contender[] {
  const others = cReferences(workshop);
  const unknown = peers?.filter((name) => !others.some((other) => other.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(`--peer: no ${unknown.join(", ")}; there is ${others.map(({ name }) => name).join(", ")}`);
  }
  return [
    ...ours(),
    ...also.flatMap(({ name, path }) => otherBuild(name, path)),
    ...others.filter(({ name }) => peers?.includes(name) ?? true),
  ];
}
