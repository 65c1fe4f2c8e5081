/**
 * What the monitor sees. Text from the kernel (`comm`, `filename`) may be any bytes: what is not valid UTF-8 stands in
 * the string as lone surrogates, U+DC80 + (byte - 0x80) for each byte, so nothing is lost; escape it before it reaches
 * a terminal.
 */
export type ProcessEvent = ExecEvent | ExitEvent;

interface EventOfProcess {
  /** When it happened: nanoseconds of the boot clock, which counts suspended time. */
  readonly bootNs: bigint;
  /** The process's ID (the thread group's) in the initial PID namespace. */
  readonly pid: number;
  /** The ID of its parent at that time; after the parent's death that is the reaper's. */
  readonly ppid: number;
  /** The name of its main thread, at most 15 bytes. */
  readonly comm: string;
}

/** A process began to run a program: execve(2) or execveat(2) succeeded. */
export interface ExecEvent extends EventOfProcess {
  readonly kind: "exec";
  /** The program's path as given to the call, which may be relative; undefined if the kernel could not read it. */
  readonly filename: string | undefined;
  /** Whether `filename` is only the beginning of a longer one. */
  readonly filenameCut: boolean;
}

/** A process ended: the last of its threads exited. */
export interface ExitEvent extends EventOfProcess {
  readonly kind: "exit";
  readonly status: ExitStatus;
  /**
   * Nanoseconds since the process's last exec, or since its start if it never called exec. If `durationExact` is false,
   * an exec came before the monitor and its time is not known: then these are since its start, the most it can be.
   */
  readonly durationNs: bigint;
  readonly durationExact: boolean;
}

/** How a process ended, as its parent's wait(2) tells it. */
export type ExitStatus =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signaled"; readonly signal: number; readonly coreDumped: boolean };

/** What did not reach the monitor since it started. */
export interface Losses {
  /** Exec events that found no room in the ring. */
  readonly exec: bigint;
  /** Exit events that found no room in the ring. */
  readonly exit: bigint;
  /** Runs of a program that the kernel skipped; each may or may not have been an event. */
  readonly skippedRuns: bigint;
  /** Records that made no sense, and were passed over. */
  readonly malformed: bigint;
}

/** All losses in one number. */
export function totalLosses(losses: Losses): bigint {
  return losses.exec + losses.exit + losses.skippedRuns + losses.malformed;
}
