import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { Held } from "../truth/held.ts";
import type { JsonRecord } from "../truth/record.ts";

/** A command that runs what follows where this has changed what is mounted. */
function withMounts(prepare: string): string[] {
  return ["unshare", "-m", "/bin/sh", "-c", `${prepare} && exec "$@"`, "sh"];
}

/** All read-only, but for what belongs to no disk. The last test is that nothing can be written. */
const readOnly = withMounts(
  `for mount in $(cut -d ' ' -f 5 /proc/self/mountinfo | sort -ru); do
     mount -o remount,bind,ro "$mount" 2>/dev/null || :
   done
   ! touch /tmp/written 2>/dev/null && ! touch /dev/shm/written 2>/dev/null && ! touch "$HOME/written" 2>/dev/null`,
);

/** Shows a program that ran before, one from its start to its end, and a failed exec. */
async function watch(command: readonly string[], ...args: readonly string[]) {
  await using held = await Held.start(fixture("hold"), ["argument"]);
  await using monitor = await ContainedMonitor.start(command, "--verbose", ...args);
  const { pid } = spawnSync(fixture("tiny"), ["7"]);
  const of = (one: number) => monitor.records.filter((record) => record.pid === one);
  const isExit = ({ type }: JsonRecord) => type === "exit";
  await monitor.until(() => of(pid).some(isExit), "see the program end");
  await held.release();
  await monitor.until(() => of(held.pid).some(isExit), "see the older program end");
  await monitor.end();
  assert.deepEqual(
    of(pid).map(({ type, missing }) => [type, missing]),
    [
      ["fork", undefined],
      ["exec", undefined],
      ["exit", undefined],
    ],
  );
  assert.deepEqual([of(pid).at(-1)?.exit_code, of(pid).at(-1)?.user], [7, "root"]);
  const [running] = of(held.pid);
  assert.equal(running?.type, "running");
  return { running, stderr: monitor.stderr };
}

describe("the monitor", () => {
  it("needs nothing that can be written", async () => {
    const { running } = await watch(readOnly, "--env");
    assert.deepEqual(running.argv, [fixture("hold"), "argument"]);
  });

  it("needs no /proc: of what runs already the arguments are missing, and it says so", async () => {
    const { running, stderr } = await watch(withMounts("umount -l /proc"));
    assert.deepEqual([running.exe, running.argv], [fixture("hold"), undefined]);
    assert.deepEqual(running.missing, ["argc", "argv", "argv_bytes"]);
    assert.match(stderr, /^ebpf-bootstrap: \/proc is not mounted: .*the arguments are missing$/m);
    assert.match(stderr, /^ebpf-bootstrap: whether this is a container's PID namespace is not known .*machine's PIDs/m);
  });

  it("is shown everything by a /proc that hides processes from others, as root", async () => {
    const { running, stderr } = await watch(withMounts("mount -t proc -o hidepid=2 proc /proc"), "--env");
    assert.deepEqual([running.argv, running.missing], [[fixture("hold"), "argument"], undefined]);
    assert.ok(running.env);
    assert.doesNotMatch(stderr, /missing$/m);
  });
});
