import type { ExitEvent, ExecEvent, ForkEvent, Image, ProcessEvent, RunningEvent } from "../event/event.ts";
import type { MemorySnapshot, MemoryTexts } from "./memory-texts.ts";

/** What is remembered of a process while it lives. */
interface LiveProcess {
  readonly startBootNs: bigint;
  /** When it was seen to run this, all of it. */
  readonly seenBootNs: bigint;
  readonly filename: string | undefined;
  readonly image: Image | undefined;
  /** Whether it called exec before the monitor saw it. */
  readonly execUnseen: boolean;
  /** Whether its beginning is told: its fork was seen, or it has been reported as running. */
  readonly told: boolean;
}

/**
 * What every live process runs. Exits get from it what ended; execs, what they replaced. Its size is bounded by the number
 * of live processes: entries go at the exit, and those whose exit was lost go when their PID is seen again, or at a sweep.
 */
export class ProcessTable {
  readonly #live = new Map<number, LiveProcess>();
  /** Ended while running ones are being looked for: one of them may still be reported. */
  #ended: Set<string> | undefined = new Set();
  /** What processes that run already have in their memory. */
  #snapshot: MemorySnapshot | undefined;

  /** A process that is found running gets its arguments and environment from the snapshot; without one they are unknown. */
  constructor(snapshot?: MemorySnapshot) {
    this.#snapshot = snapshot;
  }

  /** Processes remembered. */
  get size(): number {
    return this.#live.size;
  }

  /**
   * Notes what an event tells, and completes it. Undefined if it tells nothing new: a process that was found running, but
   * has been seen to start or to end. Brief events pass through.
   */
  enrich(event: ProcessEvent): ProcessEvent | undefined {
    if (event.process === undefined) return event;
    const { startBootNs } = event.process;
    switch (event.kind) {
      case "fork":
        this.#inherit(event, startBootNs);
        return event;
      case "exec":
        return this.#exec(event, startBootNs);
      case "exec_failed":
        return event;
      case "exit":
        return this.#exit(event, startBootNs);
      case "running":
        return this.#running(event, startBootNs);
    }
  }

  /** To be called once every process that lived at the start has been reported. */
  allFound(): void {
    this.#ended = undefined;
    this.#snapshot = undefined;
  }

  /** Forgets every process that does not live any more, by the word of `isAlive`; returns how many. */
  sweep(isAlive: (pid: number) => boolean): number {
    const before = this.#live.size;
    for (const pid of this.#live.keys()) if (!isAlive(pid)) this.#live.delete(pid);
    return before - this.#live.size;
  }

  /** A new process runs what the one runs that made it. */
  #inherit({ pid, bootNs, maker }: ForkEvent, startBootNs: bigint): void {
    const { filename, image } = this.#find(maker.pid, maker.startBootNs) ?? {};
    this.#live.set(pid, { startBootNs, seenBootNs: bootNs, filename, image, execUnseen: false, told: true });
  }

  #exec(event: ExecEvent, startBootNs: bigint): ExecEvent {
    const { pid, bootNs, filename, image } = event;
    const before = this.#find(pid, startBootNs);
    const told = before?.told === true;
    this.#live.set(pid, { startBootNs, seenBootNs: bootNs, filename, image, execUnseen: false, told });
    if (event.replaces === undefined && before?.execUnseen !== true) return event;
    return { ...event, replaces: { filename: before?.filename, durationNs: event.replaces?.durationNs } };
  }

  #exit(event: ExitEvent, startBootNs: bigint): ExitEvent {
    const live = this.#find(event.pid, startBootNs);
    this.#live.delete(event.pid);
    this.#ended?.add(nameOf(event.pid, startBootNs));
    if (live === undefined) return event;
    // Where execs are not sent, or one was lost, it may have called exec since.
    const isStale = event.durationExact && event.bootNs - event.durationNs > live.seenBootNs;
    return isStale ? event : { ...event, filename: live.filename, image: live.image };
  }

  #running(event: RunningEvent, startBootNs: bigint): RunningEvent | undefined {
    const { pid, bootNs } = event;
    const known = this.#find(pid, startBootNs);
    if (this.#ended?.has(nameOf(pid, startBootNs)) === true) return undefined;
    const isEnding = event.image.argv !== undefined;
    if (known !== undefined && !isEnding) {
      if (known.told) return undefined;
      // It has called exec before it was found, and is told as that exec left it.
      this.#live.set(pid, { ...known, told: true });
      return { ...event, image: known.image ?? event.image };
    }
    const texts = isEnding ? undefined : this.#textsOf(pid, startBootNs);
    const image = texts === undefined ? event.image : { ...event.image, ...texts };
    const seenBootNs = texts === undefined ? bootNs : (this.#snapshot?.bootNs ?? bootNs);
    const execUnseen = event.hasExeced;
    this.#live.set(pid, { startBootNs, seenBootNs, filename: undefined, image, execUnseen, told: true });
    // Of a known process the kernel's word at its end is no news, but what its exit is told with: execs are not sent.
    return known === undefined ? { ...event, image } : undefined;
  }

  /** Not those of a process that had the same PID before. */
  #textsOf(pid: number, startBootNs: bigint): MemoryTexts | undefined {
    const snapshot = this.#snapshot;
    return snapshot !== undefined && startBootNs < snapshot.bootNs ? snapshot.ofPid.get(pid) : undefined;
  }

  #find(pid: number, startBootNs: bigint): LiveProcess | undefined {
    const live = this.#live.get(pid);
    return live?.startBootNs === startBootNs ? live : undefined;
  }
}

function nameOf(pid: number, startBootNs: bigint): string {
  return `${pid} ${startBootNs}`;
}
