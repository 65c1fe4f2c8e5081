import type { ExecEvent, ExitEvent, ForkEvent, ProcessEvent, RunningEvent } from "../event/event.ts";
import type { MemorySnapshot, MemoryTexts } from "./memory-texts.ts";
import type { Program } from "./program.ts";

/**
 * What is remembered of a process while it lives. Times are nanoseconds since boot, rounded to a double: good enough to
 * tell one process from the next of the same PID, and an exec from the one before.
 */
interface LiveProcess {
  readonly start: number;
  /** When it was seen to run this, all of it. */
  readonly seen: number;
  readonly program: Program | undefined;
  /** Whether it called exec before the monitor saw it. */
  readonly execUnseen: boolean;
  /** Whether its beginning is told: its fork was seen, or it has been reported as running. */
  readonly told: boolean;
}

/** Nanoseconds that rounding makes at most: after 104 days of uptime a double does not hold them all. */
function roundingNs(time: number): number {
  return time <= Number.MAX_SAFE_INTEGER ? 0 : 16;
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
    const start = Number(event.process.startBootNs);
    switch (event.kind) {
      case "fork":
        return this.#fork(event, start);
      case "exec":
        return this.#exec(event, start);
      case "exec_failed":
        return event;
      case "exit":
        return this.#exit(event, start);
      case "running":
        return this.#running(event, start);
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

  /** Notes a fork: a new process runs what the one runs that made it. */
  forked(pid: number, start: number, seen: number, makerPid: number, makerStart: number): void {
    const program = this.#find(makerPid, makerStart)?.program;
    this.#live.set(pid, { start, seen, program, execUnseen: false, told: true });
  }

  /** Whether no exec of this process has come before the monitor's time or while it ran: that would be news, too. */
  isFirstExec(pid: number, start: number): boolean {
    return this.#find(pid, start)?.execUnseen !== true;
  }

  /** Notes an exec. */
  execed(pid: number, start: number, seen: number, program: Program): void {
    const told = this.#find(pid, start)?.told === true;
    this.#live.set(pid, { start, seen, program, execUnseen: false, told });
  }

  /**
   * What runs in a process whose last exec came at `imageStart`, or its start if there was none; undefined if that is not
   * known: where execs are not sent, or one was lost, it may have called exec since.
   */
  programOf(pid: number, start: number, imageStart: number): Program | undefined {
    const live = this.#find(pid, start);
    return live === undefined || imageStart > live.seen + roundingNs(imageStart) ? undefined : live.program;
  }

  /** Notes an exit. */
  ended(pid: number, start: number): void {
    this.#live.delete(pid);
    this.#ended?.add(nameOf(pid, start));
  }

  #fork(event: ForkEvent, start: number): ForkEvent {
    const { pid, bootNs, maker } = event;
    this.forked(pid, start, Number(bootNs), maker.pid, Number(maker.startBootNs));
    return event;
  }

  #exec(event: ExecEvent, start: number): ExecEvent {
    const { pid, bootNs, filename, image } = event;
    const before = this.#find(pid, start);
    this.execed(pid, start, Number(bootNs), { filename, image });
    if (event.replaces === undefined && before?.execUnseen !== true) return event;
    return { ...event, replaces: { filename: before?.program?.filename, durationNs: event.replaces?.durationNs } };
  }

  #exit(event: ExitEvent, start: number): ExitEvent {
    // Of an image whose beginning was not seen there is nothing newer.
    const imageStart = event.durationExact ? Number(event.bootNs) - Number(event.durationNs) : 0;
    const program = this.programOf(event.pid, start, imageStart);
    this.ended(event.pid, start);
    return program === undefined ? event : { ...event, filename: program.filename, image: program.image };
  }

  #running(event: RunningEvent, start: number): RunningEvent | undefined {
    const { pid } = event;
    const known = this.#find(pid, start);
    if (this.#ended?.has(nameOf(pid, start)) === true) return undefined;
    const isEnding = event.image.argv !== undefined;
    if (known !== undefined && !isEnding) {
      if (known.told) return undefined;
      // It has called exec before it was found, and is told as that exec left it.
      this.#live.set(pid, { ...known, told: true });
      return { ...event, image: known.program?.image ?? event.image };
    }
    const texts = isEnding ? undefined : this.#textsOf(event);
    const image = texts === undefined ? event.image : { ...event.image, ...texts };
    const seen = Number(texts === undefined ? event.bootNs : (this.#snapshot?.bootNs ?? event.bootNs));
    const program = { filename: undefined, image };
    this.#live.set(pid, { start, seen, program, execUnseen: event.hasExeced, told: true });
    // Of a known process the kernel's word at its end is no news, but what its exit is told with: execs are not sent.
    return known === undefined ? { ...event, image } : undefined;
  }

  /** Not those of a process that had the same PID before. */
  #textsOf({ pid, process }: RunningEvent): MemoryTexts | undefined {
    const snapshot = this.#snapshot;
    if (snapshot === undefined || process === undefined || process.startBootNs >= snapshot.bootNs) return undefined;
    return snapshot.ofPid.get(pid);
  }

  #find(pid: number, start: number): LiveProcess | undefined {
    const live = this.#live.get(pid);
    return live?.start === start ? live : undefined;
  }
}

function nameOf(pid: number, start: number): string {
  return `${pid} ${start}`;
}
