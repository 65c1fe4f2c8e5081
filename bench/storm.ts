import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { running } from "./children.ts";
import type { Workshop } from "./workshop.ts";

/** What execstorm can make processes by. */
export const workModes = ["exec", "fork", "threads", "bursts"] as const;

/** How execstorm is to make processes: see bench/work/execstorm.c. */
export interface Work {
  readonly mode: (typeof workModes)[number];
  readonly children: number;
  readonly workers: number;
  /** Children a second; undefined: as fast as it goes. */
  readonly rate?: number;
  /** A file for the time of each child's exit. */
  readonly stamps?: string;
}

/** What a storm was, and took. */
export interface StormResult {
  readonly children: number;
  readonly wallNs: number;
  readonly cpuNs: number;
  /** Of its children, in the order of their making. */
  readonly pids: readonly number[];
}

/** Arguments of every child's, as long as a compiler's: a full record has them. */
const args = ["-O2", "-Wall", "-Wextra", "-Iinclude", "-c", "src/module/program.c", "-o", "build/module/program.o"];

/** Makes processes, and waits for their end. Rejects if one of them failed. */
export async function storm(workshop: Workshop, work: Work): Promise<StormResult> {
  const pidsFile = workshop.scratch("pids");
  const child = spawn(
    workshop.execstorm,
    [
      ...["-m", work.mode, "-w", String(work.workers), "-p", pidsFile],
      ...(work.rate === undefined ? [] : ["-r", String(work.rate)]),
      ...(work.stamps === undefined ? [] : ["-s", work.stamps]),
      ...[String(work.children), workshop.tiny, ...args],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  running.add(child);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  running.delete(child);
  if (status !== 0) throw new Error(`execstorm ended with status ${String(status)}`);
  const pids = readFileSync(pidsFile, "utf8").trimEnd().split("\n").map(Number);
  return { ...(JSON.parse(output) as Omit<StormResult, "pids">), pids };
}
