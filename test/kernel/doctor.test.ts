import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fixture } from "./fixture.ts";
import { launcher } from "./monitor-process.ts";

const EPERM = String(constants.errno.EPERM);

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { check: string; status: string; text: string; fixes: readonly string[] }[];
  readonly test?: Readonly<Record<string, number>>;
}

function run(command: string, ...args: readonly string[]): Ended {
  return spawnSync(command, args, { encoding: "utf8", timeout: 60_000 });
}

function report(command: string, ...args: readonly string[]): Report & { readonly status: number | null } {
  const { status, stdout, stderr } = run(command, ...args, "doctor", "--json");
  assert.equal(stderr, "");
  return { status, ...(JSON.parse(stdout) as Report) };
}

/** The names of what the doctor finds missing, but for the test itself. */
function missing({ checks }: Report): string[] {
  return checks.filter(({ check, status }) => status === "missing" && check !== "test").map(({ check }) => check);
}

describe("the doctor", () => {
  it("tries it out, and finds nothing missing where it works", () => {
    const { status, stdout, stderr } = run(launcher, "doctor");
    assert.deepEqual([status, stderr], [0, ""], stdout);
    assert.match(stdout, /^ok +kernel +\d/m);
    assert.match(stdout, /^ok +libbpf +v1\./m);
    assert.match(
      stdout,
      /^ok +test +loaded and attached in \d+ ms, saw a program start after \d+ ms, detached in \d+ ms$/m,
    );
    assert.doesNotMatch(stdout, /^missing/m);
    assert.match(stdout, /\nThe monitor works here\.\n$/);
  });

  it("tells programs the same, with the times", () => {
    const { status, ok, checks, test = {} } = report(launcher);
    assert.deepEqual([status, ok], [0, true]);
    assert.deepEqual(Object.keys(test), ["attach_ms", "event_ms", "detach_ms"]);
    for (const ms of Object.values(test)) assert.ok(ms > 0 && ms < 30_000, String(ms));
    const names = checks.map(({ check }) => check);
    assert.equal(new Set(names).size, names.length);
    assert.equal(names.at(-1), "test");
  });

  it("sees it work in a PID namespace of its own, where its program's PID is another", () => {
    const { status, checks } = report("unshare", "--pid", "--fork", "--mount-proc", launcher);
    assert.equal(status, 0);
    assert.equal(checks.find(({ check }) => check === "pid_namespace")?.status, "note");
  });

  const bare = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  const failures: [name: string, check: string, command: string, args: readonly string[]][] = [
    ["without rights", "capabilities", "setpriv", [...bare, launcher]],
    [
      "with one capability of two",
      "capabilities",
      "setpriv",
      ["--bounding-set=-all,+bpf", "--inh-caps=-all", launcher],
    ],
    ["in a user namespace", "user_namespace", "unshare", ["-Ur", launcher]],
    ["in a user namespace that maps nobody", "user_namespace", "unshare", ["-U", launcher]],
    ["behind a seccomp filter", "seccomp", fixture("deny-bpf"), [EPERM, launcher]],
  ];
  for (const [name, check, command, args] of failures) {
    it(`finds what is missing ${name}, in the words of the monitor's error`, () => {
      const seen = report(command, ...args);
      assert.deepEqual([seen.status, seen.ok, missing(seen)], [1, false, [check]]);
      assert.match(seen.checks.at(-1)?.text ?? "", new RegExp(`EPERM.*see ${check}`));
      const lines = run(command, ...args, "doctor").stdout.split("\n");
      const at = lines.findIndex((line) => line.startsWith(`missing  ${check} `));
      const end = lines.findIndex((line, index) => index > at && !line.startsWith("         fix:"));
      const error = run(command, ...args).stderr;
      assert.ok(at >= 0 && error.endsWith(`\n${lines.slice(at, end).join("\n")}\n`), error);
    });
  }

  it("does without /dev, also behind a seccomp filter that kills", () => {
    const without = ["-m", "/bin/sh", "-c", 'mount -t tmpfs none /dev && exec "$@"', "sh"];
    const { status, stdout } = run("unshare", ...without, launcher, "doctor");
    assert.equal(status, 0, stdout);
    assert.deepEqual(missing(report("unshare", ...without, fixture("deny-bpf"), "kill", launcher)), ["seccomp"]);
  });

  it("says so where it can start no program, which is not to say that the monitor does not work", () => {
    const rights = ["--inh-caps=+bpf,+perfmon", "--ambient-caps=+bpf,+perfmon", "--clear-groups"];
    // A user of no other process: 8 threads are what Node.js takes itself.
    const few = ["--nproc=8", "setpriv", "--reuid=64999", "--regid=64999", ...rights, launcher];
    const { status, ok, checks } = report("prlimit", ...few);
    const { status: found, text = "", fixes } = checks.at(-1) ?? {};
    assert.deepEqual([status, ok, found], [1, false, "unknown"], text);
    assert.ok(text.endsWith(`but ${process.execPath} could not be started, to see that told: EAGAIN`), text);
    assert.match(fixes?.join("\n") ?? "", /ulimit -u/);
    assert.match(run("prlimit", ...few, "doctor").stdout, /\nWhether the monitor works here is not known\.\n$/);
  });

  const rootOnly = ["--bounding-set=-all,+bpf,+perfmon", "--inh-caps=-all", launcher];

  it("finds out that root cannot be given up, in the words of the monitor's error, unless it is to be kept", () => {
    const seen = report("setpriv", ...rootOnly);
    assert.deepEqual([seen.status, seen.ok, missing(seen)], [1, false, ["capabilities"]]);
    assert.match(seen.checks.at(-1)?.text ?? "", /^give up root: setgroups: EPERM: failed; see capabilities$/);
    const lines = run("setpriv", ...rootOnly, "doctor").stdout.split("\n");
    const at = lines.findIndex((line) => line.startsWith("missing  capabilities "));
    const monitor = run("setpriv", ...rootOnly);
    assert.deepEqual(
      [monitor.status, monitor.stderr],
      [1, `ebpf-bootstrap: give up root: setgroups: EPERM\n${lines.slice(at, at + 3).join("\n")}\n`],
    );
    assert.ok(lines[at + 1]?.endsWith(`\`${launcher} --keep-privileges\`.`), lines[at + 1]);
    const keeping = run("setpriv", ...rootOnly, "doctor", "--keep-privileges");
    assert.equal(keeping.status, 0, keeping.stdout);
    assert.match(keeping.stdout, /^note +capabilities .*cannot be given up$/m);
  });

  for (const [action, death] of [
    ["kill", "was killed by SIGSYS"],
    ["kill-thread", "did not go on after it"],
  ] as const) {
    it(`outlives a seccomp filter that kills who calls bpf(2), and says so: ${action}`, () => {
      const { status, stdout, stderr } = run(fixture("deny-bpf"), action, launcher, "doctor");
      assert.deepEqual([status, stderr], [1, ""]);
      assert.match(stdout, new RegExp(`^missing +seccomp +.* kills who calls bpf\\(2\\): .* ${death}\n +fix: `, "m"));
      assert.match(stdout, /^missing +test +call bpf\(2\): failed; see seccomp\nThe monitor does not work here\.\n$/m);
    });
  }

  it("works where nothing else does: without the native module, on another system", () => {
    const hide = "data:text/javascript,Object.defineProperty(process,'arch',{value:'s390x'})";
    const cpu = report(process.execPath, "--import", hide, main);
    assert.deepEqual([cpu.status, cpu.ok, missing(cpu)], [1, false, ["cpu"]]);
    const pretend = "data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})";
    const system = report(process.execPath, "--import", pretend, main);
    assert.deepEqual([system.status, system.ok], [1, false]);
    assert.ok(missing(system).includes("kernel"));
  });

  it("fails if what it found cannot be written; a reader that goes away is no failure", () => {
    const shell = (script: string) => run("/bin/bash", "-c", script, "bash", launcher);
    const full = shell('"$1" doctor >/dev/full');
    assert.equal(full.status, 1);
    assert.match(full.stderr, /^ebpf-bootstrap: write to standard output: ENOSPC\nThe disk is full/);
    const gone = shell('"$1" doctor | true; exit "${PIPESTATUS[0]}"');
    assert.deepEqual([gone.status, gone.stderr], [0, ""]);
  });

  it("shows what libbpf says if asked to, beside its own lines", () => {
    const { status, stdout, stderr } = run(launcher, "doctor", "--verbose");
    assert.equal(status, 0);
    assert.match(stdout, /^ok +cpu .*[^]*\nThe monitor works here\.\n$/);
    assert.match(stderr, /^ebpf-bootstrap: libbpf debug: .*handle_exec/m);
  });

  it("has help, and says what is wrong with its usage", () => {
    const help = run(launcher, "doctor", "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--json/);
    assert.match(run(launcher, "-v", "doctor", "--help").stdout, /^Usage: ebpf-bootstrap doctor /);
    for (const args of [
      ["doctor", "--nonsense"],
      ["doctor", "stray"],
      ["doctor", "--btf", ""],
      ["-w", "doctor"],
    ]) {
      const { status, stderr, stdout } = run(launcher, ...args);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^ebpf-bootstrap: .*\nTry `ebpf-bootstrap doctor --help`\.\n$/);
    }
  });
});
