/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The full record of an exec, and of a process that runs already. */
#ifndef __EXEC_BPF_H__
#define __EXEC_BPF_H__

/* The most bytes of arguments that are kept; set before load. */
const volatile __u64 max_args_bytes = 128 * 1024;

/* Room for paths, and for arguments with the environment behind them, where a record is put together. */
#define IMAGE_PATHS 12800
#define IMAGE_ARGS  16384

/* Room for more of them in the ring: as many as are kept unless user space asks for more, and some environment. */
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

/* The arguments of a program, and its environment if that is wanted: exec lays them down one after the other. */
struct args {
	unsigned long start;
	__u64 args;
	__u64 env;
};

static __always_inline struct args args_of(struct full_exec_event *event, struct mm_struct *mm)
{
	struct args args = {
	    .start = BPF_CORE_READ(mm, arg_start),
	    .args = event->args_total,
	};

	if (args.args > max_args_bytes)
		args.args = max_args_bytes;
	else if (with_env && BPF_CORE_READ(mm, env_start) == args.start + args.args)
		args.env = event->env_total;
	return args;
}

/* Reads as much of them as fits into `room` bytes, a constant, at `to`. */
static __always_inline void read_args(struct full_exec_event *event, const struct args *args, char *to, __u64 room)
{
	__u64 size = args->args + args->env;
	__u64 kept = args->args;

	if (size > room)
		size = room;
	if (!size)
		return;
	if (bpf_probe_read_user(to, size, (void *)args->start)) {
		event->header.flags |= EVENT_ARGS_FAULT;
		return;
	}
	if (kept > size)
		kept = size;
	event->args_size = kept;
	event->env_size = size - kept;
	event->header.size += size;
}

/*
 * Sends a record of which all but the arguments has been put together, `used` bytes, with room for `room` bytes of
 * these, a constant. False if the ring has no such room.
 */
static __always_inline bool send_large_image(const struct full_exec_event *event, __u32 used, const struct args *args,
                                             __u64 room)
{
	struct full_exec_event *large;

	large = bpf_ringbuf_reserve(&events, FULL_EXEC_EVENT_SIZE + IMAGE_PATHS + TEXT_STEP + room, 0);
	if (!large)
		return false;
	bpf_probe_read_kernel(large, FULL_EXEC_EVENT_SIZE + used, event);
	read_args(large, args, large->text + used, room);
	submit(large);
	return true;
}

/* Sends it in the smallest of a few sizes that holds all arguments. */
static __always_inline bool send_large(const struct full_exec_event *event, __u32 used, const struct args *args)
{
	__u64 size = args->args + args->env;

	if (max_args_bytes <= 128 * 1024 || size <= DEFAULT_ARGS_ROOM)
		return send_large_image(event, used, args, DEFAULT_ARGS_ROOM);
	if (size <= 512 * 1024)
		return send_large_image(event, used, args, 512 * 1024);
	return send_large_image(event, used, args, 2 * 1024 * 1024);
}

static __always_inline void fill_image(struct full_exec_event *event, const struct text *text,
                                       const struct image *image)
{
	struct linux_binprm *bprm = image->bprm;
	struct task_struct *task = image->task;

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
		event->filename_size = append_string(text, READ(bprm, filename));
		if (!event->filename_size)
			event->header.flags |= EVENT_FILENAME_FAULT;
		if (READ(bprm, interp) != READ(bprm, filename))
			event->interpreter_size = append_string(text, READ(bprm, interp));
		/* Root that becomes another user has fewer rights than before. */
		if (READ(bprm, per_clear) && READ(task, cred, uid.val) && READ_BITFIELD(bprm, secureexec))
			event->header.flags |= EVENT_PRIVILEGED;
	} else if (!(READ(task, flags) & PF_FORKNOEXEC)) {
		event->header.flags |= EVENT_EXEC_TIME_UNKNOWN;
	}
	fill_exe(event, text, image->mm);
	event->cwd_size = fill_cwd(&event->header, text, task);
}

/*
 * Sends the record in its exact size; arguments that find no room where it is put together go to the ring directly.
 */
static __always_inline void emit_image(const struct image *image, enum counter lost, enum scratch_slot slot,
                                       enum turn turn)
{
	struct full_exec_event *event = scratch_record(slot, turn);
	struct text text = {.capacity = IMAGE_PATHS};
	struct mm_struct *mm = image->mm;
	__u32 used;

	if (!event) {
		count(lost);
		return;
	}
	text.header = &event->header;
	text.text = event->text;
	fill_image(event, &text, image);
	used = text_used(&text);
	if (used > IMAGE_PATHS + TEXT_STEP)
		used = IMAGE_PATHS + TEXT_STEP;
	event->header.size = FULL_EXEC_EVENT_SIZE + used;
	if (!mm || !image->read_args)
		event->header.flags |= EVENT_ARGS_FAULT;
	if (mm) {
		event->args_total = BPF_CORE_READ(mm, arg_end) - BPF_CORE_READ(mm, arg_start);
		event->env_total = BPF_CORE_READ(mm, env_end) - BPF_CORE_READ(mm, env_start);
	}
	if (mm && image->read_args) {
		struct args args = args_of(event, mm);

		/* Where not even the large room is to be had: better the beginning of the arguments than no event. */
		if (args.args + args.env > IMAGE_ARGS && send_large(event, used, &args))
			return;
		read_args(event, &args, event->text + used, IMAGE_ARGS);
	}
	send(event, event->header.size, lost);
}

#endif /* __EXEC_BPF_H__ */
