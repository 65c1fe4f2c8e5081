import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { referenceNames } from "./c-reference.ts";
import { figures } from "./metrics.ts";
import { peers } from "./peers/peers.ts";
import { workModes, type Work } from "./storm.ts";

/** What is to be measured. */
export interface BenchOptions {
  /** Names of contenders, besides ours; undefined: all. */
  readonly peers: readonly string[] | undefined;
  /** Names of figures, or of metrics, of which a beginning is enough; undefined: all. */
  readonly figures: readonly string[] | undefined;
  readonly rounds: number;
  readonly work: Work;
  /** Of storms, for the figure `endurance`. */
  readonly minutes: number;
  /** A file for the figures as JSON. */
  readonly json: string | undefined;
  /** Other builds of the monitor to compare with. */
  readonly also: readonly OtherBuild[];
}

/** A build of the monitor: what to call it, and its executable. */
export interface OtherBuild {
  readonly name: string;
  readonly path: string;
}

/** The storm that is measured where no other is asked for. */
export const defaultWork: Work = { mode: "exec", children: 20_000, workers: 2 };

/** Contenders that are always measured, whose names no other build may take. */
const ownNames = ["us", "us-json", "us-filtered"];
const peerNames = [...referenceNames, ...peers.map(({ name }) => name)];

interface Values {
  readonly peer?: readonly string[];
  readonly figure?: readonly string[];
  readonly rounds: number;
  readonly work: Work["mode"];
  readonly children: number;
  readonly workers: number;
  readonly minutes: number;
  readonly also: readonly OtherBuild[];
  readonly json?: string;
}

/**
 * What the arguments ask for. Files that they name are looked at: what could not be written or run later is told now.
 *
 * @throws {CommanderError} with an exit code of 0 after `--help`, or with one line that says what is wrong and allowed
 */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const command = createCommand();
  command.parse(argv, { from: "user" });
  const { peer, figure, rounds, work, children, workers, minutes, also, json } = command.opts<Values>();
  return { peers: peer, figures: figure, rounds, work: { mode: work, children, workers }, minutes, also, json };
}

function createCommand(): Command {
  return new Command("make bench")
    .usage('ARGS="[OPTION...]"')
    .description("Measures the monitor and its peers on the same work, one after another in each round.")
    .option("--peer <names>", `only these besides ours: ${peerNames.join(", ")}`, appendPeers)
    .option(
      "--figure <names>",
      `only these: ${figures.map(({ name }) => name).join(", ")}; or one column of them: cpu-file. ` +
        "Endurance is measured only if it is named",
      appendFigures,
    )
    .option("--rounds <n>", "how often", parseCount, 3)
    .addOption(new Option("--work <mode>", "what the storm is made of").choices(workModes).default(defaultWork.mode))
    .option("--children <n>", "how many processes a storm makes", parseCount, defaultWork.children)
    .option("--workers <n>", "how many of them at a time", parseCount, defaultWork.workers)
    .option("--minutes <n>", "how long endurance is tried", parseCount, 10)
    .addOption(
      new Option("--also <name=path>", "another build of the monitor to compare with, by its ./ebpf-bootstrap")
        .argParser(appendBuild)
        .default([], "none"),
    )
    .option("--json <file>", "write all figures there, too", parseOutput)
    .addHelpText(
      "after",
      `\nQuickly, for one figure: make bench ARGS="--figure cpu-file --peer c-reference --rounds 3"`,
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

function appendPeers(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...split(text, (name) => peerNames.includes(name), peerNames)];
}

function appendFigures(text: string, before: readonly string[] = []): readonly string[] {
  const isKnown = (name: string) => figures.some(({ metrics }) => metrics.some(({ id }) => id.startsWith(name)));
  const names = figures.map(({ name }) => name);
  return [...before, ...split(text, isKnown, names)];
}

/** The names of a list with commas, if all of them are known. */
function split(text: string, isKnown: (name: string) => boolean, names: readonly string[]): readonly string[] {
  const list = text.split(",");
  if (list.every((name) => name !== "" && isKnown(name))) return list;
  throw new InvalidArgumentError(`There is ${names.join(", ")}.`);
}

function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

function appendBuild(text: string, before: readonly OtherBuild[]): readonly OtherBuild[] {
  const [, name, path] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) {
    throw new InvalidArgumentError("It must be NAME=PATH, the name of a-z, 0-9 and '-'.");
  }
  const taken = [...ownNames, ...peerNames, ...before.flatMap((build) => [build.name, `${build.name}-json`])];
  if ([name, `${name}-json`].some((candidate) => taken.includes(candidate))) {
    throw new InvalidArgumentError(`Another contender is called ${name}.`);
  }
  attempt(() => {
    accessSync(path, constants.X_OK);
  }, `${path} cannot be run`);
  if (!statSync(path).isFile()) throw new InvalidArgumentError(`${path} is not a file.`);
  return [...before, { name, path }];
}

function parseOutput(path: string): string {
  attempt(() => {
    closeSync(openSync(path, "a"));
  }, `${path} cannot be written`);
  return path;
}

function attempt(action: () => void, failure: string): void {
  try {
    action();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new InvalidArgumentError(`${failure}: ${reasons[code] ?? code}.`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or directory",
  ENOTDIR: "a part of the path is not a directory",
  EISDIR: "it is a directory",
  EACCES: "it is not allowed",
  EROFS: "the file system is read-only",
};
