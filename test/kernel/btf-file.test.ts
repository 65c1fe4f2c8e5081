import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ContainedMonitor } from "./contained-monitor.ts";
import { fixture } from "./fixture.ts";
import { launcher } from "./monitor-process.ts";
import type { JsonRecord } from "./truth/record.ts";

const folder = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-btf-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const kernelBtf = "/sys/kernel/btf/vmlinux";
const copy = join(folder, "vmlinux.btf");
copyFileSync(kernelBtf, copy);

/** A command that runs what follows as on a kernel that does not show its types. */
const hidden = ["unshare", "-m", "/bin/sh", "-c", 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh"];

function runHidden(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const [program = "", ...rest] = [...hidden, launcher, ...args];
  return spawnSync(program, rest, { encoding: "utf8", timeout: 60_000 });
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What of a record must be the same whoever tells it: all but the times, which each reads for itself. */
function timeless(record: JsonRecord): object {
  const { type, pid, ppid, id, parent_id, comm, uid, gid, cgroup, ns_pid, filename, exe, cwd, argv, argc } = record;
  const { exit_code, signal, threads, missing, error, env, setuid, old_tid, interpreter, memfd } = record;
  const used = record.usage && [record.usage.max_rss_bytes, record.usage.minor_faults, record.usage.major_faults];
  return {
    ...{ type, pid, ppid, id, parent_id, comm, uid, gid, cgroup, ns_pid, filename, exe, cwd, argv, argc },
    ...{ exit_code, signal, threads, missing, error, env, setuid, old_tid, interpreter, memfd, used },
  };
}

describe("--btf, on a kernel that does not show its types", () => {
  it("tells each process as where it does", async () => {
    await using typed = await ContainedMonitor.start([], "--env=raw");
    await using untyped = await ContainedMonitor.start(hidden, "--env=raw", "--btf", copy);
    const last = "/nonexistent/last";
    spawnSync(fixture("end-as"), ["7"], { cwd: folder });
    spawnSync(fixture("exec-from-thread"), [fixture("tiny")]);
    spawnSync(fixture("nine-threads"));
    spawnSync(fixture("exec-memfd"));
    spawnSync("unshare", ["--pid", "--fork", fixture("tiny"), "3"]);
    spawnSync("/bin/sh", ["-c", `/nonexistent/program; kill -9 $$`]);
    spawnSync(fixture("tiny"), [last]);
    const mine = (monitor: ContainedMonitor) => {
      const pids = new Set([process.pid]);
      return monitor.records.filter(({ type, pid, ppid, argv }) => {
        if (!pids.has(ppid) || type === "running" || argv?.some((text) => text.startsWith("/nonexistent/")) === true) {
          return false;
        }
        pids.add(pid);
        return true;
      });
    };
    for (const monitor of [typed, untyped]) {
      const isLast = ({ type, argv }: JsonRecord) => type === "exit" && argv?.includes(last) === true;
      await monitor.until(() => monitor.records.some(isLast), "see the last program end");
    }
    const ids = new Set(untyped.records.filter(({ type }) => type === "fork").map(({ id }) => id));
    const seen = (monitor: ContainedMonitor) => mine(monitor).filter(({ id }) => ids.has(id));
    const [some, same] = [seen(typed), seen(untyped)];
    assert.ok(some.length > 15, "the workload itself");
    for (const type of ["fork", "exec", "exec_failed", "exit"]) assert.ok(some.some((record) => record.type === type));
    assert.deepEqual(same.map(timeless), some.map(timeless));
    assert.deepEqual(
      untyped.records.filter(({ type }) => type === "running"),
      [],
    );
    await typed.end();
    await untyped.end();
  });

  it("shows the table, and says with --verbose what is missing", () => {
    const { status, stdout, stderr } = spawnSync(
      hidden[0] ?? "",
      [...hidden.slice(1), "timeout", "--preserve-status", "-s", "INT", "3", launcher, "-v", "--btf", copy],
      { encoding: "utf8", timeout: 60_000 },
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^TIME/);
    assert.match(stderr, /^ebpf-bootstrap: missing: processes that run already/m);
  });

  it("is tried by the doctor too", () => {
    const { status, stdout } = runHidden("doctor", "--btf", copy);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^ok +btf +.*vmlinux\.btf$/m);
  });

  it("is what the error tells to use without it", () => {
    assert.match(runHidden().stderr, /missing +btf [^]*fix: .*--btf FILE/);
  });

  const wrong: [name: string, file: () => string, text: RegExp][] = [
    ["is not there", () => join(folder, "nothing"), /nothing cannot be read: ENOENT/],
    ["is a folder", () => folder, /is not a regular file\n/],
    ["is a device", () => "/dev/zero", /\/dev\/zero is not a regular file\n/],
    ["is a text", () => fileOf("text", "not BTF"), /is neither BTF nor an ELF file/],
    ["is cut", () => fileOf("cut", readFileSync(copy).subarray(0, 100_000)), /cut is damaged, or not of this kernel/],
    [
      "has other types",
      () => {
        const [source, object] = [fileOf("other.c", "struct other { int member; } other;\n"), join(folder, "other.o")];
        execFileSync("clang", ["-target", "bpf", "-g", "-O2", "-c", source, "-o", object]);
        return object;
      },
      /other\.o is damaged, or not of this kernel/,
    ],
  ];
  for (const [name, file, text] of wrong) {
    it(`says so if the file ${name}`, () => {
      for (const args of [[], ["-o", "json"]]) {
        const { status, stdout, stderr } = runHidden(...args, "--btf", file());
        assert.deepEqual([status, stdout], [1, ""], stderr);
        assert.match(stderr, /^ebpf-bootstrap: load BPF programs.*\nmissing {2}btf +.*\n {9}fix: .*\n$/);
        assert.match(stderr, text);
        assert.match(stderr, /BTF of exactly the running kernel/);
      }
    });
  }
});
