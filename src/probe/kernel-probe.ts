import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Losses } from "../event/losses.ts";
import { LibbpfError } from "../libbpf/errors.ts";
import type { Link } from "../libbpf/link.ts";
import type { ProgramIterator } from "../libbpf/iterator.ts";
import type { BpfObject } from "../libbpf/object.ts";
import type { Program } from "../libbpf/program.ts";
import { RingBuffer } from "../libbpf/ring-buffer.ts";
import type { RecordHandler } from "../libbpf/ring.ts";
import { checkOptions } from "./check-options.ts";
import { DEFAULT_ARGS_BYTES, DEFAULT_RING_SIZE } from "./defaults.ts";
import { findGaps } from "./gaps.ts";
import type { Features } from "./features.ts";
import { isGap, loadObject, programNames, recoveryPrograms, type LoadOptions } from "./load-object.ts";
import type { ProbeOptions } from "./probe-options.ts";
import type { Probe } from "./probe.ts";
import { SkippedRuns } from "./skipped-runs.ts";
import { wire } from "./wire.ts";

/**
 * A program reads "the consumer is awake" at most this long, in milliseconds, before its event is visible in the ring:
 * only then may the consumer sleep without end. Generous; it is a matter of nanoseconds.
 */
const SETTLE_MS = 20;

/** Milliseconds until the next look at a record that is still being written. */
const BUSY_RECORD_MS = 1;

/** This program's BPF object, loaded and attached. Minimum kernel: 5.8, with BTF of its own or in a file. */
export class KernelProbe implements Probe {
  /** The loaded programs. */
  readonly programs: readonly Program[];
  /** Those of which each run that is skipped may have been an event. */
  readonly #countedPrograms: readonly Program[];
  readonly #options: LoadOptions;
  readonly #features: Features;
  readonly #refused: Map<string, LibbpfError>;
  readonly #object: BpfObject;
  readonly #ring: RingBuffer;
  readonly #lost: DataView;
  readonly #running: ProgramIterator | undefined;
  readonly #links: Link[] = [];
  readonly #skippedRuns = new SkippedRuns();
  readonly #consumerSleeps: Int32Array;
  /** Whether the consumer's flag has been up for so long that every program has seen it. */
  #settled = false;
  #isDetached = false;

