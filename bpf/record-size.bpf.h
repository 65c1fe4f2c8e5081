/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where the text of a record begins: sizeof() would count padding behind the last length. */
#ifndef __RECORD_SIZE_BPF_H__
#define __RECORD_SIZE_BPF_H__

enum {
	EXEC_EVENT_SIZE = __builtin_offsetof(struct exec_event, filename),
	FULL_EXEC_EVENT_SIZE = __builtin_offsetof(struct full_exec_event, text),
	EXEC_FAILED_EVENT_SIZE = __builtin_offsetof(struct exec_failed_event, text),
	CGROUP_EVENT_SIZE = __builtin_offsetof(struct cgroup_event, path),
};

#endif /* __RECORD_SIZE_BPF_H__ */
