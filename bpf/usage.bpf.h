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
	usage->user_ns += task->utime;
	usage->system_ns += task->stime;
	usage->run_ns += task->se.sum_exec_runtime + uncounted_run_ns(task);
	usage->voluntary_switches += task->nvcsw;
	usage->involuntary_switches += task->nivcsw;
	usage->minor_faults += task->min_flt;
	usage->major_faults += task->maj_flt;
	if (has_io_accounting()) {
		usage->read_bytes += task->ioac.read_bytes;
		usage->write_bytes += task->ioac.write_bytes;
	}
}

/* `exiting` is the current thread, the last of its process. */
static __always_inline void fill_usage(struct event_header *header, struct usage *usage, struct task_struct *exiting)
{
	struct signal_struct *signal = exiting->signal;
	struct list_head *head = &signal->thread_head;
	struct list_head *node;

	usage->user_ns = signal->utime;
	usage->system_ns = signal->stime;
	usage->run_ns = signal->sum_sched_runtime;
	usage->max_rss_bytes = signal->maxrss * page_size;
	usage->voluntary_switches = signal->nvcsw;
	usage->involuntary_switches = signal->nivcsw;
	usage->minor_faults = signal->min_flt;
	usage->major_faults = signal->maj_flt;
	usage->read_bytes = 0;
	usage->write_bytes = 0;
	if (has_io_accounting()) {
		usage->read_bytes = signal->ioac.read_bytes;
		usage->write_bytes = signal->ioac.write_bytes;
	} else {
		header->flags |= EVENT_IO_UNKNOWN;
	}
	add_exiting_thread(usage, exiting);
	if (signal->nr_threads == 1)
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
