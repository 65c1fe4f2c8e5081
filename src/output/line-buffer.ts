/** Bytes that one character of a string may take in UTF-8, at most; a pair of halves takes less than twice that. */
const BYTES_PER_CHARACTER = 3;

const INITIAL_SIZE = 64 * 1024;

/** A buffer that has grown beyond this is given back when it is emptied. */
const KEPT_SIZE = 1024 * 1024;

/**
 * Output that waits to be written, as bytes. Text can be added; or a writer reserves room, stores bytes from `used` on
 * through `bytes` or `view`, and then moves `used`.
 */
export class LineBuffer {
  /** May be another array after `reserve` and `clear`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  /** The same memory. */
  view = new DataView(this.bytes.buffer);
  /** How many bytes wait. */
  used = 0;

  /** Makes sure that so many bytes can be stored from `used` on. */
  reserve(size: number): void {
    if (this.used + size > this.bytes.length) this.#grow(this.used + size);
  }

  add(text: string): void {
    this.reserve(text.length * BYTES_PER_CHARACTER);
    this.used += this.bytes.write(text, this.used);
  }

  clear(): void {
    this.used = 0;
    if (this.bytes.length > KEPT_SIZE) this.#setSize(INITIAL_SIZE);
  }

  #grow(needed: number): void {
    const { bytes, used } = this;
    this.#setSize(Math.max(needed, 2 * bytes.length));
    bytes.copy(this.bytes, 0, 0, used);
  }

  #setSize(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.bytes.buffer);
  }
}
