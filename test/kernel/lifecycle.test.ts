import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findToolchain } from "../../tools/bpf2ts/toolchain.ts";
import { fixture } from "./fixture.ts";
import { HEADER, launcher, MonitorProcess } from "./monitor-process.ts";
import { storm } from "./workload.ts";

const { bpftool } = findToolchain({});

/** The IDs of this program's BPF programs and maps in the kernel, of every monitor that runs. */
function loaded(): Set<string> {
  const ids = ["prog", "map"].flatMap((kind) => {
    const list = execFileSync(bpftool, ["-j", kind, "list"], { encoding: "utf8" });
    return (JSON.parse(list) as { id: number; name?: string }[])
      .filter(({ name = "" }) => /^(handle_|lives|ended|told_cgroups|bootstra)/.test(name))
      .map(({ id }) => `${kind} ${id}`);
  });
  return new Set(ids);
}

/** What a monitor that starts meanwhile loads. */
async function loadedBy<T>(start: () => Promise<T>): Promise<{ monitor: T; ids: string[] }> {
  const before = loaded();
  const monitor = await start();
  const ids = [...loaded()].filter((id) => !before.has(id));
  assert.ok(ids.length > 0);
  return { monitor, ids };
}

/** The kernel frees programs and maps a moment after their last user is gone. */
async function assertGone(ids: readonly string[]): Promise<void> {
  const left = (): string[] => ids.filter((id) => loaded().has(id));
  for (let round = 0; round < 50 && left().length > 0; round++) await sleep(50);
  assert.deepEqual(left(), []);
}

describe("the monitor", () => {
  it("prints its header as soon as it is attached", async () => {
    await using monitor = await MonitorProcess.start(["-d", "1000000"]);
    assert.equal(monitor.stdout, `${HEADER}\n`);
  });

  it("brings a lone event well under 100 ms after it happened", async () => {
    await using monitor = await MonitorProcess.start();
    const delays: number[] = [];
    for (let round = 0; round < 10; round++) {
      await sleep(150);
      const at = performance.now();
      const { pid } = spawn(fixture("tiny"), { stdio: "ignore" });
      await monitor.until(() => monitor.rows().some((row) => row.pid === pid && row.event === "EXIT"), "show the exit");
      delays.push(performance.now() - at);
    }
    // The median: this machine may be busy with something else for a moment.
    assert.ok((delays.sort((a, b) => a - b)[5] ?? Infinity) < 100, `delays: ${delays.join(", ")}`);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends in order on ${signal}: everything out, a summary, exit 0, nothing left in the kernel`, async () => {
      const { monitor, ids } = await loadedBy(() => MonitorProcess.start());
      await using _monitor = monitor;
      const { pid } = spawnSync(fixture("tiny"));
      assert.equal(await monitor.end(signal), 0);
      assert.match(monitor.stderr, /^ebpf-bootstrap: \d+ events, 0 lost, in \d+\.\d s\n$/);
      assert.equal(monitor.rows().filter((row) => row.pid === pid).length, 2);
      await assertGone(ids);
    });
  }

  it("leaves nothing in the kernel when it is killed", async () => {
    const { monitor, ids } = await loadedBy(() => MonitorProcess.start());
    await monitor.end("SIGKILL");
    await assertGone(ids);
  });

  it("ends quietly when its reader has seen enough", () => {
    const script = `'${launcher}' | head -5; echo "status $\{PIPESTATUS[0]}"`;
    const noise = spawn("/bin/bash", ["-c", "for i in {1..400}; do /bin/true; sleep 0.02; done"], { stdio: "ignore" });
    try {
      const { stdout, stderr } = spawnSync("/bin/bash", ["-c", script], { encoding: "utf8", timeout: 20_000 });
      assert.equal(stdout.split("\n").length, 7, stdout);
      assert.match(stdout, /status 0\n$/);
      assert.equal(stderr, "");
    } finally {
      noise.kill("SIGKILL");
    }
  });

  it("says what it could not write, and ends with 1, when the reader never reads", { timeout: 30_000 }, async () => {
    await using monitor = await MonitorProcess.start();
    monitor.pauseReading();
    spawnSync("/bin/bash", ["-c", "for i in {1..3000}; do /bin/true; done"]);
    assert.equal(await monitor.end(), 1);
    assert.match(monitor.stderr, /gave up on the reader of standard output: \d+ bytes or more were not written/);
  });

  it("waits for a reader that is slow, and loses nothing to it", { timeout: 60_000 }, async () => {
    await using monitor = await MonitorProcess.start();
    monitor.pauseReading();
    const children = await storm(3000, 2, fixture("tiny"));
    const ended = monitor.end();
    // Longer in all than a reader may stand still.
    for (let round = 0; round < 4; round++) {
      await sleep(1000);
      monitor.resumeReading();
      await sleep(1);
      monitor.pauseReading();
    }
    monitor.resumeReading();
    assert.equal(await ended, 0, monitor.stderr);
    const workers = new Set(children.map(({ ppid }) => ppid));
    assert.equal(monitor.rows().filter(({ ppid, comm }) => workers.has(ppid) && comm === "tiny").length, 6000);
  });

  it("ends quietly when its terminal is closed", () => {
    const output = "/tmp/ebpf-bootstrap-hangup-$$";
    const script = `script -qec "'${launcher}' 2> ${output}" /dev/null > /dev/null & sleep 1.5
      kill -KILL $!; for i in 1 2 3 4 5; do sleep 0.3; pgrep -f '[d]ist/src/cli/main.js' > /dev/null || break; done
      cat ${output}; rm ${output}`;
    const { stdout } = spawnSync("/bin/bash", ["-c", script], { encoding: "utf8", timeout: 20_000 });
    assert.doesNotMatch(stdout, /Assertion|EIO/);
  });

  it("holds its memory while the reader is stopped", { timeout: 60_000 }, async () => {
    await using monitor = await MonitorProcess.start();
    monitor.pauseReading();
    spawnSync(fixture("storm"), ["3000", "2", fixture("tiny")]);
    const early = rssKiB(monitor.pid);
    spawnSync(fixture("storm"), ["20000", "2", fixture("tiny")]);
    assert.ok(rssKiB(monitor.pid) - early < 20_000, `grew from ${early} to ${rssKiB(monitor.pid)} KiB`);
    monitor.resumeReading();
    assert.equal(await monitor.end(), 0);
  });

  it("says with --verbose what it loaded, on stderr", async () => {
    await using monitor = await MonitorProcess.start(["--verbose"]);
    await monitor.end();
    assert.match(monitor.stderr, /loaded handle_exec as program \d+ on tp_btf\/sched_process_exec/);
    assert.match(monitor.stderr, /libbpf debug: /);
    for (const row of monitor.rows()) assert.ok(row.pid > 0);
  });

  it("runs twice at once, and both see the same", async () => {
    await using first = await MonitorProcess.start();
    await using second = await MonitorProcess.start();
    const { pid } = spawnSync(fixture("tiny"));
    await first.end();
    await second.end();
    for (const monitor of [first, second]) assert.equal(monitor.rows().filter((row) => row.pid === pid).length, 2);
  });

  it("fails with a clear error when the disk is full", () => {
    const { status, stderr } = spawnSync("/bin/bash", ["-c", `'${launcher}' > /dev/full`], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /write to standard output: ENOSPC/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
});

function rssKiB(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
