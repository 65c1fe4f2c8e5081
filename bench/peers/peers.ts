import type { Contender, Sighting } from "../contender.ts";
import { parseRow } from "../ours.ts";
import { commandIn, debianRoot } from "./debian-root.ts";
import { kernelHeadersAndKprobes } from "./kernel-features.ts";

/** A monitor that a user could install from Debian. */
export interface Peer {
  readonly name: string;
  /** @throws {Error} that says why it cannot be had here */
  readonly install: () => Contender;
}

/** bpftrace, with the same two lines as the classic table. */
const script = `
tracepoint:sched:sched_process_exec
{
	@start[pid] = nsecs;
	printf("%s EXEC  %-16s %-7d %-7d %s\\n", strftime("%H:%M:%S", nsecs), comm, pid, curtask->real_parent->tgid,
	       str(args.filename));
}
tracepoint:sched:sched_process_exit
/pid == tid/
{
	printf("%s EXIT  %-16s %-7d %-7d [%d] (%dms)\\n", strftime("%H:%M:%S", nsecs), comm, pid,
	       curtask->real_parent->tgid, (curtask->exit_code >> 8) & 0xff, (nsecs - @start[pid]) / 1000000);
	delete(@start, pid);
}
`;

/** All of them. Their programs may print what they like, as long as a line tells the kind of event and the PID. */
export const peers: readonly Peer[] = [
  {
    name: "bpftrace",
    install: () => {
      const root = debianRoot("bpftrace");
      return {
        ...peer("bpftrace", `bpftrace ${root.version}, a script that prints both events`, parseRow),
        commands: [{ argv: commandIn(root, "/usr/bin/bpftrace", "-e", script) }],
      };
    },
  },
  {
    name: "libbpf-tools",
    install: () => {
      const root = debianRoot("libbpf-tools");
      return {
        ...peer("libbpf-tools", `libbpf-tools ${root.version}, execsnoop and exitsnoop`, parseSnoop),
        commands: [
          { argv: commandIn(root, "/usr/sbin/execsnoop-libbpf") },
          { argv: commandIn(root, "/usr/sbin/exitsnoop-libbpf") },
        ],
      };
    },
  },
  {
    name: "forkstat",
    install: () => {
      const root = debianRoot("forkstat");
      return {
        ...peer("forkstat", `forkstat ${root.version} (netlink), execs and exits`, parseForkstat),
        usesBpf: false,
        commands: [{ argv: commandIn(root, "/usr/bin/forkstat", "-e", "exec,exit") }],
      };
    },
  },
  {
    name: "bcc",
    install: () => {
      const lacking = kernelHeadersAndKprobes();
      if (lacking !== undefined) throw new Error(lacking);
      const root = debianRoot("bpfcc-tools");
      return {
        ...peer("bcc", `bcc ${root.version} (Python), execsnoop and exitsnoop`, parseSnoop),
        commands: [
          { argv: commandIn(root, "/usr/bin/python3", "/usr/sbin/execsnoop-bpfcc") },
          { argv: commandIn(root, "/usr/bin/python3", "/usr/sbin/exitsnoop-bpfcc") },
        ],
      };
    },
  },
];

function peer(name: string, title: string, parse: Contender["parse"]): Omit<Contender, "commands"> {
  return { name, title, parse, reports: true, usesBpf: true, serves };
}

/** By the tracepoint, which all of them have in their programs' names: sys_exit_execve, too, is of an exec. */
function serves(program: string): "exec" | "exit" | undefined {
  if (program.includes("exec")) return "exec";
  return program.includes("exit") ? "exit" : undefined;
}

const execRow = /^.{16} (\d+) +\d+ +-?\d+ \S/;
const exitRow = /^.{16} (\d+) +\d+ +\d+ +\d+\.\d+ /;

/** Rows of execsnoop (PCOMM PID PPID RET ARGS) and of exitsnoop (PCOMM PID PPID TID AGE EXIT_CODE). */
export function parseSnoop(line: string): Sighting | undefined {
  const [, exited] = exitRow.exec(line) ?? [];
  if (exited !== undefined) return { kind: "exit", pid: Number(exited) };
  const [, executed] = execRow.exec(line) ?? [];
  return executed === undefined ? undefined : { kind: "exec", pid: Number(executed) };
}

const forkstatRow = /^\d\d:\d\d:\d\d (exec|exit) +(\d+) /;

/** Rows of forkstat: Time Event PID Info Duration Process. */
export function parseForkstat(line: string): Sighting | undefined {
  const [, kind, pid] = forkstatRow.exec(line) ?? [];
  return kind === undefined ? undefined : { kind: kind === "exec" ? "exec" : "exit", pid: Number(pid) };
}
