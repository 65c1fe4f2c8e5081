import { KERNEL_BTF } from "../kernel-types.ts";
import type { Machine } from "../machine.ts";
import { missing, ok, RUN_ON_HOST, unknown, type Judgement } from "./judgement.ts";

/** Whether this is Linux, with what the programs are built on. */
export function judgeKernel({ platform, kernelRelease, kernelTypes }: Machine): Judgement {
  if (platform !== "linux") {
    return missing(
      `this is ${platform}, not Linux`,
      "Run it on Linux 5.8 or later; in a virtual machine it sees the processes of that machine.",
    );
  }
  if (kernelTypes === undefined) return unknown(`${kernelRelease}; what it can do is not known without its BTF`);
  if (kernelTypes.lacks.length === 0) return ok(`${kernelRelease} has all that is needed`);
  return missing(
    `${kernelRelease} has no ${kernelTypes.lacks.join(", no ")}`,
    "Run a distribution's kernel of 5.8 or later, which has it.",
  );
}

/** Whether there is bpf(2). */
export function judgeSyscall(
  { kernelConfig, unprivilegedBpfDisabled, hasProcSys }: Machine,
  isCause: boolean,
): Judgement {
  const configured = kernelConfig?.("CONFIG_BPF_SYSCALL");
  if (configured === "n" || (configured === undefined && unprivilegedBpfDisabled === undefined && hasProcSys)) {
    return missing("this kernel has no bpf(2)", "Run a kernel built with CONFIG_BPF_SYSCALL=y.");
  }
  if (isCause) return missing("bpf(2) is answered with ENOSYS", RUN_ON_HOST);
  return unprivilegedBpfDisabled === undefined ? unknown("not known without /proc/sys") : ok("bpf(2) is there");
}

/** Whether the kernel tells its types, by which the programs find their way in it. */
export function judgeBtf(machine: Machine, isCause: boolean): Judgement {
  const { btfPath, btfUnreadable, btfHoldsTypes, kernelConfig } = machine;
  if (btfUnreadable === undefined && btfHoldsTypes && !isCause) return ok(btfPath);
  if (btfPath !== KERNEL_BTF) return judgeFile(machine);
  if (btfUnreadable === undefined) return missing(`${btfPath} cannot be made sense of`, MOUNT_SYS, GIVE_BTF);
  if (btfUnreadable !== "ENOENT") return missing(`${btfPath} cannot be read: ${btfUnreadable}`, MOUNT_SYS, GIVE_BTF);
  const what = `this kernel does not tell its types, there is no ${btfPath}`;
  switch (kernelConfig?.("CONFIG_DEBUG_INFO_BTF")) {
    case "y":
      return missing(`${what}, although it was built with CONFIG_DEBUG_INFO_BTF`, MOUNT_SYS, GIVE_BTF);
    case undefined:
      return missing(what, BTF_KERNEL, MOUNT_SYS, GIVE_BTF);
    default:
      return missing(`${what}: it was built without CONFIG_DEBUG_INFO_BTF`, BTF_KERNEL, GIVE_BTF);
  }
}

const BTF_KERNEL =
  "Run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of Debian 11, Ubuntu 20.10, Fedora 31 and later are.";
const MOUNT_SYS = "Mount /sys: `mount -t sysfs sysfs /sys`.";
const GIVE_BTF = "Give the monitor the types of exactly this kernel in a file: --btf FILE.";

function judgeFile({ btfPath, btfUnreadable, btfRefused, btfHoldsTypes }: Machine): Judgement {
  if (btfUnreadable !== undefined) return missing(`${btfPath} cannot be read: ${btfUnreadable}`, WHAT_BTF);
  if (btfRefused !== undefined) return missing(`${btfPath} ${btfRefused}`, WHAT_BTF);
  if (!btfHoldsTypes) return missing(`${btfPath} is neither BTF nor an ELF file that may hold it`, WHAT_BTF);
  return missing(`${btfPath} is damaged, or not of this kernel`, WHAT_BTF);
}

const WHAT_BTF =
  "--btf takes the BTF of exactly the running kernel: what `pahole --btf_encode_detached FILE` makes of its vmlinux with " +
  "debug information, or a copy of /sys/kernel/btf/vmlinux.";
