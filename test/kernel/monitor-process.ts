import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { patience } from "./pace.ts";
import { parseRow, type Row } from "./row.ts";

/** The built monitor's launcher. */
export const launcher = fileURLToPath(new URL("../../ebpf-bootstrap", import.meta.url));

export const HEADER = "TIME     EVENT COMM             PID     PPID    FILENAME/EXIT CODE";

/** The real monitor, run as a user runs it: a process, its standard output a pipe. */
export class MonitorProcess implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = "";
  #stderr = "";

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
  }

  /** Starts it, and returns once it is attached: it prints its header then. */
  static async start(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<MonitorProcess> {
    const env = { ...process.env, SUDO_UID: undefined, SUDO_GID: undefined, ...environment };
    const monitor = new MonitorProcess(spawn(launcher, args, { stdio: ["ignore", "pipe", "pipe"], env }));
    await monitor.until(() => monitor.#stdout.includes("\n"), "print its header");
    return monitor;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The complete rows so far. */
  rows(): Row[] {
    const lines = this.#stdout.slice(0, this.#stdout.lastIndexOf("\n")).split("\n");
    return lines.slice(1).map(parseRow);
  }

  /** Stops reading its output, as a paused pager does. */
  pauseReading(): void {
    this.#child.stdout.pause();
  }

  resumeReading(): void {
    this.#child.stdout.resume();
  }

  /** Waits until a condition holds; fails after ten seconds or if the monitor ends before. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + patience(10_000);
    while (!condition()) {
      if (this.#child.exitCode !== null) throw new Error(`the monitor ended and did not ${what}: ${this.#stderr}`);
      if (performance.now() > deadline) throw new Error(`the monitor did not ${what} in time: ${this.#stderr}`);
      await sleep(5);
    }
  }

  /** Sends a signal, waits for the end, and returns the exit status (null if a signal killed it). */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    await closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end("SIGKILL");
  }
}
