import type { Machine } from "../machine.ts";
import { note, ok, unknown, type Judgement } from "./judgement.ts";

/** Whose processes are seen, and under which numbers. */
export function judgePidNamespace({ inInitialPidNamespace, procHasMachinePids }: Machine): Judgement {
  if (inInitialPidNamespace === undefined) return unknown("not known without /proc");
  if (inInitialPidNamespace) return ok("the machine's own");
  const running = procHasMachinePids
    ? ""
    : "; of those that run already, only those of this namespace, without arguments";
  return note(
    "this is a container's PID namespace: the processes of the whole machine are shown, with the machine's PIDs " +
      `(JSON has a process's own as ns_pid)${running}`,
    "To see what runs already on the machine too, start the container with --pid=host (Kubernetes: hostPID: true).",
  );
}

/** What this runs in. */
export function judgeContainer({ container }: Machine): Judgement {
  if (container === undefined) return ok("none");
  if (container === "WSL") return note("WSL: the processes of its virtual machine are shown, those of Windows are not");
  return ok(`${container}, by the marks it leaves`);
}

/** Whether /proc can be asked for what the kernel side cannot tell. */
export function judgeProc({ hasProc, procHidesOthers, isRoot }: Machine): Judgement {
  if (!hasProc) {
    return note("not mounted: arguments of the processes that run already are missing", "`mount -t proc proc /proc`");
  }
  if (!procHidesOthers) return ok("open to all");
  return note(
    "it hides the processes of others (hidepid): arguments of those that run already are missing" +
      (isRoot ? " without --keep-privileges" : ""),
    isRoot
      ? "Use --keep-privileges."
      : "Mount it with hidepid=0 (systemd: ProtectProc=default), or with gid= of a group that this user is in.",
  );
}

/** tracefs, for which other tools ask. */
export function judgeTracefs(): Judgement {
  return ok("not needed: the programs attach by bpf(2) alone");
}
