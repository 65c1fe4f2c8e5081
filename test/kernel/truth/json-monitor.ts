import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "../fixture.ts";
import { launcher } from "../monitor-process.ts";
import { patience } from "../pace.ts";
import type { JsonRecord } from "./record.ts";
import { findViolations } from "./schema.ts";

const ALL_EVENTS = ["fork", "exec", "exec_failed", "exit", "running"] as const;
/** Room for the largest storm of these tests, though the monitor should not run at all meanwhile. */
const RING_SIZE = "32MiB";
const PATIENCE_MS = patience(15_000);

type EventType = (typeof ALL_EVENTS)[number];

/** The real monitor with `-o json`, its lines parsed as they come. */
export class JsonMonitor implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** The last type of record that a short program brings about, of those asked for. */
  readonly #lastType: EventType;
  readonly #records: JsonRecord[] = [];
  #rest = "";
  #stderr = "";

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>, events: readonly EventType[]) {
    this.#child = child;
    this.#lastType = (["exit", "exec"] as const).find((type) => events.includes(type)) ?? "fork";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#take(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
  }

  /** Starts it with every type of event, and returns once it sees what happens. */
  static async start(...args: string[]): Promise<JsonMonitor> {
    return this.startWith(ALL_EVENTS, ...args);
  }

  /** Starts it with these types of events, one of which must be fork, exec or exit; else like `start`. */
  static async startWith(events: readonly EventType[], ...args: string[]): Promise<JsonMonitor> {
    const options = ["-o", "json", "--events", events.join(), "--ring-size", RING_SIZE, ...args];
    const monitor = new JsonMonitor(spawn(launcher, options, { stdio: ["ignore", "pipe", "pipe"] }), events);
    const deadline = performance.now() + PATIENCE_MS;
    for (let ms = patience(100); !(await monitor.#seesMarker(ms)); ms *= 2) {
      if (performance.now() > deadline) throw new Error(`the monitor saw nothing: ${monitor.#stderr}`);
    }
    return monitor;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** All records so far. */
  get records(): readonly JsonRecord[] {
    return this.#records;
  }

  /** Does something, and returns all records that came from its beginning to its end. */
  async during<T>(work: () => Promise<T> | T): Promise<{ result: T; records: readonly JsonRecord[] }> {
    const start = this.#records.length;
    const result = await work();
    await this.settle();
    return { result, records: this.#records.slice(start) };
  }

  /** Returns once everything that has happened so far has been told: the ring keeps the order of events. */
  async settle(): Promise<void> {
    assert.ok(await this.#seesMarker(PATIENCE_MS), `the monitor does not see a marker: ${this.#stderr}`);
  }

  /** Waits for a record that fits, from those at `start` on. */
  async until(fits: (record: JsonRecord) => boolean, what: string, start = 0): Promise<JsonRecord> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let next = start; ;) {
      for (; next < this.#records.length; next++) {
        const record = this.#records[next];
        if (record !== undefined && fits(record)) return record;
      }
      if (this.#hasEnded()) throw new Error(`the monitor ended and did not ${what}: ${this.#stderr}`);
      if (performance.now() > deadline) throw new Error(`the monitor did not ${what} in time: ${this.#stderr}`);
      await sleep(5);
    }
  }

  /**
   * Ends it. Fails if it did not end well; if it lost anything, since no record can be relied on to be there then; or if
   * a record is not as the schema says.
   */
  async end(): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.kill("SIGTERM");
    await closed;
    assert.equal(this.#child.exitCode, 0, this.#stderr);
    assert.match(this.#stderr, /\b0 lost\b/, `the workload must not be so large that events are lost: ${this.#stderr}`);
    assert.equal(this.#rest, "", "the last line is complete");
    assert.ok(!this.#records.some(({ type }) => type === "lost"));
    assert.deepEqual(findViolations(this.#records), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded()) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#records.push(JSON.parse(line) as JsonRecord);
  }

  /** Runs a program, and tells whether the last of it is seen in time. */
  async #seesMarker(patienceMs: number): Promise<boolean> {
    const start = this.#records.length;
    const marker = spawn(fixture("tiny"), { stdio: "ignore" });
    await once(marker, "exit");
    const deadline = performance.now() + patienceMs;
    const isLast = ({ type, pid }: JsonRecord) => type === this.#lastType && pid === marker.pid;
    while (!this.#records.slice(start).some(isLast)) {
      if (this.#hasEnded()) throw new Error(`the monitor ended: ${this.#stderr}`);
      if (performance.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  }
}

/** One monitor for all tests of a file, or of a `describe`: returns how to get at it while they run. */
export function sharedMonitor(...args: string[]): () => JsonMonitor {
  let monitor: JsonMonitor | undefined;
  before(async () => {
    monitor = await JsonMonitor.start(...args);
  });
  after(async () => {
    await using last = monitor;
    await last?.end();
  });
  return () => {
    assert.ok(monitor, "the monitor has not been started");
    return monitor;
  };
}
