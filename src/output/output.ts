import type { ProcessEvent } from "../event/event.ts";
import type { Losses } from "../event/losses.ts";

/** Where events go. The monitor calls it in the order of the events. */
export interface Output {
  /** Takes one event; it may be kept back until `flush`. */
  event(event: ProcessEvent): void;
  /** Takes the losses so far, whenever they have grown; at most once a second and once more at the end, and while
   * `flush` is waiting too. */
  lost(losses: Losses): void;
  /**
   * Called after each batch. If there is a promise, the next batch is not read before it is fulfilled: this is the
   * back-pressure.
   */
  flush(): Promise<void> | undefined;
}
