import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ContainedMonitor } from "./contained-monitor.ts";
import { fixture } from "./fixture.ts";
import { CgroupDirectory, cgroupMount } from "./truth/cgroup-directory.ts";
import type { JsonRecord } from "./truth/record.ts";

const top = `ebpf-bootstrap-hierarchies-${process.pid}`;

/** Commands that put a monitor where it sees control groups otherwise, or not at all. */
const surroundings: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["as the machine has them", []],
  ["where none are mounted", ["unshare", "-m", "/bin/sh", "-c", 'umount -R /sys/fs/cgroup; exec "$@"', "sh"]],
  ["in a control group namespace of its own", ["unshare", "--cgroup"]],
];

const hierarchies = (["v2", "memory", "pids", "cpu"] as const).flatMap((name) => {
  const mountPoint = cgroupMount(name);
  return mountPoint === undefined ? [] : [{ name, mountPoint }];
});

/**
 * Runs a program in a group of its own in each of these hierarchies, and in the root of the others; returns the paths of
 * the groups, in the order of the hierarchies, and what was told of it.
 */
async function runIn(monitor: ContainedMonitor, names: readonly string[]) {
  const made: CgroupDirectory[] = [];
  try {
    const entries = hierarchies.map(({ name, mountPoint }) => {
      if (!names.includes(name)) return join(mountPoint, "cgroup.procs");
      const group = new CgroupDirectory(mountPoint, top, `of-${name}`);
      made.push(group);
      return group.processes;
    });
    const enter = entries.map((file) => `echo $$ >'${file}'`).join(" && ");
    const { pid, status } = spawnSync("/bin/sh", ["-c", `${enter} && exec '${fixture("tiny")}' 5`]);
    assert.equal(status, 5, "the workload itself");
    const isExit = (record: JsonRecord) => record.pid === pid && record.type === "exit";
    await monitor.until(() => monitor.records.some(isExit), "see the program end");
    return { paths: made.map(({ path }) => path), told: monitor.records.find(isExit)?.cgroup };
  } finally {
    for (const group of made) await group[Symbol.asyncDispose]();
  }
}

describe("the path of the control group", () => {
  for (const [where, command] of surroundings) {
    it(`is that of version 2, else of the first version 1 controller of three, ${where}`, async (t) => {
      await using monitor = await ContainedMonitor.start(command);
      for (const names of [["v2", "memory", "pids", "cpu"], ["memory", "pids", "cpu"], ["pids", "cpu"], ["cpu"], []]) {
        const { paths, told } = await runIn(monitor, names);
        if (paths.length < names.length) t.diagnostic(`of ${names.join()} only ${paths.length} are mounted here`);
        assert.equal(told, paths[0] ?? "/", names.join());
      }
      await monitor.end();
    });
  }
});
