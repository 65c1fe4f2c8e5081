import { closeSync, readSync } from "node:fs";

/** Bytes read at once; a program is run until it has written as many. */
const STEP_SIZE = 64;

/**
 * A program that the kernel runs once for each of its things of a kind, as far as the reader asks for. Minimum kernel:
 * 5.8.
 */
export class ProgramIterator {
  readonly #buffer = new Uint8Array(STEP_SIZE);
  #fd: number | undefined;

  /** Takes ownership of an iterator's file descriptor. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Goes on until the program has written 64 bytes or there is nothing left; returns whether there may be more. Throws
   * the system's error.
   */
  step(): boolean {
    if (this.#fd === undefined) return false;
    return readSync(this.#fd, this.#buffer) > 0;
  }

  /** Ends it. Idempotent. */
  close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
