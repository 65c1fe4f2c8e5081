import type { Machine } from "../../src/machine/machine.ts";

/** All capabilities that there are. */
export const ALL = (1n << 41n) - 1n;
/** CAP_PERFMON and CAP_BPF. */
export const BOTH = (1n << 38n) | (1n << 39n);

/** A machine on which nothing is missing, but for what is given. */
export function machineWith(given: Partial<Machine> = {}): Machine {
  return {
    command: { line: "/opt/x/ebpf-bootstrap", node: "/usr/bin/node", script: "/opt/x/dist/src/cli/main.js" },
    platform: "linux",
    cpu: "x64",
    kernelRelease: "6.12.0",
    kernelConfig: undefined,
    btfPath: "/sys/kernel/btf/vmlinux",
    btfRefused: undefined,
    btfHoldsTypes: true,
    kernelTypes: { lacks: [], limitsLockedMemory: false },
    btfUnreadable: undefined,
    isRoot: true,
    capabilities: { effective: ALL, bounding: ALL },
    noNewPrivileges: false,
    inInitialUserNamespace: true,
    inInitialPidNamespace: true,
    seccompFiltered: false,
    lockdown: "none",
    securityModules: ["capability", "apparmor"],
    securityLabel: "unconfined",
    unprivilegedBpfDisabled: "2",
    hasProc: true,
    procHasMachinePids: true,
    hasProcSys: true,
    procHidesOthers: false,
    lockedMemoryLimit: 8_388_608,
    addressSpaceLimit: Infinity,
    openFilesLimit: 1024,
    availableMemory: 1_073_741_824,
    container: undefined,
    ...given,
  };
}
