import { execFile, execFileSync, type ExecFileOptions } from "node:child_process";
import { promisify } from "node:util";
import { fixture } from "../fixture.ts";

const execFileAsync = promisify(execFile);

/** What wait4(2) told a parent of its child. */
export interface Waited {
  readonly pid: number;
  readonly ppid: number;
  readonly status: number;
  readonly userNs: number;
  readonly systemNs: number;
  readonly maxRssBytes: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** From and to disks. */
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** How processes are run: how many, by how many parents at once, and where. */
export interface Run extends ExecFileOptions {
  readonly count: number;
  readonly workers: number;
}

/** Runs a program many times, an argument "{}" being the number of the run. See test/fixtures/witness-wait4.c. */
export async function wait4(run: Run, program: string, ...args: string[]): Promise<Waited[]> {
  const { count, workers, ...options } = run;
  const { stdout } = await execFileAsync(fixture("witness-wait4"), [String(count), String(workers), program, ...args], {
    ...options,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => waited(line.split(" ").map(Number)));
}

function waited(numbers: readonly number[]): Waited {
  const [pid = 0, ppid = 0, status = 0, utime = 0, stime = 0, maxRss = 0, ...rest] = numbers;
  const [
    minorFaults = 0,
    majorFaults = 0,
    voluntarySwitches = 0,
    involuntarySwitches = 0,
    inBlocks = 0,
    outBlocks = 0,
  ] = rest;
  return {
    pid,
    ppid,
    status,
    userNs: utime * 1000,
    systemNs: stime * 1000,
    maxRssBytes: maxRss * 1024,
    minorFaults,
    majorFaults,
    voluntarySwitches,
    involuntarySwitches,
    readBytes: inBlocks * 512,
    writtenBytes: outBlocks * 512,
  };
}

/** How a record must tell a wait status: an exit code, or a signal's name and whether a core was dumped. */
export function expectedEnd(status: number): { exit_code?: number; signal?: string; core_dumped?: boolean } {
  const signal = status & 0x7f;
  if (signal === 0) return { exit_code: status >> 8 };
  return { signal: signalName(signal), core_dumped: (status & 0x80) !== 0 };
}

/** The name of a signal as bash knows it: `SIGKILL`, `SIGRTMIN+3`; `SIG32` for what has none. */
export function signalName(signal: number): string {
  if (signal === 64) return "SIGRTMAX";
  if (signal > 34) return `SIGRTMIN+${signal - 34}`;
  const name = bashNames[signal - 1];
  return `SIG${name === undefined || name === "" ? signal : name}`;
}

const bashNames = execFileSync("/bin/bash", ["-c", "for i in {1..64}; do echo $(kill -l $i 2>/dev/null); done"], {
  encoding: "utf8",
}).split("\n");
