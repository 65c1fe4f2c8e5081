import type { ProcessEvent, Usage } from "../../event/event.ts";
import { notApplicable, unknown, type Column } from "./column.ts";
import { formatBytes, formatSpan } from "./quantity.ts";

/** What a process took: known when it has ended. */
export const costColumns = {
  cpu: {
    name: "cpu",
    header: "CPU",
    meaning: "CPU time used, user and system together; on exit",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: ofUsage((usage) => `${atLeast(usage)}${formatSpan(usage.userNs + usage.systemNs)}`),
  },
  rss: {
    name: "rss",
    header: "RSS",
    meaning: "most memory ever held; on exit",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: ofUsage(({ maxRssBytes }) => formatBytes(maxRssBytes)),
  },
  io: {
    name: "io",
    header: "READ/WRITE",
    meaning: "bytes from and to disks; on exit",
    cells: 13,
    fit: "whole",
    needsFullEvent: true,
    text: ofUsage(ioText),
  },
  switches: {
    name: "switches",
    header: "SWITCHES",
    meaning: "context switches, voluntary/involuntary; on exit",
    cells: 9,
    fit: "whole",
    needsFullEvent: true,
    text: ofUsage((usage) => `${atLeast(usage)}${usage.voluntarySwitches}/${usage.involuntarySwitches}`),
  },
  faults: {
    name: "faults",
    header: "FAULTS",
    meaning: "page faults, minor/major; on exit",
    cells: 9,
    fit: "whole",
    needsFullEvent: true,
    text: ofUsage((usage) => `${atLeast(usage)}${usage.minorFaults}/${usage.majorFaults}`),
  },
  threads: {
    name: "threads",
    header: "THREADS",
    meaning: "on exit, threads it ever had; of a process that ran already, threads it has",
    cells: 7,
    fit: "whole",
    needsFullEvent: true,
    text: threadsText,
  },
  duration: {
    name: "duration",
    header: "DURATION",
    meaning: "time since the last exec, on exit; after <=, since the start, as the exec came before the monitor",
    cells: 8,
    fit: "whole",
    needsFullEvent: false,
    text: durationText,
  },
  lifetime: {
    name: "lifetime",
    header: "LIFETIME",
    meaning: "time since the process was made; on exit",
    cells: 8,
    fit: "whole",
    needsFullEvent: true,
    text: lifetimeText,
  },
} as const satisfies Readonly<Record<string, Column>>;

function ofUsage(read: (usage: Usage) => string): Column["text"] {
  return (event) => {
    if (event.kind !== "exit") return notApplicable;
    return event.usage === undefined ? unknown : read(event.usage);
  };
}

/** Marks sums over threads of which not all could be looked at. */
function atLeast({ partial }: Usage): string {
  return partial ? ">=" : "";
}

function ioText(usage: Usage): string {
  const { readBytes, writeBytes } = usage;
  if (readBytes === undefined && writeBytes === undefined) return unknown;
  return `${atLeast(usage)}${optionalBytes(readBytes)}/${optionalBytes(writeBytes)}`;
}

function optionalBytes(bytes: bigint | undefined): string {
  return bytes === undefined ? unknown : formatBytes(bytes);
}

function threadsText(event: ProcessEvent): string {
  if (event.kind !== "exit" && event.kind !== "running") return notApplicable;
  return event.threads === undefined ? unknown : String(event.threads);
}

function durationText(event: ProcessEvent): string {
  if (event.kind !== "exit") return notApplicable;
  return `${event.durationExact ? "" : "<="}${formatSpan(event.durationNs)}`;
}

function lifetimeText(event: ProcessEvent): string {
  if (event.kind !== "exit") return notApplicable;
  return event.process === undefined ? unknown : formatSpan(event.bootNs - event.process.startBootNs);
}
