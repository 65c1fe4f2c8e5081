import type { ChildProcess } from "node:child_process";

/** The processes that the bench has started and that have not ended; they do not outlive it. */
export const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
