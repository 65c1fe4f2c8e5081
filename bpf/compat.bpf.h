/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One helper for each thing that differs between kernels, headed by the upstream change that made the difference. */
#ifndef __COMPAT_BPF_H__
#define __COMPAT_BPF_H__

/*
 * 6.16, "exit: change the release_task() paths and sched_process_exit() tracepoint to include group_dead": the second
 * argument of the tracepoint, and the last field of its record, say whether the exiting thread is the process's last.
 */
static __always_inline bool exit_has_group_dead(void)
{
	return bpf_core_field_exists(((struct trace_event_raw_sched_process_exit *)0)->group_dead);
}

/* 6.15, "kernfs: use RCU to access kernfs_node::parent": the field was renamed to __parent. */
static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent);
	return BPF_CORE_READ((struct kernfs_node___before_rcu *)node, parent);
}

/*
 * 6.4, "bpf: return long from bpf_map_ops funcs": before, programs are made to call functions that return an int, so
 * the upper half of what is returned to them says nothing. Returns 0 or a negative error number.
 */
static __always_inline int map_insert(void *map, const void *key, const void *value)
{
	return bpf_map_update_elem(map, key, value, BPF_NOEXIST);
}

#endif /* __COMPAT_BPF_H__ */
