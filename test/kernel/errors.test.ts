import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fixture } from "./fixture.ts";
import { launcher } from "./monitor-process.ts";
import { ProgramCopy } from "./program-copy.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-errors-"));
after(() => {
  rmSync(temporary, { recursive: true });
});

interface Failure {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, ...args: string[]): Failure {
  return spawnSync(command, args, { encoding: "utf8", timeout: 30_000 });
}

/** In a mount namespace of its own, where `prepare` has changed what is mounted. */
function runWithMounts(prepare: string, ...args: string[]): Failure {
  return run("unshare", "-m", "/bin/sh", "-c", `${prepare} && exec "$@"`, "sh", launcher, ...args);
}

/**
 * A failure as a newcomer must meet it: what, why, how to fix it, by a line of the doctor; status 1; no stack trace;
 * nothing on stdout.
 */
function assertExplained({ status, stdout, stderr }: Failure, why: RegExp, fix: RegExp): void {
  assert.equal(status, 1, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^ebpf-bootstrap: .*\nmissing {2}\w+ +\S.*\n( {9}fix: .*\n)+$/);
  assert.match(stderr, why);
  assert.match(stderr, fix);
  assert.doesNotMatch(stderr, /^ {4}at /m);
}

describe("a failure to start says what failed, why, and what to do", () => {
  it("without capabilities", () => {
    const failure = run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", launcher);
    assertExplained(failure, /not root and has not both CAP_BPF and CAP_PERFMON/, /sudo/);
    const contained = run("setpriv", "--bounding-set=-all", "--inh-caps=-all", launcher);
    assertExplained(contained, /root here has not both.*not in its bounding set/, /--cap-add BPF --cap-add PERFMON/);
  });

  it("in a user namespace, where capabilities do not count", () => {
    assertExplained(run("unshare", "-Ur", launcher), /user namespace/, /on the host/);
  });

  for (const [name, text] of [
    ["EPERM", /load BPF programs: EPERM\nmissing +seccomp .*forbids bpf\(2\)/],
    ["ENOSYS", /load BPF programs: ENOSYS\nmissing +seccomp .*forbids bpf\(2\)/],
    ["EINVAL", /load BPF programs\nmissing +test .*EINVAL[^]*seccomp filter on this process may have/],
  ] as const) {
    it(`behind a seccomp filter that answers ${name}`, () => {
      const failure = run(fixture("deny-bpf"), String(constants.errno[name]), launcher);
      assertExplained(failure, text, /seccomp profile/);
    });
  }

  it("without the kernel's BTF", () => {
    const failure = runWithMounts("mount -t tmpfs none /sys/kernel/btf");
    assertExplained(failure, /no \/sys\/kernel\/btf\/vmlinux/, /CONFIG_DEBUG_INFO_BTF/);
  });

  it("without libbpf", () => {
    const paths = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" }).matchAll(/libbpf\.so\.1 .* => (.*)/g);
    const hide = Array.from(paths, ([, path]) => `mount --bind /dev/null "$(readlink -f '${path ?? ""}')"`);
    assert.ok(hide.length > 0);
    assertExplained(
      runWithMounts(hide.join(" && ")),
      /load libbpf\.so\.1\nmissing +libbpf +it is not installed/,
      /apt install libbpf1/,
    );
  });

  it("with a libbpf that is too old", () => {
    const library = join(temporary, "libbpf.so.1");
    writeFileSync(`${library}.c`, 'const char *libbpf_version_string(void) { return "v0.5"; }\n');
    execFileSync("cc", ["-shared", "-o", library, `${library}.c`]);
    const failure = run("env", `LD_LIBRARY_PATH=${temporary}`, launcher);
    assertExplained(failure, /missing +libbpf +it is too old/, /libbpf 1\.0 or later/);
  });

  it("without the BPF object", () => {
    using copy = new ProgramCopy();
    rmSync(copy.object);
    assertExplained(run(process.execPath, copy.main), /probe_bpfe.\.o: the file cannot be read/, /make build/);
  });

  it("with an object that is none", () => {
    using copy = new ProgramCopy();
    writeFileSync(copy.object, "not an object");
    assertExplained(run(process.execPath, copy.main), /open BPF object \/.*\/probe_bpfe.\.o: /, /make build/);
  });

  it("with an object that this user may not read", () => {
    using copy = new ProgramCopy();
    chmodSync(copy.object, 0);
    const lesser = ["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"];
    assertExplained(
      run("setpriv", ...lesser, process.execPath, copy.main),
      /probe_bpfe.\.o: the file cannot be read \(EACCES\)/,
      /allowed to read it/,
    );
  });

  it("with an object that lacks a program", () => {
    for (const name of ["handle_exec", "handle_free"]) {
      using copy = new ProgramCopy();
      copy.changeObject((bytes) => {
        const text = bytes.toString("latin1").replaceAll(`\0${name}\0`, `\0handle_xxxx\0`);
        return Buffer.from(text, "latin1");
      });
      const why = new RegExp(`missing +object +the BPF object has no program ${name}\n`);
      assertExplained(run(process.execPath, copy.main), why, /make build/);
    }
  });

  it("with an object whose code is damaged", () => {
    using copy = new ProgramCopy();
    // Each `exit` becomes an instruction that there is not.
    copy.changeObject((bytes) => {
      const text = bytes.toString("latin1").replaceAll("\x95\0\0\0\0\0\0\0", "\xff\0\0\0\0\0\0\0");
      return Buffer.from(text, "latin1");
    });
    assertExplained(run(process.execPath, copy.main), /missing +test +/, /programs are damaged.*make build/);
  });

  it("when the verifier refuses a program; the whole log comes with --verbose", () => {
    using copy = new ProgramCopy();
    const source = join(temporary, "refused.bpf.c");
    writeFileSync(
      source,
      `#include "${join(root, "bpf/bootstrap.bpf.c")}"
       SEC("tp_btf/sched_process_exec")
       int BPF_PROG(handle_wrong, struct task_struct *task) { return *(volatile int *)bpf_get_current_task(); }\n`,
    );
    const target = endianness() === "LE" ? "bpfel" : "bpfeb";
    execFileSync("clang", ["-target", target, "-O2", "-g", `-I${join(root, "bpf")}`, "-c", source, "-o", copy.object]);
    const failure = run(process.execPath, copy.main);
    assertExplained(failure, /the verifier refused handle_wrong: R\d+ invalid mem access/, /--verbose/);
    assert.ok(failure.stderr.split("\n").length < 6, failure.stderr);
    assert.match(run(process.execPath, copy.main, "--verbose").stderr, /processed \d+ insns/);
  });

  it("without the native module for this CPU", () => {
    using copy = new ProgramCopy({ modules: false });
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
    // The native half of koffi is a package of its own, one for each CPU.
    for (const name of Object.keys(manifest.dependencies)) {
      cpSync(join(root, "node_modules", name), join(copy.directory, "node_modules", name), { recursive: true });
    }
    assertExplained(
      run(process.execPath, copy.main),
      new RegExp(`missing +cpu +its binary for linux on ${process.arch} is not installed`),
      /--omit=optional/,
    );
  });

  it("without any package", () => {
    using copy = new ProgramCopy({ modules: false });
    const { status, stdout, stderr } = run(process.execPath, copy.main, "--help");
    assert.match(stderr, /^ebpf-bootstrap: Cannot find package '[\w-]+' .*\nRun `npm ci` in \/.*\n$/);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
  });

  it("without the program", () => {
    using copy = new ProgramCopy();
    rmSync(copy.main);
    const moved = join(copy.directory, "ebpf-bootstrap");
    cpSync(launcher, moved);
    const { status, stderr } = run(moved, "--help");
    assert.equal(
      stderr,
      `ebpf-bootstrap: ${copy.main} is missing, or not readable for you: run \`make build\` there\n`,
    );
    assert.equal(status, 1);
  });

  it("on a CPU for which there is no native module", () => {
    const pretend = "data:text/javascript,Object.defineProperty(process,'arch',{value:'s390x'})";
    const failure = run(process.execPath, "--import", pretend, join(root, "dist/src/cli/main.js"));
    assertExplained(failure, /missing +cpu +it has no binary for linux on s390x/, /amd64 or arm64/);
  });

  it("on another system than Linux", () => {
    const pretend = "data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})";
    const failure = run(process.execPath, "--import", pretend, join(root, "dist/src/cli/main.js"));
    assertExplained(failure, /this is darwin, not Linux/, /Linux 5\.8 or later/);
  });
});

describe("wrong usage", () => {
  it("is found before anything is loaded, also when only the machine makes it wrong", () => {
    const { status, stderr } = run(launcher, "--ring-size", "1024");
    assert.equal(status, 2);
    assert.match(stderr, /--ring-size.*1024/);
    assert.match(stderr, /--help/);
  });
});
