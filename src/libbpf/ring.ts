/**
 * The consumer's side of a BPF ring buffer, over memory that is handed in: the kernel's mapping, or a test's array. It
 * knows the protocol of kernel/bpf/ringbuf.c and nothing else.
 */

/** `data` holds the record, mostly where it lies in the ring: valid during the call only. */
export type RecordHandler = (data: DataView, offset: number, length: number) => void;

/** The memory of a ring. */
export interface RingMemory {
  /** Begins with the consumer's position; written here. */
  readonly consumer: BigUint64Array;
  /** Begins with the producer's position. */
  readonly producer: BigUint64Array;
  /**
   * The data area. The kernel would map it twice in a row, so that a record that wraps around lies in one piece; but
   * twice the pages are twice the resident memory, to save one copy each time the ring has been filled.
   */
  readonly data: DataView;
}

/** Bits of a record header's first word (include/uapi/linux/bpf.h). */
const BUSY_BIT = 1 << 31;
const DISCARD_BIT = 1 << 30;
const LENGTH_MASK = DISCARD_BIT - 1;
const HEADER_SIZE = 8;

/** Reads a ring. One consumer at a time. */
export class Ring {
  /** Bytes of record data, a power of two. */
  readonly size: number;
  readonly #consumerPosition: BigUint64Array;
  readonly #producerPosition: BigUint64Array;
  readonly #words: Int32Array;
  readonly #data: DataView;
  readonly #mask: bigint;
  #corrupt = 0;
  /** Bytes of records that the drain under way has seen. */
  #consumed = 0;

  /** @throws {TypeError} if the size of the data area is not a power of two of at least eight bytes */
  constructor(memory: RingMemory) {
    this.size = memory.data.byteLength;
    if (this.size < HEADER_SIZE || !Number.isInteger(Math.log2(this.size))) {
      throw new TypeError(`read a ring of ${this.size} bytes: the size must be a power of two`);
    }
    this.#mask = BigInt(this.size - 1);
    this.#consumerPosition = memory.consumer;
    this.#producerPosition = memory.producer;
    this.#words = new Int32Array(memory.data.buffer, memory.data.byteOffset, memory.data.byteLength / 4);
    this.#data = memory.data;
  }

  /** Bytes between the consumer and the producer, records being written included. */
  get pendingBytes(): number {
    // Loaded with acquire order, as all positions and headers here: the kernel stores them with release order.
    return distance(Atomics.load(this.#consumerPosition, 0), Atomics.load(this.#producerPosition, 0));
  }

  /** Times the ring's state made no sense, and what was in it was given up. */
  get corruptions(): number {
    return this.#corrupt;
  }

  /**
   * Hands over records in their order until the ring is empty, the next record is still being written, or `limit`
   * records have been seen; returns how many records were handed over. Their memory is given back to the kernel in
   * one step at the end, also when the handler throws.
   */
  drain(handler: RecordHandler, limit: number): number {
    const start = Atomics.load(this.#consumerPosition, 0);
    const available = distance(start, Atomics.load(this.#producerPosition, 0));
    if (available === 0) return 0;
    if (available > this.size || Number(start & 7n) !== 0) {
      this.#giveUp();
      return 0;
    }

    this.#consumed = 0;
    try {
      return this.#handOver(Number(start & this.#mask), available, handler, limit);
    } finally {
      Atomics.store(this.#consumerPosition, 0, start + BigInt(this.#consumed));
    }
  }

  /** The loop alone: V8 would optimize it while it runs for the first time, and again when it comes to what is behind. */
  #handOver(base: number, available: number, handler: RecordHandler, limit: number): number {
    let records = 0;
    while (this.#consumed < available && records < limit) {
      const at = ((base + this.#consumed) & (this.size - 1)) >>> 0;
      const header = Atomics.load(this.#words, at >>> 2);
      if ((header & BUSY_BIT) !== 0) break;
      const length = header & LENGTH_MASK;
      const next = this.#consumed + ((length + HEADER_SIZE + 7) & ~7);
      if (next > available) {
        this.#corrupt++;
        this.#consumed = available;
        break;
      }
      this.#consumed = next;
      if ((header & DISCARD_BIT) !== 0) continue;
      records++;
      const offset = (at + HEADER_SIZE) & (this.size - 1);
      if (offset + length <= this.size) handler(this.#data, offset, length);
      else handler(this.#inOnePiece(offset, length), 0, length);
    }
    return records;
  }

  /** A copy of the record that begins at the ring's end and goes on at its beginning. */
  #inOnePiece(offset: number, length: number): DataView {
    const { buffer, byteOffset } = this.#data;
    const copy = new Uint8Array(length);
    const untilEnd = this.size - offset;
    copy.set(new Uint8Array(buffer, byteOffset + offset, untilEnd));
    copy.set(new Uint8Array(buffer, byteOffset, length - untilEnd), untilEnd);
    return new DataView(copy.buffer);
  }

  /** Positions that cannot be: skip all there is. */
  #giveUp(): void {
    this.#corrupt++;
    Atomics.store(this.#consumerPosition, 0, Atomics.load(this.#producerPosition, 0));
  }
}

/** Positions are 64-bit counters that may wrap around. */
function distance(from: bigint, to: bigint): number {
  return Number(BigInt.asUintN(64, to - from));
}
