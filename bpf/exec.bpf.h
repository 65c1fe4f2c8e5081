/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The full record of an exec, and of a process that runs already. */
#ifndef __EXEC_BPF_H__
#define __EXEC_BPF_H__

/* The most bytes of arguments that are kept; set before load. */
const volatile __u64 max_args_bytes = 128 * 1024;

/* Room for as many as are kept unless user space asks for more, and for some environment. */
#define DEFAULT_ARGS_ROOM (132 * 1024)

/* Whether the environment is kept too, as far as there is room behind the arguments. */
const volatile bool with_env = false;

/* What a full record says: an exec that succeeds (`bprm` set), or a process that runs already (NULL). */
struct image {
	struct task_struct *task;
	struct mm_struct *mm; /* NULL: kernel thread, or the memory is not the current process's own */
	struct linux_binprm *bprm;
	__u64 boot_ns;
	__u64 cgroup_id;
	__u64 previous_exec_boottime;
	__u32 old_tid;
	enum event_kind kind;
	bool read_args; /* whether the memory of the process can be read: it is the current one */
};

static __always_inline void fill_exe(struct full_exec_event *event, const struct text *text, struct mm_struct *mm)
{
	struct file *exe = mm ? BPF_CORE_READ(mm, exe_file) : NULL;
	struct dentry *dentry;

	event->exe_size = 0;
	if (exe) {
		dentry = BPF_CORE_READ(exe, f_path.dentry);
		event->exe_size = append_path(text, BPF_CORE_READ(exe, f_path.mnt), dentry);
		if (is_unlinked(dentry))
			event->header.flags |= EVENT_EXE_DELETED;
		if (is_without_directory(dentry))
			event->header.flags |= EVENT_EXE_MEMFD;
	}
	if (!event->exe_size)
		event->header.flags |= EVENT_EXE_UNKNOWN;
}

static __always_inline __u32 fill_cwd(struct event_header *header, const struct text *text, struct task_struct *task)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct dentry *dentry;
	__u32 size = 0;

	if (fs) {
		dentry = BPF_CORE_READ(fs, pwd.dentry);
		size = append_path(text, BPF_CORE_READ(fs, pwd.mnt), dentry);
		if (is_unlinked(dentry))
			header->flags |= EVENT_CWD_DELETED;
	}
	if (!size)
		header->flags |= EVENT_CWD_UNKNOWN;
	return size;
}

/*
 * Copies the arguments, and the environment behind them if it is wanted: exec lays them down one after the other.
 * `room` bytes are left in the record from `at` on.
 */
static __always_inline void fill_args(struct full_exec_event *event, struct mm_struct *mm, __u32 at, __u64 room)
{
	unsigned long start = BPF_CORE_READ(mm, arg_start);
	__u64 args = event->args_total;
	__u64 size;

	if (args > max_args_bytes)
		args = max_args_bytes;
	size = args;
	if (with_env && args == event->args_total && BPF_CORE_READ(mm, env_start) == start + args)
		size += event->env_total;
	if (size > room)
		size = room;
	if (!size)
		return;
	if (bpf_probe_read_user(event->text + at, size, (void *)start)) {
		event->header.flags |= EVENT_ARGS_FAULT;
		return;
	}
	if (args > size)
		args = size;
	event->args_size = args;
	event->env_size = size - args;
}

/*
 * Sends a record with room for `path_room` bytes of paths and `args_room` of arguments, both constants. With `retry`,
 * false if the paths do not fit or the ring has no such room, and nothing has been sent or counted: a record of another
 * size may do.
 */
