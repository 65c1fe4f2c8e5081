import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { many, patience } from "../pace.ts";
import { stateOf } from "../truth/proc.ts";
import { CgroupDirectory, cgroupMount } from "../truth/cgroup-directory.ts";
import { storm } from "../workload.ts";
import { accountFor, type Accounted } from "./accounted.ts";
import { BusyCpus } from "./busy.ts";

/** A page more than its largest record takes, and far too little for a storm. */
const SMALL_RING = ["--ring-size", "256KiB"];

/** Every event was shown or is among the losses, exactly; none is both. */
function assertAccounted({ missed, lost, skipped }: Accounted<unknown>, t: TestContext): void {
  t.diagnostic(`${lost} events lost`);
  assert.ok(missed <= lost && missed >= lost - skipped, `${missed} were not shown, ${lost} (${skipped}) are told lost`);
}

describe("a monitor that gets no CPU", { timeout: patience(120_000) }, () => {
  it("counts what it could not show, exactly, when it is stopped in a storm, and goes on after", async (t) => {
    await using witness = await ContainedMonitor.start([]);
    await using monitor = await ContainedMonitor.start([], ...SMALL_RING);
    const accounted = await accountFor(witness, monitor, async () => {
      const storming = storm(many(4000), 2, fixture("tiny"));
      await sleep(200);
      monitor.signal("SIGSTOP");
      await monitor.until(() => stateOf(monitor.pid) === "T", "stop");
      await sleep(2000);
      monitor.signal("SIGCONT");
      await storming;
    });
    assertAccounted(accounted, t);
    assert.ok(accounted.lost > 100, "the ring cannot have held so many");
  });

  it("shows each of 10,000 short programs or counts it as lost: nice 19, on busy CPUs", async (t) => {
    await using witness = await ContainedMonitor.start([]);
    await using monitor = await ContainedMonitor.start(["nice", "-n", "19"], ...SMALL_RING);
    const accounted = await accountFor(witness, monitor, async () => {
      using _busy = new BusyCpus();
      return await storm(many(10_000), 2, fixture("tiny"));
    });
    assertAccounted(accounted, t);
    assert.equal(new Set(accounted.result.map(({ status }) => status)).size, 1, "the workload itself");
  });

  it("does so too when a control group allows it a twentieth of a CPU", async (t) => {
    const mountPoint = cgroupMount("cpu") ?? cgroupMount("v2");
    if (mountPoint === undefined) {
      t.skip("no hierarchy of control groups is mounted");
      return;
    }
    await using group = new CgroupDirectory(mountPoint, `ebpf-bootstrap-no-cpu-${process.pid}`);
    if (!setQuota(group, 100)) {
      t.skip("this kernel has no control groups that limit CPU time here");
      return;
    }
    await using witness = await ContainedMonitor.start([]);
    const enter = ["/bin/sh", "-c", `echo $$ >'${group.processes}' && exec "$@"`, "sh"];
    await using monitor = await ContainedMonitor.start(enter, ...SMALL_RING);
    const accounted = await accountFor(witness, monitor, async () => {
      setQuota(group, 5);
      await storm(many(3000), 2, fixture("tiny"));
      setQuota(group, 100);
    });
    assertAccounted(accounted, t);
  });
});

/** Allows a group so many hundredths of a CPU; false if it cannot be limited. */
function setQuota({ processes }: CgroupDirectory, percent: number): boolean {
  const settings: [file: string, text: string][] = [
    ["cpu.cfs_quota_us", String(1000 * percent)],
    ["cpu.max", `${1000 * percent} 100000`],
  ];
  const [file, text] = settings.find(([name]) => existsSync(join(dirname(processes), name))) ?? [];
  if (file === undefined || text === undefined) return false;
  writeFileSync(join(dirname(processes), file), text);
  return true;
}
