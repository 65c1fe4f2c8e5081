import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { findCommand } from "../../src/machine/command.ts";
import { findContainer } from "../../src/machine/container.ts";
import { kernelConfig } from "../../src/machine/kernel-config.ts";
import { KERNEL_BTF, readKernelTypes } from "../../src/machine/kernel-types.ts";
import { inspectMachine } from "../../src/machine/machine.ts";
import { printable } from "../../src/output/printable.ts";

const folder = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-machine-"));
after(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const MAGIC = Buffer.from([0x9f, 0xeb]);

describe("inspectMachine", () => {
  it("reads what the kernel says of this process", () => {
    const machine = inspectMachine();
    const status = readFileSync("/proc/self/status", "utf8");
    assert.equal(machine.platform, "linux");
    assert.equal(machine.kernelRelease, release());
    assert.equal(machine.capabilities?.effective.toString(16).padStart(16, "0"), /^CapEff:\t(\w+)/m.exec(status)?.[1]);
    assert.equal(machine.capabilities?.bounding.toString(16).padStart(16, "0"), /^CapBnd:\t(\w+)/m.exec(status)?.[1]);
    assert.equal(machine.seccompFiltered, /^Seccomp:\t2/m.test(status));
    assert.equal(machine.hasProc, true);
    const limit = execFileSync("sh", ["-c", "ulimit -l"], { encoding: "utf8" }).trim();
    assert.equal(machine.lockedMemoryLimit, limit === "unlimited" ? Infinity : Number(limit) * 1024);
    const files = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
    assert.equal(machine.openFilesLimit, files === "unlimited" ? Infinity : Number(files));
    assert.ok((machine.availableMemory ?? 0) > 1_000_000);
  });
});

describe("inspectMachine, with a file of types", () => {
  it("tells what the kernel that runs can do from its own types, and what the file is from the file", (t) => {
    if (!existsSync(KERNEL_BTF)) {
      t.skip("this kernel does not tell its types");
      return;
    }
    const own = inspectMachine();
    const other = inspectMachine(fileOf("other", MAGIC));
    assert.deepEqual([own.btfHoldsTypes, other.btfHoldsTypes], [true, true]);
    assert.deepEqual(other.kernelTypes, own.kernelTypes);
    const none = inspectMachine(join(folder, "nothing"));
    assert.deepEqual([none.btfHoldsTypes, none.btfUnreadable, none.kernelTypes], [false, "ENOENT", own.kernelTypes]);
  });
});

describe("findCommand", () => {
  it("is the launcher beside what was built, wherever that is", () => {
    const script = join(folder, "a copy's/dist/src/cli/main.js");
    assert.equal(findCommand("/usr/bin/node", script).line, `/usr/bin/node '${script.replace("'", `'"'"'`)}'`);
    mkdirSync(join(folder, "a copy's"));
    fileOf("a copy's/ebpf-bootstrap", "");
    const { line } = findCommand("/usr/bin/node", script);
    assert.equal(printable(line), line, "it can be pasted from where it is printed");
    assert.equal(
      execFileSync("/bin/sh", ["-c", `ls ${line}`], { encoding: "utf8" }),
      `${folder}/a copy's/ebpf-bootstrap\n`,
    );
  });

  it("is another's program, run by its Node.js, where that uses the library", () => {
    fileOf("ebpf-bootstrap", "");
    assert.deepEqual(findCommand("/usr/bin/node", "/srv/app.js"), {
      line: "/usr/bin/node /srv/app.js",
      node: "/usr/bin/node",
      script: "/srv/app.js",
    });
  });
});

describe("readKernelTypes", () => {
  it("finds all that is needed in this kernel's types", (t) => {
    if (!existsSync(KERNEL_BTF)) t.skip("this kernel does not tell its types");
    else assert.deepEqual(readKernelTypes(KERNEL_BTF)?.lacks, []);
  });

  it("says what a kernel lacks by whole names, not by parts of them", () => {
    const names = Buffer.from("\0BPF_MAP_TYPE_RINGBUFFER\0XBPF_FUNC_ktime_get_boot_ns\0bpf_iter__task\0");
    const types = readKernelTypes(fileOf("old", Buffer.concat([MAGIC, names])));
    assert.deepEqual(types?.lacks, ["BPF ring buffer", "typed tracepoints", "boot clock for BPF"]);
    assert.equal(types.limitsLockedMemory, true);
  });

  it("makes nothing of what is neither BTF nor ELF, or not there", () => {
    assert.equal(readKernelTypes(fileOf("text", "\0BPF_MAP_TYPE_RINGBUF\0")), undefined);
    assert.equal(readKernelTypes(join(folder, "nothing")), undefined);
    assert.equal(readKernelTypes(folder), undefined);
  });
});

describe("findContainer", () => {
  it("knows WSL by its kernel's name, first of all", () => {
    assert.equal(findContainer("5.15.153.1-microsoft-standard-WSL2"), "WSL");
    assert.notEqual(findContainer("6.12.0-1-amd64"), "WSL");
  });

  it("knows a cluster by what it puts into the environment", () => {
    const before = process.env["KUBERNETES_SERVICE_HOST"];
    process.env["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
    assert.equal(findContainer("6.12.0-1-amd64"), "Kubernetes");
    delete process.env["KUBERNETES_SERVICE_HOST"];
    if (before !== undefined) process.env["KUBERNETES_SERVICE_HOST"] = before;
    else assert.notEqual(findContainer("6.12.0-1-amd64"), "Kubernetes");
  });
});

describe("kernelConfig", () => {
  it("tells a value, and n for what is not set", (t) => {
    const option = kernelConfig(release());
    if (option === undefined) {
      t.skip("this kernel's configuration is not to be found");
      return;
    }
    assert.equal(option("CONFIG_BPF_SYSCALL"), "y");
    assert.equal(option("CONFIG_NO_SUCH_THING"), "n");
  });
});
