/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* When a process began to run its program, and whether it has ended. */
#ifndef __LIFETIME_BPF_H__
#define __LIFETIME_BPF_H__

/* A process: PIDs are used again, start times are not. */
struct process_id {
	__u64 start_boottime;
	__u32 tgid;
	__u32 pad;
};

struct last_exec {
	__u64 start_boottime; /* of the process that called exec */
	__u64 exec_boottime;
};

/*
 * The last exec of every live process, by process ID. User space sets max_entries to as many processes as the kernel
 * can hold; memory is taken only for those that live.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct last_exec);
} last_execs SEC(".maps");

/*
 * Processes whose end has been seen, until their leader is freed. In use only where the kernel does not say which
 * thread is the last (see is_process_exit).
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct process_id);
	__type(value, __u8);
} ended SEC(".maps");

static __always_inline struct process_id process_id_of(struct task_struct *leader)
{
	struct process_id id = {
	    .start_boottime = leader->start_boottime,
	    .tgid = leader->tgid,
	};
	return id;
}

/* A process has ended when its last thread exits, which need not be its leader. */
static __always_inline bool is_process_exit(__u64 *ctx, struct task_struct *task)
{
	struct process_id id;
	__u8 seen = 1;

	if (exit_has_group_dead())
		return (bool)ctx[1];
	if (task->signal->live.counter)
		return false;
	/* Several threads that exit at once may all see the count at zero: the first to make the entry speaks for all.
	 */
	id = process_id_of(task->group_leader);
	return bpf_map_update_elem(&ended, &id, &seen, BPF_NOEXIST) == 0;
}

/* The leader is freed after every other thread of its process has passed the exit tracepoint. */
static __always_inline void forget_ended(struct task_struct *task)
{
	struct process_id id;

	if (task->pid != task->tgid)
		return;
	id = process_id_of(task);
	bpf_map_delete_elem(&ended, &id);
}

/* The wait(2) status of a process, as the kernel's wait_task_zombie() computes it. */
static __always_inline __u32 exit_status(struct task_struct *leader)
{
	struct signal_struct *signal = leader->signal;

	return signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
}

static __always_inline void remember_exec(struct task_struct *leader, __u64 boot_ns)
{
	__u32 tgid = leader->tgid;
	struct last_exec exec = {
	    .start_boottime = leader->start_boottime,
	    .exec_boottime = boot_ns,
	};
	bpf_map_update_elem(&last_execs, &tgid, &exec, BPF_ANY);
}

/* When the image that now ends began to run. */
struct image_start {
	__u64 boot_ns; /* the last exec, or the start of the process if it never called exec or that is not known */
	bool known;    /* false: exec was called, but not seen */
};

static __always_inline struct image_start forget_exec(struct task_struct *leader)
{
	struct image_start start = {
	    .boot_ns = leader->start_boottime,
	    .known = leader->flags & PF_FORKNOEXEC,
	};
	__u32 tgid = leader->tgid;
	struct last_exec *exec = bpf_map_lookup_elem(&last_execs, &tgid);

	if (!exec)
		return start;
	/* An entry of another process with this PID is left over from one whose exit was missed. */
	if (exec->start_boottime == start.boot_ns) {
		start.boot_ns = exec->exec_boottime;
		start.known = true;
	}
	bpf_map_delete_elem(&last_execs, &tgid);
	return start;
}

#endif /* __LIFETIME_BPF_H__ */
