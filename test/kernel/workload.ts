import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fixture } from "./fixture.ts";

const execFileAsync = promisify(execFile);

/** A process that a workload made, as its parent's wait(2) saw it. */
export interface Child {
  readonly pid: number;
  readonly ppid: number;
  /** The raw wait status. */
  readonly status: number;
}

/** Runs a program (or, for "-", only fork) many times over some worker processes. See test/fixtures/storm.c. */
export async function storm(count: number, workers: number, program: string, ...args: string[]): Promise<Child[]> {
  return run("storm", [String(count), String(workers), program, ...args]);
}

/** The same with real-time priority, and a pause before each run. See test/fixtures/urgent.c. */
export async function urgent(count: number, workers: number, pauseUs: number, program: string): Promise<Child[]> {
  return run("urgent", [String(count), String(workers), String(pauseUs), program]);
}

async function run(name: string, args: string[]): Promise<Child[]> {
  const { stdout } = await execFileAsync(fixture(name), args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [pid = 0, ppid = 0, status = 0] = line.split(" ").map(Number);
      return { pid, ppid, status };
    });
}
