/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * load OBJECT [PROGRAM [ARGUMENT...]]: loads a BPF object with libbpf alone, as told by lines on standard input:
 *
 *   set SECTION OFFSET HEX    bytes of a variable
 *   size MAP ENTRIES
 *   skip PROGRAM              does not load it
 *
 * Prints a line "verified PROGRAM INSTRUCTIONS" for each program: how many the verifier went through. If a PROGRAM to
 * run is given, also attaches them, runs it, and prints a line "watched PID CHILD", load's process ID and the
 * program's, and a line "record HEX" for each record that then is in the ring.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define LOG_SIZE       (64 * 1024)
#define LOG_STATISTICS 4

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "load: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static struct bpf_map *find_map(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (!map)
		fail("find map", name);
	return map;
}

static void set(struct bpf_object *object, const char *section, size_t offset, const char *hex)
{
	size_t size;
	unsigned char *value = (void *)bpf_map__initial_value(find_map(object, section), &size);

	for (; hex[0] && hex[1] && offset < size; hex += 2)
		sscanf(hex, "%2hhx", &value[offset++]);
}

static void apply(struct bpf_object *object, const char *line)
{
	char name[64], hex[64];
	unsigned int number;

	if (sscanf(line, "set %63s %u %63s", name, &number, hex) == 3)
		set(object, name, number, hex);
	else if (sscanf(line, "size %63s %u", name, &number) == 2)
		bpf_map__set_max_entries(find_map(object, name), number);
	else if (sscanf(line, "skip %63s", name) == 1)
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, name), false);
	else
		fail("understand", line);
}

static int print_record(void *unused, void *data, size_t size)
{
	const unsigned char *bytes = data;

	(void)unused;
	printf("record ");
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	printf("\n");
	return 0;
}

/* Goes through an iterator to its end; what it writes into the ring is what counts. */
static void iterate(struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach(program);
	char progress[512];
	int fd;

	if (!link)
		fail("attach", bpf_program__name(program));
	fd = bpf_iter_create(bpf_link__fd(link));
	while (read(fd, progress, sizeof(progress)) > 0)
		;
	close(fd);
	bpf_link__destroy(link);
}

static void watch(struct bpf_object *object, char **argv)
{
	struct ring_buffer *ring;
	struct bpf_program *program;
	pid_t child;

	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program))
			continue;
		if (bpf_program__expected_attach_type(program) == BPF_TRACE_ITER)
			iterate(program);
		else if (!bpf_program__attach(program))
			fail("attach", bpf_program__name(program));
	}
	ring = ring_buffer__new(bpf_map__fd(find_map(object, "events")), print_record, NULL, NULL);
	if (!ring)
		fail("map", "events");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	printf("watched %d %d\n", getpid(), child);
	/* A record of a process that has ended just now may be on its way. */
	sleep(1);
	ring_buffer__consume(ring);
}

int main(int argc, char **argv)
{
	struct bpf_object *object = argc > 1 ? bpf_object__open(argv[1]) : NULL;
	struct bpf_program *program;
	char line[256];

	if (!object)
		fail("open", argc > 1 ? argv[1] : "OBJECT");
	while (fgets(line, sizeof(line), stdin))
		apply(object, line);
	bpf_object__for_each_program(program, object)
	{
		bpf_program__set_log_level(program, LOG_STATISTICS);
		bpf_program__set_log_buf(program, calloc(1, LOG_SIZE), LOG_SIZE);
	}
	if (bpf_object__load(object))
		fail("load", argv[1]);
	bpf_object__for_each_program(program, object)
	{
		size_t size;
		const char *log = bpf_program__log_buf(program, &size);
		const char *count = strstr(log, "processed ");

		if (bpf_program__autoload(program))
			printf("verified %s %s\n", bpf_program__name(program),
			       count ? strtok(strdup(count + 10), " ") : "0");
	}
	if (argc > 2)
		watch(object, argv + 2);
	return 0;
}
