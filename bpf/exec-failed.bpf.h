/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An exec that failed. That shows only where system calls return, which is one place for all of them: so this program
 * runs often, and must find out at once that it is not concerned.
 */
#ifndef __EXEC_FAILED_BPF_H__
#define __EXEC_FAILED_BPF_H__

/* The numbers of execve(2) and execveat(2) on this CPU; set before load. */
const volatile __u32 execve_nr = 59;
const volatile __u32 execveat_nr = 322;

/* The registers that hold a system call's number and arguments (arch/.../include/asm/ptrace.h). */
struct pt_regs___x86 {
	unsigned long di;
	unsigned long si;
	unsigned long orig_ax;
} __attribute__((preserve_access_index));

struct pt_regs___arm64 {
	__u64 regs[31];
	__u64 orig_x0;
	int syscallno;
} __attribute__((preserve_access_index));

struct pt_regs___s390 {
	unsigned long gprs[16];
	unsigned long orig_gpr2;
	unsigned int int_code;
} __attribute__((preserve_access_index));

struct thread_info___x86 {
	unsigned int status;
} __attribute__((preserve_access_index));

struct task_struct___x86 {
	struct thread_info___x86 thread_info;
} __attribute__((preserve_access_index));

struct thread_info___arm64 {
	unsigned long flags;
} __attribute__((preserve_access_index));

struct task_struct___arm64 {
	struct thread_info___arm64 thread_info;
} __attribute__((preserve_access_index));

/* arch/x86/include/asm/thread_info.h: the system call is one of the 32-bit kind, which has other numbers. */
#define TS_COMPAT 0x0002

/* arch/arm64/include/asm/thread_info.h: so is the whole process. */
#define TIF_32BIT 22

struct system_call {
	__u32 number;
	__u64 first;
	__u64 second;
};

static __always_inline struct system_call system_call_of(void *registers)
{
	struct pt_regs___x86 *x86 = registers;
	struct pt_regs___arm64 *arm64 = registers;
	struct pt_regs___s390 *s390 = registers;
	struct system_call call = {};

	if (bpf_core_field_exists(x86->orig_ax)) {
		call.number = BPF_CORE_READ(x86, orig_ax);
		call.first = BPF_CORE_READ(x86, di);
		call.second = BPF_CORE_READ(x86, si);
	} else if (bpf_core_field_exists(s390->orig_gpr2)) {
		call.number = BPF_CORE_READ(s390, int_code) & 0xffff;
		call.first = BPF_CORE_READ(s390, orig_gpr2);
		call.second = BPF_CORE_READ(s390, gprs[3]);
	} else if (bpf_core_field_exists(arm64->syscallno)) {
		call.number = BPF_CORE_READ(arm64, syscallno);
		call.first = BPF_CORE_READ(arm64, orig_x0);
		call.second = BPF_CORE_READ(arm64, regs[1]);
	}
	return call;
}

static __always_inline bool is_compat(struct task_struct *task)
{
	struct task_struct___x86 *x86 = (void *)task;
	struct task_struct___arm64 *arm64 = (void *)task;

	if (bpf_core_field_exists(((struct pt_regs___arm64 *)0)->syscallno))
		return BPF_CORE_READ(arm64, thread_info.flags) >> TIF_32BIT & 1;
	return bpf_core_field_exists(x86->thread_info.status) && BPF_CORE_READ(x86, thread_info.status) & TS_COMPAT;
}

/* Room for the file name, the longest there is, and for the working directory. */
#define FAILED_NAME 4352
#define FAILED_TEXT (FAILED_NAME + 12800)

static __always_inline void send_exec_failed(struct task_struct *task, const char *filename, int error, enum turn turn)
{
	__u64 cgroup_id = announce_cgroup(task);
	struct exec_failed_event *event = scratch_record(SCRATCH_EXEC_FAILED, turn);
	struct text text = {.capacity = FAILED_TEXT};
	long length;

	if (!event) {
		count(LOST_EXEC_FAILED);
		return;
	}
	text.header = &event->header;
	text.text = event->text;
	fill_header(&event->header, EVENT_EXEC_FAILED, 0, bpf_ktime_get_boot_ns());
	fill_process(&event->header, &event->process, task, cgroup_id);
	event->error = error;
	event->filename_size = 0;
	length = bpf_probe_read_user_str(event->text, FAILED_NAME, filename);
	/* Of an empty string, Linux 6.12 and others do not count the NUL. */
	if (length == 0)
		event->text[length++] = 0;
	if (length > 0) {
		event->filename_size = length;
		event->header.size = length;
		if (length == FAILED_NAME)
			event->header.flags |= EVENT_FILENAME_CUT;
	} else {
		event->header.flags |= EVENT_FILENAME_FAULT;
	}
	event->cwd_size = fill_cwd(&event->header, &text, task);
	event->header.size += EXEC_FAILED_EVENT_SIZE;
	send(event, event->header.size, LOST_EXEC_FAILED);
}

static __always_inline void emit_exec_failed(void *registers, long result, enum turn turn)
{
	struct system_call call = system_call_of(registers);
	struct task_struct *task;
	const char *filename;

	if (call.number != execve_nr && call.number != execveat_nr)
		return;
	task = current_task();
	if (!task)
		return;
	if (is_compat(task) || !is_exec_failure_due(task, turn))
		return;
	filename = (const char *)(call.number == execve_nr ? call.first : call.second);
	send_exec_failed(task, filename, -result, turn);
}

#endif /* __EXEC_FAILED_BPF_H__ */
