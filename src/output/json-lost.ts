import { noLosses, totalLosses, type Losses } from "../event/losses.ts";
import { rfc3339Formatter } from "./json-time.ts";
import { lossesSince } from "./loss-report.ts";

/** The clocks that say when something was lost. */
export interface LostLinesOptions {
  /** Nanoseconds of the boot clock, now. */
  readonly nowBootNs: () => bigint;
  /** Turns the boot clock into nanoseconds since 1970 UTC. */
  readonly wallNs: (bootNs: bigint) => bigint;
}

/** Collects losses until they can be written. */
export interface LostLines {
  /** Takes the losses so far. */
  add(losses: Losses): void;
  /** An object that tells of what was lost since the last one; undefined if nothing was. */
  take(): string | undefined;
}

/** Makes one object of all that has been lost between two writes, however often it was told: it takes no more memory. */
export function lostLines({ nowBootNs, wallNs }: LostLinesOptions): LostLines {
  const rfc3339 = rfc3339Formatter();
  let told = noLosses;
  let since = rfc3339(wallNs(nowBootNs()));
  let pending: { readonly losses: Losses; readonly bootNs: bigint } | undefined;
  return {
    add(losses) {
      if (totalLosses(losses) !== totalLosses(told)) pending = { losses, bootNs: nowBootNs() };
    },
    take() {
      if (pending === undefined) return undefined;
      const { losses, bootNs } = pending;
      const time = rfc3339(wallNs(bootNs));
      const text = `{"type":"lost","time":"${time}","boot_time_ns":${bootNs},"since":"${since}"${counts(lossesSince(told, losses))}}`;
      told = losses;
      since = time;
      pending = undefined;
      return text;
    },
  };
}

function counts(losses: Losses): string {
  const { fork, exec, execFailed, exit, running, skippedRuns, malformed } = losses;
  return (
    `,"fork":${fork},"exec":${exec},"exec_failed":${execFailed},"exit":${exit},"running":${running}` +
    `,"skipped_runs":${skippedRuns},"malformed":${malformed},"total":${totalLosses(losses)}`
  );
}
