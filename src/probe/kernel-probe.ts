import { existsSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Losses } from "../event/losses.ts";
import { LibbpfError } from "../libbpf/errors.ts";
import { kernelEnumHasValue, kernelStructHasMember } from "../libbpf/kernel-btf.ts";
import type { LogListener } from "../libbpf/log.ts";
import type { Link } from "../libbpf/link.ts";
import type { ProgramIterator } from "../libbpf/iterator.ts";
import { BpfObject, possibleCpus } from "../libbpf/object.ts";
import type { Program } from "../libbpf/program.ts";
import { RingBuffer } from "../libbpf/ring-buffer.ts";
import type { RecordHandler } from "../libbpf/ring.ts";
import { pageSize } from "../libc/libc.ts";
import { KERNEL_BTF } from "../machine/kernel-types.ts";
import { processLimit } from "./process-limit.ts";
import { checkOptions } from "./check-options.ts";
import { DEFAULT_ARGS_BYTES, DEFAULT_RING_SIZE } from "./defaults.ts";
import type { Probe } from "./probe.ts";
import { systemCallNumbers } from "./system-call-numbers.ts";
import { untyped, wire } from "./wire.ts";

/** What the kernel side sends, and through how large a ring. */
export interface ProbeOptions {
  /**
   * Nanoseconds. If not 0, only exits are reported, of processes whose program (since the last exec) ran for at least this
   * long; the kernel side leaves out the rest. Default: 0.
   */
  readonly minDurationNs?: bigint;
  /** Bytes of the ring between kernel and user space: a power of two, and at least a page. Default: 4 MiB. */
  readonly ringSize?: number;
  /** Full events, with all that is known of each process; or brief execs and exits, at a fraction of the cost. */
  readonly full?: boolean;
  /**
   * Failed execs too, which needs a program at the end of every system call. Full events only. Minimum kernel: 5.11;
   * before, none are told.
   */
  readonly failedExecs?: boolean;
  /** The most bytes of arguments kept of an exec, at most 2 MiB. Default: 128 KiB. */
  readonly maxArgsBytes?: number;
  /** The environment too, as far as there is room behind the arguments. */
  readonly environment?: boolean;
  /**
   * A file with the BTF of exactly the running kernel, for one that does not show its own. Processes that run already
   * are not found then.
   */
  readonly btfPath?: string;
  /** Receives libbpf's messages. */
  readonly onMessage?: LogListener;
}

/** The options that have a default other than `undefined`. */
type Ranged = Required<Pick<ProbeOptions, "minDurationNs" | "ringSize" | "maxArgsBytes">>;

/**
 * A program reads "the consumer is awake" at most this long, in milliseconds, before its event is visible in the ring:
 * only then may the consumer sleep without end. Generous; it is a matter of nanoseconds.
 */
const SETTLE_MS = 20;

/** The iterator, which does not attach to anything. */
const RUNNING_PROGRAM = "handle_running";

/** The program that sees failed execs. */
const FAILED_EXECS_PROGRAM = "handle_syscall_exit";

/** Milliseconds until the next look at a record that is still being written. */
const BUSY_RECORD_MS = 1;

/** This program's BPF object, loaded and attached. Minimum kernel: 5.8, with BTF of its own or in a file. */
export class KernelProbe implements Probe {
  /** Whether processes that run already can be found: by an iterator, which needs a kernel that shows its types. */
  readonly canFindRunning: boolean;
  /** The loaded programs. */
  readonly programs: readonly Program[];
  readonly #object: BpfObject;
  readonly #ring: RingBuffer;
  readonly #lost: DataView;
  readonly #running: ProgramIterator | undefined;
  readonly #links: Link[] = [];
  readonly #consumerSleeps: Int32Array;
  /** Whether the consumer's flag has been up for so long that every program has seen it. */
  #settled = false;

