import { noLosses, type Losses } from "../../src/event/losses.ts";
import { Ring, type RecordHandler } from "../../src/libbpf/ring.ts";
import type { Probe } from "../../src/probe/probe.ts";
import { FakeRing } from "../libbpf/fake-ring.ts";

/** A probe whose kernel side is the test: records are pushed into a ring in memory, and read by the real reader. */
export class FakeProbe implements Probe {
  readonly calls: string[] = [];
  readonly #fake: FakeRing;
  readonly #ring: Ring;
  #running: readonly (readonly Uint8Array[])[];
  #lost = 0n;
  #wake: (() => void) | undefined;
  #woken = false;
  #attached = true;
  #closed = false;

  /** `running` are the records that each step of the search for running processes brings. */
  constructor(ringSize = 64 * 1024, running: readonly (readonly Uint8Array[])[] = []) {
    this.#running = running;
    this.#fake = new FakeRing(ringSize);
    this.#ring = new Ring(this.#fake.memory);
  }

  /** What the kernel side does at an event. */
  emit(record: Uint8Array): void {
    if (!this.#attached) return;
    if (!this.#fake.push(record)) this.#lost++;
    this.#wake?.();
  }

  gaps(): readonly string[] {
    return [];
  }

  findRunning(): boolean {
    const [records, ...rest] = this.#running;
    this.#running = rest;
    for (const record of records ?? []) this.emit(record);
    return rest.length > 0;
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

  get ringSize(): number {
    return this.#ring.size;
  }

  get pendingBytes(): number {
    return this.#ring.pendingBytes;
  }

  losses(): Losses {
    return { ...noLosses, exec: this.#lost, malformed: BigInt(this.#ring.corruptions) };
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
