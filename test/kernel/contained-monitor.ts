import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { launcher } from "./monitor-process.ts";
import type { JsonRecord } from "./truth/record.ts";
import { findViolations } from "./truth/schema.ts";

const PATIENCE_MS = 30_000;
/** Room for what others do on the machine meanwhile, too. */
const RING_SIZE = "128MiB";

/** The real monitor with `-o json`, started by a command that puts it into other surroundings: setpriv(1), unshare(1). */
export class ContainedMonitor implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #records: JsonRecord[] = [];
  #rest = "";
  #stderr = "";

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#records.push(JSON.parse(line) as JsonRecord);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
  }

  /** Starts `COMMAND… ebpf-bootstrap -o json ARGS…`, and returns once it sees what happens. */
  static async start(command: readonly string[], ...args: readonly string[]): Promise<ContainedMonitor> {
    return this.startProgram([...command, launcher], ...args);
  }

  /** The same for a monitor that is installed elsewhere: `PROGRAM… -o json ARGS…`. */
  static async startProgram(command: readonly string[], ...args: readonly string[]): Promise<ContainedMonitor> {
    const [program = launcher, ...rest] = [...command, "-o", "json", "--ring-size", RING_SIZE, ...args];
    // A process group of its own, so that a signal reaches it whatever stands between.
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    const monitor = new ContainedMonitor(child);
    const marker = `/nonexistent/${child.pid ?? 0}`;
    await monitor.until(() => {
      // A program whose name is seen whatever PIDs the monitor shows.
      spawn("/bin/sh", ["-c", "exit 0", marker], { stdio: "ignore" });
      return monitor.records.some(({ argv, type }) => type === "exec" && argv?.includes(marker) === true);
    }, "see a program start");
    return monitor;
  }

  /** Of the command, which may have become the monitor. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The complete records so far. */
  get records(): readonly JsonRecord[] {
    return this.#records;
  }

  /** Waits until a condition holds; fails if it does not in time, or if the monitor ends before. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      assert.ok(this.#isAlive(), `the monitor ended and did not ${what}: ${this.#stderr}`);
      assert.ok(performance.now() < deadline, `the monitor did not ${what} in time: ${this.#stderr}`);
      await sleep(50);
    }
  }

  /** Sends it a signal, wherever it runs. */
  signal(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Ends it; fails if it lost anything, did not end well, or a record is not as the schema says. */
  async end(): Promise<void> {
    assert.equal(await this.endWithLosses(), 0, this.#stderr);
  }

  /** Ends it as `end` does, and returns how many events it says it has lost. */
  async endWithLosses(): Promise<number> {
    await this.#kill("SIGTERM");
    assert.equal(this.#child.exitCode, 0, this.#stderr);
    assert.equal(this.#rest, "", "the last line is complete");
    assert.deepEqual(findViolations(this.records), []);
    const lost = /\d+ events, (\d+) lost/.exec(this.#stderr)?.[1];
    assert.ok(lost !== undefined, this.#stderr);
    return Number(lost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isAlive()) await this.#kill("SIGKILL");
  }

  #isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #kill(signal: NodeJS.Signals): Promise<void> {
    const closed = once(this.#child, "close");
    this.signal(signal);
    await closed;
  }
}
