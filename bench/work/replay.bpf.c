/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Writes the records of a map into a ring, over and over, one at each run. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "replay.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The monitor's own: user space puts it here. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

struct replay replay = {};

SEC("tc")
int write_record(void *ctx)
{
	__u32 key = replay.next;
	struct slot *slot = bpf_map_lookup_elem(&slots, &key);
	__u32 size;

	if (!slot)
		return 0;
	size = slot->size;
	if (size == 0 || size > RECORD_ROOM)
		return 0;
	/* No flags: a reader that has seen all there was is woken. */
	if (bpf_ringbuf_output(&events, slot->record, size, 0) != 0) {
		replay.too_many++;
		return 0;
	}
	replay.written++;
	replay.next = key + 1 < replay.slots ? key + 1 : 0;
	return 0;
}
