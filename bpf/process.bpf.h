/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Who a process is. */
#ifndef __PROCESS_BPF_H__
#define __PROCESS_BPF_H__

/* The PID in the process's own namespace, or 0 in the initial one. */
static __always_inline __u32 namespace_pid(struct task_struct *leader)
{
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	int nr = 0;

	if (!level)
		return 0;
	bpf_core_read(&nr, sizeof(nr), (char *)&pid->numbers[0].nr + level * bpf_core_type_size(struct upid));
	return nr;
}

static __always_inline void fill_login(struct event_header *header, struct process *process, struct task_struct *task)
{
	/* Without CONFIG_AUDIT there are none. */
	if (bpf_core_field_exists(task->loginuid)) {
		process->login_uid = READ(task, loginuid.val);
		process->session_id = READ(task, sessionid);
	} else {
		process->login_uid = -1;
		process->session_id = -1;
		header->flags |= EVENT_LOGIN_UNKNOWN;
	}
}

/* The name of a terminal that has gone meanwhile cannot be read: then it is empty, as without one. */
static __always_inline void fill_tty(struct process *process, struct task_struct *leader)
{
	struct tty_struct *tty = READ(leader, signal, tty);

	__builtin_memset(process->tty, 0, sizeof(process->tty));
	if (tty)
		bpf_probe_read_kernel_str(process->tty, sizeof(process->tty), tty->name);
}

/* `task` is any thread of the process. */
static __always_inline void fill_process(struct event_header *header, struct process *process, struct task_struct *task,
                                         __u64 cgroup_id)
{
	struct task_struct *leader = READ(task, group_leader);
	struct task_struct *parent = READ(leader, real_parent);

	process->pid = READ(leader, tgid);
	process->start_boottime = READ(leader, start_boottime);
	process->ppid = READ(parent, tgid);
	process->parent_start_boottime = READ(parent, group_leader, start_boottime);
	process->cgroup_id = cgroup_id;
	bpf_probe_read_kernel(process->comm, sizeof(process->comm), leader->comm);
	process->uid = READ(task, real_cred, uid.val);
	process->gid = READ(task, real_cred, gid.val);
	process->namespace_pid = namespace_pid(leader);
	process->cpu = bpf_get_smp_processor_id();
	if (READ(leader, flags) & PF_KTHREAD)
		header->flags |= EVENT_KERNEL_THREAD;
	fill_login(header, process, leader);
	fill_tty(process, leader);
}

#endif /* __PROCESS_BPF_H__ */
