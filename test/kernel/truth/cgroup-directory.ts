import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A control group made for a test; its directory, and those made above it, go when it is disposed of. */
export class CgroupDirectory implements AsyncDisposable {
  /** Its path in the hierarchy. */
  readonly path: string;
  readonly #mountPoint: string;
  readonly #made: string[] = [];

  /** Makes the group `names[0]/names[1]/…` at the top of a hierarchy. */
  constructor(mountPoint: string, ...names: string[]) {
    this.#mountPoint = mountPoint;
    this.path = `/${names.join("/")}`;
    for (let depth = 1; depth <= names.length; depth++) {
      const directory = join(mountPoint, ...names.slice(0, depth));
      if (existsSync(directory)) continue;
      mkdirSync(directory);
      this.#made.unshift(directory);
    }
  }

  /** Whoever writes its PID there is in the group. */
  get processes(): string {
    return join(this.#mountPoint, this.path, "cgroup.procs");
  }

  /** A process that has ended may be in the group for a moment more. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const directory of this.#made) {
      for (let round = 0; round < 100; round++) {
        try {
          rmdirSync(directory);
          break;
        } catch (error) {
          if (round === 99) throw error;
          await sleep(20);
        }
      }
    }
  }
}

/** Where the hierarchy of version 2, or that of a controller of version 1, is mounted; undefined if it is not. */
export function cgroupMount(controller: "v2" | "memory" | "pids" | "cpu"): string | undefined {
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root, mountPoint] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    const fits =
      controller === "v2" ? type === "cgroup2" : type === "cgroup" && options.split(",").includes(controller);
    if (fits && root === "/" && mountPoint !== undefined) return mountPoint;
  }
  return undefined;
}
