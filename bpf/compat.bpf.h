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

#endif /* __COMPAT_BPF_H__ */
