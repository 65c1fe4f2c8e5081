import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { theOnly } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { bytesOf } from "./text.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

/** Bytes of names that are hard to tell, without any NUL. */
const names: [what: string, bytes: Buffer][] = [
  ["an ordinary name", Buffer.from("ordinary")],
  ["a newline", Buffer.from("a\nb")],
  ["an escape sequence", Buffer.from("\u001b[2Jx")],
  ["quotes and backslashes", Buffer.from('"\\"')],
  ["a space and a closing parenthesis", Buffer.from("a) R 1 (b")],
  ["a character of two bytes", Buffer.from("é")],
  ["half a character", Buffer.from([0x61, 0xc3])],
  ["no UTF-8 at all", Buffer.from([0xff, 0xfe, 0x80])],
  ["a surrogate", Buffer.from([0xed, 0xa0, 0x80])],
  ["U+FFFD", Buffer.from("\ufffd")],
];

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

/** printf(1) escapes for bytes, which cannot be given to a program from here. */
function escapes(bytes: Buffer): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** Bash's command substitution drops newlines at the end; a dot behind them holds them. */
const assign = (variable: string, bytes: Buffer) =>
  `${variable}=$(printf '${escapes(bytes)}.'); ${variable}=\${${variable}%.}`;

describe("the name that a program gives itself", () => {
  for (const [what, bytes] of names) {
    it(`is told exactly, as /proc has it: ${what}`, async () => {
      const script = `${assign("name", bytes)}; exec '${fixture("named")}' "$name"`;
      const { records } = await watch(monitor(), "/bin/bash", ["-c", script]);
      const exec = records.findLast(({ type }) => type === "exec");
      const exit = theOnly(records, "exit");
      assert.equal(exec?.comm, "named", "until then it has the program's");
      assert.deepEqual(bytesOf(exit.comm, exit.comm_base64), bytes);
      assert.equal("comm_base64" in exit, !isUtf8(bytes), "the exact bytes stand beside only where they must");
    });
  }

  it("is cut by the kernel after 15 bytes, perhaps within a character", async () => {
    const { records } = await watch(monitor(), fixture("named"), ["12345678901234é"]);
    const exit = theOnly(records, "exit");
    assert.deepEqual(bytesOf(exit.comm, exit.comm_base64), Buffer.from("12345678901234é").subarray(0, 15));
  });
});

describe("the paths of a program", () => {
  for (const [what, bytes] of names) {
    it(`are told exactly: ${what}`, async () => {
      using scratch = new Scratch();
      const directory = Buffer.concat([Buffer.from(`${scratch.path}/`), bytes]);
      mkdirSync(directory);
      const program = Buffer.concat([directory, Buffer.from("/"), bytes]);
      copyFileSync(fixture("tiny"), program);
      const prepare = `${assign("directory", directory)}; ${assign("program", program)}; cd "$directory"`;
      const script = `${prepare}; (exec "$program/none") 2>/dev/null; exec "$program" 6`;
      const { records, all, exitCode, pid } = await watch(monitor(), "/bin/bash", ["-c", script]);
      assert.equal(exitCode, 6, "the workload itself");
      const exec = records.findLast(({ type }) => type === "exec");
      assert.ok(exec);
      assert.deepEqual(bytesOf(exec.filename, exec.filename_base64), program);
      assert.deepEqual(bytesOf(exec.exe, exec.exe_base64), program);
      assert.deepEqual(bytesOf(exec.cwd, exec.cwd_base64), directory);
      assert.deepEqual(bytesOf(exec.argv?.[0], exec.argv_base64?.[0]), program);
      assert.deepEqual(bytesOf(exec.comm, exec.comm_base64), bytes.subarray(0, 15));
      for (const twin of ["filename_base64", "exe_base64", "cwd_base64", "comm_base64", "argv_base64"]) {
        assert.equal(twin in exec, !isUtf8(bytes), twin);
      }
      const exit = theOnly(records, "exit");
      assert.deepEqual(bytesOf(exit.exe, exit.exe_base64), program);
      const failed = all.find(({ type, ppid }) => type === "exec_failed" && ppid === pid);
      assert.equal(failed?.error, "ENOTDIR");
      assert.deepEqual(
        bytesOf(failed.filename, failed.filename_base64),
        Buffer.concat([program, Buffer.from("/none")]),
      );
      assert.deepEqual(bytesOf(failed.cwd, failed.cwd_base64), directory);
    });
  }
});
