/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The programs are compiled twice from one source: typed for kernels that tell their types, where they may follow the
 * pointers that a tracepoint hands them; untyped (bootstrap-untyped.bpf.c) for the others, where a pointer is a number
 * to the verifier, and what it leads to must be copied.
 */
#ifndef __ACCESS_BPF_H__
#define __ACCESS_BPF_H__

#ifdef UNTYPED
#define TRACEPOINT(name)             "raw_tp/" name
#define READ(source, ...)            BPF_CORE_READ(source, __VA_ARGS__)
#define READ_BITFIELD(source, field) BPF_CORE_READ_BITFIELD_PROBED(source, field)
#else
#define TRACEPOINT(name)               "tp_btf/" name
#define READ_1(source, a)              ((source)->a)
#define READ_2(source, a, b)           ((source)->a->b)
#define READ_3(source, a, b, c)        ((source)->a->b->c)
#define READ_OF(_1, _2, _3, read, ...) read
/* READ(task, real_parent, tgid) is task->real_parent->tgid. */
#define READ(source, ...)              READ_OF(__VA_ARGS__, READ_3, READ_2, READ_1, )(source, __VA_ARGS__)
#define READ_BITFIELD(source, field)   BPF_CORE_READ_BITFIELD(source, field)
#endif

/* The current thread, or NULL: before 5.11 it could not be had in a form whose members may be read. */
static __always_inline struct task_struct *current_task(void)
{
#ifdef UNTYPED
	return (struct task_struct *)bpf_get_current_task();
#else
	if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return NULL;
	return (struct task_struct *)bpf_get_current_task_btf();
#endif
}

#endif /* __ACCESS_BPF_H__ */
