import { koffi } from "../libc/ffi.ts";
import { Mapping, pageSize, protection } from "../libc/libc.ts";
import type { BpfMap } from "./map.ts";
import { Ring, type RecordHandler } from "./ring.ts";

/** Why a wait ended. */
export type WaitResult = "readable" | "timeout" | "woken";

/**
 * A BPF ring buffer, read in place: a record is handed over where the kernel wrote it. The data pages are mapped
 * read-only, so a store into them is a segmentation fault. Minimum kernel: 5.8.
 */
export class RingBuffer {
  readonly #consumer: Mapping;
  readonly #rest: Mapping;
  readonly #ring: Ring;
  readonly #poll: ReturnType<typeof koffi.node.poll>;
  #endWait: ((result: WaitResult) => void) | undefined;
  #woken = false;
  #closed = false;

  /**
   * @param map a loaded map of kind BPF_MAP_TYPE_RINGBUF, which must stay open as long as this
   * @throws {EbpfError} `MMAP_FAILED`
   */
  constructor(map: BpfMap) {
    this.#consumer = new Mapping(map.fd, 0, pageSize, protection.readWrite);
    // The producer's page, then the data pages, of which ringbuf_map_mmap_user in kernel/bpf/ringbuf.c maps any part.
    try {
      this.#rest = new Mapping(map.fd, pageSize, pageSize + map.maxEntries, protection.read);
    } catch (error) {
      this.#consumer.close();
      throw error;
    }
    this.#ring = new Ring({
      consumer: new BigUint64Array(this.#consumer.buffer, 0, 1),
      producer: new BigUint64Array(this.#rest.buffer, 0, 1),
      data: new DataView(this.#rest.buffer, pageSize),
    });
    this.#poll = koffi.node.poll(map.fd, { readable: true }, () => undefined);
    this.#poll.stop();
  }

  /** Bytes that it holds. */
  get size(): number {
    return this.#ring.size;
  }

  /** Bytes that the kernel has reserved and that have not been drained. */
  get pendingBytes(): number {
    return this.#open().pendingBytes;
  }

  /** Times the ring's state made no sense, and what was in it was given up. */
  get corruptions(): number {
    return this.#ring.corruptions;
  }

  /** Hands over up to `limit` records; returns how many. See `Ring.drain`. */
  drain(handler: RecordHandler, limit: number): number {
    return this.#open().drain(handler, limit);
  }

  /**
   * Waits until the kernel says that records are there, `timeoutMs` have passed, or `wake` is called. One wait at a
   * time. The kernel only speaks up if the program submits with a wakeup; records that are there already end the wait.
   */
  wait(timeoutMs: number): Promise<WaitResult> {
    this.#open();
    if (this.#endWait !== undefined) throw new TypeError("wait for a ring buffer: a wait is under way");
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#endWait?.("timeout"), timeoutMs);
      this.#endWait = (result) => {
        clearTimeout(timer);
        this.#poll.stop();
        this.#endWait = undefined;
        this.#woken = false;
        resolve(result);
      };
      this.#poll.start({ readable: true }, () => this.#endWait?.("readable"));
      if (this.#woken) this.#endWait("woken");
    });
  }

  /** Ends the wait under way, or else the next one. */
  wake(): void {
    this.#woken = true;
    this.#endWait?.("woken");
  }

  /** Unmaps the ring and ends a wait under way. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endWait?.("woken");
    this.#poll.close();
    this.#rest.close();
    this.#consumer.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): Ring {
    if (this.#closed) throw new TypeError("use a ring buffer: it is closed");
    return this.#ring;
  }
}
