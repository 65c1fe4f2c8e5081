// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "bootstrap.h"
#include "compat.bpf.h"
#include "emit.bpf.h"
#include "lifetime.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Puts the types that only ring records use into the object's BTF. */
const struct exec_event *unused_exec_event __attribute__((unused));
const struct exit_event *unused_exit_event __attribute__((unused));
const enum event_kind *unused_event_kind __attribute__((unused));
const enum event_flag *unused_event_flag __attribute__((unused));

/* If not 0: execs are not sent, and neither are exits of processes that lived for less time than this. */
const volatile __u64 min_duration_ns = 0;

/*
 * Room for a file name in a record. Nearly all fit the first size; no path is longer than the last (execveat(2) makes
 * "/dev/fd/N/" + PATH_MAX at most). The sizes fill the records to a multiple of 8.
 */
enum {
	FILENAME_SMALL = 84,
	FILENAME_MEDIUM = 468,
	FILENAME_LARGE = 4180,
};

enum {
	EXEC_EVENT_SIZE = __builtin_offsetof(struct exec_event, filename),
};

static __always_inline void fill_header(struct event_header *header, enum event_kind kind, __u32 size, __u64 boot_ns)
{
	header->kind = kind;
	header->flags = 0;
	header->size = size;
	header->boot_ns = boot_ns;
}

/* Sends an exec record with `room` bytes for the file name. False if the name does not fit and `cut` is not allowed. */
static __always_inline bool send_exec(struct task_struct *task, const char *filename, __u64 boot_ns, __u32 room,
                                      bool cut)
{
	struct exec_event *event = reserve(EXEC_EVENT_SIZE + room, EVENT_EXEC);
	long length;

	if (!event)
		return true;
	length = bpf_probe_read_kernel_str(event->filename, room, filename);
	if (length == room && !cut) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return false;
	}
	fill_header(&event->header, EVENT_EXEC, EXEC_EVENT_SIZE, boot_ns);
	event->pid = task->tgid;
	event->ppid = task->real_parent->tgid;
	bpf_probe_read_kernel(event->comm, sizeof(event->comm), task->comm);
	if (length > 0) {
		event->filename_size = length - 1;
		event->header.size += length - 1;
		if (length == room)
			event->header.flags |= EVENT_FILENAME_CUT;
	} else {
		event->filename_size = 0;
		event->header.flags |= EVENT_FILENAME_FAULT;
	}
	submit(event);
	return true;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(handle_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	__u64 boot_ns = bpf_ktime_get_boot_ns();
	const char *filename;

	remember_exec(task, boot_ns);
	if (min_duration_ns)
		return 0;
	filename = bprm->filename;
	if (send_exec(task, filename, boot_ns, FILENAME_SMALL, false))
		return 0;
	if (send_exec(task, filename, boot_ns, FILENAME_MEDIUM, false))
		return 0;
	send_exec(task, filename, boot_ns, FILENAME_LARGE, true);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(handle_exit, struct task_struct *task)
{
	__u64 boot_ns = bpf_ktime_get_boot_ns();
	struct task_struct *leader = task->group_leader;
	struct exit_event *event;
	struct image_start start;
	__u64 duration_ns;

	if (!is_process_exit(ctx, task))
		return 0;
	start = forget_exec(leader);
	duration_ns = boot_ns - start.boot_ns;
	if (duration_ns < min_duration_ns)
		return 0;

	event = reserve(sizeof(*event), EVENT_EXIT);
	if (!event)
		return 0;
	fill_header(&event->header, EVENT_EXIT, sizeof(*event), boot_ns);
	if (!start.known)
		event->header.flags |= EVENT_EXEC_TIME_UNKNOWN;
	event->pid = task->tgid;
	event->ppid = leader->real_parent->tgid;
	bpf_probe_read_kernel(event->comm, sizeof(event->comm), leader->comm);
	event->status = exit_status(leader);
	event->pad = 0;
	event->duration_ns = duration_ns;
	submit(event);
	return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(handle_free, struct task_struct *task)
{
	forget_ended(task);
	return 0;
}
