import { noLosses, totalLosses, type Losses } from "../event/losses.ts";

/** What each kind of loss is called. */
const names: readonly [keyof Losses, string][] = [
  ["fork", "fork events"],
  ["exec", "exec events"],
  ["execFailed", "failed-exec events"],
  ["exit", "exit events"],
  ["running", "running processes"],
  ["skippedRuns", "program runs skipped by the kernel"],
  ["malformed", "malformed records"],
];

/** A function that says in one line what has been lost since it was last called, and in all; nothing if nothing was. */
export function lossReporter(write: (line: string) => void): (losses: Losses) => void {
  let before = noLosses;
  return (losses) => {
    const news = lossesSince(before, losses);
    if (totalLosses(news) === 0n) return;
    before = losses;
    write(`lost ${describeLosses(news)}; ${totalLosses(losses)} lost in all (a larger --ring-size loses fewer)`);
  };
}

/** What was lost between two counts. */
export function lossesSince(before: Losses, now: Losses): Losses {
  return {
    fork: now.fork - before.fork,
    exec: now.exec - before.exec,
    execFailed: now.execFailed - before.execFailed,
    exit: now.exit - before.exit,
    running: now.running - before.running,
    skippedRuns: now.skippedRuns - before.skippedRuns,
    malformed: now.malformed - before.malformed,
  };
}

/** The losses that are not zero, by kind: `12 exec events, 3 exit events`. */
export function describeLosses(losses: Losses): string {
  return names
    .filter(([kind]) => losses[kind] !== 0n)
    .map(([kind, name]) => `${losses[kind]} ${name}`)
    .join(", ");
}
