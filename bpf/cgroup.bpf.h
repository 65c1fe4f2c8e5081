/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Control groups: records carry an identifier, whose path is sent once, before the first record that has it. */
#ifndef __CGROUP_BPF_H__
#define __CGROUP_BPF_H__

/* Where the identifier says which hierarchy it is of: identifiers are unique only within one. */
#define CGROUP_HIERARCHY_SHIFT 56

#define CGROUP_PATH_ROOM 1024

/* The groups whose path user space has been told, the most recent ones; user space remembers many more. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u8);
} told_cgroups SEC(".maps");

static __always_inline struct cgroup *controller_cgroup(struct css_set *set, __u32 controller)
{
	struct cgroup_subsys_state *state = NULL;

	bpf_core_read(&state, sizeof(state), &set->subsys[0] + controller);
	return state ? BPF_CORE_READ(state, cgroup) : NULL;
}

/*
 * The group of the v2 hierarchy; where that is not in use (all are in its root), that of the first v1 controller which
 * has the process in a group.
 */
static __always_inline struct cgroup *cgroup_of(struct task_struct *task, __u64 *hierarchy)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp);
	struct cgroup *cgroup;

	*hierarchy = 0;
	if (BPF_CORE_READ(unified, level) > 0)
		return unified;
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id)) {
		cgroup = controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
		if (cgroup && BPF_CORE_READ(cgroup, level) > 0) {
			*hierarchy = 1;
			return cgroup;
		}
	}
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id)) {
		cgroup = controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
		if (cgroup && BPF_CORE_READ(cgroup, level) > 0) {
			*hierarchy = 2;
			return cgroup;
		}
	}
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, cpu_cgrp_id)) {
		cgroup = controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id));
		if (cgroup && BPF_CORE_READ(cgroup, level) > 0) {
			*hierarchy = 3;
			return cgroup;
		}
	}
	return unified;
}

static __always_inline bool send_cgroup(struct cgroup *cgroup, __u64 id)
{
	struct cgroup_event *event = bpf_ringbuf_reserve(&events, sizeof(*event) + CGROUP_PATH_ROOM + TEXT_STEP, 0);
	struct text text = {.capacity = CGROUP_PATH_ROOM};

	if (!event)
		return false;
	text.header = &event->header;
	text.text = event->path;
	fill_header(&event->header, EVENT_CGROUP, 0, bpf_ktime_get_boot_ns());
	event->cgroup_id = id;
	event->path_size = append_kernfs_path(&text, BPF_CORE_READ(cgroup, kn));
	event->header.size += CGROUP_EVENT_SIZE;
	submit(event);
	return true;
}

/* The identifier of a process's group, once user space has been told its path; 0 if it could not be told. */
static __always_inline __u64 announce_cgroup(struct task_struct *task)
{
	__u64 hierarchy;
	struct cgroup *cgroup = cgroup_of(task, &hierarchy);
	__u64 id = BPF_CORE_READ(cgroup, kn, id) | hierarchy << CGROUP_HIERARCHY_SHIFT;
	__u8 told = 1;

	if (bpf_map_lookup_elem(&told_cgroups, &id))
		return id;
	if (!send_cgroup(cgroup, id))
		return 0;
	/* Only now: a program on another CPU must not rely on a record that is behind its own in the ring. */
	bpf_map_update_elem(&told_cgroups, &id, &told, BPF_ANY);
	return id;
}

#endif /* __CGROUP_BPF_H__ */
