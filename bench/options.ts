import { parseArgs } from "node:util";
import type { Work } from "./storm.ts";

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
  readonly also: readonly { readonly name: string; readonly path: string }[];
  readonly help: boolean;
}

/** Told by `--help`. */
export const usage = `usage: make bench ARGS="[OPTION...]"

Measures the monitor and its peers on the same work, one after another in each round.

  --peer NAME,...     only these besides ours: c-reference, c-no-wakeup, bpftrace, libbpf-tools, forkstat, bcc
  --figure NAME,...   only these: cpu, kernel, slowdown, lost, start, rss, wakeups, latency, ceiling;
                      or one column of them: cpu-file; and, only if named, endurance
  --rounds N          how often (default 3)
  --work MODE         what the storm is made of: exec (default), fork, threads, bursts
  --children N        how many processes a storm makes (default 20000)
  --workers N         how many of them at a time (default 2)
  --minutes N         how long endurance is tried (default 10)
  --also NAME=PATH    another build of the monitor to compare with, by its ./ebpf-bootstrap
  --json FILE         write all figures there, too
  --help

Quickly, for one figure: make bench ARGS="--figure cpu-file --peer c-reference --rounds 3"
`;

const modes = ["exec", "fork", "threads", "bursts"] as const;

/** @throws {TypeError} that says which option is wrong */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      peer: { type: "string", multiple: true },
      figure: { type: "string", multiple: true },
      rounds: { type: "string", default: "3" },
      work: { type: "string", default: "exec" },
      children: { type: "string", default: "20000" },
      workers: { type: "string", default: "2" },
      minutes: { type: "string", default: "10" },
      also: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const mode = modes.find((candidate) => candidate === values.work);
  if (mode === undefined) throw new TypeError(`--work: there is ${modes.join(", ")}`);
  return {
    peers: names(values.peer),
    figures: names(values.figure),
    rounds: count("rounds", values.rounds),
    work: { mode, children: count("children", values.children), workers: count("workers", values.workers) },
    minutes: count("minutes", values.minutes),
    json: values.json,
    also: values.also.map(parseBuild),
    help: values.help,
  };
}

function names(lists: readonly string[] | undefined): readonly string[] | undefined {
  return lists?.flatMap((list) => list.split(","));
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`--${option}: ${text} is no number above 0`);
  return value;
}

function parseBuild(text: string): { name: string; path: string } {
  const [, name, path] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new TypeError(`--also: ${text} is not NAME=PATH`);
  return { name, path };
}
