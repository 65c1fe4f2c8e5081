/**
 * What the monitor sees. Text from the kernel (`comm`, `filename`, arguments, paths) may be any bytes: what is not valid
 * UTF-8 stands in the string as lone surrogates, U+DC00 + byte for each byte, so nothing is lost; escape it before it
 * reaches a terminal.
 *
 * Times are nanoseconds of the boot clock, which counts suspended time. Identifiers are those of the initial namespaces.
 * What could not be had is undefined, never a made-up default.
 */
export type ProcessEvent = ForkEvent | ExecEvent | ExecFailedEvent | ExitEvent | RunningEvent;

/** The kinds of events. */
export type EventKind = ProcessEvent["kind"];

/** What brief and full events have in common. */
interface EventOfProcess {
  /** When it happened. */
  readonly bootNs: bigint;
  /** The process's ID (the thread group's). */
  readonly pid: number;
  /** The ID of its parent at that time; after the parent's death that is the reaper's. */
  readonly ppid: number;
  /** The name of its main thread, at most 15 bytes. */
  readonly comm: string;
  /** Who the process is; undefined in the brief events of the classic table. */
  readonly process: Process | undefined;
}

/** Who a process is, at the time of the event. */
export interface Process {
  /** When it was made. With the PID this names the process for ever: PIDs are used again. */
  readonly startBootNs: bigint;
  /** When its parent of that time was made. */
  readonly parentStartBootNs: bigint;
  /** Real user and group. */
  readonly uid: number;
  readonly gid: number;
  /** The user who logged in, and the audit session; undefined if there is none. */
  readonly loginUid: number | undefined;
  readonly sessionId: number | undefined;
  /** Whether this kernel keeps audit sessions at all. */
  readonly loginKnown: boolean;
  /** The controlling terminal, `pts/3`; undefined without one. */
  readonly tty: string | undefined;
  /** The control group's path in its hierarchy, `/user.slice`; undefined if it could not be had. */
  readonly cgroup: string | undefined;
  /** The PID in the process's own namespace, if that is not the initial one. */
  readonly namespacePid: number | undefined;
  /** The CPU on which it happened. */
  readonly cpu: number;
  /** Whether it is a thread of the kernel, which runs no program: it has no executable, arguments or directory. */
  readonly kernelThread: boolean;
}

/** A process was made: fork(2), vfork(2), or clone(2) other than of a thread. */
export interface ForkEvent extends EventOfProcess {
  readonly kind: "fork";
  /** The process that made it, and whose program it runs: its parent, unless that process made it a sibling of its own. */
  readonly maker: ProcessName;
}

/** A process began to run a program: execve(2) or execveat(2) succeeded. */
export interface ExecEvent extends EventOfProcess {
  readonly kind: "exec";
  /** The program's path as given to the call, which may be relative; undefined if it could not be read. */
  readonly filename: string | undefined;
  /** Whether `filename` is only the beginning of a longer one. */
  readonly filenameCut: boolean;
  /** What began to run; undefined in brief events. */
  readonly image: Image | undefined;
  /** What ran in the process before, if an exec came before this one; undefined in brief events. */
  readonly replaces: ReplacedImage | undefined;
  /** The thread that called exec, if it was not the main one: it has taken over the process. */
  readonly oldTid: number | undefined;
  /** Set if the program has more rights than its caller had: its effective user and group. */
  readonly privileged: { readonly euid: number; readonly egid: number } | undefined;
}

/** An image that another has replaced in the same process. */
export interface ReplacedImage {
  readonly filename: string | undefined;
  /** Nanoseconds from its exec to this one; undefined if its exec came before the monitor. */
  readonly durationNs: bigint | undefined;
}

/** execve(2) or execveat(2) failed. */
export interface ExecFailedEvent extends EventOfProcess {
  readonly kind: "exec_failed";
  readonly filename: string | undefined;
  readonly filenameCut: boolean;
  readonly cwd: string | undefined;
  /** Whether that directory has been deleted. */
  readonly cwdDeleted: boolean;
  /** The error number: 2 for ENOENT. */
  readonly errno: number;
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
  /** What ran in the process, as far as it was seen: its file name and image. Undefined in brief events. */
  readonly filename: string | undefined;
  readonly image: Image | undefined;
  /** Undefined in brief events. */
  readonly usage: Usage | undefined;
  /** Threads that the process ever had, the main one included; undefined if its fork was not seen. */
  readonly threads: number | undefined;
  /** The parent at fork; undefined if the fork was not seen. */
  readonly forkParent: ProcessName | undefined;
}

/** A process that lived already when the monitor started. */
export interface RunningEvent extends EventOfProcess {
  readonly kind: "running";
  readonly image: Image;
  /** How many it has now. */
  readonly threads: number;
  /** Whether it has called exec since it was made, and so runs another program than its parent did. */
  readonly hasExeced: boolean;
  readonly filename: undefined;
}

/** A process's name for ever. */
export interface ProcessName {
  readonly pid: number;
  readonly startBootNs: bigint;
}

/** A program in a process's memory. */
export interface Image {
  /** What really runs: the path of the executable; of a script, its interpreter's. */
  readonly exe: string | undefined;
  /** Of a script, what its first line names; if that is a script too, what that one names, and so on. Undefined if none. */
  readonly interpreter: string | undefined;
  readonly cwd: string | undefined;
  /** The arguments, argv[0] and empty ones included; undefined if they could not be read. */
  readonly argv: readonly string[] | undefined;
  /** How many there are, `argv` may hold fewer; undefined if not known. */
  readonly argc: number | undefined;
  /** Bytes of all of them, each with its NUL. */
  readonly argvBytes: number | undefined;
  /** Whether `argv` is only the beginning: the last one may be cut. */
  readonly argvTruncated: boolean;
  /** The environment, `NAME=value` each; undefined unless asked for. */
  readonly env: readonly string[] | undefined;
  readonly envTruncated: boolean;
  /** Whether the executable has been made by memfd_create(2), or its file has been deleted. */
  readonly memfd: boolean;
  readonly deleted: boolean;
  /** Whether the working directory has been deleted: `cwd` is where it was. */
  readonly cwdDeleted: boolean;
}

/** What a process used, all its threads together, as getrusage(2) adds it up. */
export interface Usage {
  /** Nanoseconds of CPU in user space and in the kernel. */
  readonly userNs: bigint;
  readonly systemNs: bigint;
  /** The most memory it ever held. */
  readonly maxRssBytes: bigint;
  /** Bytes from and to disks; undefined if this kernel does not count them. */
  readonly readBytes: bigint | undefined;
  readonly writeBytes: bigint | undefined;
  readonly voluntarySwitches: bigint;
  readonly involuntarySwitches: bigint;
  readonly minorFaults: bigint;
  readonly majorFaults: bigint;
  /** Whether a process of very many threads has more than this: not all could be looked at. */
  readonly partial: boolean;
}

/** How a process ended, as its parent's wait(2) tells it. */
export type ExitStatus =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signaled"; readonly signal: number; readonly coreDumped: boolean };
