import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { launcher } from "../monitor-process.ts";
import { many, patience } from "../pace.ts";
import { CgroupDirectory, cgroupMount } from "../truth/cgroup-directory.ts";
import { storm } from "../workload.ts";
import { accountFor } from "./accounted.ts";

const LIMIT = 128 * 1024 * 1024;

/** A control group with that limit, what memory it has used at most, and how a command runs in it. */
class SmallGroup implements AsyncDisposable {
  readonly #group: CgroupDirectory;
  readonly enter: readonly string[];

  private constructor(group: CgroupDirectory) {
    this.#group = group;
    this.enter = ["/bin/sh", "-c", `echo $$ >'${group.processes}' && exec "$@"`, "sh"];
  }

  /** Undefined where memory cannot be limited. */
  static async make(): Promise<SmallGroup | undefined> {
    const mountPoint = cgroupMount("memory") ?? cgroupMount("v2");
    if (mountPoint === undefined) return undefined;
    const made = new SmallGroup(new CgroupDirectory(mountPoint, `ebpf-bootstrap-no-memory-${process.pid}`));
    const limit = ["memory.limit_in_bytes", "memory.max"].map((name) => made.#file(name)).find(existsSync);
    if (limit !== undefined) {
      writeFileSync(limit, String(LIMIT));
      return made;
    }
    await made[Symbol.asyncDispose]();
    return undefined;
  }

  get most(): number {
    const file = ["memory.max_usage_in_bytes", "memory.peak"].map((name) => this.#file(name)).find(existsSync);
    return file === undefined ? NaN : Number(readFileSync(file, "utf8"));
  }

  #file(name: string): string {
    return join(dirname(this.#group.processes), name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#group[Symbol.asyncDispose]();
  }
}

describe("in a control group of 128 MiB", { timeout: patience(60_000) }, () => {
  it("the monitor lives through a storm, and every event is shown or counted as lost", async (t) => {
    await using group = await SmallGroup.make();
    if (group === undefined) {
      t.skip("memory cannot be limited by a control group here");
      return;
    }
    await using witness = await ContainedMonitor.start([]);
    await using monitor = await ContainedMonitor.start(group.enter, "--ring-size", "4MiB");
    const padding = Array.from({ length: 20 }, () => "x".repeat(100));
    const work = () => storm(many(3000), 2, fixture("tiny"), "0", ...padding);
    const { missed, lost, skipped } = await accountFor(witness, monitor, work);
    t.diagnostic(`${group.most} bytes at most, ${lost} events lost`);
    assert.ok(missed <= lost && missed >= lost - skipped, `${missed} were not shown, ${lost} are told lost`);
    assert.ok(!(group.most > LIMIT));
  });

  it("a ring that is too large is refused, and the error says what to do", async (t) => {
    await using group = await SmallGroup.make();
    if (group === undefined) {
      t.skip("memory cannot be limited by a control group here");
      return;
    }
    const command = [...group.enter, launcher, "-o", "json", "--ring-size", "512MiB"];
    const { status, stdout, stderr } = spawnSync("env", command, { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""], stderr);
    assert.match(stderr, /^ebpf-bootstrap: load BPF programs: ENOMEM\nmissing {2}memory +there is no memory/);
    assert.match(stderr, /fix: +Take a smaller ring: --ring-size\./);
  });
});
