/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The wire contract: every record that the kernel side puts into the ring. The TypeScript decoders are generated from
 * these structs, so this file is the only place where their layout is written down.
 *
 * Rules: every record begins with an event_header; padding is explicit; every field is set; variable-length text stands
 * last with its lengths before it; what could not be had is said by a flag.
 */
#ifndef __BOOTSTRAP_H__
#define __BOOTSTRAP_H__

#define TASK_COMM_LEN 16

enum event_kind {
	/* What the classic table needs, and no more. */
	EVENT_EXEC = 1,
	EVENT_EXIT = 2,
	/* Full records. */
	EVENT_FORK = 3,
	EVENT_FULL_EXEC = 4,
	EVENT_EXEC_FAILED = 5,
	EVENT_FULL_EXIT = 6,
	EVENT_RUNNING = 7,
	EVENT_CGROUP = 8,
};

enum event_flag {
	/* exec: the file name was longer than the largest record holds; what is there is its beginning. */
	EVENT_FILENAME_CUT = 1 << 0,
	/* exec: the file name could not be read; its length is 0. */
	EVENT_FILENAME_FAULT = 1 << 1,
	/* exit: the last exec was not seen (it came before the monitor), so the duration runs from the process's start.
	 */
	EVENT_EXEC_TIME_UNKNOWN = 1 << 2,
	/* The path of the executable, or of the working directory, could not be had whole. */
	EVENT_EXE_UNKNOWN = 1 << 3,
	EVENT_CWD_UNKNOWN = 1 << 4,
	/* The executable, or the working directory, has no name in the file system any more. */
	EVENT_EXE_DELETED = 1 << 5,
	EVENT_CWD_DELETED = 1 << 6,
	/* The executable never had one: memfd_create(2). */
	EVENT_EXE_MEMFD = 1 << 7,
	/* exec: the arguments could not be read, nor the environment behind them. */
	EVENT_ARGS_FAULT = 1 << 8,
	/* The process is a thread of the kernel: it runs no program. */
	EVENT_KERNEL_THREAD = 1 << 9,
	/* exec: the program runs with more rights than its caller had, by a set-user-ID or set-group-ID bit or
	   capabilities. */
	EVENT_PRIVILEGED = 1 << 10,
	/* exit: the process has more threads than are looked at for its usage, which is too low. */
	EVENT_USAGE_PARTIAL = 1 << 11,
	/* exit: the fork was not seen, so the parent at fork is not known, nor the number of threads ever. */
	EVENT_FORK_UNKNOWN = 1 << 12,
	/* This kernel counts no disk I/O, and no audit sessions. */
	EVENT_IO_UNKNOWN = 1 << 13,
	EVENT_LOGIN_UNKNOWN = 1 << 14,
	/* A text found no room in the largest record, and is missing. */
	EVENT_TEXT_CUT = 1 << 15,
};

struct event_header {
	__u16 kind;    /* enum event_kind */
	__u16 flags;   /* enum event_flag */
	__u32 size;    /* bytes of the record that are in use, this header included */
	__u64 boot_ns; /* when it happened: nanoseconds since boot, suspend included (CLOCK_BOOTTIME) */
};

/* A process began to run a program: execve(2) or execveat(2) succeeded. */
struct exec_event {
	struct event_header header;
	__u32 pid;
	__u32 ppid;
	char comm[TASK_COMM_LEN];
	__u32 filename_size; /* bytes, without the terminating NUL */
	char filename[];     /* as given to the call */
};

/* A process ended: its last thread exited. */
struct exit_event {
	struct event_header header;
	__u32 pid;
	__u32 ppid;
	char comm[TASK_COMM_LEN];
	__u32 status; /* as wait(2) reports it: code << 8, or signal, with 0x80 if a core was dumped */
	__u32 pad;
	__u64 duration_ns; /* since the last exec, or since the start of a process that never called it */
};

/* What every full record says of its process. Identifiers are those of the initial namespaces. */
struct process {
	__u32 pid;
	__u32 ppid;
	__u64 start_boottime; /* nanoseconds since boot; with the PID, this names a process for ever */
	__u64 parent_start_boottime;
	__u64 cgroup_id; /* see cgroup_event; 0: not known */
	char comm[TASK_COMM_LEN];
	__u32 uid; /* the real ones */
	__u32 gid;
	__u32 login_uid;     /* -1: not set */
	__u32 session_id;    /* -1: not set */
	__u32 namespace_pid; /* in the process's own PID namespace; 0: that is the initial one */
	__u32 cpu;
	char tty[TASK_COMM_LEN]; /* the controlling terminal's name without /dev/, or empty */
};

/* A process was made. */
struct fork_event {
	struct event_header header;
	struct process process;
	__u64 maker_start_boottime; /* of the process that made it: its parent, but for CLONE_PARENT */
	__u32 maker_pid;
	__u32 pad;
};

/*
 * Texts follow one another, each with a NUL at its end that its size counts; a size of 0 is no text. A path is its
 * names from the last to the first, each with a NUL.
 */
struct full_exec_event {
	struct event_header header;
	struct process process;
	__u64 previous_exec_boottime; /* of this process; 0: none, or not known */
	__u64 args_total;             /* bytes of all arguments with their NULs; args_size may be less */
	__u64 env_total;
	__u32 argc;
	__u32 old_tid; /* the thread that called exec */
	__u32 euid;
	__u32 egid;
	__u32 threads;          /* of a process that ran already: how many */
	__u32 filename_size;    /* as given to the call */
	__u32 interpreter_size; /* what runs a script: as its first line says */
	__u32 exe_size;         /* path: what really runs */
	__u32 cwd_size;         /* path: the working directory */
	__u32 args_size;
	__u32 env_size;
	char text[];
};

/* execve(2) or execveat(2) failed. */
struct exec_failed_event {
	struct event_header header;
	struct process process;
	__u32 error; /* errno */
	__u32 filename_size;
	__u32 cwd_size;
	char text[];
};

/* What a process used, all its threads together. */
struct usage {
	__u64 user_ns; /* as the timer tick sampled it; only the proportion to system_ns counts where run_ns is not 0 */
	__u64 system_ns;
	__u64 run_ns; /* as the scheduler measured it */
	__u64 max_rss_bytes;
	__u64 read_bytes; /* from and to disks */
	__u64 write_bytes;
	__u64 voluntary_switches;
	__u64 involuntary_switches;
	__u64 minor_faults;
	__u64 major_faults;
};

struct full_exit_event {
	struct event_header header;
	struct process process;
	struct usage usage;
	__u64 duration_ns;
	__u64 fork_parent_start_boottime;
	__u32 fork_parent_pid;
	__u32 threads; /* ever, the main one included */
	__u32 status;
	__u32 pad;
};

/* Comes once for each control group, before the first record that names it. */
struct cgroup_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 path_size; /* a path, as above */
	char path[];
};

/*
 * Events that found no room in the ring, by kind; and runs of a program that the kernel skipped, and another program
 * did in its place. One of these per CPU.
 */
struct lost_events {
	__u64 fork;
	__u64 exec;
	__u64 exec_failed;
	__u64 exit;
	__u64 running;
	__u64 recovered_runs;
};

#endif /* __BOOTSTRAP_H__ */
