import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { clockNs, clocks } from "../../src/libc/libc.ts";
import { readMemoryTexts } from "../../src/process/memory-texts.ts";

describe("readMemoryTexts", () => {
  let child: ChildProcess;
  const script = "echo ready; read line; exec sleep 60";
  const env = { PLAIN: "one two", EMPTY: "", LINES: "a\nb" };

  before(async () => {
    child = spawn("/bin/sh", ["-c", script, "", "\u00e9", ""], { env, stdio: ["pipe", "pipe", "ignore"] });
    assert.ok(child.stdout);
    await once(child.stdout, "data");
  });
  after(() => {
    child.kill("SIGKILL");
  });

  /** What it says of the child. */
  function read(options: Parameters<typeof readMemoryTexts>[0]) {
    return readMemoryTexts(options).ofPid.get(child.pid ?? 0);
  }

  const argv = ["/bin/sh", "-c", script, "", "\u00e9", ""];
  const argvBytes = Buffer.byteLength(argv.join("\0")) + 1;

  it("reads arguments; no environment unless asked for", () => {
    assert.deepEqual(read({}), {
      argv,
      argc: 6,
      argvBytes,
      argvTruncated: false,
      env: undefined,
      envTruncated: false,
    });
  });

  it("reads the environment too", () => {
    const { env: found } = read({ environment: true }) ?? {};
    assert.deepEqual(
      Object.keys(env).map((name) => found?.find((variable) => variable.startsWith(`${name}=`))),
      ["PLAIN=one two", "EMPTY=", "LINES=a\nb"],
    );
  });

  for (const [maxArgsBytes, kept] of [
    [0, []],
    [1, ["/"]],
    [7, ["/bin/sh"]],
    [8, ["/bin/sh"]],
    [9, ["/bin/sh", "-"]],
    [argvBytes - 1, argv.slice(0, 5)],
    [argvBytes - 2, argv.slice(0, 5)],
    [argvBytes - 3, [...argv.slice(0, 4), "\udcc3"]],
  ] as const) {
    it(`keeps ${maxArgsBytes} bytes of the arguments, and knows how many there are`, () => {
      const found = read({ maxArgsBytes });
      assert.deepEqual(found && { ...found, env: undefined }, {
        argv: kept,
        argc: 6,
        argvBytes,
        argvTruncated: true,
        env: undefined,
        envTruncated: false,
      });
    });
  }

  it("keeps 128 KiB of an environment", async () => {
    const long = { LONG: "x".repeat(100_000), LONGER: "y".repeat(100_000) };
    const other = spawn("/bin/sleep", ["60"], { env: long, stdio: "ignore" });
    try {
      await once(other, "spawn");
      const found = readMemoryTexts({ environment: true }).ofPid.get(other.pid ?? 0);
      assert.equal(found?.envTruncated, true);
      assert.equal(found.env?.join("\0").length, 128 * 1024);
    } finally {
      other.kill("SIGKILL");
    }
  });

  it("is of a time: what a process runs later does not change it", async () => {
    const before = clockNs(clocks.boottime);
    const snapshot = readMemoryTexts({});
    assert.ok(snapshot.bootNs >= before && snapshot.bootNs <= clockNs(clocks.boottime));
    child.stdin?.write("go\n");
    while (read({})?.argv?.[0] !== "sleep") await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(snapshot.ofPid.get(child.pid ?? 0)?.argv, argv);
  });

  it("knows nothing of threads of the kernel", () => {
    assert.equal(readMemoryTexts({ environment: true }).ofPid.get(2), undefined);
  });
});
