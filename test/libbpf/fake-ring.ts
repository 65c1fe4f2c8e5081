import type { RingMemory } from "../../src/libbpf/ring.ts";

const BUSY_BIT = 1 << 31;
const DISCARD_BIT = 1 << 30;
const HEADER_SIZE = 8;
const MAX_RECORD_SIZE = 0xffff_ffff / 4;

/** Room for one record. Nothing of it is visible in the ring, but its busy header, before `submit` or `discard`. */
export interface Reservation {
  /** Where to write the record; zeroed. */
  readonly data: Uint8Array;
  /** Makes the record readable. */
  submit(): void;
  /** Makes the record one that the consumer passes over. */
  discard(): void;
}

/**
 * The producer's side of a BPF ring buffer, over plain memory: what kernel/bpf/ringbuf.c does in bpf_ringbuf_reserve,
 * _submit and _discard.
 */
export class FakeRing {
  /** Bytes of record data. */
  readonly size: number;
  /** What a consumer is given. */
  readonly memory: RingMemory;
  readonly #bytes: Uint8Array;

  /** `size` is a power of two of at least eight; both positions begin at `position`, a multiple of eight. */
  constructor(size: number, { position = 0n }: { readonly position?: bigint } = {}) {
    this.size = size;
    const data = new ArrayBuffer(size);
    this.#bytes = new Uint8Array(data);
    this.memory = {
      consumer: BigUint64Array.of(position),
      producer: BigUint64Array.of(position),
      data: new DataView(data),
    };
  }

  /** Bytes ever reserved, headers and rounding included. A test may set it to what the kernel would never store. */
  get producerPosition(): bigint {
    return Atomics.load(this.memory.producer, 0);
  }

  set producerPosition(position: bigint) {
    Atomics.store(this.memory.producer, 0, position);
  }

  /** Bytes that the consumer has given back. A test may set it to what a sane consumer would never store. */
  get consumerPosition(): bigint {
    return Atomics.load(this.memory.consumer, 0);
  }

  set consumerPosition(position: bigint) {
    Atomics.store(this.memory.consumer, 0, position);
  }

  /** Reserves room for a record; undefined if the ring is full, or the record larger than it. */
  reserve(length: number): Reservation | undefined {
    const needed = Math.ceil((length + HEADER_SIZE) / 8) * 8;
    if (length > MAX_RECORD_SIZE || needed > this.size) return undefined;
    const position = this.producerPosition;
    const next = BigInt.asUintN(64, position + BigInt(needed));
    // The kernel leaves at least one byte free, so that it can tell a full ring from an empty one.
    if (BigInt.asUintN(64, next - this.consumerPosition) > BigInt(this.size - 1)) return undefined;

    const at = Number(position & BigInt(this.size - 1));
    this.storeWord(at, length | BUSY_BIT);
    this.storeWord(at + 4, at >> 12);
    this.producerPosition = next;

    const data = new Uint8Array(length);
    const commit = (flags: number): void => {
      data.forEach((byte, index) => {
        this.#storeByte(at + HEADER_SIZE + index, byte);
      });
      this.storeWord(at, length | flags);
    };
    return {
      data,
      submit: () => {
        commit(0);
      },
      discard: () => {
        commit(DISCARD_BIT);
      },
    };
  }

  /** Reserves and submits a record in one step; false if there was no room. */
  push(bytes: Uint8Array): boolean {
    const reservation = this.reserve(bytes.length);
    reservation?.data.set(bytes);
    reservation?.submit();
    return reservation !== undefined;
  }

  /** Stores 32 bits, in this machine's byte order. For headers, and for corrupting them. */
  storeWord(at: number, word: number): void {
    new Uint8Array(Int32Array.of(word).buffer).forEach((byte, index) => {
      this.#storeByte(at + index, byte);
    });
  }

  #storeByte(at: number, byte: number): void {
    this.#bytes[at % this.size] = byte;
  }
}
