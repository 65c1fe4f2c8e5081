// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Sends the parent and the child of every new process and thread. The smallest tool there is; begin yours with it. */
#include "../../bpf/vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct fork_event {
	__u32 parent;
	__u32 child;
	char comm[16];
};

/* Puts the record's type into the object's BTF, where bpf2ts finds it. */
const struct fork_event *unused_fork_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

__u64 lost = 0;

SEC("tp_btf/sched_process_fork")
int BPF_PROG(handle_fork, struct task_struct *parent, struct task_struct *child)
{
	struct fork_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	event->parent = parent->tgid;
	event->child = child->pid;
	bpf_probe_read_kernel(event->comm, sizeof(event->comm), parent->comm);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
