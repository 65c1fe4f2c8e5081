import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { ProgramCopy } from "../program-copy.ts";
import { sectionBytes } from "../section-bytes.ts";
import type { JsonRecord } from "../truth/record.ts";

/** `r0 = r9`, as the first instruction: the verifier refuses to read what nobody has written. */
const READ_OF_NOTHING = Buffer.from("bf90000000000000", "hex");

/** Makes the verifier refuse the program of a section. */
function refuse(section: string): (object: Buffer) => Buffer {
  return (object) => {
    READ_OF_NOTHING.copy(sectionBytes(object, section));
    return object;
  };
}

/** Makes a program attach to a tracepoint that no kernel has. */
function misplace(tracepoint: string): (object: Buffer) => Buffer {
  return (object) =>
    Buffer.from(object.toString("latin1").replaceAll(tracepoint, `${tracepoint.slice(0, -1)}_`), "latin1");
}

interface Gap {
  readonly name: string;
  readonly change: (object: Buffer) => Buffer;
  /** The type of record that is not there then. */
  readonly type: JsonRecord["type"];
  readonly line: RegExp;
  /** What is missing of the exit of a program that was seen to start. */
  readonly missing?: readonly string[];
}

const gaps: readonly Gap[] = [
  {
    name: "that sees forks",
    change: refuse("tp_btf/sched_process_fork"),
    type: "fork",
    line: /missing: forks, and of exits parent_id and threads, since the kernel refuses handle_fork: .*R9 !read_ok/,
    missing: ["parent_id", "threads"],
  },
  {
    name: "that sees failed execs",
    change: refuse("tp_btf/sys_exit"),
    type: "exec_failed",
    line: /missing: failed execs, since the kernel refuses handle_syscall_exit: .*R9 !read_ok/,
  },
  {
    name: "that finds running processes",
    change: refuse("iter/task"),
    type: "running",
    line: /missing: processes that run already, since the kernel refuses handle_running: .*E(ACCES|INVAL)/,
  },
  {
    name: "whose place the kernel does not have",
    change: misplace("tp_btf/sys_exit"),
    type: "exec_failed",
    line: /missing: failed execs, since the kernel refuses handle_syscall_exit: .*ESRCH/,
  },
];

describe("a kernel that refuses a program", () => {
  for (const { name, change, type, line, missing } of gaps) {
    it(`${name}: all else is told, and what is missing is named`, async () => {
      using copy = new ProgramCopy();
      copy.changeObject(change);
      await using monitor = await ContainedMonitor.startProgram([process.execPath, copy.main], "--verbose");
      const { pid } = spawnSync("/bin/sh", ["-c", `/nonexistent/program; exec '${fixture("tiny")}' 5`]);
      const mine = () => monitor.records.filter((record) => record.pid === pid);
      await monitor.until(() => mine().some((record) => record.type === "exit"), "see the program end");
      await monitor.end();
      const expected = ["fork", "exec", "exec_failed", "exec", "exit"].filter((each) => each !== type);
      // The failed exec is of a child, as the shell runs it.
      const children = monitor.records.filter(({ ppid, type: each }) => ppid === pid && each === "exec_failed");
      const told = [...mine().map((record) => record.type)];
      assert.deepEqual(
        told,
        expected.filter((each) => each !== "exec_failed"),
      );
      assert.equal(children.length, type === "exec_failed" ? 0 : 1);
      const exit = mine().at(-1);
      assert.deepEqual([exit?.exit_code, exit?.filename, exit?.missing], [5, fixture("tiny"), missing]);
      assert.equal(
        monitor.records.some((record) => record.type === type),
        false,
      );
      const lines = monitor.stderr.split("\n").filter((text) => text.startsWith("ebpf-bootstrap: missing: "));
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", line);
    });
  }

  it("is told of by the doctor, which finds that the rest works", () => {
    using copy = new ProgramCopy();
    copy.changeObject((object) => refuse("tp_btf/sys_exit")(refuse("iter/task")(object)));
    const { status, stdout } = spawnSync(process.execPath, [copy.main, "doctor"], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
    const line = /^note +programs +missing: (.*); (.*)$/m.exec(stdout) ?? [];
    assert.deepEqual(
      line
        .slice(1)
        .map((gap) => gap.slice(0, 12))
        .sort(),
      ["failed execs", "processes th"],
    );
    assert.match(stdout, /\nThe monitor works here\.\n$/);
  });

  it("cannot be without the programs for execs and exits: the error names the one that it refuses", () => {
    for (const event of ["exec", "exit"]) {
      using copy = new ProgramCopy();
      copy.changeObject(refuse(`tp_btf/sched_process_${event}`));
      const { status, stdout, stderr } = spawnSync(process.execPath, [copy.main, "-o", "json"], { encoding: "utf8" });
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, new RegExp(`\\nmissing  test +.*the verifier refused handle_${event}: R9 !read_ok`));
    }
  });
});
