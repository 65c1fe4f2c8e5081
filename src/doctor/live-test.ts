import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { EbpfError } from "../errors.ts";
import { judge } from "../machine/checks.ts";
import { inspectMachine } from "../machine/machine.ts";
import { openMonitor, type MonitorOptions } from "../monitor/open-monitor.ts";
import type { Output } from "../output/output.ts";

/** How long the steps of a live test took, in milliseconds. */
export interface LiveTest {
  /** Opening, relocating, verifying, loading and attaching. */
  readonly attachMs: number;
  /** From the start of a program to the event that tells of it. */
  readonly eventMs: number;
  /** Detaching, draining and closing. */
  readonly detachMs: number;
  /** What another kernel could tell, and why this one cannot: a text each. */
  readonly gaps: readonly string[];
}

/** Milliseconds that an event may take to come. */
const PATIENCE_MS = 5000;

/**
 * Does once what the monitor does: loads and attaches the programs, sees a program start, and detaches.
 *
 * @throws {EbpfError} as `openMonitor` does; `NO_EVENT` if the start is not seen, or no program can be started
 */
export async function testLive(options: Pick<MonitorOptions, "btfPath" | "onMessage">): Promise<LiveTest> {
  const begun = performance.now();
  const monitor = openMonitor({ ...options, full: true, events: ["exec", "exec_failed"] });
  const attached = performance.now();
  const gaps = monitor.gaps();
  // Known by a name that no other process has: its PID may be another here than the kernel's.
  const name = `ebpf-bootstrap-doctor-${randomUUID()}`;
  let unstartable: unknown;
  const giveUp = (error: unknown) => {
    unstartable = error;
    monitor.stop();
  };
  try {
    // Pipes, since there need not be a /dev/null.
    spawn(process.execPath, ["--version"], { argv0: name, stdio: "pipe" }).on("error", giveUp);
  } catch (error) {
    giveUp(error);
  }
  const patience = setTimeout(() => {
    monitor.stop();
  }, PATIENCE_MS);
  let seen = NaN;
  const output: Output = {
    event(event) {
      if (event.kind !== "exec" || event.image?.argv?.[0] !== name) return;
      seen = performance.now();
      monitor.stop();
    },
    lost: () => undefined,
    flush: () => Promise.resolve(),
  };
  try {
    await monitor.run(output);
  } finally {
    clearTimeout(patience);
  }
  if (unstartable !== undefined) throw notStarted(unstartable);
  if (Number.isNaN(seen)) throw notSeen(options.btfPath);
  return { attachMs: attached - begun, eventMs: seen - attached, detachMs: performance.now() - seen, gaps };
}

function notStarted(cause: unknown): EbpfError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new EbpfError("NO_EVENT", `start ${process.execPath}`, {
    cause,
    finding: {
      check: "test",
      status: "unknown",
      text: `all was loaded and attached, but ${process.execPath} could not be started, to see that told: ${reason}`,
      fixes: [
        reason === "EAGAIN"
          ? "Allow more processes: `ulimit -u`, a service's TasksMax=, a container's --pids-limit; or start the monitor, " +
            "and see whether it tells of other programs."
          : "Start the monitor, and see whether it tells of other programs.",
      ],
    },
  });
}

function notSeen(btfPath: string | undefined): EbpfError {
  // With types of another kernel all may be loaded, and then tell nonsense.
  if (btfPath !== undefined) {
    return new EbpfError("NO_EVENT", "see a program start", { finding: judge("btf", inspectMachine(btfPath), true) });
  }
  return new EbpfError("NO_EVENT", "see a program start", {
    finding: {
      check: "test",
      status: "missing",
      text: `all was loaded and attached, but the start of ${process.execPath} was not told within ${PATIENCE_MS} ms`,
      fixes: ["Try again when the machine is less busy; if it stays, please report it."],
    },
  });
}
