import type { Sighting } from "./contender.ts";
import { quantile } from "./statistics.ts";

/**
 * The part of the events of processes, 0 to 1, that was not seen. A PID may come several times, for it may be used again;
 * it is then expected as often.
 */
export function lostShare(
  pids: readonly number[],
  sightings: Iterable<Sighting>,
  kinds: readonly Sighting["kind"][],
): number {
  const expected = new Map<string, number>();
  for (const pid of pids) {
    for (const kind of kinds) expected.set(`${kind} ${pid}`, (expected.get(`${kind} ${pid}`) ?? 0) + 1);
  }
  for (const { kind, pid } of sightings) {
    const left = expected.get(`${kind} ${pid}`);
    if (left !== undefined) expected.set(`${kind} ${pid}`, Math.max(0, left - 1));
  }
  const missing = [...expected.values()].reduce((all, count) => all + count, 0);
  return missing / (pids.length * kinds.length);
}

/** Of the processes of a storm, first and last, that are not looked for: they may have been lost, and others have their PID. */
const EDGE = 0.01;

/**
 * How many events were seen while some processes came and went: theirs, and those of others in between, which took CPU
 * time too. The last event of a PID is theirs, those before may be of an earlier process that had it.
 */
export function eventsDuring(pids: readonly number[], sightings: Iterable<Sighting>): number {
  const lastEvents = new Map(pids.map((pid) => [pid, NaN]));
  let events = 0;
  for (const { pid } of sightings) {
    if (lastEvents.has(pid)) lastEvents.set(pid, events);
    events++;
  }
  const seen = [...lastEvents.values()].filter((at) => !Number.isNaN(at));
  if (seen.length === 0) return 0;
  return Math.round((quantile(seen, 1 - EDGE) - quantile(seen, EDGE)) / (1 - 2 * EDGE));
}
