import type { Bench, Pass } from "../bench.ts";
import { BpfStats, type ProgramStats } from "../bpf-stats.ts";
import type { Contender } from "../contender.ts";
import { MonitorRun } from "../monitor-run.ts";
import { storm } from "../storm.ts";

/** A storm with the kernel's statistics of BPF programs on, and the output to /dev/null. */
export const kernelPass: Pass = {
  name: "storm, to /dev/null, with BPF statistics",
  share: 1 / 3,
  measure: measureKernel,
};

async function measureKernel({ workshop, samples, work }: Bench, contender: Contender, round: number): Promise<void> {
  const run = await MonitorRun.start(workshop, contender, contender.commands, "null");
  try {
    using stats = new BpfStats(workshop.bpftool);
    const programs = run.bpfPrograms();
    const before = stats.read(programs);
    const cpuBefore = run.cpuNs();
    const { children } = await storm(workshop, work);
    await run.catchUp();
    const add = (metric: string, value: number) => {
      samples.add(metric, contender.name, round, value);
    };
    add("cpu-null", (run.cpuNs() - cpuBefore) / 1e6 / ((2 * children) / 1000));
    const ran = [...stats.read(programs)]
      .map(([id, now]) => difference(now, before.get(id)))
      .filter(({ runs }) => runs > 0);
    const [exec, exit] = (["exec", "exit"] as const).map((kind) => {
      const serving = ran.filter(({ name }) => contender.serves(name) === kind);
      return sum(serving.map(({ runTimeNs, runs }) => runTimeNs / runs));
    });
    if (exec) add("kernel-exec", exec);
    if (exit) add("kernel-exit", exit);
    if (exec && exit) add("kernel-both", exec + exit);
    // Others' processes run the programs, too, so it is not by the storm's children that the whole is divided.
    const execs = Math.max(...ran.filter(({ name }) => contender.serves(name) === "exec").map(({ runs }) => runs));
    if (execs > 0) add("kernel-all", sum(ran.map(({ runTimeNs }) => runTimeNs)) / execs);
  } finally {
    await run.stop();
  }
}

function difference(now: ProgramStats, before: ProgramStats | undefined): ProgramStats {
  return {
    name: now.name,
    runTimeNs: now.runTimeNs - (before?.runTimeNs ?? 0),
    runs: now.runs - (before?.runs ?? 0),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
