import type { Process, Image, Usage, ExecEvent, ExitEvent, RunningEvent } from "../../src/event/event.ts";

/** A process with nothing special about it. */
export const process: Process = {
  startBootNs: 4_292_746_002_956n,
  parentStartBootNs: 17_000_000n,
  uid: 1000,
  gid: 1000,
  loginUid: 1000,
  sessionId: 3,
  loginKnown: true,
  tty: "pts/0",
  cgroup: "/user.slice/user-1000.slice/session-3.scope",
  namespacePid: undefined,
  cpu: 1,
  kernelThread: false,
};

/** A program with nothing special about it. */
export const image: Image = {
  exe: "/usr/bin/ls",
  interpreter: undefined,
  cwd: "/home/ann",
  argv: ["ls", "-l", ""],
  argc: 3,
  argvBytes: 7,
  argvTruncated: false,
  env: undefined,
  envTruncated: false,
  memfd: false,
  deleted: false,
  cwdDeleted: false,
};

/** What a short command uses. */
export const usage: Usage = {
  userNs: 1_000_000n,
  systemNs: 2_000_000n,
  maxRssBytes: 3_145_728n,
  readBytes: 4096n,
  writeBytes: 0n,
  voluntarySwitches: 1n,
  involuntarySwitches: 2n,
  minorFaults: 90n,
  majorFaults: 1n,
  partial: false,
};

const common = { bootNs: 4_292_750_000_000n, pid: 1234, ppid: 1200, comm: "ls", process } as const;

/** `ls -l ''`, found by a shell. */
export const exec: ExecEvent = {
  ...common,
  kind: "exec",
  filename: "/usr/bin/ls",
  filenameCut: false,
  image,
  replaces: undefined,
  oldTid: undefined,
  privileged: undefined,
};

/** Its end. */
export const exit: ExitEvent = {
  ...common,
  kind: "exit",
  bootNs: 4_292_753_456_789n,
  status: { kind: "exited", code: 0 },
  durationNs: 3_456_789n,
  durationExact: true,
  filename: "/usr/bin/ls",
  image,
  usage,
  threads: 1,
  forkParent: { pid: 1200, startBootNs: 17_000_000n },
};

/** The same program, when the monitor started. */
export const running: RunningEvent = {
  ...common,
  kind: "running",
  hasExeced: true,
  filename: undefined,
  image,
  threads: 1,
};
