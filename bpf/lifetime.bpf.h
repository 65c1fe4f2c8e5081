/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is remembered of a process while it lives: who made it, when it began to run its program. Whether it has ended.
 */
#ifndef __LIFETIME_BPF_H__
#define __LIFETIME_BPF_H__

/* A process: PIDs are used again, start times are not. */
struct process_id {
	__u64 start_boottime;
	__u32 tgid;
	__u32 pad;
};

struct life {
	__u64 start_boottime;
	__u64 exec_boottime;              /* 0: no exec was seen */
	__u64 fork_parent_start_boottime; /* 0: the fork was not seen */
	__u32 fork_parent_pid;
	__u32 threads; /* ever, from the fork on */
};

/*
 * Every live process that was seen to do something, by process ID. User space sets max_entries to as many processes as
 * the kernel can hold; memory is taken only for those that live, and 16 bytes for each that could.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct life);
} lives SEC(".maps");

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

static __always_inline bool is_thread(struct task_struct *task)
{
	return READ(task, pid) != READ(task, tgid);
}

static __always_inline struct process_id process_id_of(struct task_struct *leader)
{
	struct process_id id = {
	    .start_boottime = READ(leader, start_boottime),
	    .tgid = READ(leader, tgid),
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
	if (READ(task, signal, live.counter))
		return false;
	/* Several threads that exit at once may all see the count at zero: the first to make the entry speaks for all.
	 */
	id = process_id_of(READ(task, group_leader));
	return map_insert(&ended, &id, &seen) != -EEXIST;
}

/* The leader is freed after every other thread of its process has passed the exit tracepoint. */
static __always_inline void forget_ended(struct task_struct *task)
{
	struct process_id id;

	if (is_thread(task))
		return;
	id = process_id_of(task);
	bpf_map_delete_elem(&ended, &id);
}

/* The wait(2) status of a process, as the kernel's wait_task_zombie() computes it. */
static __always_inline __u32 exit_status(struct task_struct *leader)
{
	struct signal_struct *signal = READ(leader, signal);

	if (READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return READ(signal, group_exit_code);
	return READ(leader, exit_code);
}

/* What is remembered of this very process; not of another that had its PID, and whose exit was missed. */
static __always_inline struct life *find_life(struct task_struct *leader)
{
	__u32 tgid = READ(leader, tgid);
	struct life *life = bpf_map_lookup_elem(&lives, &tgid);

	return life && life->start_boottime == READ(leader, start_boottime) ? life : NULL;
}

static __always_inline void remember_fork(struct task_struct *child)
{
	struct task_struct *parent = READ(child, real_parent);
	__u32 tgid = READ(child, tgid);
	struct life life = {
	    .start_boottime = READ(child, start_boottime),
	    .fork_parent_start_boottime = READ(parent, group_leader, start_boottime),
	    .fork_parent_pid = READ(parent, tgid),
	    .threads = 1,
	};
	bpf_map_update_elem(&lives, &tgid, &life, BPF_ANY);
}

static __always_inline void remember_thread(struct task_struct *thread)
{
	struct life *life = find_life(READ(thread, group_leader));

	if (life)
		__sync_fetch_and_add(&life->threads, 1);
}

/* Returns when the process called exec before, or 0. */
static __always_inline __u64 remember_exec(struct task_struct *leader, __u64 boot_ns)
{
	struct life *life = find_life(leader);
	__u32 tgid = READ(leader, tgid);
	__u64 previous;

	if (life) {
		previous = life->exec_boottime;
		life->exec_boottime = boot_ns;
		return previous;
	}
	struct life new_life = {
	    .start_boottime = READ(leader, start_boottime),
	    .exec_boottime = boot_ns,
	};
	bpf_map_update_elem(&lives, &tgid, &new_life, BPF_ANY);
	return 0;
}

static __always_inline void forget_life(struct task_struct *leader)
{
	__u32 tgid = READ(leader, tgid);

	bpf_map_delete_elem(&lives, &tgid);
}

/* When the image that now ends began to run. */
struct image_start {
	__u64 boot_ns; /* the last exec, or the start of the process if it never called exec or that is not known */
	bool known;    /* false: exec was called, but not seen */
};

static __always_inline struct image_start image_start_of(struct task_struct *leader, const struct life *life)
{
	struct image_start start = {
	    .boot_ns = READ(leader, start_boottime),
	    .known = READ(leader, flags) & PF_FORKNOEXEC,
	};

	if (life && life->exec_boottime) {
		start.boot_ns = life->exec_boottime;
		start.known = true;
	}
	return start;
}

#endif /* __LIFETIME_BPF_H__ */
