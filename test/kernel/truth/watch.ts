import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import type { JsonMonitor } from "./json-monitor.ts";
import { ofPid, type JsonRecord } from "./record.ts";

/** A program that was run to its end, and what the monitor said of it. */
export interface Watched {
  readonly pid: number;
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The records of this process. */
  readonly records: readonly JsonRecord[];
  /** Those of all processes, from before its start to after its end. */
  readonly all: readonly JsonRecord[];
}

/** Runs a program with nothing on its standard input. */
export async function watch(
  monitor: JsonMonitor,
  program: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Watched> {
  const { result, records } = await monitor.during(async () => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    await once(child, "close");
    return { pid: child.pid ?? 0, exitCode: child.exitCode, stdout };
  });
  return { ...result, records: ofPid(records, result.pid), all: records };
}
