import type { LogListener } from "../libbpf/log.ts";

/** What the kernel side sends, and through how large a ring. */
export interface ProbeOptions {
  /**
   * Nanoseconds. If not 0, only exits are reported, of processes whose program (since the last exec) ran for at least this
   * long; the kernel side leaves out the rest. Default: 0.
   */
  readonly minDurationNs?: bigint;
  /** Bytes of the ring between kernel and user space: a power of two, and at least a page. Default: 4 MiB. */
  readonly ringSize?: number;
  /** Full events, with all that is known of each process; or brief execs and exits, at a fraction of the cost. */
  readonly full?: boolean;
  /**
   * Failed execs too, which needs a program at the end of every system call. Full events only. Minimum kernel: 5.11;
   * before, none are told.
   */
  readonly failedExecs?: boolean;
  /** The most bytes of arguments kept of an exec, at most 2 MiB. Default: 128 KiB. */
  readonly maxArgsBytes?: number;
  /** The environment too, as far as there is room behind the arguments. */
  readonly environment?: boolean;
  /**
   * A file with the BTF of exactly the running kernel, for one that does not show its own. Processes that run already
   * are not found then.
   */
  readonly btfPath?: string;
  /** Receives libbpf's messages. */
  readonly onMessage?: LogListener;
}
