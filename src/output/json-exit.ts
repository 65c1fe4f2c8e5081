import type { ExitEvent, ExitStatus, Usage } from "../event/event.ts";
import { signalName } from "../event/signal-name.ts";
import { endedImageFields, flag, knownNumber, knownText } from "./json-image.ts";

/** The fields of an exit that are not in every event. */
export function exitFields(event: ExitEvent, missing: string[]): string {
  const { bootNs, status, durationNs, durationExact, filename, image, usage, threads, process } = event;
  let text = statusFields(status);
  text += knownNumber("duration_ns", durationExact ? durationNs : undefined, missing);
  text += knownNumber("lifetime_ns", process === undefined ? undefined : bootNs - process.startBootNs, missing);
  // A thread of the kernel ran no program; nothing of one is missing.
  if (process?.kernelThread !== true) {
    text += knownText("filename", filename, missing) + endedImageFields(image, missing);
  }
  return text + usageField(usage, missing) + knownNumber("threads", threads, missing);
}

/** How it ended. */
export function statusFields(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return `,"exit_code":${status.code}`;
    case "signaled":
      return `,"signal":"${signalName(status.signal)}","core_dumped":${String(status.coreDumped)}`;
  }
}

function usageField(usage: Usage | undefined, missing: string[]): string {
  if (usage === undefined) {
    missing.push("usage");
    return "";
  }
  const { readBytes, writeBytes } = usage;
  if (readBytes === undefined) missing.push("usage.read_bytes");
  if (writeBytes === undefined) missing.push("usage.write_bytes");
  return (
    `,"usage":{"user_ns":${usage.userNs},"system_ns":${usage.systemNs},"max_rss_bytes":${usage.maxRssBytes}` +
    (readBytes === undefined ? "" : `,"read_bytes":${readBytes}`) +
    (writeBytes === undefined ? "" : `,"write_bytes":${writeBytes}`) +
    `,"voluntary_switches":${usage.voluntarySwitches},"involuntary_switches":${usage.involuntarySwitches}` +
    `,"minor_faults":${usage.minorFaults},"major_faults":${usage.majorFaults}${flag("partial", usage.partial)}}`
  );
}
