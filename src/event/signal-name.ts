import { constants } from "node:os";

/** First names win: SIGABRT stands before its alias SIGIOT, SIGIO before SIGPOLL. */
const names = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) if (!names.has(number)) names.set(number, name);

/** The C library keeps the kernel's first two real-time signals for itself, so SIGRTMIN is 34 (signal(7)). */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** A signal's name: `SIGKILL`, `SIGRTMIN+3`; `SIG32` for one without a name. */
export function signalName(signal: number): string {
  const name = names.get(signal);
  if (name !== undefined) return name;
  if (signal === SIGRTMIN) return "SIGRTMIN";
  if (signal === SIGRTMAX) return "SIGRTMAX";
  if (signal > SIGRTMIN && signal < SIGRTMAX) return `SIGRTMIN+${signal - SIGRTMIN}`;
  return `SIG${signal}`;
}
