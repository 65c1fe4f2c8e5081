import { spawn, type ChildProcessByStdio, type SpawnOptionsWithoutStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** A program that says "ready" and then lives until its standard input ends: see test/fixtures/hold.c. */
export class Held implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  #stdout = "";
  #stderr = "";

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    this.#closed = once(child, "close");
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
  }

  /** Starts it, perhaps by way of other programs, and returns once it is ready. */
  static async start(program: string, args: readonly string[], options: SpawnOptionsWithoutStdio = {}): Promise<Held> {
    const held = new Held(spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"] }));
    while (!held.#stdout.includes("ready\n")) {
      await Promise.race([once(held.#child.stdout, "data"), held.#closed]);
      if (held.#child.exitCode !== null) throw new HeldError(program, held.#child.exitCode, held.#stderr);
    }
    return held;
  }

  /** That of the program that was started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Lets it end, and returns its exit code, null if a signal ended it. */
  async release(): Promise<number | null> {
    this.#child.stdin.end();
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGCONT");
    await this.release();
  }
}

/** It ended before it was ready. */
export class HeldError extends Error {
  readonly exitCode: number;
  readonly stderr: string;

  constructor(program: string, exitCode: number, stderr: string) {
    super(`${program} exited with ${exitCode} and was never ready: ${stderr}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}
