/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The records of the classic table: small, and made in a fraction of the time of a full one. */
#ifndef __BRIEF_BPF_H__
#define __BRIEF_BPF_H__

/*
 * Room for a file name in a record. Nearly all fit the first size; no path is longer than the last (execveat(2) makes
 * "/dev/fd/N/" + PATH_MAX at most). The sizes fill the records to a multiple of 8.
 */
enum {
	FILENAME_SMALL = 84,
	FILENAME_MEDIUM = 468,
	FILENAME_LARGE = 4180,
};

/* Sends an exec record with `room` bytes for the file name. False if the name does not fit and `cut` is not allowed. */
static __always_inline bool send_brief_exec(struct task_struct *task, const char *filename, __u64 boot_ns, __u32 room,
                                            bool cut)
{
	struct exec_event *event = reserve(EXEC_EVENT_SIZE + room, LOST_EXEC);
	long length;

	if (!event)
		return true;
	length = bpf_probe_read_kernel_str(event->filename, room, filename);
	if (length == room && !cut) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return false;
	}
	fill_header(&event->header, EVENT_EXEC, EXEC_EVENT_SIZE, boot_ns);
	event->pid = READ(task, tgid);
	event->ppid = READ(task, real_parent, tgid);
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

static __always_inline void emit_brief_exec(struct task_struct *task, const char *filename, __u64 boot_ns)
{
	if (send_brief_exec(task, filename, boot_ns, FILENAME_SMALL, false))
		return;
	if (send_brief_exec(task, filename, boot_ns, FILENAME_MEDIUM, false))
		return;
	send_brief_exec(task, filename, boot_ns, FILENAME_LARGE, true);
}

static __always_inline void emit_brief_exit(struct task_struct *leader, __u64 boot_ns, __u16 flags, __u64 duration_ns)
{
	struct exit_event *event = reserve(sizeof(*event), LOST_EXIT);

	if (!event)
		return;
	fill_header(&event->header, EVENT_EXIT, sizeof(*event), boot_ns);
	event->header.flags = flags;
	event->pid = READ(leader, tgid);
	event->ppid = READ(leader, real_parent, tgid);
	bpf_probe_read_kernel(event->comm, sizeof(event->comm), leader->comm);
	event->status = exit_status(leader);
	event->pad = 0;
	event->duration_ns = duration_ns;
	submit(event);
}

#endif /* __BRIEF_BPF_H__ */
