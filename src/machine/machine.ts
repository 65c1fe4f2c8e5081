import { existsSync } from "node:fs";
import { release } from "node:os";
import { whyNoBtfFile } from "../libbpf/btf-file.ts";
import type { Capabilities } from "./capabilities.ts";
import { findCommand, type Command } from "./command.ts";
import { findContainer } from "./container.ts";
import { kernelConfig } from "./kernel-config.ts";
import { KERNEL_BTF, readKernelTypes, type KernelTypes } from "./kernel-types.ts";
import { inInitialNamespace, procHasMachinePids } from "./namespaces.ts";
import { readText, whyUnreadable } from "./read.ts";

/** What decides whose processes this program sees, and how much of them. Undefined: could not be found out. */
export interface View {
  readonly command: Command;
  readonly isRoot: boolean;
  readonly capabilities: Capabilities | undefined;
  /** Whether programs that it runs get no more rights than it has, whatever their files say. */
  readonly noNewPrivileges: boolean | undefined;
  readonly inInitialUserNamespace: boolean | undefined;
  readonly inInitialPidNamespace: boolean | undefined;
  /** Whether /proc is there. */
  readonly hasProc: boolean;
  /** Whether it has the kernel's settings too: mounted with `subset=pid` it has not. */
  readonly hasProcSys: boolean;
  readonly procHasMachinePids: boolean;
  /** Whether /proc hides the processes of others from this user, as with the mount's `hidepid`. */
  readonly procHidesOthers: boolean;
}

/** What about this machine decides whether the monitor works, and what it sees. Undefined: could not be found out. */
export interface Machine extends View {
  /** `linux` */
  readonly platform: string;
  /** `x64` */
  readonly cpu: string;
  /** `6.1.0-21-amd64` */
  readonly kernelRelease: string;
  /** An option of the kernel's configuration. */
  readonly kernelConfig: ((option: string) => string) | undefined;
  /** The file that the kernel's types are read from. */
  readonly btfPath: string;
  /** Why it is none that is read at all: `is not a regular file`. */
  readonly btfRefused: string | undefined;
  /** Whether it holds types, so far as its first bytes tell. */
  readonly btfHoldsTypes: boolean;
  /** Of the kernel that runs; where it does not show its types itself, of the file. */
  readonly kernelTypes: KernelTypes | undefined;
  /** Why the file cannot be read: `ENOENT`. */
  readonly btfUnreadable: string | undefined;
  /** Whether a seccomp filter is on the process. */
  readonly seccompFiltered: boolean | undefined;
  /** `none`, `integrity` or `confidentiality`. */
  readonly lockdown: string | undefined;
  /** The security modules in use: `["capability", "apparmor"]`. */
  readonly securityModules: readonly string[] | undefined;
  /** What a security module calls the process: `docker-default (enforce)`. */
  readonly securityLabel: string | undefined;
  /** `kernel.unprivileged_bpf_disabled`, which every kernel with bpf(2) has. */
  readonly unprivilegedBpfDisabled: string | undefined;
  /** Bytes of memory that the process may lock. */
  readonly lockedMemoryLimit: number | undefined;
  /** Bytes of memory that the process may map. */
  readonly addressSpaceLimit: number | undefined;
  /** Files that the process may have open. */
  readonly openFilesLimit: number | undefined;
  /** Bytes that are free, or can be made so without swapping. */
  readonly availableMemory: number | undefined;
  /** `Docker` */
  readonly container: string | undefined;
}

/** Looks at what is seen from here. */
export function inspectView(status = ownStatus()): View {
  return {
    command: findCommand(),
    isRoot: process.geteuid?.() === 0,
    capabilities: capabilitiesOf(status),
    noNewPrivileges: flag(/^NoNewPrivs:\s*(\d)$/m.exec(status)?.[1], "1"),
    inInitialUserNamespace: inInitialNamespace("user"),
    inInitialPidNamespace: inInitialNamespace("pid"),
    hasProc: status !== "",
    hasProcSys: existsSync("/proc/sys/kernel"),
    procHasMachinePids: procHasMachinePids(),
    procHidesOthers: status !== "" && whyUnreadable("/proc/1/cmdline") !== undefined,
  };
}

function ownStatus(): string {
  return readText("/proc/self/status") ?? "";
}

/** Looks at the machine this runs on. `btfPath`: where the kernel's types are, if not where it shows them itself. */
export function inspectMachine(btfPath = KERNEL_BTF): Machine {
  const status = ownStatus();
  const kernelRelease = release();
  const btfUnreadable = whyUnreadable(btfPath);
  const ofFile = readKernelTypes(btfPath);
  return {
    ...inspectView(status),
    platform: process.platform,
    cpu: process.arch,
    kernelRelease,
    kernelConfig: kernelConfig(kernelRelease),
    btfPath,
    btfRefused: btfUnreadable === undefined ? whyNoBtfFile(btfPath) : undefined,
    btfHoldsTypes: ofFile !== undefined,
    kernelTypes: (btfPath === KERNEL_BTF ? undefined : readKernelTypes(KERNEL_BTF)) ?? ofFile,
    btfUnreadable,
    seccompFiltered: flag(/^Seccomp:\s*(\d)$/m.exec(status)?.[1], "2"),
    lockdown: /\[(\w+)\]/.exec(readText("/sys/kernel/security/lockdown") ?? "")?.[1],
    securityModules: readText("/sys/kernel/security/lsm")?.trim().split(","),
    securityLabel: /^[^\0\n]+/.exec(readText("/proc/self/attr/current") ?? "")?.[0],
    unprivilegedBpfDisabled: readText("/proc/sys/kernel/unprivileged_bpf_disabled")?.trim(),
    lockedMemoryLimit: ownLimit("Max locked memory"),
    addressSpaceLimit: ownLimit("Max address space"),
    openFilesLimit: ownLimit("Max open files"),
    availableMemory: availableMemory(),
    container: findContainer(kernelRelease),
  };
}

function capabilitiesOf(status: string): Capabilities | undefined {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined || bounding === undefined) return undefined;
  return { effective: BigInt(`0x${effective}`), bounding: BigInt(`0x${bounding}`) };
}

function flag(value: string | undefined, set: string): boolean | undefined {
  return value === undefined ? undefined : value === set;
}

function ownLimit(name: string): number | undefined {
  const limit = new RegExp(`^${name}\\s+(\\w+)`, "m").exec(readText("/proc/self/limits") ?? "")?.[1];
  if (limit === undefined) return undefined;
  return limit === "unlimited" ? Infinity : Number(limit);
}

function availableMemory(): number | undefined {
  const kibibytes = /^MemAvailable:\s*(\d+) kB$/m.exec(readText("/proc/meminfo") ?? "")?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
