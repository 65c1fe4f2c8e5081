/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel side of the reference: the customary small process monitor, with nothing that it could do without. One
 * record of fixed size, a hash of start times, the ring's default wakeups. Raw tracepoints, which are the cheapest.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "reference.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, pid_t);
	__type(value, __u64);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

const volatile __u64 min_duration_ns = 0;

/* BPF_RB_NO_WAKEUP, or 0: wake the reader whenever it had caught up. */
const volatile __u64 submit_flags = 0;

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	__u64 now = bpf_ktime_get_ns();
	pid_t pid = task->tgid;
	struct event *event;

	bpf_map_update_elem(&starts, &pid, &now, BPF_ANY);
	if (min_duration_ns)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->is_exit = false;
	event->pid = pid;
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	event->exit_code = 0;
	event->duration_ns = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename), bprm->filename);
	bpf_ringbuf_submit(event, submit_flags);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	pid_t pid = task->tgid;
	__u64 duration_ns = 0;
	struct event *event;
	__u64 *start;

	if (task->pid != pid)
		return 0;
	start = bpf_map_lookup_elem(&starts, &pid);
	if (start)
		duration_ns = bpf_ktime_get_ns() - *start;
	else if (min_duration_ns)
		return 0;
	bpf_map_delete_elem(&starts, &pid);
	if (duration_ns < min_duration_ns)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->is_exit = true;
	event->pid = pid;
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	event->exit_code = (task->exit_code >> 8) & 0xff;
	event->duration_ns = duration_ns;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->filename[0] = '\0';
	bpf_ringbuf_submit(event, submit_flags);
	return 0;
}
