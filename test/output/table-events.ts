import type {
  ExecEvent,
  ExecFailedEvent,
  ExitEvent,
  ForkEvent,
  Image,
  Process,
  ProcessEvent,
  RunningEvent,
  Usage,
} from "../../src/event/event.ts";

/** A container's identifier. */
export const CONTAINER = "0123456789abcdef".repeat(4);

/** Who the processes of these events are. */
export const someone: Process = {
  startBootNs: 1_000_000_000n,
  parentStartBootNs: 0n,
  uid: 1000,
  gid: 100,
  loginUid: 1001,
  sessionId: 7,
  loginKnown: true,
  tty: "pts/3",
  cgroup: `/docker/${CONTAINER}`,
  namespacePid: 12,
  cpu: 3,
  kernelThread: false,
};

/** A script. */
export const image: Image = {
  exe: "/usr/bin/bash",
  interpreter: "/bin/sh",
  cwd: "/home/alice",
  argv: ["sh", "./run", "a b", ""],
  argc: 4,
  argvBytes: 14,
  argvTruncated: false,
  env: undefined,
  envTruncated: false,
  memfd: false,
  deleted: false,
  cwdDeleted: false,
};

/** What it used. */
export const usage: Usage = {
  userNs: 1_000_000_000n,
  systemNs: 250_000_000n,
  maxRssBytes: 31_037_850n,
  readBytes: 1536n,
  writeBytes: 0n,
  voluntarySwitches: 12n,
  involuntarySwitches: 3n,
  minorFaults: 120n,
  majorFaults: 1n,
  partial: false,
};

const common = { bootNs: 5_000_000_000n, pid: 1234, ppid: 1, comm: "bash", process: someone };

/** A full event of each kind. */
export const fork: ForkEvent = { ...common, kind: "fork", maker: { pid: 10, startBootNs: 1n } };

export const exec: ExecEvent = {
  ...common,
  kind: "exec",
  filename: "./run",
  filenameCut: false,
  image,
  replaces: undefined,
  oldTid: undefined,
  privileged: undefined,
};

export const execFailed: ExecFailedEvent = {
  ...common,
  kind: "exec_failed",
  filename: "/bin/lost",
  filenameCut: false,
  cwd: "/home/alice",
  cwdDeleted: false,
  errno: 2,
};

export const exit: ExitEvent = {
  ...common,
  kind: "exit",
  status: { kind: "exited", code: 0 },
  durationNs: 2_500_000_000n,
  durationExact: true,
  filename: "./run",
  image,
  usage,
  threads: 9,
  forkParent: undefined,
};

export const running: RunningEvent = {
  ...common,
  kind: "running",
  hasExeced: true,
  image: { ...image, interpreter: undefined },
  threads: 4,
  filename: undefined,
};

/** A thread of the kernel, which runs no program. */
export const kernelThread: RunningEvent = {
  ...running,
  pid: 77,
  ppid: 2,
  comm: "kworker/0:1",
  threads: 1,
  image: {
    ...image,
    exe: undefined,
    interpreter: undefined,
    cwd: undefined,
    argv: undefined,
    argc: undefined,
    argvBytes: undefined,
  },
  process: {
    ...someone,
    uid: 0,
    gid: 0,
    loginUid: undefined,
    sessionId: undefined,
    tty: undefined,
    cgroup: "/",
    namespacePid: undefined,
    kernelThread: true,
  },
};

/** An exec and an exit without what only full events tell. */
export const briefExec: ExecEvent = { ...exec, process: undefined, image: undefined };
export const briefExit: ExitEvent = {
  ...exit,
  process: undefined,
  filename: undefined,
  image: undefined,
  usage: undefined,
  threads: undefined,
};

/** All of them. */
export const events: readonly ProcessEvent[] = [
  ...[fork, exec, execFailed, exit, running],
  ...[kernelThread, briefExec, briefExit],
];
