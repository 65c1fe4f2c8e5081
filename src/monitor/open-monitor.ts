import type { ProbeOptions } from "../probe/kernel-probe.ts";
import { openProbe } from "../probe/open-probe.ts";
import { Monitor } from "./monitor.ts";

/** What a monitor watches, and how. */
export type MonitorOptions = ProbeOptions;

/**
 * Loads and attaches the kernel side. Events wait in the ring from here on; `run` brings them.
 *
 * @throws {EbpfError} that says why it could not be, and what to do: see `openProbe`
 */
export function openMonitor(options: MonitorOptions = {}): Monitor {
  return new Monitor(openProbe(options));
}
