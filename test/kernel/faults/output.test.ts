import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launcher } from "../monitor-process.ts";
import { Scratch } from "../truth/scratch.ts";

/** How a monitor ended whose output a shell has arranged: `$1` is the program. Programs run meanwhile. */
async function runIn(shell: string, signalAfterMs?: number): Promise<{ status: number | null; stderr: string }> {
  const stdio = ["ignore", "ignore", "pipe"] as const;
  const monitor = spawn("/bin/bash", ["-c", shell, "bash", launcher], { stdio: [...stdio], detached: true });
  let stderr = "";
  monitor.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const noise = spawn("/bin/sh", ["-c", "while :; do /bin/true; sleep 0.01; done"], { stdio: "ignore" });
  const timer =
    signalAfterMs &&
    setTimeout(() => {
      process.kill(-(monitor.pid ?? 0), "SIGINT");
    }, signalAfterMs);
  try {
    while (monitor.exitCode === null) await sleep(20);
    return { status: monitor.exitCode, stderr };
  } finally {
    clearTimeout(timer);
    noise.kill("SIGKILL");
  }
}

describe("standard output", () => {
  it("may be closed from the start: it says so, instead of running for nothing", async () => {
    const { status, stderr } = await runIn('exec "$1" -o json >&-');
    assert.deepEqual([status, stderr], [1, "ebpf-bootstrap: write to standard output: it is closed\n"]);
  });

  it("may go away in the middle of JSON: it ends quietly", async () => {
    const { status, stderr } = await runIn('"$1" -o json | head -c 10000 >/dev/null; exit "${PIPESTATUS[0]}"');
    assert.deepEqual([status, stderr], [0, ""]);
  });

  it("may be on a disk that fills up: what fits is there, and it says so", async () => {
    using scratch = new Scratch();
    const copy = scratch.file("copy");
    const { status, stderr } = await runIn(
      `exec unshare -m /bin/sh -c 'mount -t tmpfs -o size=64k none "$2" && "$1" -o json >"$2/file"
         status=$?; cp "$2/file" /dev/fd/3; exit $status' sh "$1" "$(mktemp -d -p '${scratch.path}')" 3>'${copy}'`,
    );
    assert.deepEqual(
      [status, stderr],
      [1, "ebpf-bootstrap: write to standard output: ENOSPC\nThe disk is full; what comes before has been written.\n"],
    );
    const bytes = readFileSync(copy);
    assert.equal(bytes.length, 65_536);
    const text = bytes.toString();
    const lines = text.slice(0, text.lastIndexOf("\n")).split("\n");
    assert.ok(lines.length > 50);
    for (const line of lines) JSON.parse(line);
  });
});

describe("standard error", () => {
  for (const [name, redirection] of [
    ["gone from the start", "2>&-"],
    ["on a full disk", "2>/dev/full"],
    ["a pipe whose reader has gone", "2> >(exec true)"],
  ] as const) {
    it(`may be ${name}: the events go on, and it ends well`, async () => {
      using scratch = new Scratch();
      const rows = scratch.file("rows");
      const { status } = await runIn(`exec "$1" --verbose >'${rows}' ${redirection}`, 2000);
      assert.equal(status, 0);
      assert.ok(readFileSync(rows, "utf8").split("\n").length > 10);
    });
  }

  it("may be full when there is an error to tell: the exit status tells it all the same", () => {
    const { status } = spawnSync("/bin/sh", ["-c", '"$1" --nonsense 2>/dev/full', "sh", launcher]);
    assert.equal(status, 2);
  });
});