  /**
   * @throws {TypeError} if an option is out of its range
   * @throws {EbpfError} of the libbpf layer; see `explainLoadError`
   */
  constructor(given: ProbeOptions) {
    this.#options = { minDurationNs: 0n, ringSize: DEFAULT_RING_SIZE, maxArgsBytes: DEFAULT_ARGS_BYTES, ...given };
    checkOptions(this.#options);
    const { object, variables, features, refused } = loadObject(this.#options);
    this.#object = object;
    this.#features = features;
    this.#refused = refused;
    try {
      this.#consumerSleeps = new Int32Array(
        object.mapValues(variables.consumer_sleeps.section),
        variables.consumer_sleeps.offset,
        1,
      );
      this.#lost = new DataView(object.mapValues("lost"));
      const loaded = object.programs().filter((program) => program.autoload);
      for (const program of loaded) if (program.name !== programNames.running) this.#attach(program);
      this.#running = this.#iterator(loaded.find(({ name }) => name === programNames.running));
      this.programs = loaded.filter(({ name }) => !refused.has(name));
      this.#countedPrograms = this.programs.filter(({ name }) => isCounted(name, features));
      this.#ring = new RingBuffer(object.map("events"));
    } catch (error) {
      this.detach();
      this.#object.close();
      throw error;
    }
  }

  /** Whether processes that run already are found: by an iterator, which full events have. */
  get findsRunning(): boolean {
    return this.#running !== undefined;
  }

  gaps(): readonly string[] {
    return findGaps(this.#options, this.#features, this.#refused);
  }

  findRunning(): boolean {
    if (this.#running === undefined) return false;
    const more = this.#running.step();
    if (!more) this.#running.close();
    return more;
  }

  drain(handler: RecordHandler, limit: number): number {
    return this.#ring.drain(handler, limit);
  }

  async wait(timeoutMs: number): Promise<void> {
    // The flag may be up still: then every program of long since has seen it.
    const settled = this.#settled && Atomics.load(this.#consumerSleeps, 0) === 1;
    Atomics.store(this.#consumerSleeps, 0, 1);
    this.#settled = false;
    // Looked at after the flag is up, since a program that reserved before that has not seen it.
    if (this.#ring.pendingBytes > 0) {
      this.#lowerFlag();
      await sleep(BUSY_RECORD_MS);
      return;
    }
    if (!settled && timeoutMs > SETTLE_MS) {
      const result = await this.#ring.wait(SETTLE_MS);
      if (result !== "timeout" || this.#ring.pendingBytes > 0) {
        this.#lowerFlag();
        return;
      }
      timeoutMs -= SETTLE_MS;
    }
    const result = await this.#ring.wait(timeoutMs);
    // After a long sleep without an event, the next one follows at once.
    if (result === "timeout" && this.#ring.pendingBytes === 0) this.#settled = true;
    else this.#lowerFlag();
  }

  wake(): void {
    this.#ring.wake();
  }

  get ringSize(): number {
    return this.#ring.size;
  }

  get pendingBytes(): number {
    return this.#ring.pendingBytes;
  }

  losses(): Losses {
    // Read before those that were recovered from.
    const misses = this.#recursionMisses();
    const sum = { fork: 0n, exec: 0n, execFailed: 0n, exit: 0n, running: 0n };
    let recovered = 0n;
    for (let at = 0; at < this.#lost.byteLength; at += wire.lostEventsSize) {
      const lost = wire.decodeLostEvents(this.#lost, at);
      sum.fork += lost.fork;
      sum.exec += lost.exec;
      sum.execFailed += lost.exec_failed;
      sum.exit += lost.exit;
      sum.running += lost.running;
      recovered += lost.recovered_runs;
    }
    const skippedRuns = this.#skippedRuns.read(misses, recovered, this.#isDetached);
    return { ...sum, skippedRuns, malformed: BigInt(this.#ring.corruptions) };
  }

  /** Kernels before 5.19 may tell only those who are still root; and before 6.2 none skips a run of these programs. */
  #recursionMisses(): bigint {
    try {
      return this.#countedPrograms.reduce((all, program) => all + program.info().recursionMisses, 0n);
    } catch (error) {
      if (error instanceof LibbpfError && error.errno === constants.errno.EPERM) return 0n;
      throw error;
    }
  }

  detach(): void {
    this.#isDetached = true;
    for (const link of this.#links) link.close();
  }

  close(): void {
    this.detach();
    this.#running?.close();
    this.#ring.close();
    this.#object.close();
  }

  /** Attaches a program, or notes that the kernel refuses to, if the others are of use without it. */
  #attach(program: Program): void {
    const link = this.#unlessRefused(program, () => program.attach());
    if (link !== undefined) this.#links.push(link);
  }

  #iterator(program: Program | undefined): ProgramIterator | undefined {
    return program && this.#unlessRefused(program, () => program.iterate());
  }

  #unlessRefused<T>({ name }: Program, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!isGap(error, name)) throw error;
      this.#refused.set(name, error);
      return undefined;
    }
  }

  #lowerFlag(): void {
    Atomics.store(this.#consumerSleeps, 0, 0);
  }
}

/** That for failed execs is run at the end of every system call, and skipped for many where programs can be preempted. */
function isCounted(name: string, { preemptiblePrograms }: Features): boolean {
  if (name === programNames.failedExecs) return !preemptiblePrograms;
  return !Object.values(recoveryPrograms).some((names: readonly string[]) => names.includes(name));
}
