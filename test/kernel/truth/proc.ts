import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** What /proc says of a process that lives. */
export interface ProcessInProc {
  readonly argv: readonly Buffer[];
  /** Undefined of a process whose main thread has ended, or that may not be looked at. */
  readonly exe: string | undefined;
  readonly cwd: string | undefined;
  readonly comm: string;
  readonly ppid: number;
  /** The real ones. */
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
  /** The IDs in every PID namespace, from the initial one on. */
  readonly namespacePids: readonly number[];
  readonly threads: number;
  /** The earliest and latest time of the boot clock at which it can have started: /proc counts ticks. */
  readonly startNs: readonly [from: number, to: number];
  /** Undefined if not set, and where the kernel keeps none. */
  readonly loginuid: number | undefined;
  readonly sessionid: number | undefined;
  readonly cgroups: readonly CgroupInProc[];
}

/** A line of /proc/PID/cgroup. */
export interface CgroupInProc {
  /** Controllers of the hierarchy; none: version 2. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Reads it all. Throws if the process is gone. */
export function processInProc(pid: number): ProcessInProc {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Fields from the third on; the second, the name, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startNs = (Number(fields[19]) * 1e9) / ticksPerSecond;
  return {
    argv: splitArguments(readFileSync(`/proc/${pid}/cmdline`)),
    exe: linkTarget(`/proc/${pid}/exe`),
    cwd: linkTarget(`/proc/${pid}/cwd`),
    comm: readFileSync(`/proc/${pid}/comm`, "utf8").replace(/\n$/, ""),
    ppid: Number(fields[1]),
    uid: numbers(status, "Uid")[0] ?? NaN,
    gid: numbers(status, "Gid")[0] ?? NaN,
    euid: numbers(status, "Uid")[1] ?? NaN,
    egid: numbers(status, "Gid")[1] ?? NaN,
    namespacePids: numbers(status, "NSpid"),
    threads: numbers(status, "Threads")[0] ?? NaN,
    startNs: [startNs, startNs + 1e9 / ticksPerSecond],
    loginuid: auditNumber(`/proc/${pid}/loginuid`),
    sessionid: auditNumber(`/proc/${pid}/sessionid`),
    cgroups: cgroupsOf(pid),
  };
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function numbers(status: string, name: string): number[] {
  const line = new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1] ?? "";
  return line.split(/\s+/).map(Number);
}

/** Arguments stand one after another, each with a NUL. */
function splitArguments(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return found;
}

function auditNumber(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const number = Number(readFileSync(path, "utf8"));
  return number === 0xffff_ffff ? undefined : number;
}

function cgroupsOf(pid: number): CgroupInProc[] {
  const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/s.exec(line) ?? [];
    return { controllers: controllers === "" ? [] : controllers.split(","), path };
  });
}

/** The process's state, `T` for stopped; undefined if it is gone. */
export function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat[stat.lastIndexOf(")") + 2];
  } catch {
    return undefined;
  }
}

/**
 * The path to expect in a record: that in the version 2 hierarchy, or, where that is not in use, that of the first of
 * these version 1 controllers which has the process in a group.
 */
export function expectedCgroup(cgroups: readonly CgroupInProc[]): string {
  const unified = cgroups.find(({ controllers }) => controllers.length === 0)?.path ?? "/";
  const candidates = ["memory", "pids", "cpu"].map(
    (name) => cgroups.find(({ controllers }) => controllers.includes(name))?.path,
  );
  return [unified, ...candidates].find((path) => path !== undefined && path !== "/") ?? "/";
}
