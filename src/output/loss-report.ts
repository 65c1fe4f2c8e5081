import { totalLosses, type Losses } from "../event/event.ts";

/** A function that says in one line what has been lost since it was last called, and in all; nothing if nothing was. */
export function lossReporter(write: (line: string) => void): (losses: Losses) => void {
  let before: Losses = { exec: 0n, exit: 0n, skippedRuns: 0n, malformed: 0n };
  return (losses) => {
    const news: Losses = {
      exec: losses.exec - before.exec,
      exit: losses.exit - before.exit,
      skippedRuns: losses.skippedRuns - before.skippedRuns,
      malformed: losses.malformed - before.malformed,
    };
    if (totalLosses(news) === 0n) return;
    before = losses;
    write(`lost ${describeLosses(news)}; ${totalLosses(losses)} lost in all (a larger --ring-size loses fewer)`);
  };
}

/** The losses that are not zero, by kind: `12 exec events, 3 exit events`. */
export function describeLosses(losses: Losses): string {
  const parts: [bigint, string][] = [
    [losses.exec, "exec events"],
    [losses.exit, "exit events"],
    [losses.skippedRuns, "program runs skipped by the kernel"],
    [losses.malformed, "malformed records"],
  ];
  return parts
    .filter(([count]) => count !== 0n)
    .map(([count, what]) => `${count} ${what}`)
    .join(", ");
}
