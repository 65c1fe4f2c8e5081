import { existsSync } from "node:fs";
import { inInitialNamespace, procHasMachinePids } from "../machine/namespaces.ts";

/**
 * How to find out whether a process of the machine lives, zombies included. In a container its PID names another process,
 * or none: there /proc is asked, if it is the machine's; otherwise all are said to live.
 */
export function livenessTest(): (pid: number) => boolean {
  if (inInitialNamespace("pid") !== false) return isAlive;
  return procHasMachinePids() ? (pid) => existsSync(`/proc/${pid}`) : () => true;
}

/** Without the right to signal it, it lives all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
