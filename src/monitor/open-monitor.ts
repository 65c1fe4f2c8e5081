import type { EventKind } from "../event/event.ts";
import type { ProbeOptions } from "../probe/probe-options.ts";
import { openProbe } from "../probe/open-probe.ts";
import { readMemoryTexts } from "../process/memory-texts.ts";
import { Monitor } from "./monitor.ts";

/** What a monitor watches, and how. */
export interface MonitorOptions extends Omit<ProbeOptions, "failedExecs"> {
  /** The kinds of events that are brought. Default: `exec` and `exit`. Others than these two need `full`. */
  readonly events?: readonly EventKind[];
}

/** The kinds of events that the classic table shows. */
const DEFAULT_EVENTS: readonly EventKind[] = ["exec", "exit"];

/**
 * Loads and attaches the kernel side. Events wait in the ring from here on; `run` brings them.
 *
 * @throws {EbpfError} that says why it could not be, and what to do: see `openProbe`
 */
export function openMonitor(options: MonitorOptions = {}): Monitor {
  const { events = DEFAULT_EVENTS, ...probeOptions } = options;
  const probe = openProbe({ ...probeOptions, failedExecs: events.includes("exec_failed") });
  return new Monitor(probe, events, options.full === true ? readMemoryTexts(options) : undefined);
}
