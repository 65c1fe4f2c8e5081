import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import type { EventKind } from "../event/event.ts";
import { totalLosses, type Losses } from "../event/losses.ts";
import type { RecordHandler } from "../libbpf/ring.ts";
import { NOT_PLAIN, recordWriterOf } from "../output/direct/direct-output.ts";
import type { Output } from "../output/output.ts";
import type { MemorySnapshot } from "../process/memory-texts.ts";
import { ProcessTable } from "../process/process-table.ts";
import { Decoder } from "../probe/decode.ts";
import type { Probe } from "../probe/probe.ts";
import { livenessTest } from "../process/is-alive.ts";
import { WallClock } from "../timer/clock.ts";
import { DrainInterval } from "./drain-interval.ts";

/** What a monitor has done, from its start to its end. */
export interface Summary {
  readonly events: number;
  readonly losses: Losses;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Records per batch: what lies between two flushes, and bounds the memory that a batch takes. */
const BATCH_RECORDS = 128;

/** Milliseconds that a record which is being written when the programs are detached may take. */
const LAST_RECORD_MS = 200;

/** Milliseconds between two looks at the loss counters, and the longest sleep. */
const LOSS_INTERVAL_MS = 1000;

/** The stages in their order: ring → decode → enrich → filter → output. */
export class Monitor {
  readonly #probe: Probe;
  readonly #clock = new WallClock();
  readonly #decoder = new Decoder();
  readonly #processes: ProcessTable;
  readonly #kinds: ReadonlySet<EventKind>;
  readonly #isAlive = livenessTest();
  readonly #interval = new DrainInterval();
  #state: "opened" | "run" | "closed" = "opened";
  #stopping = false;
  #events = 0;
  #malformed = 0n;
  #lossesReadAt = 0;
  #lossesReported = 0n;

  /**
   * Takes ownership of an attached probe. Only events of these kinds reach the output. The snapshot is of the processes
   * that lived when the probe had been attached; without it the arguments of these are unknown.
   */
  constructor(probe: Probe, kinds: Iterable<EventKind>, snapshot?: MemorySnapshot) {
    this.#probe = probe;
    this.#processes = new ProcessTable(snapshot);
    this.#kinds = new Set(kinds);
  }

