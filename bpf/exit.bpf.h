/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The full record of an exit. */
#ifndef __EXIT_BPF_H__
#define __EXIT_BPF_H__

static __always_inline void emit_full_exit(struct task_struct *task, const struct life *life, __u64 boot_ns,
                                           __u64 cgroup_id, __u16 flags, __u64 duration_ns)
{
	struct full_exit_event *event = reserve(sizeof(*event), LOST_EXIT);
	struct task_struct *leader = READ(task, group_leader);

	if (!event)
		return;
	fill_header(&event->header, EVENT_FULL_EXIT, sizeof(*event), boot_ns);
	event->header.flags = flags;
	fill_process(&event->header, &event->process, task, cgroup_id);
	fill_usage(&event->header, &event->usage, task);
	event->duration_ns = duration_ns;
	event->status = exit_status(leader);
	event->pad = 0;
	if (life && life->fork_parent_start_boottime) {
		event->fork_parent_start_boottime = life->fork_parent_start_boottime;
		event->fork_parent_pid = life->fork_parent_pid;
		event->threads = life->threads;
	} else {
		event->fork_parent_start_boottime = 0;
		event->fork_parent_pid = 0;
		event->threads = 0;
		event->header.flags |= EVENT_FORK_UNKNOWN;
	}
	submit(event);
}

#endif /* __EXIT_BPF_H__ */
