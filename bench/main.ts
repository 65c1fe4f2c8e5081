/**
 * Measures the monitor and its peers on the same work: `make bench`, `make bench ARGS="--help"`. docs/performance.md has
 * the latest figures, and tells how to read them.
 */
import { writeFileSync } from "node:fs";
import { runPass, type Bench } from "./bench.ts";
import { cReferences } from "./c-reference.ts";
import type { Contender } from "./contender.ts";
import { describeMachine, machine } from "./machine.ts";
import { figures, type Figure, type Metric } from "./metrics.ts";
import { parseOptions, usage, type BenchOptions } from "./options.ts";
import { otherBuild, ours } from "./ours.ts";
import { peers } from "./peers/peers.ts";
import { checkSeesWork } from "./peers/sees-the-work.ts";
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
  const contenders = await chooseContenders(options, workshop);
  const { work, minutes } = options;
  const bench: Bench = { workshop, samples: new Samples(), work, minutes };
  const here = machine();
  const passes = new Set(wanted.flatMap(({ metrics }) => metrics.map(({ pass }) => pass)));
  for (const pass of passes) {
    const rounds = options.figures === undefined ? Math.ceil(options.rounds * pass.share) : options.rounds;
    await runPass(pass, contenders, bench, rounds, say);
  }
  const { mode, children, workers } = work;
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
  if (names === undefined) return figures.filter(({ onRequest }) => onRequest !== true);
  const isNamed = ({ id }: Metric) => names.some((name) => id.startsWith(name));
  const chosen = figures
    .map((figure) => ({ ...figure, metrics: figure.metrics.filter(isNamed) }))
    .filter(({ metrics }) => metrics.length > 0);
  if (chosen.length === 0) throw new TypeError(`--figure: there is ${figures.map(({ name }) => name).join(", ")}`);
  return chosen;
}

async function chooseContenders(options: BenchOptions, workshop: Workshop): Promise<readonly Contender[]> {
  const references = cReferences(workshop);
  const known = [...references, ...peers].map(({ name }) => name);
  const unknown = options.peers?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new TypeError(`--peer: no ${unknown.join(", ")}; there is ${known.join(", ")}`);
  const isWanted = ({ name }: { readonly name: string }) => options.peers?.includes(name) ?? true;
  const chosen = [
    ...ours(),
    ...options.also.flatMap(({ name, path }) => otherBuild(name, path)),
    ...references.filter(isWanted),
  ];
  for (const peer of peers.filter(isWanted)) {
    say(`preparing ${peer.name}`);
    try {
      const contender = peer.install();
      await checkSeesWork(workshop, contender);
      chosen.push(contender);
    } catch (error) {
      say(`${peer.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return chosen;
}

function say(line: string): void {
  console.error(`bench: ${line}`);
}
