import type { Losses } from "../event/losses.ts";
import type { RecordHandler } from "../libbpf/ring.ts";

/**
 * The kernel side as the rest of the program sees it. The real one is `KernelProbe`; tests put a ring in memory in its
 * place.
 */
export interface Probe {
  /** What another kernel could tell, and why this one cannot: a text each. */
  gaps(): readonly string[];
  /**
   * Makes the kernel send some of the processes that live already as `running` records; returns whether there may be
   * more. The ring is to be drained between two calls.
   */
  findRunning(): boolean;
  /** Hands over up to `limit` records, each valid during the call only; returns how many. */
  drain(handler: RecordHandler, limit: number): number;
  /** Waits until records may be there, `timeoutMs` have passed, or `wake` is called. */
  wait(timeoutMs: number): Promise<void>;
  /** Ends the wait under way, or else the next one. */
  wake(): void;
  /** Bytes that the ring holds. */
  readonly ringSize: number;
  /** Bytes in the ring that have not been drained, records that are still being written included. */
  readonly pendingBytes: number;
  /** What was lost since the start. */
  losses(): Losses;
  /** Stops the events; what is in the ring can still be drained. Idempotent. */
  detach(): void;
  /** Gives everything back to the kernel. Idempotent. */
  close(): void;
}
