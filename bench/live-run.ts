import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { running } from "./children.ts";
import type { Command, Sighting } from "./contender.ts";
import { cpuNs } from "./cpu-clock.ts";
import { wakeupsOf } from "./proc.ts";
import type { Workshop } from "./workshop.ts";

/** When a line came. */
export interface StampedSighting extends Sighting {
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly timeNs: number;
}

const STOP_LIMIT_MS = 10_000;

/** A contender that runs on a terminal, where every line comes at once and its time is taken (bench/work/stamp.c). */
export class LiveRun {
  readonly #stampers: readonly ChildProcess[];
  readonly #files: readonly string[];

  /** Starts it; returns at once. */
  constructor(workshop: Workshop, commands: readonly Command[]) {
    this.#files = commands.map((_, index) => workshop.scratch(`live-${index}`));
    this.#stampers = commands.map(({ argv, env }, index) => {
      const file = this.#files[index] ?? "";
      closeSync(openSync(file, "w"));
      const child = spawn(workshop.stamp, [file, ...argv], {
        stdio: ["ignore", "ignore", "ignore"],
        env: { ...process.env, ...env },
      });
      running.add(child);
      return child;
    });
  }

  /** When it was started, as `StampedSighting.timeNs`; undefined before. */
  startedNs(): number | undefined {
    const times = this.#heads().map(({ timeNs }) => timeNs);
    return times.length < this.#files.length ? undefined : Math.min(...times);
  }

  /** User and system CPU time since it was started, nanoseconds. */
  cpuNs(): number {
    return this.#heads().reduce((all, { pid }) => all + cpuNs(pid), 0);
  }

  /** Times it has been woken. */
  wakeups(): number {
    return this.#heads().reduce((all, { pid }) => all + wakeupsOf(pid), 0);
  }

  /** Bytes of output so far. */
  outputBytes(): number {
    return this.#files.reduce((all, file) => all + statSync(file).size, 0);
  }

  /** The events that it has told so far. */
  *sightings(parse: (line: string) => Sighting | undefined): Generator<StampedSighting, void> {
    for (const file of this.#files) {
      for (const line of readFileSync(file, "latin1").split("\n").slice(1)) {
        const space = line.indexOf(" ");
        const sighting = parse(line.slice(space + 1));
        if (sighting !== undefined) yield { ...sighting, timeNs: Number(line.slice(0, space)) };
      }
    }
  }

  /** Ends it in order, as Ctrl-C does. */
  async stop(): Promise<void> {
    const ended = this.#stampers
      .filter(({ exitCode }) => exitCode === null)
      .map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const { pid } of this.#heads()) signal(pid);
    await Promise.race([Promise.all(ended), sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
    for (const child of this.#stampers) {
      child.kill("SIGKILL");
      running.delete(child);
    }
  }

  /** The first line of each file. */
  #heads(): { pid: number; timeNs: number }[] {
    return this.#files.flatMap((file) => {
      const [, pid, timeNs] = /^(\d+) (\d+)\n/.exec(readFileSync(file, "latin1").slice(0, 64)) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), timeNs: Number(timeNs) }];
    });
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has ended.
  }
}
