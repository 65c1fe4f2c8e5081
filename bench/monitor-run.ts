import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { running } from "./children.ts";
import type { Command, Contender, Sighting } from "./contender.ts";
import { cpuNs } from "./cpu-clock.ts";
import { bpfProgramsOf, forgetPeak, memoryOf, waitedNs, wakeupsOf, type Memory } from "./proc.ts";
import { eventsDuring } from "./sightings.ts";
import type { Workshop } from "./workshop.ts";

/** Where a monitor's standard output goes. */
export type Destination = "file" | "null" | "pipe";

/** A monitor is started, or has caught up, when in so many windows of so many milliseconds, one after another, … */
const QUIET_WINDOWS = 2;
const QUIET_WINDOW_MS = 100;
/** … it takes no more CPU time than this in each (a monitor that drains at intervals takes some now and then), … */
const QUIET_NS = 2e6;
/** … and does not wait for a CPU any longer than this. */
const QUIET_WAIT_NS = 30e6;
const START_LIMIT_MS = 20_000;
const CATCH_UP_LIMIT_MS = 4000;
const STOP_LIMIT_MS = 10_000;

/** A contender that runs: one process, or two that share the work. */
export class MonitorRun {
  readonly #processes: readonly ChildProcess[];
  readonly #outputs: readonly string[];
  /** Those that only take a pipe's other end. */
  readonly #readers: readonly ChildProcess[];
  readonly #contender: Contender;

  private constructor(
    contender: Contender,
    processes: readonly ChildProcess[],
    outputs: readonly string[],
    readers: readonly ChildProcess[],
  ) {
    this.#contender = contender;
    this.#processes = processes;
    this.#outputs = outputs;
    this.#readers = readers;
  }

  /** Starts it by these commands of its, and returns when it is ready: it holds its BPF programs, and is quiet. */
  static async start(
    workshop: Workshop,
    contender: Contender,
    commands: readonly Command[],
    to: Destination,
  ): Promise<MonitorRun> {
    const outputs = commands.map((_, index) => (to === "null" ? "/dev/null" : workshop.scratch(`${to}-${index}`)));
    const readers: ChildProcess[] = [];
    const processes = commands.map(({ argv: [program, ...args], env }, index) => {
      const output = outputs[index] ?? "";
      const stdout = to === "pipe" ? openPipe(output) : openSync(output, "w");
      if (to === "pipe") readers.push(discard(output));
      const stderr = openSync(workshop.scratch(`errors-${index}`), "w");
      const child = spawn(program, args, { stdio: ["ignore", stdout, stderr], env: { ...process.env, ...env } });
      closeSync(stdout);
      closeSync(stderr);
      running.add(child);
      child.on("error", () => undefined);
      return child;
    });
    const run = new MonitorRun(contender, processes, outputs, readers);
    try {
      await run.#holdPrograms();
      await run.#settle(START_LIMIT_MS);
    } catch (cause) {
      await run.stop();
      const why = commands.map((_, index) => readFileSync(workshop.scratch(`errors-${index}`), "utf8")).join("");
      const reason = why.trim() || (cause instanceof Error ? cause.message : String(cause));
      throw new Error(`it does not start: ${reason.split("\n").slice(-3).join(" / ")}`, { cause });
    }
    return run;
  }

  /** Returns when it has nothing left to do, or after a few seconds. */
  async catchUp(): Promise<void> {
    await this.#settle(CATCH_UP_LIMIT_MS);
  }

  /**
   * Of its processes.
   *
   * @throws {Error} if one has ended
   */
  pids(): readonly number[] {
    return this.#processes.map(({ pid, exitCode, signalCode }) => {
      if (pid === undefined || exitCode !== null || signalCode !== null) throw new Error("the monitor has ended");
      return pid;
    });
  }

  /** User and system CPU time since it was started, nanoseconds. */
  cpuNs(): number {
    return this.#sum(cpuNs);
  }

  /** Times it has been woken. */
  wakeups(): number {
    return this.#sum(wakeupsOf);
  }

  memory(): Memory {
    return { peak: this.#sum((pid) => memoryOf(pid).peak), now: this.#sum((pid) => memoryOf(pid).now) };
  }

  forgetPeak(): void {
    this.pids().forEach(forgetPeak);
  }

  bpfPrograms(): ReadonlySet<number> {
    return new Set(this.pids().flatMap(bpfProgramsOf));
  }

  /** Ends it in order, as Ctrl-C does, also if it has been stopped. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((child) => end(child)));
    for (const reader of this.#readers) await end(reader);
  }

  /** What it wrote to a file; of a monitor that buffers, all of it only when it has ended. */
  *sightings(): Generator<Sighting> {
    for (const output of this.#outputs) yield* this.#sightingsIn(output);
  }

  /** How many events it wrote to a file while these processes came and went: see `eventsDuring` of sightings. */
  eventsDuring(pids: readonly number[]): number {
    return this.#outputs.reduce((all, output) => all + eventsDuring(pids, this.#sightingsIn(output)), 0);
  }

  *#sightingsIn(output: string): Generator<Sighting> {
    for (const line of readFileSync(output, "latin1").split("\n")) {
      const sighting = this.#contender.parse(line);
      if (sighting !== undefined) yield sighting;
    }
  }

  /** In all its processes. */
  async #holdPrograms(): Promise<void> {
    if (!this.#contender.usesBpf) return;
    const end = performance.now() + START_LIMIT_MS;
    while (this.pids().some((pid) => bpfProgramsOf(pid).length === 0)) {
      if (performance.now() > end) throw new Error("it holds no BPF programs");
      await sleep(20);
    }
  }

  async #settle(limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    for (let quiet = 0; quiet < QUIET_WINDOWS && performance.now() < end;) {
      const [cpu, waited] = [this.cpuNs(), this.#sum(waitedNs)];
      await sleep(QUIET_WINDOW_MS);
      const isQuiet = this.cpuNs() - cpu < QUIET_NS && this.#sum(waitedNs) - waited < QUIET_WAIT_NS;
      quiet = isQuiet ? quiet + 1 : 0;
    }
  }

  #sum(measure: (pid: number) => number): number {
    return this.pids().reduce((all, pid) => all + measure(pid), 0);
  }
}

/** A new pipe, opened so that nobody waits for its reader. Those that Node.js makes for a child are sockets. */
function openPipe(path: string): number {
  rmSync(path, { force: true });
  execFileSync("mkfifo", [path]);
  return openSync(path, "r+");
}

/** Throws away what comes through a pipe, in a process of its own, so that this one does not disturb. */
function discard(pipe: string): ChildProcess {
  const reader = spawn("cat", [pipe], { stdio: ["ignore", "ignore", "inherit"] });
  running.add(reader);
  return reader;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    child.kill("SIGCONT");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }
  running.delete(child);
}
