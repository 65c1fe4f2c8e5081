/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How events leave the kernel: reserved in the ring, or counted as lost; submitted with a wakeup only if the consumer
 * sleeps.
 */
#ifndef __EMIT_BPF_H__
#define __EMIT_BPF_H__

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lost_events);
} lost SEC(".maps");

/*
 * Set by the consumer before it sleeps, through its mapping of this section, and cleared by whoever sends the wakeup.
 * A wakeup costs over a microsecond, so a consumer that is awake must not be sent any.
 */
volatile __u32 consumer_sleeps = 0;

static __always_inline void count_loss(enum event_kind kind)
{
	__u32 zero = 0;
	struct lost_events *counts = bpf_map_lookup_elem(&lost, &zero);

	if (!counts)
		return;
	/* Atomic, although the counter is this CPU's own: another program may preempt this one between load and store.
	 */
	if (kind == EVENT_EXEC)
		__sync_fetch_and_add(&counts->exec, 1);
	else
		__sync_fetch_and_add(&counts->exit, 1);
}

/* Room for a record of `size` bytes, which must be a constant (until 5.19), or NULL: then the loss has been counted. */
static __always_inline void *reserve(__u64 size, enum event_kind kind)
{
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	if (!record)
		count_loss(kind);
	return record;
}

/*
 * The consumer sets its flag before it looks at the ring for the last time, and the record has been reserved before the
 * flag is read here. So either the wakeup is sent, or the consumer sees a ring that is not empty and stays awake.
 */
static __always_inline void submit(void *record)
{
	if (consumer_sleeps) {
		consumer_sleeps = 0;
		bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
	} else {
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	}
}

#endif /* __EMIT_BPF_H__ */
