import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user does, with arguments that end it before it needs the kernel. */
function run(...argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", main, ...argv], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

describe("the program, used wrongly", { concurrency: 4 }, () => {
  const usages: readonly (readonly [argv: readonly string[], stderr: RegExp])[] = [
    [["-d", "abc"], /^ebpf-bootstrap: .*--duration <ms>' argument 'abc' is invalid/],
    [["--verbose", "-d"], /^ebpf-bootstrap: .*--duration <ms>' argument missing/],
    [["--ring-size", "3MiB"], /^ebpf-bootstrap: .*--ring-size <size>' argument '3MiB' is invalid/],
    [["--ring-size", "64"], /^ebpf-bootstrap: .*--ring-size': 64 is less than a page, \d+ bytes\n/],
    [["--btf", ""], /^ebpf-bootstrap: .*--btf <file>' argument '' is invalid. It takes the name of a file\.\n/],
    [["--nonsense"], /^ebpf-bootstrap: unknown option '--nonsense'/],
    [["stray"], /^ebpf-bootstrap: unexpected argument '/],
  ];
  for (const [argv, stderr] of usages) {
    it(`ends with status 2 and says why on stderr: [${argv.join(" ")}]`, async () => {
      const ended = await run(...argv);
      assert.match(ended.stderr, stderr);
      assert.match(ended.stderr, /\nTry `ebpf-bootstrap --help`\.\n$/);
      assert.doesNotMatch(ended.stderr, /\n\s+at /, "no stack trace");
      assert.equal(ended.stdout, "");
      assert.equal(ended.status, 2);
    });
  }
});

describe("the program, asked about itself", { concurrency: 4 }, () => {
  for (const option of ["--help", "-h"]) {
    it(`prints its help: ${option}`, async () => {
      const ended = await run(option);
      assert.equal(ended.stderr, "");
      for (const part of [
        "Usage: ebpf-bootstrap",
        "--duration <ms>",
        "--ring-size <size>",
        "--verbose",
        "Exit status:",
      ]) {
        assert.ok(ended.stdout.includes(part), part);
      }
      assert.equal(ended.status, 0);
    });
  }

  for (const option of ["--version", "-V"]) {
    it(`prints its version: ${option}`, async () => {
      const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
      const ended = await run(option);
      assert.equal(ended.stderr, "");
      assert.equal(ended.stdout, `${(manifest as { version: string }).version}\n`);
      assert.equal(ended.status, 0);
    });
  }

  it("says so if its answer cannot be written, and fails", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", main, "--help"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    assert.match(stderr, /^ebpf-bootstrap: write to standard output: ENOSPC\nThe disk is full/);
    assert.equal(status, 1);
  });
});