  /**
   * Brings events to the output until `stop` is called; then detaches, drains what is left, and closes. Can be called
   * once. Rejects with the output's error, with everything closed.
   *
   * @throws {TypeError} if it has been called before, or the monitor is closed
   */
  async run(output: Output): Promise<Summary> {
    if (this.#state !== "opened")
      throw new TypeError(`run a monitor: it ${this.#state === "run" ? "has run" : "is closed"}`);
    this.#state = "run";
    const startedAt = performance.now();
    const handleRecord = this.#recordHandler(output);
    try {
      // What the output says before the first event, such as a header, is due now.
      await this.#flush(output);
      await this.#findRunning(output, handleRecord);
      while (!this.#stopping) await this.#step(output, handleRecord);
      this.#probe.detach();
      await this.#drainRest(output, handleRecord);
      await this.#reportLosses(output);
      return { events: this.#events, losses: this.losses(), durationMs: performance.now() - startedAt };
    } finally {
      this.#probe.close();
    }
  }

  /** Detaches and closes everything; for a monitor that is not run. Idempotent. */
  close(): void {
    if (this.#state === "opened") this.#state = "closed";
    this.stop();
    this.#probe.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Makes `run` come to its end. */
  stop(): void {
    this.#stopping = true;
    this.#probe.wake();
  }

  /** What another kernel could tell, and why this one cannot: a text each. To be asked before the end. */
  gaps(): readonly string[] {
    return this.#probe.gaps();
  }

  /** Turns an event's time into nanoseconds since 1970 UTC, by the clocks as they were at the beginning of the batch. */
  wallNs(bootNs: bigint): bigint {
    return this.#clock.wallNs(bootNs);
  }

  /** What has been lost so far. To be called while `run` runs. */
  losses(): Losses {
    const losses = this.#probe.losses();
    return { ...losses, malformed: losses.malformed + this.#malformed };
  }

  /** The programs are attached by now: a process is found here, or seen to start, or both. */
  async #findRunning(output: Output, handleRecord: RecordHandler): Promise<void> {
    while (!this.#stopping && this.#probe.findRunning()) await this.#drain(output, handleRecord);
    // What the last step found comes before any process that starts from now on.
    await this.#drain(output, handleRecord);
    this.#processes.allFound();
  }

  async #drain(output: Output, handleRecord: RecordHandler): Promise<void> {
    let records;
    do {
      records = this.#probe.drain(handleRecord, BATCH_RECORDS);
      await this.#flush(output);
      // Signals and timers must have their turn, also while a flood goes on.
      await immediate();
    } while (records === BATCH_RECORDS && !this.#stopping);
  }

  /** One batch, or one wait for it. */
  async #step(output: Output, handleRecord: RecordHandler): Promise<void> {
    this.#clock.sample();
    const filled = this.#probe.pendingBytes / this.#probe.ringSize;
    const records = this.#probe.drain(handleRecord, BATCH_RECORDS);
    this.#interval.note(records, filled);
    if (records > 0) await this.#flush(output);
    if (performance.now() - this.#lossesReadAt >= LOSS_INTERVAL_MS) await this.#reportLosses(output);
    if (records === 0) await this.#probe.wait(LOSS_INTERVAL_MS);
    else if (records < BATCH_RECORDS) await sleep(this.#interval.next());
    // More is there, but signals and timers must have their turn.
    else await immediate();
  }

  /** Empties the ring after `detach`, batch by batch; programs that had begun before may still be writing a record. */
  async #drainRest(output: Output, handleRecord: RecordHandler): Promise<void> {
    for (let idleMs = 0; idleMs < LAST_RECORD_MS;) {
      const records = this.#probe.drain(handleRecord, BATCH_RECORDS);
      await this.#flush(output);
      if (this.#probe.pendingBytes === 0) return;
      if (records > 0) continue;
      await sleep(1);
      idleMs++;
    }
  }

  #recordHandler(output: Output): RecordHandler {
    const writeRecord = recordWriterOf(output, {
      clock: this.#clock,
      processes: this.#processes,
      cgroupPath: this.#decoder.cgroupPath,
      kinds: this.#kinds,
    });
    return (data, offset, length) => {
      if (writeRecord !== undefined) {
        const written = writeRecord(data, offset, length);
        if (written !== NOT_PLAIN) {
          this.#events += written;
          return;
        }
      }
      const decoded = this.#decoder.decode(data, offset, length);
      if (decoded === "noted") return;
      if (decoded === "malformed") {
        this.#malformed++;
        return;
      }
      const event = this.#processes.enrich(decoded);
      if (event === undefined || !this.#kinds.has(event.kind)) return;
      this.#events++;
      output.event(event);
    };
  }

  /** Losses are told while the reader holds us up, too: that is when they happen. */
  async #flush(output: Output): Promise<void> {
    const flushed = output.flush();
    if (flushed === undefined) return;
    const timer = setInterval(() => {
      this.#tellLosses(output);
    }, LOSS_INTERVAL_MS);
    try {
      await flushed;
    } finally {
      clearInterval(timer);
    }
  }

  async #reportLosses(output: Output): Promise<void> {
    if (this.#tellLosses(output)) await this.#flush(output);
  }

  /** Returns whether there was something to tell. */
  #tellLosses(output: Output): boolean {
    this.#lossesReadAt = performance.now();
    const losses = this.losses();
    const total = totalLosses(losses);
    if (total === this.#lossesReported) return false;
    this.#lossesReported = total;
    // Exits may be among them, and nothing else takes their processes off the table.
    this.#processes.sweep(this.#isAlive);
    output.lost(losses);
    return true;
  }
}
