import { setTimeout as sleep } from "node:timers/promises";
import type { Losses } from "../event/event.ts";
import { kernelStructHasMember } from "../libbpf/kernel-btf.ts";
import type { LogListener } from "../libbpf/log.ts";
import type { Link } from "../libbpf/link.ts";
import type { BpfMap } from "../libbpf/map.ts";
import { BpfObject } from "../libbpf/object.ts";
import type { Program } from "../libbpf/program.ts";
import { RingBuffer } from "../libbpf/ring-buffer.ts";
import type { RecordHandler } from "../libbpf/ring.ts";
import { processLimit } from "./process-limit.ts";
import { DEFAULT_RING_SIZE } from "./defaults.ts";
import type { Probe } from "./probe.ts";
import { wire } from "./wire.ts";

/** What the kernel side sends, and through how large a ring. */
export interface ProbeOptions {
  /**
   * Nanoseconds. If not 0, execs are not reported, and exits only of processes that lived at least this long; the kernel
   * side leaves out the others. Default: 0.
   */
  readonly minDurationNs?: bigint;
  /** Bytes of the ring between kernel and user space: a power of two, and at least a page. Default: 4 MiB. */
  readonly ringSize?: number;
  /** Receives libbpf's messages. */
  readonly onMessage?: LogListener;
}

/**
 * A program reads "the consumer is awake" at most this long, in milliseconds, before its event is visible in the ring:
 * only then may the consumer sleep without end. Generous; it is a matter of nanoseconds.
 */
const SETTLE_MS = 20;

/** Milliseconds until the next look at a record that is still being written. */
const BUSY_RECORD_MS = 1;

/** Milliseconds that a program which had begun before `detach` may take to finish. */
const DETACH_MS = 200;

/** This program's BPF object, loaded and attached. Minimum kernel: 5.8, with BTF. */
export class KernelProbe implements Probe {
  /** The loaded programs. */
  readonly programs: readonly Program[];
  readonly #object: BpfObject;
  readonly #ring: RingBuffer;
  readonly #lost: BpfMap;
  readonly #links: readonly Link[];
  readonly #consumerSleeps: Int32Array;

  /** @throws {EbpfError} of the libbpf layer; see `explainLoadError` */
  constructor(options: ProbeOptions) {
    this.#object = BpfObject.open(wire.objectUrl, {
      name: "bootstrap",
      ...(options.onMessage && { onMessage: options.onMessage }),
    });
    try {
      this.#prepare(options);
      this.#object.load();
      this.#consumerSleeps = new Int32Array(
        this.#object.mapSection(wire.variables.consumer_sleeps.section),
        wire.variables.consumer_sleeps.offset,
        1,
      );
      this.#lost = this.#object.map("lost");
      this.programs = this.#object.programs().filter((program) => program.autoload);
      this.#links = this.#object.attach();
      this.#ring = new RingBuffer(this.#object.map("events"));
    } catch (error) {
      this.#object.close();
      throw error;
    }
  }

  drain(handler: RecordHandler, limit: number): number {
    return this.#ring.drain(handler, limit);
  }

  async wait(timeoutMs: number): Promise<void> {
    Atomics.store(this.#consumerSleeps, 0, 1);
    try {
      // Looked at after the flag is up, since a program that reserved before that has not seen it.
      if (this.#ring.pendingBytes > 0) {
        await sleep(BUSY_RECORD_MS);
        return;
      }
      const settled = await this.#ring.wait(Math.min(SETTLE_MS, timeoutMs));
      if (settled !== "timeout" || timeoutMs <= SETTLE_MS || this.#ring.pendingBytes > 0) return;
      await this.#ring.wait(timeoutMs - SETTLE_MS);
    } finally {
      Atomics.store(this.#consumerSleeps, 0, 0);
    }
  }

  wake(): void {
    this.#ring.wake();
  }

  async drainRest(handler: RecordHandler): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += BUSY_RECORD_MS) {
      this.#ring.drain(handler, Infinity);
      if (this.#ring.pendingBytes === 0 || waitedMs > DETACH_MS) return;
      await sleep(BUSY_RECORD_MS);
    }
  }

  losses(): Losses {
    const perCpu = this.#lost.lookupPerCpu(new Uint8Array(4)) ?? [];
    let exec = 0n;
    let exit = 0n;
    for (const bytes of perCpu) {
      const lost = wire.decodeLostEvents(new DataView(bytes.buffer, bytes.byteOffset), 0);
      exec += lost.exec;
      exit += lost.exit;
    }
    const skippedRuns = this.programs.reduce((sum, program) => sum + program.info().recursionMisses, 0n);
    return { exec, exit, skippedRuns, malformed: BigInt(this.#ring.corruptions) };
  }

  detach(): void {
    for (const link of this.#links) link.close();
  }

  close(): void {
    this.#ring.close();
    this.#object.close();
  }

  #prepare({ minDurationNs = 0n, ringSize = DEFAULT_RING_SIZE }: ProbeOptions): void {
    this.#object.setVariable(wire.variables.min_duration_ns, minDurationNs);
    this.#object.map("events").setMaxEntries(ringSize);
    this.#object.map("last_execs").setMaxEntries(processLimit());
    // From 6.16 the tracepoint itself says which thread is the last of its process (bpf/compat.bpf.h).
    const saysGroupDead = kernelStructHasMember("trace_event_raw_sched_process_exit", "group_dead");
    this.#object.program("handle_free").setAutoload(!saysGroupDead);
    this.#object.map("ended").setMaxEntries(saysGroupDead ? 1 : processLimit());
  }
}
