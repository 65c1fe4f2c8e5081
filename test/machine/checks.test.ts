import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkNames, judge, type CheckName } from "../../src/machine/checks.ts";
import type { Machine } from "../../src/machine/machine.ts";
import { ALL, BOTH, machineWith } from "./machines.ts";

const NONE = { effective: 0n, bounding: ALL };
const oldKernel = { lacks: ["BPF ring buffer", "task iterator"], limitsLockedMemory: true };
const before511 = { lacks: [], limitsLockedMemory: true };

type Case = [name: CheckName, machine: Partial<Machine>, status: string, text: RegExp, fix?: RegExp];

const cases: readonly Case[] = [
  ["kernel", { platform: "darwin" }, "missing", /this is darwin, not Linux/, /Linux 5\.8 or later/],
  ["kernel", { kernelTypes: oldKernel }, "missing", /no BPF ring buffer, no task iterator/, /5\.8 or later/],
  ["kernel", { kernelTypes: undefined }, "unknown", /6\.12\.0.*BTF/],
  ["bpf_syscall", { kernelConfig: () => "n" }, "missing", /no bpf\(2\)/, /CONFIG_BPF_SYSCALL=y/],
  ["bpf_syscall", { unprivilegedBpfDisabled: undefined }, "missing", /no bpf\(2\)/],
  ["bpf_syscall", { unprivilegedBpfDisabled: undefined, hasProcSys: false }, "unknown", /\/proc\/sys/],
  ["btf", { btfUnreadable: "ENOENT", kernelConfig: () => "n" }, "missing", /built without CONFIG_DEBUG_INFO_BTF/],
  ["btf", { btfUnreadable: "ENOENT", kernelConfig: () => "y" }, "missing", /although/, /mount -t sysfs/],
  ["btf", { btfUnreadable: "ENOENT" }, "missing", /there is no \/sys\/kernel\/btf\/vmlinux/, /CONFIG_DEBUG_INFO_BTF=y/],
  ["btf", { btfUnreadable: "EACCES" }, "missing", /cannot be read: EACCES/],
  ["btf", { btfHoldsTypes: false }, "missing", /cannot be made sense of/],
  [
    "capabilities",
    { capabilities: { effective: BOTH, bounding: BOTH }, isRoot: false },
    "note",
    /without root: .*--env/,
    /CAP_SYS_PTRACE/,
  ],
  ["capabilities", { capabilities: { effective: 1n << 21n, bounding: 0n } }, "note", /CAP_SYS_ADMIN, as root/],
  [
    "capabilities",
    { capabilities: { effective: BOTH, bounding: BOTH } },
    "note",
    /cannot be given up/,
    /--keep-privileges/,
  ],
  ["capabilities", { capabilities: { effective: 1n << 39n, bounding: ALL } }, "missing", /\(it has CAP_BPF\)/],
  ["capabilities", { capabilities: NONE, isRoot: false }, "missing", /not root/, /^As root: `sudo \/opt\/x\/ebpf-b/],
  ["capabilities", { capabilities: NONE, isRoot: false }, "missing", /not root/, /--ambient-caps=\+bpf,\+perfmon/],
  [
    "capabilities",
    { capabilities: NONE, isRoot: false },
    "missing",
    /not root/,
    /AmbientCapabilities=CAP_BPF CAP_PERF/,
  ],
  [
    "capabilities",
    { capabilities: NONE, isRoot: false },
    "missing",
    /not root.*none of these/,
    /\/usr\/bin\/node .*setcap cap_bpf,cap_perfmon=ep.*\/main.js`/,
  ],
  [
    "capabilities",
    { capabilities: { effective: 0n, bounding: 0n } },
    "missing",
    /root here.*bounding set/,
    /--cap-add/,
  ],
  ["capabilities", { capabilities: NONE, noNewPrivileges: true }, "missing", /no_new_privs/, /from outside/],
  ["capabilities", { capabilities: undefined }, "unknown", /\/proc/],
  ["capabilities", { capabilities: NONE, inInitialUserNamespace: false }, "unknown", /see user_namespace/],
  ["user_namespace", { inInitialUserNamespace: false }, "missing", /do not count/, /on the host/],
  ["user_namespace", { inInitialUserNamespace: undefined }, "unknown", /\/proc/],
  ["lockdown", { lockdown: "confidentiality" }, "missing", /locked down/, /lockdown=integrity/],
  ["lockdown", { lockdown: "integrity" }, "ok", /integrity/],
  ["lockdown", { lockdown: undefined }, "ok", /none/],
  ["lockdown", { lockdown: undefined, securityModules: undefined }, "unknown", /not mounted/],
  [
    "memlock",
    { kernelTypes: before511, lockedMemoryLimit: 65_536, capabilities: NONE },
    "missing",
    /64 KiB/,
    /ulimit -l/,
  ],
  ["memlock", { kernelTypes: before511, lockedMemoryLimit: 65_536 }, "ok", /may raise/],
  ["memlock", { kernelTypes: before511, lockedMemoryLimit: Infinity, capabilities: NONE }, "ok", /unlimited/],
  ["memlock", { kernelTypes: before511, lockedMemoryLimit: 2 ** 24, capabilities: NONE }, "note", /16 MiB/],
  ["memlock", { kernelTypes: undefined }, "unknown", /BTF/],
  ["memory", { availableMemory: 1_288_490_189 }, "ok", /1\.2 GiB left/],
  ["memory", { availableMemory: undefined }, "unknown", /\/proc/],
  ["open_files", { openFilesLimit: 63 }, "note", /only 63/, /ulimit -n 64/],
  ["open_files", { openFilesLimit: 64 }, "ok", /64/],
  ["open_files", { openFilesLimit: Infinity }, "ok", /may be open/],
  ["open_files", { openFilesLimit: undefined }, "unknown", /\/proc/],
  ["seccomp", { seccompFiltered: true }, "ok", /a filter/],
  ["seccomp", { seccompFiltered: undefined }, "unknown", /\/proc/],
  ["lsm", {}, "ok", /capability, apparmor; this process is unconfined/],
  ["lsm", { securityModules: undefined }, "unknown", /not mounted/],
  ["unprivileged_bpf", { unprivilegedBpfDisabled: "0" }, "note", /is 0/],
  ["unprivileged_bpf", { unprivilegedBpfDisabled: undefined }, "unknown", /\/proc/],
  ["pid_namespace", { inInitialPidNamespace: false }, "note", /the machine's PIDs.*ns_pid/, /hostPID: true/],
  ["pid_namespace", { inInitialPidNamespace: undefined }, "unknown", /without \/proc: .*machine's PIDs/],
  ["container", { container: "WSL" }, "note", /Windows/],
  ["container", { container: "Podman" }, "ok", /Podman/],
  ["pid_namespace", { inInitialPidNamespace: false, procHasMachinePids: false }, "note", /without arguments$/],
  ["proc", { hasProc: false }, "note", /arguments are missing/, /mount -t proc/],
  ["proc", { hasProcSys: false }, "note", /boot/, /subset=pid/],
  ["proc", { procHidesOthers: true }, "ok", /CAP_SYS_PTRACE/],
  ["proc", { procHidesOthers: true, capabilities: { effective: BOTH, bounding: BOTH } }, "note", /hides/, /hidepid=0/],
];

describe("the check of memory, when there was too little", () => {
  it("names the limit of the address space, if there is one", () => {
    const fixesWith = (addressSpaceLimit: number) => judge("memory", machineWith({ addressSpaceLimit }), true).fixes;
    assert.match(
      fixesWith(1_024_000_000)[0] ?? "",
      /^Allow more address space, of which 976\.6 MiB .*`ulimit -v unlimited`/,
    );
    assert.doesNotMatch(fixesWith(Infinity).join("\n"), /ulimit -v/);
  });
});

describe("the checks", () => {
  it("find nothing to note on a machine where all is as it should be", () => {
    for (const name of checkNames) {
      const finding = judge(name, machineWith());
      assert.deepEqual([finding.check, finding.status, finding.fixes], [name, "ok", []], finding.text);
    }
  });

  for (const [name, machine, status, text, fix] of cases) {
    it(`${name} is ${status}: ${text.source}${fix === undefined ? "" : `; ${fix.source}`}`, () => {
      const finding = judge(name, machineWith(machine));
      assert.equal(finding.status, status);
      assert.match(finding.text, text);
      if (fix !== undefined)
        assert.ok(
          finding.fixes.some((line) => fix.test(line)),
          finding.fixes.join("\n"),
        );
      if (status === "missing") assert.ok(finding.fixes.length > 0, "what is missing can be mended");
    });
  }
});
