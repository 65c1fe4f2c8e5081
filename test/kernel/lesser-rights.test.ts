import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";

import { describe, it } from "node:test";
import { ContainedMonitor } from "./contained-monitor.ts";
import { fixture } from "./fixture.ts";
import { launcher } from "./monitor-process.ts";
import { Held } from "./truth/held.ts";
import type { JsonRecord } from "./truth/record.ts";
import { Scratch } from "./truth/scratch.ts";

const NOBODY = 65_534;

/** A command that runs what follows as nobody, with these capabilities and no way to more. */
function withOnly(...capabilities: readonly string[]): string[] {
  const set = ["-all", ...capabilities.map((name) => `+${name}`)].join();
  const sets = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`];
  return ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", ...sets];
}

const enough = withOnly("bpf", "perfmon");

/** A command that runs what follows where /proc shows every user only their own processes. */
const hidden = ["unshare", "-m", "/bin/sh", "-c", 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"];

/** Starts root's program, then a monitor; returns what that tells of the program from then to its end. */
async function watchRoots(command: readonly string[], ...args: readonly string[]): Promise<JsonRecord[]> {
  await using held = await Held.start(fixture("hold"), ["argument"], { env: { OPEN: "value" } });
  await using monitor = await ContainedMonitor.start(command, ...args);
  const mine = () => monitor.records.filter(({ pid }) => pid === held.pid);
  await monitor.until(() => mine().some(({ type }) => type === "running"), "find the program");
  await held.release();
  await monitor.until(() => mine().some(({ type }) => type === "exit"), "see the program end");
  await monitor.end();
  return mine();
}

/** Without what each monitor reads for itself. */
function timeless(records: readonly JsonRecord[]): object[] {
  const fields = [
    "comm",
    "uid",
    "gid",
    "cgroup",
    "exe",
    "cwd",
    "argv",
    "argc",
    "argv_bytes",
    "env",
    "exit_code",
  ] as const;
  return records.map((record) => ({
    type: record.type,
    missing: record.missing,
    ...Object.fromEntries(fields.map((field) => [field, record[field]])),
  }));
}

describe("with CAP_BPF and CAP_PERFMON only, and not root", () => {
  it("the monitor tells what root's tells, of root's processes too", async () => {
    const told = timeless(await watchRoots(enough));
    assert.equal(told.length, 2, "found, and ended");
    assert.deepEqual(told, timeless(await watchRoots([])));
  });

  it("environments of others' older processes are missing, and nothing else; two capabilities more bring them", async () => {
    const [found] = await watchRoots(enough, "--env");
    assert.deepEqual([found?.env, found?.missing], [undefined, ["env"]]);
    const [whole] = await watchRoots(withOnly("bpf", "perfmon", "sys_ptrace", "dac_read_search"), "--env");
    assert.deepEqual([whole?.env, whole?.missing], [["OPEN=value"], undefined]);
  });

  it("arguments of others' older processes are missing where /proc hides these", async () => {
    const [found] = await watchRoots([...hidden, ...enough]);
    assert.deepEqual([found?.argv, found?.missing], [undefined, ["argc", "argv", "argv_bytes"]]);
    const [seen] = await watchRoots([...hidden, ...withOnly("bpf", "perfmon", "sys_ptrace")]);
    assert.deepEqual(seen?.argv, [fixture("hold"), "argument"]);
  });

  it("--verbose says what is missing of what was asked for, in one line for each reason", async () => {
    const environments = /CAP_BPF, CAP_PERFMON, without root: .*\(--env\) are missing$/;
    const args = /proc hides the processes of others: .*the arguments are missing$/;
    for (const [command, options, reasons] of [
      [enough, [], []],
      [enough, ["--env"], [environments]],
      [[...hidden, ...enough], ["--env"], [environments, args]],
    ] as const) {
      await using monitor = await ContainedMonitor.start(command, "--verbose", ...options);
      await monitor.end();
      const lines = monitor.stderr.split("\n").filter((line) => line.endsWith(" missing"));
      assert.equal(lines.length, reasons.length, lines.join("\n"));
      for (const [index, reason] of reasons.entries()) assert.match(lines[index] ?? "", reason);
    }
  });

  it("it says nothing of that without --verbose", async () => {
    await using monitor = await ContainedMonitor.start(enough);
    assert.equal(monitor.stderr, "");
    await monitor.end();
  });

  for (const capability of ["bpf", "perfmon"]) {
    it(`CAP_${capability.toUpperCase()} alone is not enough, and the error says so`, () => {
      const { status, stderr } = spawnSync("env", [...withOnly(capability), launcher], { encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`not root.*\\(it has CAP_${capability.toUpperCase()}\\)`));
    });
  }
});

describe("what the doctor tells a user without rights to do", () => {
  /** The ways, as a shell would run them after sudo. */
  function ways(): string {
    const user = ["--reuid=65534", "--regid=65534", "--clear-groups", launcher, "doctor", "--json"];
    const { stdout } = spawnSync("setpriv", user, { encoding: "utf8" });
    const { checks } = JSON.parse(stdout) as { checks: { check: string; fixes: string[] }[] };
    return checks.find(({ check }) => check === "capabilities")?.fixes.join("\n") ?? "";
  }

  it("works: the line with setpriv", () => {
    const line = /`sudo (setpriv .*)`/.exec(ways())?.[1];
    assert.ok(line);
    const command = `${line.replaceAll(/\$\(id -[ug]\)/g, String(NOBODY))} doctor`;
    const { status, stdout } = spawnSync("/bin/sh", ["-c", command], { encoding: "utf8", cwd: "/" });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /CAP_BPF, CAP_PERFMON, without root/);
  });

  it("works: the lines with setcap", (t) => {
    if (spawnSync("sh", ["-c", "command -v setcap"]).status !== 0) {
      t.skip("setcap is not installed");
      return;
    }
    const line = /`sudo (install .*) && sudo (setcap .*)`, then `(.*)`/.exec(ways());
    assert.ok(line);
    using scratch = new Scratch();
    const node = scratch.file("node-bpf");
    const [install, setcap, start] = line
      .slice(1)
      .map((command) => command.replaceAll("/usr/local/bin/node-bpf", node).replace("GROUP", "nogroup"));
    execFileSync("/bin/sh", ["-c", `${install ?? ""} && ${setcap ?? ""}`]);
    const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    const shell = [...user, "/bin/sh", "-c", `${start ?? ""} doctor`];
    const { status, stdout, stderr } = spawnSync("setpriv", shell, { encoding: "utf8", cwd: "/" });
    assert.equal(status, 0, stdout + stderr);
  });
});
