/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events for which the kernel skipped a program. From 7.0 on ("tracing: Guard __DECLARE_TRACE() use of
 * __DO_TRACE_CALL() with SRCU-fast") a program of a tracepoint can be preempted, and as long as it is, the kernel runs
 * it for no other task on that CPU. There, each program has a second one behind it on its tracepoint, which does the
 * work that the first was skipped for, and a third, for when both are preempted. An event for which the kernel skips
 * all is lost; the count of skipped runs says so.
 */
#ifndef __RECOVER_BPF_H__
#define __RECOVER_BPF_H__

/* Whether programs can be preempted; set before load. If not, nothing of this takes any time. */
const volatile bool preemptible = false;

enum place {
	AT_FORK,
	AT_EXEC,
	AT_EXIT,
	AT_EXEC_FAILED,
	PLACES,
};

/*
 * The latest event of each kind that was done, by thread ID: a mark that no two events in a row have in common. User
 * space sets max_entries to 1 where it is not in use. Threads of IDs so far apart that they share an entry do not come
 * to the same tracepoint within the time that one takes from the first program to the third.
 */
#define DONE_SLOTS 32768

struct done {
	__u32 marks[PLACES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DONE_SLOTS);
	__type(key, __u32);
	__type(value, struct done);
} done SEC(".maps");

/* Marks an event as done. False if it was already. */
static __always_inline bool mark_done(enum place place, __u32 tid, __u32 mark)
{
	__u32 slot = tid % DONE_SLOTS;
	struct done *latest = bpf_map_lookup_elem(&done, &slot);

	if (!latest || latest->marks[place] == mark)
		return false;
	latest->marks[place] = mark;
	return true;
}

static __always_inline bool mark_fork_done(struct task_struct *child)
{
	return mark_done(AT_FORK, READ(child, pid), READ(child, start_boottime));
}

/* A process counts its execs up. */
static __always_inline bool mark_exec_done(struct task_struct *task)
{
	return mark_done(AT_EXEC, READ(task, pid), READ(task, start_boottime) + READ(task, self_exec_id));
}

/* A thread that calls exec becomes the main one, with the ID and the start of the one that was, whose exit came before.
 */
static __always_inline bool mark_exit_done(struct task_struct *task, bool is_process)
{
	return mark_done(AT_EXIT, READ(task, pid), READ(task, start_boottime) + is_process);
}

/*
 * Of a failed exec nothing tells it from the next one of the same thread: the last program takes the mark away. Runs
 * that were skipped are no measure of what was lost, since the programs are run at the end of every system call.
 */
static __always_inline bool is_exec_failure_due(struct task_struct *task, enum turn turn)
{
	bool is_new;

	if (!preemptible)
		return true;
	is_new = mark_done(AT_EXEC_FAILED, READ(task, pid), 1);
	if (turn == THIRD)
		mark_done(AT_EXEC_FAILED, READ(task, pid), 0);
	return turn == FIRST || is_new;
}

/*
 * Whether an event is for this program to do, by whether it was marked as done only now. The first one does whatever it
 * is run for.
 */
static __always_inline bool is_due(enum turn turn, bool is_new)
{
	if (turn == FIRST)
		return true;
	if (is_new)
		count(RECOVERED_RUNS);
	return is_new;
}

#endif /* __RECOVER_BPF_H__ */
