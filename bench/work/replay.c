/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * replay OBJECT RING PID: how many events a second a monitor can take in.
 *
 * PID is a monitor that is stopped (SIGSTOP), while real records have gathered in its ring, the BPF map with the number
 * RING. This takes a copy of them, lets the monitor run on, and then has the kernel side (OBJECT, from replay.bpf.c)
 * fill the ring with copies, again and again when the monitor has emptied it: what no real storm could do. Nothing here
 * knows what is in a record. The monitor is kept on the first CPU, and what feeds it is on the last, and rests while
 * the monitor works: two CPUs may be one core, and the monitor's share of that would be measured.
 *
 * Prints one line: {"events":…,"cpuNs":…}. The time of CPUs is the monitor's, user and system.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "replay.h"

enum {
	MAX_SLOTS = 1024,
	RUNS_AT_ONCE = 512,
	PAUSE_NS = 50 * 1000,
	DRAIN_LIMIT_S = 20,
};

#define NS_PER_S   1000000000ll
#define WARM_UP_NS (2 * NS_PER_S)
#define MEASURE_NS (3 * NS_PER_S)

/* A ring as its reader sees it (kernel/bpf/ringbuf.c). */
struct ring {
	const volatile unsigned long *consumer;
	const volatile unsigned long *producer;
	const char *data;
	size_t size;
};

static void fail(const char *what)
{
	fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long clock_ns(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		fail("read a clock");
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void pause_briefly(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};

	nanosleep(&pause, NULL);
}

static struct ring map_ring(int fd)
{
	struct bpf_map_info info = {0};
	__u32 info_size = sizeof(info);
	size_t page = sysconf(_SC_PAGESIZE);
	struct ring ring;
	char *rest;

	if (bpf_obj_get_info_by_fd(fd, &info, &info_size) != 0)
		fail("ask for the ring's size");
	ring.size = info.max_entries;
	ring.consumer = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	rest = mmap(NULL, page + 2 * ring.size, PROT_READ, MAP_SHARED, fd, page);
	if (ring.consumer == MAP_FAILED || rest == MAP_FAILED)
		fail("map the ring");
	ring.producer = (const void *)rest;
	ring.data = rest + page;
	return ring;
}

/* Copies the records that wait in a ring into the map; returns how many. */
static unsigned copy_records(const struct ring *ring, int slots_fd)
{
	unsigned long at = *ring->consumer;
	unsigned long end = *ring->producer;
	struct slot slot = {0};
	unsigned count = 0;

	while (at < end && count < MAX_SLOTS) {
		const char *header = ring->data + (at & (ring->size - 1));
		unsigned length = *(const volatile unsigned *)header;

		if (length & BPF_RINGBUF_BUSY_BIT)
			break;
		slot.size = length & ~BPF_RINGBUF_DISCARD_BIT;
		at += (BPF_RINGBUF_HDR_SZ + slot.size + 7) / 8 * 8;
		if (length & BPF_RINGBUF_DISCARD_BIT || slot.size > RECORD_ROOM)
			continue;
		memcpy(slot.record, header + BPF_RINGBUF_HDR_SZ, slot.size);
		if (bpf_map_update_elem(slots_fd, &count, &slot, BPF_ANY) != 0)
			fail("keep a record");
		count++;
	}
	return count;
}

static void stay_on(pid_t thread, int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(thread, sizeof(cpus), &cpus) != 0 && errno != ESRCH)
		fail("choose a CPU");
}

static void keep_all_threads_on(pid_t process, int cpu)
{
	struct dirent *entry;
	char path[32];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", process);
	threads = opendir(path);
	if (!threads)
		fail(path);
	while ((entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			stay_on(atoi(entry->d_name), cpu);
	closedir(threads);
}

static void wait_until_empty(const struct ring *ring)
{
	long long limit = clock_ns(CLOCK_MONOTONIC) + DRAIN_LIMIT_S * NS_PER_S;

	while (*ring->consumer != *ring->producer) {
		if (clock_ns(CLOCK_MONOTONIC) > limit) {
			fprintf(stderr, "replay: the monitor does not empty its ring\n");
			exit(1);
		}
		pause_briefly();
	}
}

/* Fills the ring for a while, each time that it is empty; it is empty at the end. */
static void feed(int program, struct replay *replay, const struct ring *ring, long long duration_ns)
{
	static const char packet[64];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
	            .repeat = RUNS_AT_ONCE);
	long long end = clock_ns(CLOCK_MONOTONIC) + duration_ns;

	while (clock_ns(CLOCK_MONOTONIC) < end) {
		unsigned long long too_many = replay->too_many;

		if (bpf_prog_test_run_opts(program, &options) != 0)
			fail("run the program");
		if (replay->too_many != too_many)
			wait_until_empty(ring);
	}
	wait_until_empty(ring);
}

static struct bpf_object *load(const char *path, int ring_fd)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);

	if (!object)
		fail("open the object");
	if (bpf_map__reuse_fd(bpf_object__find_map_by_name(object, "events"), ring_fd) != 0 ||
	    bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "slots"), MAX_SLOTS) != 0 ||
	    bpf_object__load(object) != 0)
		fail("load the object");
	return object;
}

/* The variables of the kernel side, shared with it. Kept by an array map whose values can be mapped. */
static struct replay *map_variables(struct bpf_object *object)
{
	struct bpf_map *section = bpf_object__find_map_by_name(object, ".bss");
	struct replay *replay;

	replay = mmap(NULL, sizeof(*replay), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(section), 0);
	if (replay == MAP_FAILED)
		fail("map the variables");
	return replay;
}

int main(int argc, char **argv)
{
	int ring_fd = argc == 4 ? bpf_map_get_fd_by_id(atoi(argv[2])) : -1;
	pid_t monitor = argc == 4 ? atoi(argv[3]) : 0;
	struct bpf_object *object;
	struct replay *replay;
	clockid_t cpu_clock;
	struct ring ring;
	unsigned long long written;
	long long cpu_ns;
	int program;

	if (ring_fd < 0 || clock_getcpuclockid(monitor, &cpu_clock) != 0) {
		fprintf(stderr, "usage: replay OBJECT RING PID\n");
		return 2;
	}
	object = load(argv[1], ring_fd);
	replay = map_variables(object);
	program = bpf_program__fd(bpf_object__find_program_by_name(object, "write_record"));
	ring = map_ring(ring_fd);
	replay->slots = copy_records(&ring, bpf_map__fd(bpf_object__find_map_by_name(object, "slots")));
	if (replay->slots == 0) {
		fprintf(stderr, "replay: there are no records in the ring\n");
		return 1;
	}
	keep_all_threads_on(monitor, 0);
	stay_on(0, sysconf(_SC_NPROCESSORS_ONLN) - 1);
	kill(monitor, SIGCONT);
	wait_until_empty(&ring);
	feed(program, replay, &ring, WARM_UP_NS);

	written = replay->written;
	cpu_ns = clock_ns(cpu_clock);
	feed(program, replay, &ring, MEASURE_NS);
	printf("{\"events\":%llu,\"cpuNs\":%lld}\n", replay->written - written, clock_ns(cpu_clock) - cpu_ns);
	return 0;
}
