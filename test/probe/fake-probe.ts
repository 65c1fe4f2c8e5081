import type { Losses } from "../../src/event/event.ts";
import { Ring, type RecordHandler } from "../../src/libbpf/ring.ts";
import type { Probe } from "../../src/probe/probe.ts";
import { FakeRing } from "../libbpf/fake-ring.ts";

/** A probe whose kernel side is the test: records are pushed into a ring in memory, and read by the real reader. */
export class FakeProbe implements Probe {
  readonly calls: string[] = [];
  readonly #fake: FakeRing;
  readonly #ring: Ring;
  #lost = 0n;
  #wake: (() => void) | undefined;
  #woken = false;
  #attached = true;
  #closed = false;

  constructor(ringSize = 64 * 1024) {
    this.#fake = new FakeRing(ringSize);
    this.#ring = new Ring(this.#fake.memory);
  }

  /** What the kernel side does at an event. */
  emit(record: Uint8Array): void {
    if (!this.#attached) return;
    if (!this.#fake.push(record)) this.#lost++;
    this.#wake?.();
  }

  drain(handler: RecordHandler, limit: number): number {
    if (this.#closed) throw new TypeError("drain: closed");
    return this.#ring.drain(handler, limit);
  }

  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        this.#woken = false;
        resolve();
      };
      if (this.#woken || this.#ring.pendingBytes > 0) this.#wake();
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  drainRest(handler: RecordHandler): Promise<void> {
    this.calls.push("drainRest");
    this.#ring.drain(handler, Infinity);
    return Promise.resolve();
  }

  losses(): Losses {
    return { exec: this.#lost, exit: 0n, skippedRuns: 0n, malformed: BigInt(this.#ring.corruptions) };
  }

  detach(): void {
    if (this.#attached) this.calls.push("detach");
    this.#attached = false;
  }

  close(): void {
    if (!this.#closed) this.calls.push("close");
    this.#closed = true;
  }
}
