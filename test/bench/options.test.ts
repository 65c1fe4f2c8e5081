import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { CommanderError } from "commander";
import { defaultWork, parseOptions } from "../../bench/options.ts";

describe("the bench's options", () => {
  const directory = mkdtempSync(join(tmpdir(), "bench-options-"));
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const plain = join(directory, "plain");
  writeFileSync(plain, "");

  it("ask for everything, in the default storm, if there are none", () => {
    const { peers, figures, work, also } = parseOptions([]);
    assert.deepEqual(
      { peers, figures, work, also },
      { peers: undefined, figures: undefined, work: defaultWork, also: [] },
    );
  });

  it("are taken with their values", () => {
    const json = join(directory, "figures.json");
    const argv = ["--figure", "cpu-file,rss", "--figure", "lost", "--peer", "bcc,c-reference", "--children", "500"];
    const options = parseOptions([...argv, "--work", "fork", "--json", json, "--also", `x=${process.execPath}`]);
    assert.deepEqual(options, {
      peers: ["bcc", "c-reference"],
      figures: ["cpu-file", "rss", "lost"],
      rounds: 3,
      work: { mode: "fork", children: 500, workers: 2 },
      minutes: 10,
      also: [{ name: "x", path: process.execPath }],
      json,
    });
    assert.ok(existsSync(json));
  });

  const wrong: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["--rounds", "0"], /'--rounds <n>' argument '0' is invalid\. It must be a whole number above 0/],
    [["--rounds", "1.5"], /'1\.5' is invalid\. It must be a whole number above 0/],
    [["--children", "abc"], /'abc' is invalid\. It must be a whole number above 0/],
    [["--children", "-1"], /'-1' is invalid\. It must be a whole number above 0/],
    [["--children"], /'--children <n>' argument missing/],
    [["--figure", "nonsense"], /'nonsense' is invalid\. There is cpu, kernel, .*endurance/],
    [["--figure", "cpu,"], /'cpu,' is invalid\. There is cpu/],
    [["--peer", "bcc,nope"], /'bcc,nope' is invalid\. There is c-reference, .*bcc/],
    [["--work", "nope"], /'nope' is invalid\. Allowed choices are exec, fork, threads, bursts/],
    [["--also", "x"], /'x' is invalid\. It must be NAME=PATH/],
    [["--also", "x=/nonexistent"], /\/nonexistent cannot be run: there is no such file/],
    [["--also", `x=${plain}`], /plain cannot be run: it is not allowed/],
    [["--also", `x=${directory}`], /is not a file/],
    [["--also", `us=${process.execPath}`], /Another contender is called us/],
    [["--json", "/nonexistent/x"], /\/nonexistent\/x cannot be written: there is no such file or directory/],
    [["--json", directory], /cannot be written: it is a directory/],
    [["--nope"], /unknown option '--nope'/],
    [["foo"], /Expected 0 arguments but got 1/],
  ];
  for (const [argv, message] of wrong) {
    it(`are refused, before anything is measured: ${argv.join(" ").replace(directory, "…")}`, () => {
      assert.throws(
        () => parseOptions(argv),
        (error) => error instanceof CommanderError && error.exitCode !== 0 && message.test(error.message),
      );
    });
  }

  it("are refused in one line, with status 2", () => {
    const main = join(import.meta.dirname, "../../bench/main.ts");
    for (const argv of [
      ["--rounds", "0"],
      ["--childrem", "5"],
    ]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", main, ...argv], {
        encoding: "utf8",
      });
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^bench: .*\n$/);
    }
  });
});
