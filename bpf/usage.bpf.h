/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What a process used, as getrusage(RUSAGE_SELF) adds it up: ended threads are in the signal_struct, others are listed.
 */
#ifndef __USAGE_BPF_H__
#define __USAGE_BPF_H__

/* Threads looked at. At the end of a process few are left, however many it had. */
#define USAGE_THREADS 40

/* Kernel pages in bytes; set before load. */
const volatile __u64 page_size = 4096;

static __always_inline bool has_io_accounting(void)
{
	return bpf_core_field_exists(((struct task_io_accounting *)0)->read_bytes);
}

static __always_inline void add_thread(struct usage *usage, struct task_struct *task)
{
	usage->user_ns += BPF_CORE_READ(task, utime);
	usage->system_ns += BPF_CORE_READ(task, stime);
	usage->run_ns += BPF_CORE_READ(task, se.sum_exec_runtime);
	usage->voluntary_switches += BPF_CORE_READ(task, nvcsw);
	usage->involuntary_switches += BPF_CORE_READ(task, nivcsw);
	usage->minor_faults += BPF_CORE_READ(task, min_flt);
	usage->major_faults += BPF_CORE_READ(task, maj_flt);
	if (has_io_accounting()) {
		usage->read_bytes += BPF_CORE_READ(task, ioac.read_bytes);
		usage->write_bytes += BPF_CORE_READ(task, ioac.write_bytes);
	}
}

/* The same for the thread that is exiting, whose fields can be read at once. */
static __always_inline void add_exiting_thread(struct usage *usage, struct task_struct *task)
{
	usage->user_ns += READ(task, utime);
	usage->system_ns += READ(task, stime);
	usage->run_ns += READ(task, se.sum_exec_runtime) + uncounted_run_ns(task);
	usage->voluntary_switches += READ(task, nvcsw);
	usage->involuntary_switches += READ(task, nivcsw);
	usage->minor_faults += READ(task, min_flt);
	usage->major_faults += READ(task, maj_flt);
	if (has_io_accounting()) {
		usage->read_bytes += READ(task, ioac.read_bytes);
		usage->write_bytes += READ(task, ioac.write_bytes);
	}
}

/* `exiting` is the current thread, the last of its process. */
static __always_inline void fill_usage(struct event_header *header, struct usage *usage, struct task_struct *exiting)
{
	struct signal_struct *signal = READ(exiting, signal);
	struct list_head *head = &signal->thread_head;
	struct list_head *node;

	usage->user_ns = READ(signal, utime);
	usage->system_ns = READ(signal, stime);
	usage->run_ns = READ(signal, sum_sched_runtime);
	usage->max_rss_bytes = READ(signal, maxrss) * page_size;
	usage->voluntary_switches = READ(signal, nvcsw);
	usage->involuntary_switches = READ(signal, nivcsw);
	usage->minor_faults = READ(signal, min_flt);
	usage->major_faults = READ(signal, maj_flt);
	usage->read_bytes = 0;
	usage->write_bytes = 0;
	if (has_io_accounting()) {
		usage->read_bytes = READ(signal, ioac.read_bytes);
		usage->write_bytes = READ(signal, ioac.write_bytes);
	} else {
		header->flags |= EVENT_IO_UNKNOWN;
	}
	add_exiting_thread(usage, exiting);
	if (READ(signal, nr_threads) == 1)
		return;
	node = BPF_CORE_READ(signal, thread_head.next);
#pragma clang loop unroll(disable)
	for (int i = 0; i < USAGE_THREADS; i++) {
		struct task_struct *thread;

		if (node == head || !node)
			return;
		thread = (struct task_struct *)((char *)node - bpf_core_field_offset(struct task_struct, thread_node));
		if (thread != exiting)
			add_thread(usage, thread);
		node = BPF_CORE_READ(node, next);
	}
	if (node != head)
		header->flags |= EVENT_USAGE_PARTIAL;
}

#endif /* __USAGE_BPF_H__ */
