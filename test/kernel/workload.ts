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
  const { stdout } = await execFileAsync(fixture("storm"), [String(count), String(workers), program, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [pid = 0, ppid = 0, status = 0] = line.split(" ").map(Number);
      return { pid, ppid, status };
    });
}
