import type { EventKind } from "../event/event.ts";
import type { Column } from "../output/columns.ts";
import { DEFAULT_ARGS_BYTES } from "../probe/defaults.ts";

/** What commander makes of the options, by their names. */
export interface ParsedOptions {
  /** Nanoseconds. */
  readonly duration?: bigint;
  readonly output: "table" | "json";
  readonly events?: readonly EventKind[];
  readonly columns?: readonly Column[];
  readonly wide?: boolean;
  readonly maxArgsBytes: number;
  readonly env?: true | "raw";
  readonly ringSize: number;
  readonly btf?: string;
  readonly runAs?: string;
  readonly keepPrivileges?: boolean;
  readonly verbose?: boolean;
}

/** What is wrong with options that make no sense together, and what to do; undefined if nothing is. */
export function findContradiction(options: ParsedOptions): string | undefined {
  return (
    wrongEvents(options) ??
    wrongColumns(options) ??
    wrongEnvironment(options) ??
    wrongPrivileges(options) ??
    wrongRing(options)
  );
}

function wrongEvents({ duration = 0n, events }: ParsedOptions): string | undefined {
  if (duration === 0n || events === undefined || events.every((kind) => kind === "exit")) return undefined;
  return (
    `options '--duration ${Number(duration) / 1e6}' and '--events ${events.join()}': ` +
    "with a least duration only exits are reported; leave out --events, or make it exit"
  );
}

function wrongColumns({ output, columns, wide }: ParsedOptions): string | undefined {
  const names = columns === undefined ? undefined : `--columns ${columns.map(({ name }) => name).join()}`;
  if (names !== undefined && wide === true) {
    return `options '--wide' and '${names}': each of them chooses the columns; leave out one`;
  }
  if (output === "table" || (names === undefined && wide !== true)) return undefined;
  const given = names ?? "--wide";
  return `options '--output json' and '${given}': JSON has all fields, columns are a table's; leave out one`;
}

function wrongEnvironment({ output, env }: ParsedOptions): string | undefined {
  if (output === "json" || env === undefined) return undefined;
  const given = env === "raw" ? "--env=raw" : "--env";
  return `option '${given}': environments are shown only in JSON; add --output json, or leave it out`;
}

function wrongPrivileges({ runAs, keepPrivileges }: ParsedOptions): string | undefined {
  if (runAs === undefined || keepPrivileges !== true) return undefined;
  return `options '--run-as ${runAs}' and '--keep-privileges': the other user has none of them; leave out one`;
}

function wrongRing({ maxArgsBytes, ringSize }: ParsedOptions): string | undefined {
  if (maxArgsBytes <= DEFAULT_ARGS_BYTES || maxArgsBytes * 2 <= ringSize) return undefined;
  return (
    `options '--max-args-bytes ${maxArgsBytes}' and '--ring-size ${ringSize}': arguments of so many bytes take a ring ` +
    `of twice as many; give --ring-size ${2 ** Math.ceil(Math.log2(maxArgsBytes * 2))}, or a smaller --max-args-bytes`
  );
}
