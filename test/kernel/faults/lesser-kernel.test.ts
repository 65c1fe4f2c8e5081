import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { launcher } from "../monitor-process.ts";
import { Scratch } from "../truth/scratch.ts";

/** The kernel's types in a file, in which these names are others: as those of a kernel without them. */
function typesWithout(scratch: Scratch, ...names: readonly string[]): string {
  const file = scratch.file("vmlinux.btf");
  let types = readFileSync("/sys/kernel/btf/vmlinux").toString("latin1");
  for (const name of names) {
    assert.ok(types.includes(`\0${name}\0`), name);
    types = types.replace(`\0${name}\0`, `\0${name.slice(0, -1)}_\0`);
  }
  writeFileSync(file, types, "latin1");
  return file;
}

/** The lines that say what is missing. */
function gapsIn({ stderr }: ContainedMonitor): string[] {
  return stderr.split("\n").flatMap((line) => /^ebpf-bootstrap: missing: (.*)$/.exec(line)?.[1] ?? []);
}

describe("a kernel that was built without something", () => {
  it("leaves gaps that each record and --verbose name", async () => {
    using scratch = new Scratch();
    const types = typesWithout(scratch, "loginuid", "read_bytes");
    await using monitor = await ContainedMonitor.start([], "--verbose", "--btf", types);
    const { pid } = spawnSync(fixture("tiny"));
    const mine = () => monitor.records.filter((record) => record.pid === pid);
    await monitor.until(() => mine().some(({ type }) => type === "exit"), "see the program end");
    await monitor.end();
    const login = ["loginuid", "session_id"];
    assert.deepEqual(
      mine().map(({ missing }) => missing),
      [login, login, [...login, "usage.read_bytes", "usage.write_bytes"]],
    );
    assert.deepEqual(gapsIn(monitor), [
      "loginuid and session_id, for which this kernel was built without CONFIG_AUDIT",
      "usage.read_bytes and usage.write_bytes, for which this kernel was built without CONFIG_TASK_IO_ACCOUNTING",
    ]);
  });

  it("is told of by the doctor", () => {
    using scratch = new Scratch();
    const { status, stdout } = spawnSync("env", [launcher, "doctor", "--btf", typesWithout(scratch, "loginuid")], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^note +programs +missing: loginuid and session_id, /m);
  });
});
