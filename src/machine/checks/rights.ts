import { canBecomeUser, canLoad, canReadEnvironments, capability, describeCapabilities } from "../capabilities.ts";
import type { Command } from "../command.ts";
import { describeBytes } from "../describe-bytes.ts";
import type { Machine, View } from "../machine.ts";
import { missing, note, ok, RUN_ON_HOST, unknown, type Judgement } from "./judgement.ts";

/**
 * Whether the process has the rights that loading takes, and how it would get them. `isCause`: root could not be given up.
 */
export function judgeCapabilities(view: View, isCause = false): Judgement {
  const { capabilities, isRoot, noNewPrivileges, inInitialUserNamespace, command } = view;
  if (isCause) return missing(whyRootStays(view), ...waysToStart(command));
  if (capabilities === undefined) return unknown("not known without /proc");
  const held = describeCapabilities(capabilities.effective);
  if (canLoad(capabilities.effective)) {
    const what = `${held}${isRoot ? ", as root" : ", without root"}`;
    if (isRoot && !canBecomeUser(capabilities.effective)) {
      return note(whyRootStays(view), ...waysToStart(command));
    }
    if (canReadEnvironments(capabilities.effective)) return ok(what);
    return note(
      `${what}: of the processes of others that run already, the environments (--env) are missing`,
      "If they are wanted, grant CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH too; nothing else is missing for want of rights.",
    );
  }
  if (inInitialUserNamespace === false) return unknown("those of this user namespace do not count: see user_namespace");
  const who = isRoot ? "root here has not" : "this user is not root and has not";
  const what = `${who} both CAP_BPF and CAP_PERFMON (it has ${held})`;
  if (!canLoad(capabilities.bounding)) {
    return missing(
      `${what}; nor can it get them: they are not in its bounding set`,
      "Run it on the host instead; or start the container with --cap-add BPF --cap-add PERFMON, " +
        "the service with CapabilityBoundingSet=CAP_BPF CAP_PERFMON.",
    );
  }
  if (noNewPrivileges === true) {
    return missing(
      `${what}; nor can sudo or setcap help: no_new_privs is set`,
      "Start it from outside of this sandbox or service, or there with AmbientCapabilities=CAP_BPF CAP_PERFMON.",
    );
  }
  return missing(what, ...waysToRights(command));
}

function whyRootStays({ capabilities }: View): string {
  if (capabilities === undefined || canBecomeUser(capabilities.effective))
    return "the kernel does not let root be given up";
  const held = describeCapabilities(capabilities.effective);
  return `${held}, as root, but without CAP_SETUID and CAP_SETGID, so root cannot be given up`;
}

function waysToStart({ line }: Command): string[] {
  return [
    `Stay root: \`${line} --keep-privileges\`.`,
    "Or grant what giving it up takes: start the container with --cap-add SETUID --cap-add SETGID, the service with " +
      "CAP_SETUID CAP_SETGID in its CapabilityBoundingSet=.",
  ];
}

function waysToRights({ line, node, script }: Command): string[] {
  return [
    `As root: \`sudo ${line}\`.`,
    "As yourself, once: `sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups --inh-caps=+bpf,+perfmon " +
      `--ambient-caps=+bpf,+perfmon ${line}\`.`,
    "As a service: AmbientCapabilities=CAP_BPF CAP_PERFMON (docs/deploy.md).",
    `For a group of users, with a copy of node of its own: \`sudo install -m 750 -g GROUP ${node} ` +
      "/usr/local/bin/node-bpf && sudo setcap cap_bpf,cap_perfmon=ep /usr/local/bin/node-bpf`, then " +
      `\`/usr/local/bin/node-bpf ${script}\`.`,
  ];
}

/** Whether capabilities count: those of a user namespace of its own do not. */
export function judgeUserNamespace({ inInitialUserNamespace }: Machine): Judgement {
  if (inInitialUserNamespace === undefined) return unknown("not known without /proc");
  if (inInitialUserNamespace) return ok("the machine's own");
  return missing(
    "this is a user namespace (a rootless container, or unshare -U), whose capabilities do not count for bpf(2)",
    "Run it on the host, or in a container that root started without user namespaces (Kubernetes: hostUsers: true).",
  );
}

/** Whether memory for BPF can be had, where it counts against the limit of locked memory. */
export function judgeMemlock({ kernelTypes, lockedMemoryLimit, capabilities }: Machine): Judgement {
  if (kernelTypes?.limitsLockedMemory === false) return ok("this kernel does not count BPF's memory as locked");
  if (kernelTypes === undefined || lockedMemoryLimit === undefined) return unknown("not known without BTF and /proc");
  if (lockedMemoryLimit === Infinity) return ok("unlimited");
  const what = `this kernel counts BPF's memory as locked, of which ${describeBytes(lockedMemoryLimit)} are allowed`;
  if (((capabilities?.effective ?? 0n) & capability.sysResource) !== 0n) return ok(`${what}; it may raise the limit`);
  const fixes = ["`ulimit -l unlimited`; a service's LimitMEMLOCK=infinity; a container's --ulimit memlock=-1."];
  return lockedMemoryLimit < SMALL_MEMLOCK ? missing(what, ...fixes) : note(what, ...fixes);
}

/** Bytes: with less than the default ring and its like, loading fails for sure. */
const SMALL_MEMLOCK = 8 * 1024 * 1024;

/** Whether bpf(2) is open to all, which is of no use to this program. */
export function judgeUnprivileged({ unprivilegedBpfDisabled }: Machine): Judgement {
  if (unprivilegedBpfDisabled === undefined) return unknown("not known without /proc");
  const what = `kernel.unprivileged_bpf_disabled is ${unprivilegedBpfDisabled}`;
  if (unprivilegedBpfDisabled !== "0") return ok(`${what}, which does not concern who has the capabilities`);
  return note(`${what}: users without rights may load some programs, not these`);
}

/** Whether something between the process and bpf(2) forbids it. */
export function judgeSeccomp({ seccompFiltered }: Machine, isCause: boolean): Judgement {
  if (isCause) return missing("a seccomp filter is on this process, and forbids bpf(2)", RUN_ON_HOST);
  if (seccompFiltered === undefined) return unknown("not known without /proc");
  return ok(seccompFiltered ? "a filter is on this process, and lets bpf(2) pass or was not asked" : "no filter");
}

/** Whether the kernel is locked down so far that its memory may not be read. */
export function judgeLockdown({ lockdown, securityModules }: Machine): Judgement {
  if (lockdown === undefined && securityModules !== undefined) return ok("this kernel knows of none");
  if (lockdown === undefined) return unknown("/sys/kernel/security is not mounted");
  if (lockdown !== "confidentiality") return ok(lockdown);
  return missing(
    "the kernel is locked down (confidentiality)",
    "Boot with lockdown=integrity or without it; Secure Boot settings may turn it on.",
  );
}

/** Whether a security module may forbid it. */
export function judgeSecurityModules({ securityModules, securityLabel }: Machine, isCause: boolean): Judgement {
  const label = securityLabel === undefined ? "" : `; this process is ${securityLabel}`;
  if (isCause) {
    return missing(
      `a security module may forbid it${label}`,
      "Look for the denial in `dmesg` or `ausearch -m avc`, and allow bpf(2) there; or start the container with " +
        "--security-opt apparmor=unconfined or --security-opt label=disable.",
    );
  }
  if (securityModules === undefined) return unknown("/sys/kernel/security is not mounted");
  return ok(`${securityModules.join(", ")}${label}`);
}
