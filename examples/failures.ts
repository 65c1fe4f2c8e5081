/**
 * Shows only what went wrong: processes that were killed by a signal, or ended with a code other than 0.
 *
 *     make build && sudo node --import tsx examples/failures.ts
 */
import { openMonitor, printable, signalName, type ExitStatus } from "ebpf-bootstrap";

const monitor = openMonitor();
process.once("SIGINT", () => {
  monitor.stop();
});

await monitor.run({
  event(event) {
    if (event.kind !== "exit" || isSuccess(event.status)) return;
    console.log(`${printable(event.comm)} (${event.pid}) ended with ${describe(event.status)}`);
  },
  lost(losses) {
    console.error("lost so far:", losses);
  },
  flush: () => Promise.resolve(),
});

function isSuccess(status: ExitStatus): boolean {
  return status.kind === "exited" && status.code === 0;
}

function describe(status: ExitStatus): string {
  return status.kind === "exited" ? `code ${status.code}` : signalName(status.signal);
}
