import type { ExitStatus } from "../../event/event.ts";
import { signalName } from "../../event/signal-name.ts";

/** How a process ended: `[0]`, `[SIGKILL]`, `[SIGSEGV core]`. */
export function exitStatusText(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return `[${status.code}]`;
    case "signaled":
      return `[${signalName(status.signal)}${status.coreDumped ? " core" : ""}]`;
  }
}
