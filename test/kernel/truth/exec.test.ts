import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { failedExecsAreTold, ifFailedExecsAreTold } from "./failed-execs.ts";
import { Held } from "./held.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { processInProc } from "./proc.ts";
import { ofPid, theOnly, typesOf, type JsonRecord } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { watch } from "./watch.ts";

const monitor = sharedMonitor();

/** The last exec of a process, of the `count` that it must have had. */
function lastExec(records: readonly JsonRecord[], count: number): JsonRecord {
  const execs = records.filter(({ type }) => type === "exec");
  const last = execs.at(-1);
  assert.ok(last && execs.length === count, `${execs.length} execs: ${JSON.stringify(records)}`);
  return last;
}

function writeScript(path: string, text: string): string {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe("an exec", () => {
  it("is told with the name as given, what really runs, and the working directory", async () => {
    using scratch = new Scratch();
    copyFileSync(fixture("tiny"), scratch.file("real"));
    symlinkSync("real", scratch.file("link"));
    const { records } = await watch(monitor(), "./link", ["3"], { cwd: scratch.path });
    const { filename, exe, cwd, argv, argc, comm, ...rest } = theOnly(records, "exec");
    const directory = realpathSync(scratch.path);
    assert.deepEqual(
      { filename, exe, cwd, argv, argc, comm },
      {
        filename: "./link",
        exe: join(directory, "real"),
        cwd: directory,
        argv: ["./link", "3"],
        argc: 2,
        comm: "link",
      },
    );
    const special = [
      "interpreter",
      "memfd",
      "deleted",
      "cwd_deleted",
      "setuid",
      "old_tid",
      "replaces",
      "argv_truncated",
      "missing",
    ];
    assert.deepEqual(
      special.filter((name) => name in rest),
      [],
      "an ordinary exec has none of these",
    );
    const exit = theOnly(records, "exit");
    assert.deepEqual(
      { filename: exit.filename, exe: exit.exe, argv: exit.argv },
      { filename, exe, argv },
      "the exit tells what ended",
    );
  });

  it("by a thread that is not the main one: it takes over the process, and nothing has ended", async () => {
    const { records, stdout, pid } = await watch(monitor(), fixture("exec-from-worker"), [fixture("tiny"), "4"]);
    assert.deepEqual(typesOf(records), ["fork", "exec", "exec", "exit"]);
    const [first, second] = records.filter(({ type }) => type === "exec");
    assert.notEqual(Number(stdout), pid);
    assert.equal(second?.old_tid, Number(stdout), "its former ID, as it printed it");
    assert.equal(first?.old_tid, undefined);
    assert.equal(new Set(records.map(({ id }) => id)).size, 1, "it is the same process throughout");
    assert.equal(second.replaces?.filename, fixture("exec-from-worker"));
    const exit = theOnly(records, "exit");
    assert.equal(exit.exit_code, 4);
    assert.equal(exit.filename, fixture("tiny"));
    assert.equal(exit.threads, 5, "ever, those included that exec ended");
  });

  it("after another in the same process ends the first image, and tells for how long that ran", async () => {
    const sleeper = fixture("sleep-ms");
    const { records } = await watch(monitor(), sleeper, ["150", sleeper, "40", fixture("tiny"), "6"]);
    assert.deepEqual(typesOf(records), ["fork", "exec", "exec", "exec", "exit"]);
    const [first, second, third] = records.filter(({ type }) => type === "exec");
    const exit = theOnly(records, "exit");
    assert.ok(first && second && third);
    assert.equal(first.replaces, undefined);
    const gap = (from: JsonRecord, to: JsonRecord) => to.boot_time_ns - from.boot_time_ns;
    assert.deepEqual(second.replaces, { filename: sleeper, duration_ns: gap(first, second) });
    assert.deepEqual(third.replaces, { filename: sleeper, duration_ns: gap(second, third) });
    assert.ok(gap(first, second) >= 150e6 && gap(second, third) >= 40e6);
    assert.equal(exit.duration_ns, gap(third, exit));
    assert.ok((exit.lifetime_ns ?? 0) >= gap(first, exit));
    assert.deepEqual(exit.argv, [fixture("tiny"), "6"]);
  });

  it("of a memfd", async () => {
    const { records, exitCode } = await watch(monitor(), fixture("exec-memfd"), [fixture("tiny"), "4"]);
    assert.equal(exitCode, 4);
    const exec = lastExec(records, 2);
    assert.equal(exec.memfd, true);
    assert.equal(exec.deleted, undefined, "it never had a name that could be deleted");
    assert.match(exec.filename ?? "", /^\/dev\/fd\/\d+$/);
    assert.match(exec.exe ?? "", /^\/?memfd:secret$/);
    assert.deepEqual(exec.argv, [fixture("tiny"), "4"]);
    assert.equal(theOnly(records, "exit").memfd, true);
  });

  it("below a directory given as a file descriptor", async () => {
    using scratch = new Scratch();
    mkdirSync(scratch.file("sub"));
    copyFileSync(fixture("tiny"), scratch.file("sub", "program"));
    const { records, exitCode } = await watch(monitor(), fixture("exec-at"), [scratch.path, "sub/program", "5"]);
    assert.equal(exitCode, 5);
    const exec = lastExec(records, 2);
    assert.match(exec.filename ?? "", /^\/dev\/fd\/\d+\/sub\/program$/);
    assert.equal(exec.exe, join(realpathSync(scratch.path), "sub/program"));
    assert.deepEqual(exec.argv, ["sub/program", "5"]);
    assert.equal(exec.memfd, undefined);
    assert.equal(exec.deleted, undefined);
  });

  it("of a file that has been deleted", async () => {
    using scratch = new Scratch();
    const program = scratch.file("program");
    copyFileSync(fixture("tiny"), program);
    const { records, exitCode } = await watch(monitor(), fixture("exec-unlinked"), [program, "6"]);
    assert.equal(exitCode, 6);
    const exec = lastExec(records, 2);
    assert.equal(exec.deleted, true);
    assert.equal(exec.memfd, undefined);
    assert.equal(exec.exe, join(realpathSync(scratch.path), "program"));
    assert.equal(theOnly(records, "exit").deleted, true);
  });

  it("of a file that has been deleted under this name, and has another", async () => {
    using scratch = new Scratch();
    const program = scratch.file("program");
    copyFileSync(fixture("hold"), program);
    linkSync(program, scratch.file("other"));
    const { result, records } = await monitor().during(async () => {
      await using held = await Held.start(fixture("exec-unlinked"), [program]);
      return { pid: held.pid, exe: processInProc(held.pid).exe };
    });
    assert.equal(result.exe, `${program} (deleted)`, "the workload itself");
    const exec = lastExec(ofPid(records, result.pid), 2);
    assert.deepEqual([exec.exe, exec.deleted], [program, true], "there is no such file");
  });

  it("of a file that another is mounted over", async () => {
    using scratch = new Scratch();
    const [program, place] = [scratch.file("program"), scratch.file("place")];
    copyFileSync(fixture("tiny"), program);
    copyFileSync(fixture("hold"), place);
    const script = 'mount --bind "$0" "$1" && exec "$1" 5';
    const { records, exitCode } = await watch(monitor(), "unshare", ["--mount", "sh", "-c", script, program, place]);
    assert.equal(exitCode, 5);
    const exec = records.findLast(({ type }) => type === "exec");
    assert.deepEqual([exec?.exe, exec?.deleted, exec?.memfd], [place, undefined, undefined]);
  });

  it("in a directory that has been deleted", async () => {
    using scratch = new Scratch();
    const directory = scratch.file("gone");
    mkdirSync(directory);
    const script = `cd '${directory}' && rmdir '${directory}' && { (exec ./nope); exec '${fixture("tiny")}' 7; }`;
    const { pid, records, all, exitCode } = await watch(monitor(), "/bin/sh", ["-c", script]);
    assert.equal(exitCode, 7);
    const exec = lastExec(records, 2);
    const failed = all.filter(({ ppid, type }) => ppid === pid && type === "exec_failed");
    assert.equal(failed.length, failedExecsAreTold ? 1 : 0);
    for (const { cwd, cwd_deleted, missing } of [exec, ...failed]) {
      assert.deepEqual(
        { cwd, cwd_deleted, missing },
        { cwd: join(realpathSync(scratch.path), "gone"), cwd_deleted: true, missing: undefined },
      );
    }
    assert.equal(records.find(({ type }) => type === "exec")?.cwd_deleted, undefined);
  });

  it("of a script, whose interpreter is what runs", async () => {
    using scratch = new Scratch();
    const script = writeScript(scratch.file("script"), "#!/bin/sh\ntr '\\0' '\\n' </proc/$$/cmdline\n");
    const { records, stdout } = await watch(monitor(), script, ["a", "", "b c"]);
    const exec = lastExec(records, 1);
    assert.equal(exec.filename, script);
    assert.equal(exec.interpreter, "/bin/sh");
    assert.equal(exec.exe, realpathSync("/bin/sh"));
    assert.deepEqual(exec.argv, ["/bin/sh", script, "a", "", "b c"]);
    assert.deepEqual(exec.argv, stdout.split("\n").slice(0, -1), "as the script itself reads it");
    assert.equal(exec.argc, 5);
    assert.equal(exec.comm, "script");
    assert.equal(theOnly(records, "exit").filename, script);
  });

  it("of a script whose interpreter is a script", async () => {
    using scratch = new Scratch();
    const inner = writeScript(scratch.file("inner"), "#!/bin/sh -e\ntr '\\0' '\\n' </proc/$$/cmdline\n");
    const outer = writeScript(scratch.file("outer"), `#!${inner} one two\nnothing of this runs\n`);
    const { records, stdout } = await watch(monitor(), outer, ["last"]);
    const exec = lastExec(records, 1);
    assert.equal(exec.filename, outer);
    assert.equal(exec.interpreter, "/bin/sh", "the one that runs, at the end of the chain");
    assert.equal(exec.exe, realpathSync("/bin/sh"));
    assert.deepEqual(exec.argv, ["/bin/sh", "-e", inner, "one two", outer, "last"]);
    assert.deepEqual(exec.argv, stdout.split("\n").slice(0, -1));
  });

  it("of a script by way of env, which tries every directory of PATH", async () => {
    using scratch = new Scratch();
    const script = writeScript(scratch.file("script"), "#!/usr/bin/env sh\nexit 9\n");
    const options = { env: { PATH: `/nonexistent/a:/nonexistent/b:${process.env["PATH"] ?? "/bin"}` } };
    const { records, exitCode } = await watch(monitor(), script, [], options);
    assert.equal(exitCode, 9);
    const execs = records.filter(({ type }) => type === "exec");
    assert.deepEqual(
      execs.map(({ interpreter }) => interpreter),
      ["/usr/bin/env", undefined],
    );
    assert.equal(execs[1]?.replaces?.filename, script);
    const failed = records.filter(({ type }) => type === "exec_failed");
    assert.deepEqual(
      failed.slice(0, 2).map(({ filename, error }) => `${filename ?? ""} ${error ?? ""}`),
      failedExecsAreTold ? ["/nonexistent/a/sh ENOENT", "/nonexistent/b/sh ENOENT"] : [],
    );
  });

  it("in another root directory is told with the paths of the machine's", async () => {
    using scratch = new Scratch();
    mkdirSync(scratch.file("root", "dir"), { recursive: true });
    copyFileSync(fixture("tiny"), scratch.file("root", "program"));
    const script = 'exec chroot "$0" /program 8';
    const { records, exitCode } = await watch(monitor(), "/bin/sh", ["-c", script, scratch.file("root")]);
    assert.equal(exitCode, 8);
    const exec = records.findLast(({ type }) => type === "exec");
    assert.equal(exec?.filename, "/program");
    assert.equal(exec.exe, join(realpathSync(scratch.path), "root/program"));
    assert.equal(exec.cwd, join(realpathSync(scratch.path), "root"));
  });

  // Some may be spent on mounts.
  for (const [names, told] of [
    [25, true],
    [31, false],
  ] as const) {
    it(`${told ? "has" : "has not"} a path of ${names} names`, async () => {
      using scratch = new Scratch();
      const depth = names - realpathSync(scratch.path).split("/").length + 1;
      const directory = scratch.file(...Array.from({ length: depth }, () => "d"));
      mkdirSync(directory, { recursive: true });
      const { records } = await watch(monitor(), fixture("tiny"), [], { cwd: directory });
      const { cwd, missing } = theOnly(records, "exec");
      const expected = told ? [realpathSync(directory), undefined] : [undefined, ["cwd"]];
      assert.deepEqual([cwd, missing], expected);
    });
  }

  for (const [depth, name] of [
    [30, "d"],
    [100, "d"],
    [18, "n".repeat(200)],
  ] as const) {
    it(`has the whole path, or says that it is missing: ${depth} directories of ${name.length} bytes`, async () => {
      using scratch = new Scratch();
      const directory = scratch.file(...Array.from({ length: depth }, () => name));
      mkdirSync(directory, { recursive: true });
      const program = join(directory, "program");
      copyFileSync(fixture("tiny"), program);
      const { records } = await watch(monitor(), program, ["2"], { cwd: directory });
      const exec = theOnly(records, "exec");
      assert.equal(exec.filename, program);
      for (const [field, expected] of [
        ["exe", realpathSync(program)],
        ["cwd", realpathSync(directory)],
      ] as const) {
        if (exec[field] === undefined)
          assert.ok(exec.missing?.includes(field), `${field} is neither there nor missing`);
        else assert.equal(exec[field], expected);
      }
    });
  }
});

describe("an exec that failed", ifFailedExecsAreTold, () => {
  it("is told for every reason, as the caller was", async () => {
    using scratch = new Scratch();
    const paths: [path: string, error: string][] = [
      ["/nonexistent/program", "ENOENT"],
      ["", "ENOENT"],
      ["plain", "EACCES"],
      ["text", "ENOEXEC"],
      ["directory", "EACCES"],
      ["plain/program", "ENOTDIR"],
      ["loop", "ELOOP"],
      ["no-interpreter", "ENOENT"],
      ["n".repeat(300), "ENAMETOOLONG"],
      [`+${fixture("tiny")}`, "E2BIG"],
      ["@", "EFAULT"],
    ];
    writeFileSync(scratch.file("plain"), "", { mode: 0o644 });
    writeScript(scratch.file("text"), "neither a script nor a program\n");
    writeScript(scratch.file("no-interpreter"), "#!/nonexistent/interpreter\n");
    mkdirSync(scratch.file("directory"));
    symlinkSync("loop", scratch.file("loop"));
    const options = { cwd: scratch.path };
    const { records, stdout } = await watch(
      monitor(),
      fixture("try-exec"),
      paths.map(([path]) => path),
      options,
    );
    assert.deepEqual(typesOf(records), ["fork", "exec", ...paths.map(() => "exec_failed"), "exit"]);
    const failed = records.filter(({ type }) => type === "exec_failed");
    assert.deepEqual(
      failed.map(({ error }) => error),
      paths.map(([, error]) => error),
    );
    assert.deepEqual(failed.map(({ error }) => numberOf(error)).join("\n"), stdout.trimEnd(), "the caller's errno");
    const names = paths.map(([path]) => (path === "@" ? undefined : path.replace(/^\+/, "")));
    assert.deepEqual(
      failed.map(({ filename }) => filename),
      names,
    );
    assert.ok(failed.at(-1)?.missing?.includes("filename"), "a name that cannot be read is missing");
    for (const { cwd } of failed) assert.equal(cwd, realpathSync(scratch.path));
    assert.equal(theOnly(records, "exit").filename, fixture("try-exec"), "what ran goes on");
  });

  it("is told with the beginning of a name that is longer than any path", async () => {
    const name = "n/".repeat(5000);
    const { records } = await watch(monitor(), fixture("try-exec"), [name]);
    const { filename, filename_truncated, error } = theOnly(records, "exec_failed");
    assert.equal(error, "ENAMETOOLONG");
    assert.equal(filename_truncated, true);
    assert.ok(filename !== undefined && filename.length >= 4000 && name.startsWith(filename));
  });

  it("by a shell's child: the child ends with 127, and never ran a program of its own", async () => {
    const script = "/nonexistent/program & wait $!; echo $! $?";
    const { all, stdout } = await watch(monitor(), "/bin/sh", ["-c", script]);
    const [pid = 0, code] = stdout.split(" ").map(Number);
    assert.equal(code, 127);
    const records = ofPid(all, pid);
    assert.deepEqual(typesOf(records), ["fork", "exec_failed", "exit"]);
    const [, failed, exit] = records;
    assert.deepEqual([failed?.filename, failed?.error], ["/nonexistent/program", "ENOENT"]);
    assert.equal(exit?.exit_code, 127);
    assert.deepEqual(exit.argv, ["/bin/sh", "-c", script], "a copy of the shell is what ended");
  });
});

/** Error numbers by name, from the C library's own header. */
function numberOf(name: string | undefined): number | undefined {
  const headers = ["errno-base.h", "errno.h"].map((file) => readFileSync(`/usr/include/asm-generic/${file}`, "utf8"));
  const number = new RegExp(`#define\\s+${name ?? ""}\\s+(\\d+)`).exec(headers.join("\n"))?.[1];
  return number === undefined ? undefined : Number(number);
}
