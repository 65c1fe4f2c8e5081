import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CommanderError } from "commander";
import { createCommand } from "../../tools/bpf2ts/command-line.ts";
import { temporaryDirectory } from "./workshop.ts";

const main = join(import.meta.dirname, "../../tools/bpf2ts/main.ts");

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bpf2ts(...args: string[]): Outcome {
  return spawnSync(process.execPath, ["--import", "tsx", main, ...args], { encoding: "utf8", timeout: 60_000 });
}

describe("bpf2ts", () => {
  const directory = temporaryDirectory();
  const source = join(directory, "probe.bpf.c");
  writeFileSync(source, "struct event { int pid; }; struct event *unused; int level = LEVEL;");

  it("--help shows the usage and an example", () => {
    const { status, stdout } = bpf2ts("--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: bpf2ts \[options\] <ident> <source> \[-- <cflags\.\.\.>\]$/m);
    assert.match(stdout, /bpf2ts --type exec_event --out src\/probe probe bpf\/probe\.bpf\.c -- -Ibpf/);
  });

  const misuses: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ["nothing", [], /missing required argument 'ident'/],
    ["no source", ["probe"], /missing required argument 'source'/],
    ["an unknown option", ["--frobnicate", "probe", source], /unknown option '--frobnicate'/],
    ["a compiler's flag before --", ["probe", source, "-Ibpf"], /unknown option '-Ibpf'/],
    ["an unknown target", ["--target", "x86", "probe", source], /'--target <list>' argument 'x86' is invalid/],
    ["an ident that is a path", ["../probe", source], /'\.\.\/probe' is invalid for argument 'ident'/],
    [
      "a source that is not C",
      ["probe", "/etc/passwd"],
      /'\/etc\/passwd' is invalid.*not a C source \(\.bpf\.c or \.c\)/,
    ],
    ["an option without its value", ["probe", source, "--type"], /'--type <name>' argument missing/],
  ];
  for (const [what, args, message] of misuses) {
    it(`given ${what}, says so and points to --help`, () => {
      let said = "";
      const writeErr = (text: string): void => {
        said += text;
      };
      const command = createCommand(() => assert.fail("must not run"))
        .exitOverride()
        .configureOutput({ writeErr });
      assert.throws(() => command.parse(args, { from: "user" }), CommanderError);
      assert.match(said, message);
      assert.match(said, /--help/);
    });
  }

  it("exits with 2 when used wrongly", () => {
    const { status, stderr } = bpf2ts("--target", "x86", "probe", source);
    assert.equal(status, 2);
    assert.match(stderr, /^error: option '--target <list>' argument 'x86' is invalid.*\nSee bpf2ts --help\.\n$/);
  });

  it("writes the files and says nothing", () => {
    const out = join(directory, "out");
    const { status, stdout, stderr } = bpf2ts("--type", "event", "--out", out, "probe", source, "--", "-DLEVEL=1");
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(readdirSync(out).sort(), ["probe_bpfeb.o", "probe_bpfeb.ts", "probe_bpfel.o", "probe_bpfel.ts"]);
  });

  it("passes the compiler's errors through", () => {
    const { status, stderr } = bpf2ts("--out", directory, "probe", source);
    assert.equal(status, 1);
    assert.match(stderr, /probe\.bpf\.c:1:\d+: error: use of undeclared identifier 'LEVEL'/);
    assert.match(stderr, /^bpf2ts: compile .*probe\.bpf\.c for bpfel: /m);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

  it("says how to keep a type that the object lacks", () => {
    const { status, stderr } = bpf2ts("--type", "nobody", "--out", directory, "probe", source, "--", "-DLEVEL=1");
    assert.equal(status, 1);
    assert.match(stderr, /^bpf2ts: generate nobody: the object has no type of that name\n.*unused_nobody/);
    assert.equal(existsSync(join(directory, "probe_bpfel.o")), false);
  });

  it("tells of an object that is damaged without a stack trace", () => {
    const compiler = join(directory, "cc");
    writeFileSync(
      compiler,
      '#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\n[ "$1" = --version ] || echo noise > "$1"\n',
    );
    chmodSync(compiler, 0o755);
    const { status, stderr } = bpf2ts("--cc", compiler, "--out", directory, "probe", source);
    assert.equal(status, 1);
    assert.match(stderr, /^bpf2ts: strip the DWARF from the object of .*probe\.bpf\.c: /);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

  for (const out of [join(source, "out"), "/proc/ebpf-bootstrap/out", "/dev/null/out", "/dev/null"]) {
    it(`tells of a directory that it cannot make without a stack trace: ${out}`, () => {
      const { status, stderr } = bpf2ts("--out", out, "probe", source);
      assert.equal(status, 1);
      assert.match(stderr, /^bpf2ts: make the directory \/.*: E[A-Z]+\nGive --out a directory /);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    });
  }

  it("prints the version of the package", () => {
    const { status, stdout } = bpf2ts("--version");
    const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    assert.deepEqual([status, stdout], [0, `${(manifest as { version: string }).version}\n`]);
  });
});
