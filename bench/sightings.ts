import type { Sighting } from "./contender.ts";

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

/**
 * How many events were seen from the first of some processes to the last: theirs, and those of others in between, which
 * took CPU time too.
 */
export function eventsDuring(pids: readonly number[], sightings: Iterable<Sighting>): number {
  const ours = new Set(pids);
  let events = 0;
  let eventsToLast = 0;
  for (const { pid } of sightings) {
    if (events === 0 && !ours.has(pid)) continue;
    events++;
    if (ours.has(pid)) eventsToLast = events;
  }
  return eventsToLast;
}
