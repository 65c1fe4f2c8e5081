// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "bootstrap.h"
#include "record-size.bpf.h"
#include "access.bpf.h"
#include "compat.bpf.h"
#include "emit.bpf.h"
#include "text.bpf.h"
#include "path.bpf.h"
#include "cgroup.bpf.h"
#include "lifetime.bpf.h"
#include "recover.bpf.h"
#include "process.bpf.h"
#include "cpu-clock.bpf.h"
#include "usage.bpf.h"
#include "exec.bpf.h"
#include "exec-failed.bpf.h"
#include "exit.bpf.h"
#include "brief.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Puts the types that only ring records use into the object's BTF. */
const struct exec_event *unused_exec_event __attribute__((unused));
const struct exit_event *unused_exit_event __attribute__((unused));
const struct fork_event *unused_fork_event __attribute__((unused));
const struct full_exec_event *unused_full_exec_event __attribute__((unused));
const struct exec_failed_event *unused_exec_failed_event __attribute__((unused));
const struct full_exit_event *unused_full_exit_event __attribute__((unused));
const struct cgroup_event *unused_cgroup_event __attribute__((unused));
const enum event_kind *unused_event_kind __attribute__((unused));
const enum event_flag *unused_event_flag __attribute__((unused));

/* If not 0: execs are not sent, and neither are exits of processes that lived for less time than this. */
const volatile __u64 min_duration_ns = 0;

/* Whether to send full records, or those of the classic table. */
const volatile bool full_records = false;

/* Whether to send forks; they are remembered in any case. */
const volatile bool send_forks = false;

static __always_inline void on_fork(struct task_struct *parent, struct task_struct *child, enum turn turn)
{
	struct fork_event *event;
	__u64 cgroup_id;
	__u64 boot_ns;

	if (!is_due(turn, preemptible && mark_fork_done(child)))
		return;
	boot_ns = bpf_ktime_get_boot_ns();
	if (full_records)
		note_clocks(parent);
	if (is_thread(child)) {
		remember_thread(child);
		return;
	}
	remember_fork(child);
	if (min_duration_ns || !send_forks)
		return;
	cgroup_id = announce_cgroup(child);
	event = reserve(sizeof(*event), LOST_FORK);
	if (!event)
		return;
	fill_header(&event->header, EVENT_FORK, sizeof(*event), boot_ns);
	fill_process(&event->header, &event->process, child, cgroup_id);
	event->maker_start_boottime = READ(parent, group_leader, start_boottime);
	event->maker_pid = READ(parent, tgid);
	event->pad = 0;
	submit(event);
}

static __always_inline void on_exec(struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm, enum turn turn)
{
	__u64 previous;
	__u64 boot_ns;

	if (!is_due(turn, preemptible && mark_exec_done(task)))
		return;
	boot_ns = bpf_ktime_get_boot_ns();
	previous = remember_exec(task, boot_ns);
	if (min_duration_ns)
		return;
	if (!full_records) {
		emit_brief_exec(task, READ(bprm, filename), boot_ns);
		return;
	}
	note_clocks(task);
	struct image image = {
	    .task = task,
	    .mm = READ(task, mm),
	    .bprm = bprm,
	    .boot_ns = boot_ns,
	    .cgroup_id = announce_cgroup(task),
	    .previous_exec_boottime = previous,
	    .old_tid = old_pid,
	    .kind = EVENT_FULL_EXEC,
	    .read_args = true,
	};
	emit_image(&image, LOST_EXEC, SCRATCH_IMAGE, turn);
}

/*
 * Where execs are not sent, says of a process that ends what it ran, as far as its memory is still there: from 6.16 on.
 */
static __always_inline void emit_ending_image(struct task_struct *task, __u64 boot_ns, enum turn turn)
{
	struct image image = {
	    .task = task,
	    .mm = READ(task, mm),
	    .boot_ns = boot_ns,
	    .cgroup_id = announce_cgroup(task),
	    .kind = EVENT_RUNNING,
	    .read_args = true,
	};
	emit_image(&image, LOST_RUNNING, SCRATCH_IMAGE, turn);
}