  /**
   * @throws {TypeError} if an option is out of its range
   * @throws {EbpfError} of the libbpf layer; see `explainLoadError`
   */
  constructor(given: ProbeOptions) {
    const options = { minDurationNs: 0n, ringSize: DEFAULT_RING_SIZE, maxArgsBytes: DEFAULT_ARGS_BYTES, ...given };
    checkOptions(options);
    const isTyped = options.btfPath === undefined || existsSync(KERNEL_BTF);
    const bindings = isTyped ? wire : untyped;
    this.canFindRunning = isTyped;
    this.#object = BpfObject.open(bindings.objectUrl, {
      name: "bootstrap",
      ...(options.btfPath !== undefined && { btfPath: options.btfPath }),
      ...(options.onMessage && { onMessage: options.onMessage }),
    });
    try {
      this.#prepare(options, bindings.variables, isTyped);
      this.#object.load();
      this.#consumerSleeps = new Int32Array(
        this.#object.mapValues(bindings.variables.consumer_sleeps.section),
        bindings.variables.consumer_sleeps.offset,
        1,
      );
      this.#lost = new DataView(this.#object.mapValues("lost"));
      this.programs = this.#object.programs().filter((program) => program.autoload);
      for (const program of this.programs) if (program.name !== RUNNING_PROGRAM) this.#links.push(program.attach());
      this.#running = options.full === true && isTyped ? this.#object.program(RUNNING_PROGRAM).iterate() : undefined;
      this.#ring = new RingBuffer(this.#object.map("events"));
    } catch (error) {
      this.detach();
      this.#object.close();
      throw error;
    }
  }

  /** Whether failed execs are told: they were asked for, and this kernel has what that needs. */
  get tellsFailedExecs(): boolean {
    return this.programs.some(({ name }) => name === FAILED_EXECS_PROGRAM);
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
    const sum = { fork: 0n, exec: 0n, execFailed: 0n, exit: 0n, running: 0n };
    for (let at = 0; at < this.#lost.byteLength; at += wire.lostEventsSize) {
      const lost = wire.decodeLostEvents(this.#lost, at);
      sum.fork += lost.fork;
      sum.exec += lost.exec;
      sum.execFailed += lost.exec_failed;
      sum.exit += lost.exit;
      sum.running += lost.running;
    }
    return { ...sum, skippedRuns: this.#skippedRuns(), malformed: BigInt(this.#ring.corruptions) };
  }

  /** Kernels before 5.19 may tell only those who are still root; and before 6.2 none skips a run of these programs. */
  #skippedRuns(): bigint {
    try {
      return this.programs.reduce((all, program) => all + program.info().recursionMisses, 0n);
    } catch (error) {
      if (error instanceof LibbpfError && error.errno === constants.errno.EPERM) return 0n;
      throw error;
    }
  }

  detach(): void {
    for (const link of this.#links) link.close();
  }

  close(): void {
    this.detach();
    this.#running?.close();
    this.#ring.close();
    this.#object.close();
  }

  #lowerFlag(): void {
    Atomics.store(this.#consumerSleeps, 0, 0);
  }

  #prepare(options: ProbeOptions & Ranged, variables: typeof wire.variables, isTyped: boolean): void {
    const { minDurationNs, ringSize, maxArgsBytes, full = false } = options;
    const object = this.#object;
    object.setVariable(variables.min_duration_ns, minDurationNs);
    object.setVariable(variables.full_records, full);
    object.setVariable(variables.send_forks, full);
    object.setVariable(variables.max_args_bytes, BigInt(maxArgsBytes));
    object.setVariable(variables.with_env, options.environment ?? false);
    object.setVariable(variables.page_size, BigInt(pageSize));
    const numbers = systemCallNumbers();
    object.setVariable(variables.execve_nr, numbers.execve);
    object.setVariable(variables.execveat_nr, numbers.execveat);
    object.map("events").setMaxEntries(ringSize);
    object.map("lost").setMaxEntries(possibleCpus());
    object.map("lives").setMaxEntries(processLimit());
    // From 6.16 the tracepoint itself says which thread is the last of its process (bpf/compat.bpf.h).
    const saysGroupDead = kernelStructHasMember("trace_event_raw_sched_process_exit", "group_dead", options.btfPath);
    object.map("ended").setMaxEntries(saysGroupDead ? 1 : processLimit());
    if (!full) object.map("told_cgroups").setMaxEntries(1);
    const wanted = new Map([
      ["handle_free", !saysGroupDead],
      ["handle_fork", full],
      [
        FAILED_EXECS_PROGRAM,
        full && options.failedExecs === true && minDurationNs === 0n && (!isTyped || hasTaskFunction()),
      ],
    ]);
    if (isTyped) wanted.set(RUNNING_PROGRAM, full);
    for (const [name, isWanted] of wanted) object.program(name).setAutoload(isWanted);
  }
}

/** A typed program gets the current task by this function, which came with 5.11. */
function hasTaskFunction(): boolean {
  return kernelEnumHasValue("bpf_func_id", "BPF_FUNC_get_current_task_btf");
}
