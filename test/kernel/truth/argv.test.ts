import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { ifFailedExecsAreTold } from "./failed-execs.ts";
import { Held } from "./held.ts";
import { JsonMonitor, sharedMonitor } from "./json-monitor.ts";
import { processInProc } from "./proc.ts";
import { ofPid, theOnly, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { bytesOf } from "./text.ts";
import { watch } from "./watch.ts";

/** The last exec of a process. */
function lastExec(records: readonly JsonRecord[]): JsonRecord {
  const last = records.findLast(({ type }) => type === "exec");
  assert.ok(last, "no exec");
  return last;
}

/** The exact bytes of the arguments in a record, in hexadecimal. */
function argumentsOf({ argv, argv_base64 }: JsonRecord): string[] | undefined {
  return argv?.map((text, index) => bytesOf(text, argv_base64?.[index])?.toString("hex") ?? "");
}

/** Has a program started that lives on, by way of others, and compares its exec with what /proc says. */
async function assertAsInProc(monitor: JsonMonitor, program: string, args: readonly string[]): Promise<JsonRecord> {
  const { result, records } = await monitor.during(async () => {
    await using held = await Held.start(program, args);
    return { pid: held.pid, argv: processInProc(held.pid).argv.map((bytes) => bytes.toString("hex")) };
  });
  const exec = lastExec(ofPid(records, result.pid));
  assert.deepEqual(argumentsOf(exec), result.argv);
  assert.equal(exec.argc, result.argv.length);
  assert.equal(exec.argv_truncated, undefined);
  assert.equal(exec.missing, undefined);
  assert.deepEqual(argumentsOf(theOnly(ofPid(records, result.pid), "exit")), result.argv, "kept to the end");
  return exec;
}

describe("arguments", () => {
  const monitor = sharedMonitor();

  const strange: [what: string, hex: string[]][] = [
    ["an empty argv[0]", ["", "61"]],
    ["empty strings, at the end too", ["61", "", "", "62", "", ""]],
    ["only empty strings", ["", "", ""]],
    ["newlines, tabs and quotes", ["61", "0a", "610a62", "09", "22", "5c"]],
    ["escape sequences and control bytes", ["61", "1b5b324a", "010203", "7f", "c29b"]],
    ["bytes that are not UTF-8", ["ff", "61", "c3", "62ff63", "eda080", "f5808080", "c0af"]],
    ["a character cut in half between two arguments", ["61", "e282", "ac"]],
    ["U+FFFD itself, and beyond the BMP", ["efbfbd", "f09f9880", "efbbbf61"]],
    ["invisible characters", ["e2808b", "e280ae", "e281a0", "c2ad"]],
  ];
  for (const [what, hex] of strange) {
    it(`may be ${what}`, async () => {
      const exec = await assertAsInProc(monitor(), fixture("exec-bytes"), [fixture("hold"), ...hex]);
      assert.deepEqual(argumentsOf(exec), hex, "as given");
      assert.equal(
        exec.argv_bytes,
        hex.reduce((sum, digits) => sum + digits.length / 2 + 1, 0),
      );
      const valid = (digits: string) => Buffer.from(Buffer.from(digits, "hex").toString()).toString("hex") === digits;
      assert.equal("argv_base64" in exec, !hex.every(valid), "the exact bytes stand beside only where they must");
      for (const [index, twin] of (exec.argv_base64 ?? []).entries())
        assert.equal(twin === null, valid(hex[index] ?? ""));
    });
  }

  it("may be none: what the program finds is told", async () => {
    // Linux 5.18 and later make it one that is empty; /proc knows.
    await assertAsInProc(monitor(), fixture("exec-bytes"), [fixture("hold")]);
  });

  for (const args of [["61"], [""], ["61", "ff"], ["61".repeat(4095)]]) {
    it(`stand at the very top of the stack when there is no environment: ${args.join(" ").slice(0, 20)}`, async () => {
      await assertAsInProc(monitor(), "/usr/bin/env", ["-i", fixture("exec-bytes"), fixture("hold"), ...args]);
    });
  }

  it("may come from pages that are not in memory, and so may the program's name", async (t) => {
    using scratch = new Scratch();
    const file = scratch.file("cold");
    const args = [file, fixture("tiny"), "5", "x".repeat(4000), "", "last"];
    const { records, exitCode } = await watch(monitor(), fixture("exec-cold"), args);
    if (exitCode === 3) {
      t.skip(`${scratch.path} is on a file system whose pages stay in memory`);
      return;
    }
    assert.equal(exitCode, 5);
    const exec = lastExec(records);
    assert.equal(exec.filename, fixture("tiny"));
    assert.deepEqual(exec.argv, args.slice(1));
    assert.equal(exec.missing, undefined);
  });

  it(
    "may come from pages that are not in memory when exec fails: the name is told all the same",
    ifFailedExecsAreTold,
    async (t) => {
      using scratch = new Scratch();
      const { records, exitCode } = await watch(monitor(), fixture("exec-cold"), [
        scratch.file("cold"),
        "/nonexistent/x",
      ]);
      if (exitCode === 3) {
        t.skip(`${scratch.path} is on a file system whose pages stay in memory`);
        return;
      }
      assert.equal(exitCode, 127);
      assert.equal(theOnly(records, "exec_failed").filename, "/nonexistent/x");
    },
  );

  it("are those of the exec to the end, though the program writes over them", async () => {
    const { result, records } = await monitor().during(async () => {
      await using held = await Held.start(fixture("retitle"), ["secret", "words"]);
      return { pid: held.pid, shown: processInProc(held.pid).argv.map(String) };
    });
    assert.deepEqual(result.shown.slice(1), ["xxxxxx", "xxxxx"], "the workload itself");
    const exit = theOnly(ofPid(records, result.pid), "exit");
    assert.deepEqual(exit.argv, [fixture("retitle"), "secret", "words"]);
  });

  for (const [count, size] of [
    [1, 100],
    [2, 128],
    [4, 64],
    [257, 1],
    [3, 1024],
    [24, 128],
    [16, 1024],
    [1000, 33],
    [16, 8192],
    [4, 32768],
    [131_072, 1],
  ] as const) {
    it(`are whole by default: ${count} of ${size} bytes, ${(count * size) / 1024} KiB`, async () => {
      const { records } = await watch(monitor(), fixture("exec-many"), [String(count), String(size), fixture("tiny")]);
      const exec = lastExec(records);
      assert.deepEqual(exec.argv, manyArguments(count, size));
      assert.deepEqual([exec.argc, exec.argv_bytes, exec.argv_truncated], [count, count * size, undefined]);
    });
  }

  for (const [count, size] of [
    [131_073, 1],
    [3, 65_000],
    [32, 65_536],
  ] as const) {
    it(`are cut at 128 KiB or later, and that is told: ${count} of ${size} bytes`, async () => {
      const { records } = await watch(monitor(), fixture("exec-many"), [String(count), String(size), fixture("tiny")]);
      assertCut(lastExec(records), count, size, 128 * 1024);
      const exit = theOnly(records, "exit");
      assert.equal(exit.argv_truncated, true, "at the end too");
    });
  }
});

describe("arguments of 2 MiB", () => {
  const monitor = sharedMonitor("--max-args-bytes", "2097152");

  for (const [count, size] of [
    [32, 65_536],
    [100_000, 20],
    [1, 2],
  ] as const) {
    it(`are whole with --max-args-bytes: ${count} of ${size} bytes`, async () => {
      const { records } = await watch(monitor(), fixture("exec-many"), [String(count), String(size), fixture("tiny")]);
      const exec = lastExec(records);
      assert.equal(exec.argv_truncated, undefined);
      assert.deepEqual([exec.argc, exec.argv_bytes], [count, count * size]);
      assert.deepEqual(exec.argv, manyArguments(count, size));
    });
  }

  it("are cut when they are more than that", async () => {
    const { records } = await watch(monitor(), fixture("exec-many"), ["33", "65536", fixture("tiny")]);
    assertCut(lastExec(records), 33, 65_536, 2 * 1024 * 1024);
  });
});

describe("arguments under a small limit", () => {
  const monitor = sharedMonitor("--max-args-bytes", "10");

  it("are cut just there", async () => {
    const { records } = await watch(monitor(), fixture("exec-bytes"), [
      fixture("tiny"),
      "61626364",
      "65666768",
      "696a",
    ]);
    const exec = lastExec(records);
    assert.deepEqual(exec.argv, ["abcd", "efgh"]);
    assert.deepEqual([exec.argc, exec.argv_bytes, exec.argv_truncated], [3, 13, true]);
  });

  it("are cut within one, and within a character", async () => {
    const { records } = await watch(monitor(), fixture("exec-bytes"), [fixture("tiny"), "61", "62626262626262e282ac"]);
    const exec = lastExec(records);
    assert.deepEqual(argumentsOf(exec), ["61", "62626262626262e2"]);
    assert.deepEqual([exec.argc, exec.argv_bytes, exec.argv_truncated], [2, 13, true]);
  });

  it("are whole when they just fit", async () => {
    const { records } = await watch(monitor(), fixture("exec-bytes"), [fixture("tiny"), "61626364", "65666768"]);
    const exec = lastExec(records);
    assert.deepEqual(exec.argv, ["abcd", "efgh"]);
    assert.deepEqual([exec.argc, exec.argv_bytes, exec.argv_truncated], [2, 10, undefined]);
  });
});

describe("arguments under a limit of 0", () => {
  const monitor = sharedMonitor("--max-args-bytes", "0", "--env=raw");

  it("are not told, but how many they are", async () => {
    const { records } = await watch(monitor(), fixture("exec-bytes"), [fixture("tiny"), "61626364", "65"]);
    const { argv, argc, argv_bytes, argv_truncated, env, missing } = lastExec(records);
    assert.deepEqual([argv, argc, argv_bytes, argv_truncated], [[], 2, 7, true]);
    assert.deepEqual([env, missing], [undefined, ["env"]], "which would stand behind them");
    const exit = theOnly(records, "exit");
    assert.deepEqual([exit.argv, exit.argv_truncated], [[], true]);
  });
});

for (const [limit, kept] of [
  [1, ["a"]],
  [3, ["abc"]],
  [5, ["abcd"]],
  [6, ["abcd", "e"]],
] as const) {
  describe(`arguments under a limit of ${limit}`, () => {
    const monitor = sharedMonitor("--max-args-bytes", String(limit));

    it("are cut just there", async () => {
      const { records } = await watch(monitor(), fixture("exec-bytes"), [fixture("tiny"), "61626364", "6566"]);
      const { argv, argc, argv_bytes, argv_truncated, missing } = lastExec(records);
      assert.deepEqual([argv, argc, argv_bytes, argv_truncated, missing], [kept, 2, 8, true, undefined]);
    });
  });
}

describe("arguments of a process that ends, where execs are not sent", () => {
  it("are not told under a limit of 0", async (t) => {
    await using old = await Held.start(fixture("hold"), ["older"]);
    await using monitor = await JsonMonitor.startWith(["exit"], "-d", "0.001", "--max-args-bytes", "0");
    const { records } = await watch(monitor, fixture("tiny"), ["7"]);
    await old.release();
    await monitor.settle();
    await monitor.end();
    const exit = theOnly(ofPid(monitor.records, old.pid), "exit");
    assert.deepEqual([exit.argv, exit.argv_truncated], [[], true], "found when the monitor started");
    const { argv, argv_truncated, missing } = theOnly(records, "exit");
    if (argv === undefined) {
      assert.ok(missing?.includes("argv"));
      t.diagnostic("before Linux 6.16 the memory of a process that ends is gone");
    } else assert.deepEqual([argv, argv_truncated], [[], true]);
  });
});

/** What test/fixtures/exec-many.c gives to exec. */
function manyArguments(count: number, size: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    let text = `${number}:`;
    while (text.length < size - 1) text += String.fromCharCode(97 + ((number + text.length) % 26));
    return text.slice(0, size - 1);
  });
}

/** The record has a beginning of the arguments, of at least so many bytes, and their true number and size. */
function assertCut(exec: JsonRecord, count: number, size: number, limit: number): void {
  assert.deepEqual([exec.argc, exec.argv_bytes, exec.argv_truncated], [count, count * size, true]);
  const { argv } = exec;
  assert.ok(argv && argv.length > 0);
  const all = manyArguments(count, size);
  const kept = argv.reduce((sum, text) => sum + text.length + 1, 0);
  assert.ok(kept >= limit && kept < count * size + 1, `${kept} bytes were kept`);
  assert.deepEqual(argv.slice(0, -1), all.slice(0, argv.length - 1));
  assert.ok(all[argv.length - 1]?.startsWith(argv.at(-1) ?? ""), "the last may be cut");
}
