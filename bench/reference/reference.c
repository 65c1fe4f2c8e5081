/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The yardstick for "as lean as C": a small process monitor on libbpf, as most are written.
 *
 *     reference [OPTION...] OBJECT
 *
 *     -d MS          only processes that lived so long, when they end
 *     -r BYTES       the ring's size (default 256 KiB)
 *     --no-wakeup    the kernel side never wakes the reader, which looks into the ring every 20 ms
 *
 * The user-space side of OBJECT, compiled from reference.bpf.c. One printf for each event, and no more flushing than
 * the C library does of itself.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "reference.h"

enum {
	POLL_MS = 100,
	DRAIN_NS = 20 * 1000 * 1000,
};

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

static int print_event(void *context, void *data, size_t size)
{
	const struct event *event = data;
	time_t now = time(NULL);
	struct tm local;
	char clock[16];

	(void)context;
	(void)size;
	localtime_r(&now, &local);
	strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	if (!event->is_exit) {
		printf("%-8s EXEC  %-16s %-7d %-7d %s\n", clock, event->comm, event->pid, event->ppid, event->filename);
		return 0;
	}
	printf("%-8s EXIT  %-16s %-7d %-7d [%u]", clock, event->comm, event->pid, event->ppid, event->exit_code);
	if (event->duration_ns)
		printf(" (%llums)", event->duration_ns / 1000000);
	printf("\n");
	return 0;
}

/* Sets a constant of the kernel side; all of them are 64 bits wide, and stand in one section in the order of BTF. */
static int set_constants(struct bpf_object *object, __u64 min_duration_ns, __u64 submit_flags)
{
	struct bpf_map *section = bpf_object__find_map_by_name(object, ".rodata");
	size_t size = 0;
	__u64 *constants = section ? (__u64 *)bpf_map__initial_value(section, &size) : NULL;

	if (!constants || size != 2 * sizeof(*constants))
		return -EINVAL;
	constants[0] = min_duration_ns;
	constants[1] = submit_flags;
	return 0;
}

static int attach_all(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) return -errno;
	return 0;
}

static int read_events(struct ring_buffer *ring, int no_wakeup)
{
	const struct timespec pause = {.tv_nsec = DRAIN_NS};
	int result = 0;

	while (!stopping && result >= 0) {
		if (no_wakeup) {
			nanosleep(&pause, NULL);
			result = ring_buffer__consume(ring);
		} else {
			result = ring_buffer__poll(ring, POLL_MS);
		}
		if (result == -EINTR)
			result = 0;
	}
	return result < 0 ? result : ring_buffer__consume(ring);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"no-wakeup", no_argument, NULL, 'n'}, {0}};
	unsigned ring_size = 256 * 1024;
	struct ring_buffer *ring = NULL;
	__u64 min_duration_ns = 0;
	struct bpf_object *object;
	struct bpf_map *events;
	int no_wakeup = 0;
	int option;
	int error;

	while ((option = getopt_long(argc, argv, "d:r:", options, NULL)) != -1) {
		switch (option) {
		case 'd':
			min_duration_ns = strtoull(optarg, NULL, 10) * 1000000;
			break;
		case 'r':
			ring_size = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			no_wakeup = 1;
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: reference [-d MS] [-r BYTES] [--no-wakeup] OBJECT\n");
		return 2;
	}
	signal(SIGINT, stop);
	signal(SIGTERM, stop);

	object = bpf_object__open_file(argv[optind], NULL);
	if (!object) {
		perror("reference: open the object");
		return 1;
	}
	events = bpf_object__find_map_by_name(object, "events");
	error = set_constants(object, min_duration_ns, no_wakeup ? BPF_RB_NO_WAKEUP : 0);
	error = error ?: bpf_map__set_max_entries(events, ring_size);
	error = error ?: bpf_object__load(object);
	error = error ?: attach_all(object);
	if (!error) {
		ring = ring_buffer__new(bpf_map__fd(events), print_event, NULL, NULL);
		error = ring ? 0 : -errno;
	}
	if (!error) {
		printf("%-8s %-5s %-16s %-7s %-7s %s\n", "TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE");
		error = read_events(ring, no_wakeup);
	}
	if (error < 0)
		fprintf(stderr, "reference: %s\n", strerror(-error));
	ring_buffer__free(ring);
	bpf_object__close(object);
	return error < 0;
}