static __always_inline bool send_image(const struct image *image, __u32 lost_kind, __u64 path_room, __u64 args_room,
                                       bool retry)
{
	struct full_exec_event *event = bpf_ringbuf_reserve(&events, FULL_EXEC_EVENT_SIZE + path_room + args_room, 0);
	struct text text = {.capacity = path_room};
	struct linux_binprm *bprm = image->bprm;
	struct task_struct *task = image->task;
	struct mm_struct *mm = image->mm;
	__u32 used;

	if (!event) {
		if (!retry)
			count_loss(lost_kind);
		return !retry;
	}
	text.header = &event->header;
	text.text = event->text;
	fill_header(&event->header, image->kind, 0, image->boot_ns);
	fill_process(&event->header, &event->process, task, image->cgroup_id);
	event->previous_exec_boottime = image->previous_exec_boottime;
	event->old_tid = image->old_tid;
	event->euid = READ(task, cred, euid.val);
	event->egid = READ(task, cred, egid.val);
	event->threads = READ(task, signal, nr_threads);
	event->argc = 0;
	event->filename_size = 0;
	event->interpreter_size = 0;
	event->args_size = 0;
	event->env_size = 0;
	event->args_total = 0;
	event->env_total = 0;
	if (bprm) {
		event->argc = READ(bprm, argc);
		event->filename_size = append_string(&text, READ(bprm, filename));
		if (!event->filename_size)
			event->header.flags |= EVENT_FILENAME_FAULT;
		if (READ(bprm, interp) != READ(bprm, filename))
			event->interpreter_size = append_string(&text, READ(bprm, interp));
		/* Root that becomes another user has fewer rights than before. */
		if (READ(bprm, per_clear) && READ(task, cred, uid.val) && READ_BITFIELD(bprm, secureexec))
			event->header.flags |= EVENT_PRIVILEGED;
	} else if (!(READ(task, flags) & PF_FORKNOEXEC)) {
		event->header.flags |= EVENT_EXEC_TIME_UNKNOWN;
	}
	fill_exe(event, &text, mm);
	event->cwd_size = fill_cwd(&event->header, &text, task);
	/* The last name may have run into the room for arguments. */
	used = text_used(&text);
	if (retry && (event->header.flags & EVENT_TEXT_CUT || used > path_room)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return false;
	}
	if (!mm || !image->read_args)
		event->header.flags |= EVENT_ARGS_FAULT;
	if (mm) {
		event->args_total = BPF_CORE_READ(mm, arg_end) - BPF_CORE_READ(mm, arg_start);
		event->env_total = BPF_CORE_READ(mm, env_end) - BPF_CORE_READ(mm, env_start);
		if (image->read_args && used <= path_room)
			fill_args(event, mm, used, args_room);
	}
	event->header.size += FULL_EXEC_EVENT_SIZE + event->args_size + event->env_size;
	submit(event);
	return true;
}

/* Bytes of arguments, and of environment, that are wanted whole. */
static __always_inline __u64 wanted_args(const struct image *image)
{
	struct mm_struct *mm = image->mm;
	__u64 size;

	if (!mm || !image->read_args)
		return 0;
	size = BPF_CORE_READ(mm, arg_end) - BPF_CORE_READ(mm, arg_start);
	if (size > max_args_bytes)
		return max_args_bytes;
	if (with_env)
		size += BPF_CORE_READ(mm, env_end) - BPF_CORE_READ(mm, env_start);
	return size;
}

/* Sends a record in the smallest of a few sizes that holds it; nearly all fit the first. */
static __always_inline void emit_image(const struct image *image, __u32 lost_kind)
{
	__u64 wanted = wanted_args(image);

	if (wanted <= 256 && send_image(image, lost_kind, 192, 256, true))
		return;
	if (wanted <= 3072 && send_image(image, lost_kind, 1024, 3072, true))
		return;
	if (wanted > 16384 && wanted <= DEFAULT_ARGS_ROOM &&
	    send_image(image, lost_kind, 12800, DEFAULT_ARGS_ROOM, true))
		return;
	if (max_args_bytes > 128 * 1024 && wanted > DEFAULT_ARGS_ROOM && wanted <= 512 * 1024 &&
	    send_image(image, lost_kind, 12800, 512 * 1024, true))
		return;
	if (max_args_bytes > 128 * 1024 && wanted > 512 * 1024 &&
	    send_image(image, lost_kind, 12800, 2 * 1024 * 1024, true))
		return;
	/* Also where a larger one found no room: better the beginning of the arguments than no event. */
	send_image(image, lost_kind, 12800, 16384, false);
}

#endif /* __EXEC_BPF_H__ */
