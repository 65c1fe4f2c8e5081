import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, existsSync } from "node:fs";
import { cpus } from "node:os";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { Held, HeldError } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { expectedCgroup, processInProc, type ProcessInProc } from "./proc.ts";
import { ofPid, startNs, theOnly, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";

const monitor = sharedMonitor();
const NOBODY = 65_534;

interface Seen {
  readonly exec: JsonRecord;
  readonly exit: JsonRecord;
  readonly all: readonly JsonRecord[];
  readonly proc: ProcessInProc;
  readonly stdout: string;
}

/** Has a program live for a while, perhaps by way of others, and reads what /proc says of it then. */
async function see(program: string, args: readonly string[] = [], options = {}): Promise<Seen> {
  const { result, records } = await monitor().during(async () => {
    await using held = await Held.start(program, args, options);
    return { pid: held.pid, proc: processInProc(held.pid), stdout: held.stdout };
  });
  const ofHeld = ofPid(records, result.pid);
  const exec = ofHeld.findLast(({ type }) => type === "exec");
  assert.ok(exec);
  return { exec, exit: theOnly(ofHeld, "exit"), all: ofHeld, proc: result.proc, stdout: result.stdout };
}

/** What of a process does not change while it lives must be as /proc says, in every record. */
function assertAgrees({ exec, exit, proc }: Seen): void {
  for (const record of [exec, exit]) {
    const { uid, gid, loginuid, session_id, ppid, cgroup, exe } = record;
    assert.deepEqual(
      { uid, gid, loginuid, session_id, ppid, cgroup, exe },
      {
        uid: proc.uid,
        gid: proc.gid,
        loginuid: proc.loginuid,
        session_id: proc.sessionid,
        ppid: proc.ppid,
        cgroup: expectedCgroup(proc.cgroups),
        exe: proc.exe,
      },
    );
    assert.equal(record.user, nameOf(proc.uid));
    assert.equal(record.missing, undefined);
  }
  assert.equal(exec.cwd, proc.cwd);
  assert.equal(exec.comm, proc.comm);
  assert.deepEqual(exec.argv, proc.argv.map(String));
  const start = startNs(exit);
  assert.ok(start >= proc.startNs[0] && start < proc.startNs[1], `${start} is not in ${proc.startNs.join(" … ")}`);
}

function nameOf(uid: number): string | undefined {
  const { status, stdout } = spawnSync("getent", ["passwd", String(uid)], { encoding: "utf8" });
  return status === 0 ? stdout.slice(0, stdout.indexOf(":")) : undefined;
}

/** A copy of a program that every user may run, with this mode and owner. */
function copyWithMode(scratch: Scratch, mode: number, uid = 0, gid = 0): string {
  const path = scratch.file("program");
  copyFileSync(fixture("hold"), path);
  chownSync(path, uid, gid);
  chmodSync(path, mode);
  return path;
}

describe("who a process is agrees with /proc", () => {
  it("for one of root's", async () => {
    const seen = await see(fixture("hold"), ["a", "b"]);
    assertAgrees(seen);
    assert.equal(seen.exec.user, "root");
    assert.equal(seen.exec.setuid, undefined);
    assert.equal(seen.exec.ppid, process.pid);
  });

  for (const [uid, gid] of [
    [NOBODY, NOBODY],
    [123_456, 654_321],
    [4_294_967_294, 4_294_967_294],
  ] as const) {
    it(`for one of user ${uid}, who has ${nameOf(uid) === undefined ? "no name" : "a name"}`, async () => {
      using scratch = new Scratch();
      const program = copyWithMode(scratch, 0o755);
      const seen = await see(program, [], { uid: uid | 0, gid: gid | 0, cwd: "/" });
      assertAgrees(seen);
      assert.deepEqual([seen.exec.uid, seen.exec.gid, seen.exec.user], [uid, gid, nameOf(uid)]);
    });
  }

  it("for a session with a login, and for one without", async (t) => {
    const script = `echo 4242 >/proc/self/loginuid || exit 3; exec '${fixture("hold")}'`;
    try {
      const seen = await see("/bin/sh", ["-c", script]);
      assertAgrees(seen);
      assert.equal(seen.exec.loginuid, 4242);
      assert.ok(seen.exec.session_id !== undefined, "a login begins an audit session");
    } catch (error) {
      if (!(error instanceof HeldError) || error.exitCode === 0) throw error;
      t.skip(`the login cannot be set here: ${error.stderr.trim()}`);
    }
    const without = await see(fixture("hold"));
    assertAgrees(without);
    if (!existsSync("/proc/self/loginuid")) t.diagnostic("this kernel keeps no audit sessions");
  });

  it("with a controlling terminal, and without", async () => {
    const seen = await see(fixture("on-terminal"), [fixture("hold")]);
    assertAgrees(seen);
    const terminal = /^\/dev\/(pts\/\d+)$/m.exec(seen.stdout)?.[1];
    assert.ok(terminal !== undefined, "the workload itself");
    assert.equal(seen.exec.tty, terminal);
    assert.equal(seen.exit.tty, terminal);
    assert.equal(seen.all[0]?.tty, undefined, "none at its fork");

    // A session of its own has no terminal, wherever the tests were started.
    const without = await see("/usr/bin/setsid", [fixture("hold")]);
    assert.equal(without.exec.tty, undefined);
  });
});

describe("where a process runs", () => {
  for (const [cpu] of cpus().entries()) {
    it(`is told: on CPU ${cpu}`, async (t) => {
      const { status } = spawnSync("taskset", ["-c", String(cpu), "true"]);
      if (status !== 0) {
        t.skip(`taskset(1) is not installed, or CPU ${cpu} may not be used`);
        return;
      }
      const { exec, exit } = await see("taskset", ["-c", String(cpu), fixture("hold")]);
      assert.deepEqual([exec.cpu, exit.cpu], [cpu, cpu]);
    });
  }
});

describe("a program that rises above its caller", () => {
  it("by a set-user-ID bit: who called it, and who it is", async () => {
    using scratch = new Scratch();
    const program = copyWithMode(scratch, 0o4755);
    const seen = await see(program, [], { uid: NOBODY, gid: NOBODY, cwd: "/" });
    assert.equal(seen.proc.euid, 0, `the workload itself: is ${scratch.path} mounted with nosuid?`);
    assertAgrees(seen);
    assert.deepEqual(seen.exec.setuid, { euid: 0, egid: NOBODY });
    assert.deepEqual([seen.exec.uid, seen.exec.user], [NOBODY, nameOf(NOBODY)]);
  });

  it("by a set-group-ID bit", async () => {
    using scratch = new Scratch();
    const program = copyWithMode(scratch, 0o2755);
    const seen = await see(program, [], { uid: NOBODY, gid: NOBODY, cwd: "/" });
    assert.equal(seen.proc.egid, 0, "the workload itself");
    assert.deepEqual(seen.exec.setuid, { euid: NOBODY, egid: 0 });
  });

  it("by capabilities of its file", async (t) => {
    if (spawnSync("setcap", ["-h"]).error !== undefined) {
      t.skip("setcap is not installed");
      return;
    }
    using scratch = new Scratch();
    const program = copyWithMode(scratch, 0o755);
    execFileSync("setcap", ["cap_net_raw+ep", program]);
    const seen = await see(program, [], { uid: NOBODY, gid: NOBODY, cwd: "/" });
    assert.deepEqual(seen.exec.setuid, { euid: NOBODY, egid: NOBODY });
  });

  const ordinary: [what: string, mode: number, owner: number, caller: number][] = [
    ["it has no such bit", 0o755, 0, NOBODY],
    ["its owner is who calls it", 0o4755, NOBODY, NOBODY],
    ["root calls what is root's", 0o4755, 0, 0],
    ["root calls what is another's, and sinks", 0o4755, NOBODY, 0],
  ];
  for (const [what, mode, owner, caller] of ordinary) {
    it(`does not when ${what}`, async () => {
      using scratch = new Scratch();
      const program = copyWithMode(scratch, mode, owner, owner);
      const seen = await see(program, [], { uid: caller, gid: caller, cwd: "/" });
      assert.equal(seen.exec.setuid, undefined);
      assert.equal(seen.exec.uid, caller);
      assert.equal(seen.proc.euid, mode === 0o755 ? caller : owner, "the workload itself");
    });
  }

  it("does not again when it calls exec in its turn", async () => {
    using scratch = new Scratch();
    const program = scratch.file("risen");
    copyFileSync(fixture("sleep-ms"), program);
    chmodSync(program, 0o4755);
    const last = scratch.file("last");
    copyFileSync(fixture("hold"), last);
    chmodSync(last, 0o755);
    const seen = await see(program, ["1", last], { uid: NOBODY, gid: NOBODY, cwd: "/" });
    const [first, second] = seen.all.filter(({ type }) => type === "exec");
    assert.deepEqual(first?.setuid, { euid: 0, egid: NOBODY });
    assert.equal(seen.proc.euid, 0, "the workload itself");
    assert.equal(second?.setuid, undefined, "it has no more rights than its caller, which had risen already");
  });
});
