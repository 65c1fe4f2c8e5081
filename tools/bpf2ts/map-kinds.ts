/** Returns the kernel's name of a map type: `ringbuf` for BPF_MAP_TYPE_RINGBUF. */
export function mapKind(type: number): string {
  return mapKinds[type] ?? `map_type_${type}`;
}

/** In the order of `enum bpf_map_type` in include/uapi/linux/bpf.h. */
const mapKinds = [
  ...["unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array", "stack_trace"],
  ...["cgroup_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "array_of_maps", "hash_of_maps", "devmap", "sockmap"],
  ...["cpumap", "xskmap", "sockhash", "cgroup_storage", "reuseport_sockarray", "percpu_cgroup_storage", "queue"],
  ...["stack", "sk_storage", "devmap_hash", "struct_ops", "ringbuf", "inode_storage", "task_storage", "bloom_filter"],
  ...["user_ringbuf", "cgrp_storage", "arena", "insn_array"],
];
