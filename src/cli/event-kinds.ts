import type { EventKind } from "../event/event.ts";

/** Every kind of event, in the order of a process's life. */
export const allEventKinds: readonly EventKind[] = ["running", "fork", "exec", "exec_failed", "exit"];

/** Reads a list of kinds, `exec,exit`, or `all`. Returns them, or what is wrong as a sentence. */
export function parseEventKinds(text: string): readonly EventKind[] | string {
  if (text === "all") return allEventKinds;
  const kinds: EventKind[] = [];
  for (const name of text.split(",")) {
    const kind = allEventKinds.find((candidate) => candidate === name);
    if (kind === undefined)
      return `There is no event '${name}': it takes a list of ${allEventKinds.join(", ")}, or all.`;
    kinds.push(kind);
  }
  return kinds;
}
