import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { CgroupDirectory, cgroupMount } from "./cgroup-directory.ts";
import { Held } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { expectedCgroup, processInProc } from "./proc.ts";
import { ofPid, theOnly } from "./record.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();
const top = `ebpf-bootstrap-truth-${process.pid}`;

/** Runs a program in groups, so that it enters them before its exec. */
async function runIn(groups: readonly CgroupDirectory[]) {
  const enter = groups.map(({ processes }) => `echo $$ >'${processes}'`).join(" && ");
  const { records, exitCode } = await watch(monitor(), "/bin/sh", ["-c", `${enter} && exec '${fixture("tiny")}' 5`]);
  assert.equal(exitCode, 5, "the workload itself");
  return {
    fork: theOnly(records, "fork"),
    exec: records.findLast(({ type }) => type === "exec"),
    exit: theOnly(records, "exit"),
  };
}

describe("the control group of a process", () => {
  const own = expectedCgroup(processInProc(process.pid).cgroups);

  it("is the path in the version 2 hierarchy, at the time of each event", async (t) => {
    const mountPoint = cgroupMount("v2");
    if (mountPoint === undefined) {
      t.skip("no version 2 hierarchy is mounted");
      return;
    }
    await using group = new CgroupDirectory(mountPoint, top, "inner", "leaf");
    const { fork, exec, exit } = await runIn([group]);
    assert.equal(fork.cgroup, own, "it had not entered yet");
    assert.equal(exec?.cgroup, group.path);
    assert.equal(exit.cgroup, group.path);
    assert.equal(exec.container_id, undefined);
  });

  for (const controller of ["memory", "pids", "cpu"] as const) {
    it(`is the path of the version 1 controller ${controller}, if it is in none of version 2`, async (t) => {
      const mountPoint = cgroupMount(controller);
      if (mountPoint === undefined) {
        t.skip(`version 1's ${controller} is not mounted`);
        return;
      }
      await using group = new CgroupDirectory(mountPoint, top, `of ${controller}`);
      const { records, result } = await monitor().during(async () => {
        const script = `echo $$ >'${group.processes}' && exec '${fixture("hold")}'`;
        await using held = await Held.start("/bin/sh", ["-c", script]);
        return { pid: held.pid, cgroups: processInProc(held.pid).cgroups };
      });
      assert.ok(
        result.cgroups.some(({ path }) => path === group.path),
        "the workload itself",
      );
      const exec = ofPid(records, result.pid).findLast(({ type }) => type === "exec");
      assert.equal(exec?.cgroup, expectedCgroup(result.cgroups));
    });
  }

  it("follows a process that is moved", async (t) => {
    const mountPoint = cgroupMount("v2") ?? cgroupMount("memory");
    if (mountPoint === undefined) {
      t.skip("no hierarchy is mounted");
      return;
    }
    await using from = new CgroupDirectory(mountPoint, top, "from");
    await using to = new CgroupDirectory(mountPoint, top, "to");
    const { result: pid, records } = await monitor().during(async () => {
      const script = `echo $$ >'${from.processes}' && exec '${fixture("hold")}'`;
      await using held = await Held.start("/bin/sh", ["-c", script]);
      writeFileSync(to.processes, String(held.pid));
      return held.pid;
    });
    const ofHeld = ofPid(records, pid);
    assert.equal(ofHeld.findLast(({ type }) => type === "exec")?.cgroup, from.path);
    assert.equal(theOnly(ofHeld, "exit").cgroup, to.path);
  });

  it("is right for one that was removed and made again under the same name, and for one under another", async (t) => {
    const mountPoint = cgroupMount("v2") ?? cgroupMount("memory");
    if (mountPoint === undefined) {
      t.skip("no hierarchy is mounted");
      return;
    }
    for (const name of ["again", "again", "other"]) {
      await using group: CgroupDirectory = new CgroupDirectory(mountPoint, top, name);
      const { exec } = await runIn([group]);
      assert.equal(exec?.cgroup, group.path);
    }
  });

  for (const [what, names] of [
    ["60 groups deep", Array.from({ length: 60 }, (_, depth) => `g${depth}`)],
    ["of 2,000 bytes", Array.from({ length: 10 }, () => "n".repeat(200))],
  ] as const) {
    it(`is told whole, or missing: ${what}`, async (t) => {
      const mountPoint = cgroupMount("v2") ?? cgroupMount("memory");
      if (mountPoint === undefined) {
        t.skip("no hierarchy is mounted");
        return;
      }
      await using group = new CgroupDirectory(mountPoint, top, ...names);
      const { exec, exit } = await runIn([group]);
      for (const record of [exec, exit]) {
        assert.ok(record);
        if (record.cgroup === undefined) assert.ok(record.missing?.includes("cgroup"));
        else assert.equal(record.cgroup, group.path);
      }
    });
  }

  it("may be of many: 300 groups, each told with its own path", { timeout: 60_000 }, async (t) => {
    const mountPoint = cgroupMount("v2") ?? cgroupMount("memory");
    if (mountPoint === undefined) {
      t.skip("no hierarchy is mounted");
      return;
    }
    await using parent = new CgroupDirectory(mountPoint, top);
    const { path: parentPath, processes } = parent;
    const directory = processes.replace(/\/cgroup\.procs$/, "");
    const script = `
      cd '${directory}'
      for i in $(seq 300); do
        mkdir group-$i
        ( echo $BASHPID >group-$i/cgroup.procs; exec '${fixture("tiny")}' $((i % 100)) )
        until rmdir group-$i 2>/dev/null; do :; done
      done`;
    const { all } = await watch(monitor(), "/bin/bash", ["-c", script]);
    const paths = all
      .filter(({ type, comm, cgroup }) => type === "exit" && comm === "tiny" && cgroup?.startsWith(parentPath) === true)
      .map(({ cgroup }) => cgroup);
    assert.deepEqual(
      paths,
      Array.from({ length: 300 }, (_, index) => `${parentPath}/group-${index + 1}`),
    );
  });
});

describe("a container", () => {
  const id = randomBytes(32).toString("hex");
  const names: [what: string, names: string[], id: string | undefined][] = [
    ["docker with cgroupfs", ["docker", id], id],
    ["docker with systemd", ["system.slice", `docker-${id}.scope`], id],
    ["kubernetes with containerd", ["kubepods.slice", "pod1.slice", `cri-containerd-${id}.scope`], id],
    ["podman", ["machine.slice", `libpod-${id}.scope`, "container"], id],
    ["none: a name of 63 digits", ["docker", id.slice(1)], undefined],
    ["none: a name like docker's", ["docker", "docker.service"], undefined],
  ];
  for (const [what, path, expected] of names) {
    it(`is known by the group: ${what}`, async (t) => {
      const mountPoint = cgroupMount("v2") ?? cgroupMount("memory");
      if (mountPoint === undefined) {
        t.skip("no hierarchy is mounted");
        return;
      }
      await using group = new CgroupDirectory(mountPoint, top, ...path);
      const { fork, exec, exit } = await runIn([group]);
      assert.deepEqual([exec?.container_id, exit.container_id], [expected, expected]);
      assert.equal(exec?.cgroup, group.path);
      assert.equal(fork.container_id, undefined, "not yet");
    });
  }
});
