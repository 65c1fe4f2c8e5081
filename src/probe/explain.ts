import { EbpfError } from "../errors.ts";
import { errnoName } from "../libc/errno.ts";
import { VerifierError } from "../libbpf/errors.ts";
import type { Machine } from "./machine.ts";

/** Capability bits (include/uapi/linux/capability.h). */
const CAP_SYS_ADMIN = 1n << 21n;
const CAP_PERFMON = 1n << 38n;
const CAP_BPF = 1n << 39n;

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/**
 * Says why this program could not be loaded, and what to do about it, from the error and from what the machine is like.
 * Feature tests decide what is loaded; the kernel's version is looked at only here, to explain a failure.
 */
export function explainLoadError(error: unknown, machine: Machine): EbpfError {
  if (!(error instanceof EbpfError)) throw error;
  if (error.code === "OBJECT_NOT_FOUND" || error.code === "OBJECT_INVALID") {
    return explained(error.code, error, error.message, "Build it: run `make build`.");
  }
  if (error instanceof VerifierError) return explainRefusal(error, machine);
  const denied = error.errno === EPERM || error.errno === EACCES;
  if (denied && lacksCapabilities(machine)) return explainCapabilities(error);
  if (denied) return explainDenied(error, machine);
  if (error.errno === ENOSYS) {
    return explained("BPF_BLOCKED", error, `${error.message}: this kernel has no bpf(2)`, BLOCKED_HINT);
  }
  if (isOlderThan(machine.kernelRelease, 5, 8)) return explainOldKernel(error, machine);
  if (!machine.hasKernelBtf) return explainNoBtf(error);
  return error;
}

function explainCapabilities(error: EbpfError): EbpfError {
  return explained(
    "NOT_PERMITTED",
    error,
    "load BPF programs: not permitted, this user is not root and has not both CAP_BPF and CAP_PERFMON",
    "Run it as root: `sudo ./ebpf-bootstrap`.",
  );
}

const BLOCKED_HINT =
  "Run it on the host instead, or in a container started with --privileged, or with " +
  "--cap-add BPF --cap-add PERFMON and a seccomp profile that allows bpf(2).";

function explainDenied(error: EbpfError, machine: Machine): EbpfError {
  const what = `load BPF programs: bpf(2) is blocked (${errnoName(error.errno ?? 0)}) although the capabilities are there`;
  if (machine.lockdown === "confidentiality") {
    return explained(
      "BPF_BLOCKED",
      error,
      `${what}: the kernel is locked down (confidentiality)`,
      "Boot with lockdown=integrity or without it; Secure Boot settings may turn it on.",
    );
  }
  if (machine.inInitialUserNamespace === false) {
    return explained(
      "BPF_BLOCKED",
      error,
      `${what}: they are those of a user namespace, not of the machine`,
      BLOCKED_HINT,
    );
  }
  if (machine.seccompFiltered === true) {
    return explained("BPF_BLOCKED", error, `${what}: a seccomp filter is on this process`, BLOCKED_HINT);
  }
  return explained("BPF_BLOCKED", error, `${what}: a security module may forbid it (see \`dmesg\`)`, BLOCKED_HINT);
}

function explainOldKernel(error: EbpfError, machine: Machine): EbpfError {
  return explained(
    "KERNEL_TOO_OLD",
    error,
    `load BPF programs: kernel ${machine.kernelRelease} is older than 5.8, which brought the BPF ring buffer`,
    "Run a distribution's kernel of 5.8 or later.",
  );
}

function explainNoBtf(error: EbpfError): EbpfError {
  return explained(
    "NO_KERNEL_BTF",
    error,
    "load BPF programs: this kernel does not tell its types, there is no /sys/kernel/btf/vmlinux",
    "Run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of Debian 11, Ubuntu 20.10, Fedora 31 and later are; " +
      "in a container, mount /sys.",
  );
}

function explainRefusal(error: VerifierError, machine: Machine): EbpfError {
  if (lacksCapabilities(machine)) return explainCapabilities(error);
  return explained(
    "VERIFIER_REFUSED",
    error,
    error.message,
    "This is a bug, or a kernel that is not supported yet: please report it with the verifier's log, " +
      "which --verbose prints whole.",
  );
}

function explained(code: string, error: EbpfError, message: string, hint: string): EbpfError {
  return new EbpfError(code, message, {
    hint,
    cause: error,
    ...(error.operation !== undefined && { operation: error.operation }),
    ...(error.errno !== undefined && { errno: error.errno }),
  });
}

function lacksCapabilities({ capabilities }: Machine): boolean {
  if (capabilities === undefined) return false;
  return (capabilities & CAP_SYS_ADMIN) === 0n && (capabilities & (CAP_BPF | CAP_PERFMON)) !== (CAP_BPF | CAP_PERFMON);
}

function isOlderThan(release: string, major: number, minor: number): boolean {
  const match = /^(\d+)\.(\d+)/.exec(release);
  if (match === null) return false;
  const [actualMajor, actualMinor] = [Number(match[1]), Number(match[2])];
  return actualMajor < major || (actualMajor === major && actualMinor < minor);
}
