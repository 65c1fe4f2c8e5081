import { setTimeout as sleep } from "node:timers/promises";
import { totalLosses, type Losses } from "../event/event.ts";
import type { RecordHandler } from "../libbpf/ring.ts";
import type { Output } from "../output/output.ts";
import { decodeRecord } from "../probe/decode.ts";
import type { Probe } from "../probe/probe.ts";
import { WallClock } from "../timer/clock.ts";

/** What a monitor has done, from its start to its end. */
export interface Summary {
  readonly events: number;
  readonly losses: Losses;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Records per batch: what lies between two flushes, and bounds the memory that a batch takes. */
const BATCH_RECORDS = 8192;

/** Milliseconds between two drains while events keep coming: many events share one wake-up, one write. */
const BUSY_INTERVAL_MS = 10;

/** Milliseconds between two looks at the loss counters, and the longest sleep. */
const LOSS_INTERVAL_MS = 1000;

/** The stages in their order: ring → decode → output. */
export class Monitor {
  readonly #probe: Probe;
  readonly #clock = new WallClock();
  #stopping = false;
  #events = 0;
  #malformed = 0n;
  #lossesReadAt = 0;
  #lossesReported = 0n;

  /** Takes ownership of an attached probe. */
  constructor(probe: Probe) {
    this.#probe = probe;
  }

  /**
   * Brings events to the output until `stop` is called; then detaches, drains what is left, and closes. Rejects with the
   * output's error, with everything closed.
   */
  async run(output: Output): Promise<Summary> {
    const startedAt = performance.now();
    const handleRecord = this.#recordHandler(output);
    try {
      // What the output says before the first event, such as a header, is due now.
      await this.#flush(output);
      while (!this.#stopping) await this.#step(output, handleRecord);
      this.#probe.detach();
      await this.#probe.drainRest(handleRecord);
      await this.#flush(output);
      this.#reportLosses(output);
      return { events: this.#events, losses: this.losses(), durationMs: performance.now() - startedAt };
    } finally {
      this.#probe.close();
    }
  }

  /** Makes `run` come to its end. */
  stop(): void {
    this.#stopping = true;
    this.#probe.wake();
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

  /** One batch, or one wait for it. */
  async #step(output: Output, handleRecord: RecordHandler): Promise<void> {
    this.#clock.sample();
    const records = this.#probe.drain(handleRecord, BATCH_RECORDS);
    if (records > 0) await this.#flush(output);
    if (performance.now() - this.#lossesReadAt >= LOSS_INTERVAL_MS) this.#reportLosses(output);
    if (records === 0) await this.#probe.wait(LOSS_INTERVAL_MS);
    else if (records < BATCH_RECORDS) await sleep(BUSY_INTERVAL_MS);
  }

  #recordHandler(output: Output): RecordHandler {
    return (data, offset, length) => {
      const event = decodeRecord(data, offset, length);
      if (event === undefined) {
        this.#malformed++;
        return;
      }
      this.#events++;
      output.event(event);
    };
  }

  /** Losses are told while the reader holds us up, too: that is when they happen. */
  async #flush(output: Output): Promise<void> {
    const timer = setInterval(() => {
      this.#reportLosses(output);
    }, LOSS_INTERVAL_MS);
    try {
      await output.flush();
    } finally {
      clearInterval(timer);
    }
  }

  #reportLosses(output: Output): void {
    this.#lossesReadAt = performance.now();
    const losses = this.losses();
    const total = totalLosses(losses);
    if (total === this.#lossesReported) return;
    this.#lossesReported = total;
    output.lost(losses);
  }
}
