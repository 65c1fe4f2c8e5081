import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { accountOfName } from "../../src/libc/accounts.ts";
import { fixture } from "./fixture.ts";
import { launcher, MonitorProcess } from "./monitor-process.ts";

/** A line of /proc/PID/status, without its name. */
function statusOf(pid: number, name: string): string {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
}

describe("the monitor's rights", () => {
  const cases: [name: string, args: string[], environment: NodeJS.ProcessEnv, uid: number][] = [
    ["are nobody's", [], {}, accountOfName("nobody")?.uid ?? 65_534],
    ["are those of who called sudo", [], { SUDO_UID: "12345", SUDO_GID: "12345" }, 12_345],
    ["are those of the user it is told", ["--run-as", "daemon"], {}, accountOfName("daemon")?.uid ?? 1],
  ];
  for (const [name, args, environment, uid] of cases) {
    it(`${name} once it is attached; it sees everything all the same, and ends in order`, async () => {
      await using monitor = await MonitorProcess.start(["-w", ...args], environment);
      assert.equal(statusOf(monitor.pid, "Uid"), `${uid}\t${uid}\t${uid}\t${uid}`);
      assert.equal(Number(`0x${statusOf(monitor.pid, "CapEff")}`), 0);
      assert.equal(Number(`0x${statusOf(monitor.pid, "CapPrm")}`), 0);
      const { pid } = spawnSync(fixture("tiny"), ["7"]);
      await monitor.until(() => new RegExp(`EXIT .* ${pid} .*\\[7\\]`).test(monitor.stdout), "show the exit");
      assert.equal(await monitor.end(), 0, monitor.stderr);
      assert.match(monitor.stderr, / 0 lost/);
    });
  }

  it("are root's with --keep-privileges", async () => {
    await using monitor = await MonitorProcess.start(["--keep-privileges"]);
    assert.equal(statusOf(monitor.pid, "Uid"), "0\t0\t0\t0");
  });

  it("are not given up while an io_uring would keep root's: it says so, and what to do", (t) => {
    const env = { ...process.env, UV_USE_IO_URING: "1" };
    const { status, stderr } = spawnSync(launcher, [], { encoding: "utf8", env, timeout: 10_000 });
    if (status === 0) {
      t.skip("Node.js uses no io_uring here, though told to");
      return;
    }
    assert.equal(status, 1);
    assert.match(stderr, /give up root: Node\.js uses io_uring.*\n.*UV_USE_IO_URING=0.*--keep-privileges/);
  });

  it("are not to be another user's if they are not root's", () => {
    const command = ["--reuid=65534", "--clear-groups", launcher, "--run-as", "daemon"];
    const { status, stderr } = spawnSync("setpriv", command, { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /'--run-as daemon': only root/);
  });

  it("are not asked for in vain: an unknown user is a usage error", () => {
    const { status, stderr } = spawnSync(launcher, ["--run-as", "no-such-user"], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /--run-as.*'no-such-user'/);
  });
});
