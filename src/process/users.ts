import { accountOfUid } from "../libc/accounts.ts";

/** Names of users, without asking for each one again and again. */
export interface UserNames {
  /** The name of a user; undefined if there is none, or none could be had in time. Never throws. */
  name(uid: number): string | undefined;
}

/** Where the names come from, and what time it is; for tests. */
export interface UserNamesOptions {
  /** Looks a name up; may block, may throw. */
  readonly lookUp: (uid: number) => string | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
}

/** What an answer is, and until when it is believed. */
interface Answer {
  readonly name: string | undefined;
  readonly untilMs: number;
}

/** Users that are remembered; the one whose name was looked up first gives way. */
const CAPACITY = 4096;

/** How long an answer is believed: a new user is seen soon, a renamed one some time. */
const UNKNOWN_MS = 10_000;
const KNOWN_MS = 600_000;

/** A directory service may take seconds for an answer. After a lookup this slow, none is made for a while. */
const SLOW_MS = 20;

/** How many times as long as the slow lookup took: so the monitor stands still for at most a hundredth of the time. */
const PAUSE_FACTOR = 100;

/** Names of the users of this machine, as getpwuid(3) tells them. */
export function userNames({ lookUp, nowMs }: UserNamesOptions = { lookUp: nameOfUid, nowMs: now }): UserNames {
  const answers = new Map<number, Answer>();
  let pausedUntilMs = -Infinity;

  const ask = (uid: number, startMs: number): Answer => {
    const name = tryLookUp(lookUp, uid);
    const endMs = nowMs();
    if (endMs - startMs > SLOW_MS) pausedUntilMs = endMs + (endMs - startMs) * PAUSE_FACTOR;
    return { name, untilMs: endMs + (name === undefined ? UNKNOWN_MS : KNOWN_MS) };
  };

  return {
    name(uid) {
      const known = answers.get(uid);
      const timeMs = nowMs();
      if (known !== undefined && timeMs < known.untilMs) return known.name;
      if (timeMs < pausedUntilMs) return known?.name;
      const answer = ask(uid, timeMs);
      answers.delete(uid);
      if (answers.size >= CAPACITY) deleteOldest(answers);
      answers.set(uid, answer);
      return answer.name;
    },
  };
}

function now(): number {
  return performance.now();
}

function tryLookUp(lookUp: (uid: number) => string | undefined, uid: number): string | undefined {
  try {
    return lookUp(uid);
  } catch {
    return undefined;
  }
}

function deleteOldest(answers: Map<number, Answer>): void {
  const [oldest] = answers.keys();
  if (oldest !== undefined) answers.delete(oldest);
}

function nameOfUid(uid: number): string | undefined {
  return accountOfUid(uid)?.name;
}
