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

/*
 * What was lost, by CPU. User space sets max_entries to the number of CPUs, and reads through a mapping: it needs no
 * rights for that, while a call to bpf(2) would.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct lost_events);
} lost SEC(".maps");

/*
 * Set by the consumer before it sleeps, through its mapping of this section, and cleared by whoever sends the wakeup.
 * A wakeup costs over a microsecond, so a consumer that is awake must not be sent any.
 */
volatile __u32 consumer_sleeps = 0;

/* Where what is lost, or not, is counted. */
enum counter {
	LOST_FORK = __builtin_offsetof(struct lost_events, fork),
	LOST_EXEC = __builtin_offsetof(struct lost_events, exec),
	LOST_EXEC_FAILED = __builtin_offsetof(struct lost_events, exec_failed),
	LOST_EXIT = __builtin_offsetof(struct lost_events, exit),
	LOST_RUNNING = __builtin_offsetof(struct lost_events, running),
	RECOVERED_RUNS = __builtin_offsetof(struct lost_events, recovered_runs),
};

static __always_inline void count(enum counter counter)
{
	__u32 cpu = bpf_get_smp_processor_id();
	void *counts = bpf_map_lookup_elem(&lost, &cpu);

	/* Atomic, although the counter is this CPU's own: another program may preempt this one between load and store.
	 */
	if (counts)
		__sync_fetch_and_add((__u64 *)(counts + counter), 1);
}

/* Room for a record of `size` bytes, which must be a constant (until 5.19), or NULL: then the loss has been counted. */
static __always_inline void *reserve(__u64 size, enum counter lost)
{
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	if (!record)
		count(lost);
	return record;
}

static __always_inline void fill_header(struct event_header *header, enum event_kind kind, __u32 size, __u64 boot_ns)
{
	header->kind = kind;
	header->flags = 0;
	header->size = size;
	header->boot_ns = boot_ns;
}

/*
 * The consumer sets its flag before it looks at the ring for the last time. A program may have read the flag just
 * before that, and its record come just after; the consumer therefore sleeps briefly first (SETTLE_MS in
 * kernel-probe.ts).
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

/* Which of the programs at a place: the others stand in for the first; see recover.bpf.h. */
enum turn {
	FIRST,
	SECOND,
	THIRD,
};

/*
 * Where records are put together whose size is not known before: per CPU, and a place of its own for each program,
 * since one may preempt another (see recover.bpf.h). A program that is preempted is never run anew on its CPU: the
 * kernel skips that.
 */
enum scratch_slot {
	SCRATCH_RUNNING,
	SCRATCH_IMAGE, /* of execs, or of exits: never of both */
	SCRATCH_EXEC_FAILED,
	SCRATCH_FIRST_SLOTS,
	/* And for each program that stands in for another one. */
	SCRATCH_SLOTS = SCRATCH_FIRST_SLOTS + 4,
};

/* A value per CPU takes 32 KiB at most. */
#define SCRATCH_SIZE (30 * 1024)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SCRATCH_SLOTS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, SCRATCH_SIZE);
} scratch SEC(".maps");

/* `turn`: which of the programs at its place it is for. */
static __always_inline void *scratch_record(enum scratch_slot slot, enum turn turn)
{
	__u32 key = slot + 2 * turn;

	return bpf_map_lookup_elem(&scratch, &key);
}

/* Copies a record that has been put together elsewhere into the ring. See `submit` for the wakeup. */
static __always_inline void send(void *record, __u64 size, enum counter lost)
{
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (size > SCRATCH_SIZE)
		size = SCRATCH_SIZE;
	if (consumer_sleeps) {
		consumer_sleeps = 0;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	if (bpf_ringbuf_output(&events, record, size, flags))
		count(lost);
}

#endif /* __EMIT_BPF_H__ */
