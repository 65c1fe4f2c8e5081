/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The wire contract: every record that the kernel side puts into the ring. The TypeScript decoders are generated from
 * these structs, so this file is the only place where their layout is written down.
 *
 * Rules: every record begins with an event_header; padding is explicit; every field is set; variable-length text stands
 * last with its length before it; what could not be had is said by a flag.
 */
#ifndef __BOOTSTRAP_H__
#define __BOOTSTRAP_H__

#define TASK_COMM_LEN 16

enum event_kind {
	EVENT_EXEC = 1,
	EVENT_EXIT = 2,
};

enum event_flag {
	/* exec: the file name was longer than the largest record holds; what is there is its beginning. */
	EVENT_FILENAME_CUT = 1 << 0,
	/* exec: the file name could not be read; its length is 0. */
	EVENT_FILENAME_FAULT = 1 << 1,
	/* exit: the last exec was not seen (it came before the monitor), so the duration runs from the process's start.
	 */
	EVENT_EXEC_TIME_UNKNOWN = 1 << 2,
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

/* Events that found no room in the ring, by kind; one of these per CPU. */
struct lost_events {
	__u64 exec;
	__u64 exit;
};

#endif /* __BOOTSTRAP_H__ */
