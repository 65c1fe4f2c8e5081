import { spawn, type ChildProcess } from "node:child_process";
import { cpus } from "node:os";

/** Keeps every CPU of the machine busy until it is disposed of. */
export class BusyCpus implements Disposable {
  readonly #loops: readonly ChildProcess[];

  constructor() {
    this.#loops = cpus().map(() => spawn("/bin/sh", ["-c", "while :; do :; done"], { stdio: "ignore" }));
  }

  [Symbol.dispose](): void {
    for (const loop of this.#loops) loop.kill("SIGKILL");
  }
}
