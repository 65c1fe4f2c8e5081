/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * CPU time that the kernel has not counted yet. A running task's count is brought up to date at switches and at ticks
 * of the timer, so that of a short process may lack nearly all it used.
 */
#ifndef __CPU_CLOCK_BPF_H__
#define __CPU_CLOCK_BPF_H__

/*
 * The scheduler's clock cannot be read here, but where it stood last can. It is this far behind CLOCK_MONOTONIC, at
 * most: the least difference that has been seen on this CPU.
 */
struct clock_difference {
	__u64 ns;
	__u64 seen_at; /* CLOCK_MONOTONIC */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct clock_difference);
} clock_differences SEC(".maps");

/* CLOCK_MONOTONIC is steered, by less than 2^-10 of the time that passes: the difference may have grown by so much. */
#define CLOCK_STEER_SHIFT 10

/* A tick comes at least every 10 ms, unless it has been switched off: then the clock may have been, too. */
#define LONGEST_UNCOUNTED_NS (20 * 1000 * 1000)

/* The run queue of the CPU that this is running on, or NULL where it can't be had. */
static __always_inline struct rq *run_queue(struct task_struct *current)
{
	/* Without CONFIG_FAIR_GROUP_SCHED a task does not lead there. */
	if (!bpf_core_field_exists(current->se.cfs_rq))
		return NULL;
	return BPF_CORE_READ(current, se.cfs_rq, rq);
}

/*
 * By how much CLOCK_MONOTONIC is ahead of the scheduler's clock, or a little more than that: by the time since the run
 * queue's clock was brought up to date, in the best of the cases seen lately. `now` is to be read after `rq_clock`: a
 * program that is preempted between the two then adds to the difference, and is not taken for the best case.
 */
static __always_inline __u64 clock_difference(__u64 now, __u64 rq_clock)
{
	__u64 seen = now - rq_clock;
	struct clock_difference *least;
	__u64 bound;
	__u32 zero = 0;

	least = bpf_map_lookup_elem(&clock_differences, &zero);
	if (!least)
		return seen;
	bound = least->ns + ((now - least->seen_at) >> CLOCK_STEER_SHIFT);
	if (!least->seen_at || (__s64)(seen - bound) < 0 || (__s64)(seen - bound) > LONGEST_UNCOUNTED_NS)
		bound = seen;
	least->ns = bound;
	least->seen_at = now;
	return bound;
}

/* Notes the clocks; every event on a CPU makes the next answer there more exact. */
static __always_inline void note_clocks(struct task_struct *current)
{
	struct rq *rq = run_queue(current);
	__u64 rq_clock;

	if (!rq)
		return;
	rq_clock = BPF_CORE_READ(rq, clock);
	clock_difference(bpf_ktime_get_ns(), rq_clock);
}

/*
 * Nanoseconds that `current` has run since the kernel counted last. In a virtual machine, what the hypervisor took from
 * this CPU in between counts too: the kernel would leave it out, but what it goes by cannot be read here.
 */
static __always_inline __u64 uncounted_run_ns(struct task_struct *current)
{
	struct rq *rq = run_queue(current);
	__u64 rq_clock, not_task, now;
	__s64 uncounted;

	if (!rq)
		return 0;
	rq_clock = BPF_CORE_READ(rq, clock);
	/* All that went to interrupts and to other virtual machines before. */
	not_task = rq_clock - BPF_CORE_READ(rq, clock_task);
	now = bpf_ktime_get_ns();
	uncounted = now - clock_difference(now, rq_clock) - not_task - READ(current, se.exec_start);
	return uncounted > 0 && uncounted <= LONGEST_UNCOUNTED_NS ? uncounted : 0;
}

#endif /* __CPU_CLOCK_BPF_H__ */