static __always_inline void on_exit(__u64 *ctx, struct task_struct *task, enum turn turn)
{
	struct task_struct *leader = READ(task, group_leader);
	bool is_process = is_process_exit(ctx, task);
	struct image_start start;
	struct life *life;
	__u64 duration_ns;
	__u64 boot_ns;
	__u16 flags;

	if (!is_due(turn, preemptible && mark_exit_done(task, is_process)) || !is_process)
		return;
	boot_ns = bpf_ktime_get_boot_ns();
	life = find_life(leader);
	start = image_start_of(leader, life);
	duration_ns = boot_ns - start.boot_ns;
	flags = start.known ? 0 : EVENT_EXEC_TIME_UNKNOWN;
	if (duration_ns >= min_duration_ns) {
		if (full_records && min_duration_ns)
			emit_ending_image(task, boot_ns, turn);
		if (full_records)
			emit_full_exit(task, life, boot_ns, announce_cgroup(task), flags, duration_ns);
		else
			emit_brief_exit(leader, boot_ns, flags, duration_ns);
	}
	forget_life(leader);
}

static __always_inline void on_syscall_exit(struct pt_regs *registers, long result, enum turn turn)
{
	if (result < 0 && result >= -MAX_ERRNO)
		emit_exec_failed(registers, result, turn);
}

SEC(TRACEPOINT("sched_process_fork"))
int BPF_PROG(handle_fork, struct task_struct *parent, struct task_struct *child)
{
	on_fork(parent, child, FIRST);
	return 0;
}

SEC(TRACEPOINT("sched_process_fork"))
int BPF_PROG(second_fork, struct task_struct *parent, struct task_struct *child)
{
	on_fork(parent, child, SECOND);
	return 0;
}

SEC(TRACEPOINT("sched_process_fork"))
int BPF_PROG(third_fork, struct task_struct *parent, struct task_struct *child)
{
	on_fork(parent, child, THIRD);
	return 0;
}

SEC(TRACEPOINT("sched_process_exec"))
int BPF_PROG(handle_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	on_exec(task, old_pid, bprm, FIRST);
	return 0;
}

SEC(TRACEPOINT("sched_process_exec"))
int BPF_PROG(second_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	on_exec(task, old_pid, bprm, SECOND);
	return 0;
}

SEC(TRACEPOINT("sched_process_exec"))
int BPF_PROG(third_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	on_exec(task, old_pid, bprm, THIRD);
	return 0;
}

SEC(TRACEPOINT("sched_process_exit"))
int BPF_PROG(handle_exit, struct task_struct *task)
{
	on_exit(ctx, task, FIRST);
	return 0;
}

SEC(TRACEPOINT("sched_process_exit"))
int BPF_PROG(second_exit, struct task_struct *task)
{
	on_exit(ctx, task, SECOND);
	return 0;
}

SEC(TRACEPOINT("sched_process_exit"))
int BPF_PROG(third_exit, struct task_struct *task)
{
	on_exit(ctx, task, THIRD);
	return 0;
}

SEC(TRACEPOINT("sched_process_free"))
int BPF_PROG(handle_free, struct task_struct *task)
{
	forget_ended(task);
	return 0;
}

SEC(TRACEPOINT("sys_exit"))
int BPF_PROG(handle_syscall_exit, struct pt_regs *registers, long result)
{
	on_syscall_exit(registers, result, FIRST);
	return 0;
}

SEC(TRACEPOINT("sys_exit"))
int BPF_PROG(second_syscall_exit, struct pt_regs *registers, long result)
{
	on_syscall_exit(registers, result, SECOND);
	return 0;
}

SEC(TRACEPOINT("sys_exit"))
int BPF_PROG(third_syscall_exit, struct pt_regs *registers, long result)
{
	on_syscall_exit(registers, result, THIRD);
	return 0;
}

#ifndef UNTYPED
/*
 * Goes through all tasks once, after the other programs have been attached. What it writes to the reader says nothing:
 * it makes the reader's buffer fill up, so that the ring can be drained from time to time.
 */
SEC("iter/task")
int handle_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u8 progress = 0;

	if (!task || task->pid != task->tgid || !task->signal->live.counter)
		return 0;
	struct image image = {
	    .task = task,
	    .mm = READ(task, mm),
	    .boot_ns = bpf_ktime_get_boot_ns(),
	    .cgroup_id = announce_cgroup(task),
	    .kind = EVENT_RUNNING,
	};
	emit_image(&image, LOST_RUNNING, SCRATCH_RUNNING, FIRST);
	bpf_seq_write(ctx->meta->seq, &progress, sizeof(progress));
	return 0;
}
#endif
