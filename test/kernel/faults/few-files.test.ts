import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { launcher } from "../monitor-process.ts";

function limited(files: number): string[] {
  return ["/bin/sh", "-c", `ulimit -n ${files} && exec "$@"`, "sh"];
}

function run(...command: readonly string[]) {
  return spawnSync("env", command, { encoding: "utf8" });
}

describe("with few files that may be open, the monitor", () => {
  it("works with 64, with every kind of event, and all that ran already", async () => {
    await using monitor = await ContainedMonitor.start(limited(64), "--env", "--verbose");
    const { pid } = spawnSync(fixture("tiny"), ["7"]);
    const mine = () => monitor.records.filter((record) => record.pid === pid);
    await monitor.until(() => mine().some(({ type }) => type === "exit"), "see the program end");
    await monitor.end();
    assert.deepEqual(
      mine().map(({ type }) => type),
      ["fork", "exec", "exit"],
    );
    assert.ok(monitor.records.some((record) => record.type === "running" && record.pid === process.pid));
    assert.doesNotMatch(monitor.stderr, /missing: /);
  });

  it("says that they are too few, at whatever point they are used up", () => {
    for (const files of [22, 26, 30, 34]) {
      const { status, stdout, stderr } = run(...limited(files), launcher, "-o", "json");
      assert.deepEqual([status, stdout], [1, ""], stderr);
      assert.match(stderr, /^ebpf-bootstrap: load BPF programs.*\nmissing {2}open_files +the limit of open files, \d+/);
      assert.match(stderr, /fix: +`ulimit -n 64` is enough/);
    }
  });

  it("has the doctor say so too", () => {
    const { stdout } = run(...limited(50), launcher, "doctor");
    assert.match(stdout, /^note +open_files +only 50 may be open/m);
  });
});
