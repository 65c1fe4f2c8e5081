import { canTrace } from "../capabilities.ts";
import type { Machine, View } from "../machine.ts";
import { note, ok, unknown, type Judgement } from "./judgement.ts";

/** Whose processes are seen, and under which numbers. */
export function judgePidNamespace({ inInitialPidNamespace, procHasMachinePids }: View): Judgement {
  if (inInitialPidNamespace === undefined) {
    return unknown(
      "whether this is a container's PID namespace is not known without /proc: the processes of the whole machine are " +
        "shown, with the machine's PIDs; if it is, of those that run already only this namespace's",
    );
  }
  if (inInitialPidNamespace) return ok("the machine's own");
  const without = procHasMachinePids ? "" : ", without arguments";
  return note(
    "this is a container's PID namespace: the processes of the whole machine are shown, with the machine's PIDs " +
      `(JSON has a process's own as ns_pid); of those that run already, only this namespace's${without}`,
    "To see all that runs already, start the container with --pid=host (Kubernetes: hostPID: true).",
  );
}

/** What this runs in. */
export function judgeContainer({ container }: Machine): Judgement {
  if (container === undefined) return ok("none");
  if (container === "WSL") return note("WSL: the processes of its virtual machine are shown, those of Windows are not");
  return ok(`${container}, by the marks it leaves`);
}

/** Whether /proc can be asked for what the kernel side cannot tell. */
export function judgeProc({ hasProc, hasProcSys, procHidesOthers, capabilities }: View): Judgement {
  if (!hasProc) {
    return note(`/proc is not mounted: ${ARGUMENTS} are missing`, "Mount it: `mount -t proc proc /proc`.");
  }
  if (!hasProcSys) {
    return note(
      "/proc has no /proc/sys: of JSON, every `id` begins with the time of the boot instead of the boot's own name",
      "Mount it without subset=pid (a service: ProcSubset=all).",
    );
  }
  if (!procHidesOthers) return ok("open to this user");
  if (canTrace(capabilities?.effective ?? 0n)) return ok("hides processes, but not from who has CAP_SYS_PTRACE");
  return note(
    `/proc hides the processes of others: ${ARGUMENTS} are missing`,
    "Mount it with hidepid=0 (a service: ProtectProc=default), or with gid= of a group that this user is in; or grant " +
      "CAP_SYS_PTRACE too.",
  );
}

const ARGUMENTS = "of the processes that run already, the arguments";

/** tracefs, for which other tools ask. */
export function judgeTracefs(): Judgement {
  return ok("not needed: the programs attach by bpf(2) alone");
}
