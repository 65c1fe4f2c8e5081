import type { Finding } from "../errors.ts";
import { judgeMemory, judgeOpenFiles } from "./checks/limits.ts";
import { judgeBtf, judgeKernel, judgeSyscall } from "./checks/kernel.ts";
import type { Judgement } from "./checks/judgement.ts";
import {
  judgeCapabilities,
  judgeLockdown,
  judgeMemlock,
  judgeSeccomp,
  judgeSecurityModules,
  judgeUnprivileged,
  judgeUserNamespace,
} from "./checks/rights.ts";
import { judgeContainer, judgePidNamespace, judgeProc, judgeTracefs } from "./checks/view.ts";
import type { Machine, View } from "./machine.ts";

/**
 * What is looked at, by the names that the doctor prints. `isCause`: loading failed, and nothing that is known for sure
 * explains it; a suspect then turns from ok to missing.
 */
const checks = {
  kernel: judgeKernel,
  bpf_syscall: judgeSyscall,
  btf: judgeBtf,
  capabilities: judgeCapabilities,
  user_namespace: judgeUserNamespace,
  lockdown: judgeLockdown,
  memlock: judgeMemlock,
  memory: judgeMemory,
  open_files: judgeOpenFiles,
  seccomp: judgeSeccomp,
  lsm: judgeSecurityModules,
  unprivileged_bpf: judgeUnprivileged,
  pid_namespace: judgePidNamespace,
  container: judgeContainer,
  proc: judgeProc,
  tracefs: judgeTracefs,
} as const satisfies Readonly<Record<string, (machine: Machine, isCause: boolean) => Judgement>>;

/** The name of a check. */
export type CheckName = keyof typeof checks;

/** All names, in the order in which the doctor prints them. */
export const checkNames = Object.keys(checks) as readonly CheckName[];

/** The checks that decide what is seen. */
type ViewCheck = "pid_namespace" | "capabilities" | "proc";

/** What is missing from the records, or other than one would think, where the monitor works. */
export function judgeView(view: View): readonly (Finding & { readonly check: ViewCheck })[] {
  const findings: (Finding & { readonly check: ViewCheck })[] = [
    { check: "pid_namespace", ...judgePidNamespace(view) },
    { check: "capabilities", ...judgeCapabilities(view) },
    { check: "proc", ...judgeProc(view) },
  ];
  return findings.filter(
    ({ check, status }) => status === "note" || (status === "unknown" && check === "pid_namespace"),
  );
}

/** What one check finds on a machine. */
export function judge(name: CheckName, machine: Machine, isCause = false): Finding {
  return { check: name, ...checks[name](machine, isCause) };
}
