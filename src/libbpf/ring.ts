/**
 * The consumer's side of a BPF ring buffer, over memory that is handed in: the kernel's mapping, or a test's array. It
 * knows the protocol of kernel/bpf/ringbuf.c and nothing else.
 */

/** `data` is where the record lies in the ring: valid during the call only. */
export type RecordHandler = (data: DataView, offset: number, length: number) => void;

/** The memory of a ring. */
export interface RingMemory {
  /** Begins with the consumer's position; written here. */
  readonly consumer: BigUint64Array;
  /** Begins with the producer's position. */
  readonly producer: BigUint64Array;
  /** The data area twice in a row, so that a record that wraps around lies in one piece. */
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

  /** @throws {TypeError} if the data area is not twice a power of two of at least eight bytes */
  constructor(memory: RingMemory) {
    this.size = memory.data.byteLength / 2;
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

    const base = Number(start & this.#mask);
    let consumed = 0;
    let records = 0;
    try {
      while (consumed < available && records < limit) {
        const at = ((base + consumed) & (this.size - 1)) >>> 0;
        const header = Atomics.load(this.#words, at >>> 2);
        if ((header & BUSY_BIT) !== 0) break;
        const length = header & LENGTH_MASK;
        const next = consumed + ((length + HEADER_SIZE + 7) & ~7);
        if (next > available) {
          this.#corrupt++;
          consumed = available;
          break;
        }
        consumed = next;
        if ((header & DISCARD_BIT) !== 0) continue;
        records++;
        handler(this.#data, at + HEADER_SIZE, length);
      }
    } finally {
      Atomics.store(this.#consumerPosition, 0, start + BigInt(consumed));
    }
    return records;
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
