import type { Usage } from "../event/event.ts";
import { wire } from "./wire.ts";

const flags = wire.EventFlag;

/** Decodes what a process used. */
export function decodeUsage(usage: ReturnType<typeof wire.decodeUsage>, eventFlags: number): Usage {
  const { userNs, systemNs } = scaleToRunTime(usage.user_ns, usage.system_ns, usage.run_ns);
  const ioKnown = (eventFlags & flags.EVENT_IO_UNKNOWN) === 0;
  return {
    userNs,
    systemNs,
    maxRssBytes: usage.max_rss_bytes,
    readBytes: ioKnown ? usage.read_bytes : undefined,
    writeBytes: ioKnown ? usage.write_bytes : undefined,
    voluntarySwitches: usage.voluntary_switches,
    involuntarySwitches: usage.involuntary_switches,
    minorFaults: usage.minor_faults,
    majorFaults: usage.major_faults,
    partial: (eventFlags & flags.EVENT_USAGE_PARTIAL) !== 0,
  };
}

/**
 * The timer tick samples where a process runs; the scheduler measures how long. getrusage(2) divides the measured time in
 * the proportion of the samples (cputime_adjust() in kernel/sched/cputime.c), and so is done here.
 */
function scaleToRunTime(user: bigint, system: bigint, run: bigint): { userNs: bigint; systemNs: bigint } {
  if (system === 0n) return { userNs: run, systemNs: 0n };
  if (user === 0n) return { userNs: 0n, systemNs: run };
  const systemNs = (system * run) / (system + user);
  return { userNs: run - systemNs, systemNs };
}
