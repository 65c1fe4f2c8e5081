import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fixture } from "./fixture.ts";
import { Installation, deployFile } from "./installation.ts";
import type { JsonRecord } from "./truth/record.ts";
import { Scratch } from "./truth/scratch.ts";

const unitFile = fileURLToPath(new URL("../../deploy/ebpf-bootstrap.service", import.meta.url));
const systemd = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"].find((path) => existsSync(path));

/** Whether the installed systemd can judge a unit that is not installed (250 and later); if not, the test is skipped. */
function hasAnalyze(t: TestContext): boolean {
  const { stdout } = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
  const version = Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0);
  if (version < 250) t.skip("systemd-analyze 250 or later is not installed");
  return version >= 250;
}

/** The unit, changed to run an installation, and to write files that a test can read. */
function unitFor({ node, main, path }: Installation): string {
  const unit = deployFile("ebpf-bootstrap.service")
    .replace("/usr/bin/node", node)
    .replace("/opt/ebpf-bootstrap/dist/src/cli/main.js", main)
    .replace("StandardOutput=journal", `StandardOutput=file:${path}/events.json`)
    .replace("StandardError=journal", `StandardError=file:${path}/errors.txt`);
  assert.ok(
    unit.includes(`ExecStart=${node} `) &&
      unit.includes(` ${main} -o json`) &&
      unit.includes(`file:${path}/errors.txt`),
  );
  // There are no other units, on which it would wait.
  return unit.replace("[Service]", "DefaultDependencies=no\n\n[Service]");
}

/**
 * What a systemd of its own needs, as in a container: processes, mounts and control groups of its own, and of the kernel's
 * settings only the sight.
 */
const container = `
mount --make-rprivate / && mount -t proc proc /proc &&
mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys &&
mount -t tmpfs tmpfs /run && mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
exec "$@"`;

/** The folder of a v2 control group of its own; undefined if there is no such hierarchy here. */
function makeCgroup(): string | undefined {
  const mount = /^\S+ (\S+) cgroup2 /m.exec(readFileSync("/proc/mounts", "utf8"))?.[1];
  if (mount === undefined) return undefined;
  const cgroup = join(mount, `ebpf-bootstrap-test-${process.pid}`);
  mkdirSync(cgroup);
  return cgroup;
}

async function until<T>(look: () => T | undefined, what: string): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `not in time: ${what}`);
    await sleep(50);
  }
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function recordsOf(file: string): JsonRecord[] {
  return read(file)
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonRecord);
}

/** Takes away a control group with those that systemd has made in it. */
function removeCgroup(folder: string): void {
  spawnSync("find", [folder, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]);
  if (existsSync(folder)) rmdirSync(folder);
}

describe("the systemd unit", () => {
  it("is understood whole", (t) => {
    if (!hasAnalyze(t)) return;
    using scratch = new Scratch();
    // Where the program will be is not checked.
    const unit = scratch.file("ebpf-bootstrap.service");
    writeFileSync(unit, deployFile("ebpf-bootstrap.service").replace("/usr/bin/node", process.execPath));
    const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
  });

  it("is judged to be safe: an exposure of 1.0 of 10 at most", (t) => {
    if (!hasAnalyze(t)) return;
    const args = ["security", "--offline=true", "--threshold=10", "--no-pager", unitFile];
    const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    assert.equal(status, 0, stdout.slice(-500) + stderr);
  });

  it("runs under a systemd of its own: as nobody in particular, with two capabilities, filtered; it ends in order", async (t) => {
    const cgroup = makeCgroup();
    if (systemd === undefined || cgroup === undefined) {
      t.skip("systemd is not installed, or there is no v2 hierarchy of control groups");
      return;
    }
    using installation = new Installation();
    const units = join(installation.path, "units");
    mkdirSync(units);
    writeFileSync(join(units, "ebpf-bootstrap.service"), unitFor(installation));
    writeFileSync(
      join(units, "default.target"),
      "[Unit]\nDefaultDependencies=no\nWants=ebpf-bootstrap.service\nAfter=ebpf-bootstrap.service\n",
    );
    const inCgroup = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
    const namespaces = ["unshare", "-m", "-p", "-f", "-C", "-u", "-i", "--kill-child", "sh", "-c", container, "sh"];
    const log = join(installation.path, "log.txt");
    const child = spawn("sh", ["-c", `exec > '${log}' 2>&1; ${inCgroup}`, cgroup, ...namespaces, systemd, "--system"], {
      stdio: "ignore",
      env: { ...process.env, container: "test", SYSTEMD_UNIT_PATH: units },
    });
    try {
      const [events, errors] = [join(installation.path, "events.json"), join(installation.path, "errors.txt")];
      const own = await until(
        () => {
          spawnSync(fixture("tiny"), ["5"]);
          return recordsOf(events).find(({ type, exit_code }) => type === "exit" && exit_code === 5);
        },
        `see a program end; ${read(errors)}; ${read(log)}`,
      );
      assert.equal(own.ppid, process.pid, "the processes of the whole machine, with the machine's PIDs");
      const self = recordsOf(events).find(
        ({ type, ns_pid, comm }) => type === "running" && ns_pid !== 1 && comm !== "",
      );
      const pid = self?.pid ?? 0;
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const [, user] = /^Uid:\t(\d+)/m.exec(status) ?? [];
      assert.ok(Number(user) >= 61_184 && Number(user) <= 65_519, `a dynamic user, not ${user ?? ""}`);
      const both = ((1n << 38n) | (1n << 39n)).toString(16).padStart(16, "0");
      for (const set of ["Inh", "Prm", "Eff", "Bnd", "Amb"])
        assert.match(status, new RegExp(`^Cap${set}:\t${both}$`, "m"));
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
      process.kill(pid, "SIGTERM");
      await until(() => (/ events, \d+ lost/.test(read(errors)) ? true : undefined), "end in order");
    } finally {
      child.kill("SIGKILL");
      await until(() => (child.exitCode ?? child.signalCode ?? undefined) as unknown, "be gone");
      await until(() => (read(join(cgroup, "cgroup.events")).includes("populated 0") ? true : undefined), "be empty");
      removeCgroup(cgroup);
    }
  });
});
