import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ContainedMonitor } from "./contained-monitor.ts";
import { fixture } from "./fixture.ts";
import { MonitorProcess } from "./monitor-process.ts";
import { Held } from "./truth/held.ts";

/** As in a container: /proc is the namespace's own. */
const contained = ["unshare", "--pid", "--fork", "--mount-proc"];
/** As in a container that has the host's /proc. */
const withHostProc = ["unshare", "--pid", "--fork"];

const view = /^ebpf-bootstrap: this is a container's PID namespace: .* whole machine .* machine's PIDs .*ns_pid.*$/gm;

async function runTiny(...args: readonly string[]): Promise<number> {
  const child = spawn(fixture("tiny"), args, { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("in a PID namespace of its own, the monitor", () => {
  it("shows the processes of the whole machine with the machine's PIDs, and says so once", async () => {
    await using monitor = await ContainedMonitor.start(contained);
    const pid = await runTiny("9");
    const told = () => monitor.records.filter((record) => record.pid === pid);
    await monitor.until(() => told().some(({ type }) => type === "exit"), "see a program outside end");
    assert.deepEqual(
      told().map(({ type, ppid, ns_pid }) => [type, ppid, ns_pid]),
      ["fork", "exec", "exit"].map((type) => [type, process.pid, undefined]),
    );
    assert.equal(told().at(-1)?.exit_code, 9);
    await monitor.end();
    assert.equal(monitor.stderr.match(view)?.length, 1, monitor.stderr);
  });

  it("finds of those that run already only its namespace's, with both PIDs, and makes up no arguments", async () => {
    await using _outside = await Held.start(fixture("hold"), ["outside"]);
    await using monitor = await ContainedMonitor.start(contained);
    const running = monitor.records.filter(({ type }) => type === "running");
    assert.deepEqual(
      running.map(({ ns_pid, argv }) => [ns_pid, argv]),
      [[1, undefined]],
      "nobody but the monitor is there",
    );
    assert.notEqual(running[0]?.pid, 1);
    assert.deepEqual(running[0]?.missing, ["argc", "argv", "argv_bytes"]);
    await monitor.end();
    assert.match(monitor.stderr, /of those that run already, only this namespace's, without arguments$/m);
  });

  it("has their arguments from /proc, if that is the machine's", async () => {
    await using monitor = await ContainedMonitor.start(withHostProc);
    const running = monitor.records.filter(({ type }) => type === "running");
    assert.deepEqual(
      running.map(({ ns_pid, argv }) => [ns_pid, argv?.slice(-4)]),
      [[1, ["-o", "json", "--ring-size", "128MiB"]]],
    );
    await monitor.end();
    assert.match(monitor.stderr, /only this namespace's$/m);
  });

  it("does not take a process of the machine for dead whose number has no process here", () => {
    const module = new URL("../../src/process/is-alive.ts", import.meta.url).href;
    const script = `const { livenessTest } = await import("${module}"); const isAlive = livenessTest();
      console.log([${process.pid}, 4194304].map(isAlive).join());`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const node = [process.execPath, "--import", "tsx", "--input-type=module", "-e", script];
    const ask = ([program = "", ...args]: readonly string[]) =>
      execFileSync(program, args, { encoding: "utf8", cwd: root });
    assert.equal(ask([...contained, ...node]), "true,true\n", "nobody can tell");
    assert.equal(ask([...withHostProc, ...node]), "true,false\n");
    assert.equal(ask(node), "true,false\n");
  });
});

describe("in the machine's own PID namespace, the monitor", () => {
  it("says nothing of its view", async () => {
    await using monitor = await MonitorProcess.start(["-w"]);
    assert.equal(monitor.stderr, "");
  });
});
