import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { libbpfVersion } from "../src/libbpf/object.ts";

/** What figures were taken on. */
export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly kernel: string;
  readonly node: string;
  readonly libbpf: string;
  /** Processes that wanted a CPU, over the last minute before it began. */
  readonly load: number;
}

/** This machine, and how busy it is now. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown",
    kernel: release(),
    node: process.version,
    libbpf: libbpfVersion(),
    load: loadavg()[0] ?? NaN,
  };
}

/** It in a line. */
export function describeMachine(machine: Machine): string {
  const { cpu, cpus, memoryGiB, system, kernel, node, libbpf, load } = machine;
  return (
    `${cpus} × ${cpu}, ${memoryGiB} GiB; ${system}, Linux ${kernel}; Node.js ${node}, libbpf ${libbpf}; ` +
    `load before: ${load.toFixed(1)}`
  );
}
