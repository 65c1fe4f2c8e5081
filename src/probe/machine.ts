import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";

/** What about this machine decides whether BPF programs can be loaded. Undefined: could not be found out. */
export interface Machine {
  /** `6.1.0-21-amd64` */
  readonly kernelRelease: string;
  readonly hasKernelBtf: boolean;
  /** The process's effective capabilities, a bit for each. */
  readonly capabilities: bigint | undefined;
  /** Whether the process's user namespace is the machine's own, where capabilities count for bpf(2). */
  readonly inInitialUserNamespace: boolean | undefined;
  /** Whether a seccomp filter is on the process. */
  readonly seccompFiltered: boolean | undefined;
  /** `none`, `integrity` or `confidentiality`. */
  readonly lockdown: string | undefined;
}

/** Looks at the machine this runs on. */
export function inspectMachine(): Machine {
  const status = read("/proc/self/status");
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? "")?.[1];
  const seccomp = /^Seccomp:\s*(\d)$/m.exec(status ?? "")?.[1];
  const uidMap = read("/proc/self/uid_map");
  return {
    kernelRelease: release(),
    hasKernelBtf: existsSync("/sys/kernel/btf/vmlinux"),
    capabilities: capabilities === undefined ? undefined : BigInt(`0x${capabilities}`),
    inInitialUserNamespace: uidMap === undefined ? undefined : /^\s*0\s+0\s+4294967295\s*$/.test(uidMap),
    seccompFiltered: seccomp === undefined ? undefined : seccomp === "2",
    lockdown: /\[(\w+)\]/.exec(read("/sys/kernel/security/lockdown") ?? "")?.[1],
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
