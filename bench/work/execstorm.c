/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The work that monitors are measured on: makes many short processes, and says what that took.
 *
 *     execstorm [OPTION...] COUNT PROGRAM [ARGUMENT...]
 *
 *     -m exec      each child runs PROGRAM, by vfork and exec (the default)
 *     -m fork      each child is forked and ends
 *     -m threads   each child is forked, runs eight threads to their end, and ends
 *     -m bursts    as exec, but 64 at a time, with a pause of 20 ms between one burst and the next
 *     -w WORKERS   spread over so many processes, one child at a time in each (default 1)
 *     -r RATE      children a second, all workers together; late ones are made up for (default: no limit)
 *     -p FILE      writes the children's PIDs there, one a line, when all is over
 *     -s FILE      appends the time of each child's exit there: see tiny.c
 *
 * Prints one line: {"children":…,"wallNs":…,"cpuNs":…}. The time of CPUs is user and system of all these processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	THREADS = 8,
	BURST = 64,
	BURST_PAUSE_NS = 20 * 1000 * 1000,
};

#define NS_PER_S 1000000000ll

static const char *mode = "exec";
static int count;
static int workers = 1;
static double rate;
static char **program;
/* By number of the child; shared with the workers. */
static pid_t *pids;

static void fail(const char *what)
{
	perror(what);
	_exit(1);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void sleep_until(int64_t when_ns)
{
	struct timespec when = {.tv_sec = when_ns / NS_PER_S, .tv_nsec = when_ns % NS_PER_S};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == EINTR)
		;
}

static void *end_at_once(void *argument)
{
	return argument;
}

static void run_threads(void)
{
	pthread_t threads[THREADS];
	int made = 0;

	while (made < THREADS && pthread_create(&threads[made], NULL, end_at_once, NULL) == 0)
		made++;
	for (int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
}

static void start_child(int number)
{
	int forks = strcmp(mode, "fork") == 0 || strcmp(mode, "threads") == 0;
	pid_t pid = forks ? fork() : vfork();

	if (pid < 0)
		fail("execstorm: fork");
	if (pid == 0) {
		if (!forks) {
			execv(program[0], program);
			_exit(127);
		}
		if (strcmp(mode, "threads") == 0)
			run_threads();
		_exit(0);
	}
	pids[number] = pid;
}

static void wait_for_one(void)
{
	int status;

	if (wait(&status) < 0)
		fail("execstorm: wait");
	if (status != 0) {
		fprintf(stderr, "execstorm: a child ended with status %d\n", status);
		_exit(1);
	}
}

static void work(int worker, int64_t start_ns)
{
	int at_once = strcmp(mode, "bursts") == 0 ? BURST : 1;
	int started = 0;

	for (int number = worker; number < count; number += workers) {
		if (rate > 0)
			sleep_until(start_ns + (int64_t)(number * (NS_PER_S / rate)));
		start_child(number);
		if (++started < at_once)
			continue;
		for (; started > 0; started--)
			wait_for_one();
		if (at_once > 1)
			sleep_until(now_ns() + BURST_PAUSE_NS);
	}
	for (; started > 0; started--)
		wait_for_one();
}

static int64_t cpu_ns(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_S +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ll;
}

static void write_pids(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		fail(path);
	for (int number = 0; number < count; number++)
		fprintf(file, "%d\n", pids[number]);
	if (fclose(file) != 0)
		fail(path);
}

static void pass_stamps_file(const char *path)
{
	char text[16];
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);

	if (fd < 0)
		fail(path);
	snprintf(text, sizeof(text), "%d", fd);
	setenv("BENCH_STAMPS_FD", text, 1);
}

int main(int argc, char **argv)
{
	const char *pids_path = NULL;
	int64_t start_ns;
	int option;

	unsetenv("BENCH_STAMPS_FD");
	while ((option = getopt(argc, argv, "+m:w:r:p:s:")) != -1) {
		switch (option) {
		case 'm':
			mode = optarg;
			break;
		case 'w':
			workers = atoi(optarg);
			break;
		case 'r':
			rate = atof(optarg);
			break;
		case 'p':
			pids_path = optarg;
			break;
		case 's':
			pass_stamps_file(optarg);
			break;
		default:
			return 2;
		}
	}
	count = optind + 1 < argc ? atoi(argv[optind]) : 0;
	program = argv + optind + 1;
	if (count < 1 || workers < 1) {
		fprintf(stderr, "usage: execstorm [-m MODE] [-w WORKERS] [-r RATE] [-p FILE] [-s FILE] COUNT PROGRAM "
		                "[ARGUMENT...]\n");
		return 2;
	}
	pids = mmap(NULL, count * sizeof(*pids), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (pids == MAP_FAILED)
		fail("execstorm: mmap");

	start_ns = now_ns();
	for (int worker = 0; worker < workers; worker++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("execstorm: fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(worker, start_ns);
			_exit(0);
		}
	}
	for (int worker = 0; worker < workers; worker++)
		wait_for_one();
	printf("{\"children\":%d,\"wallNs\":%lld,\"cpuNs\":%lld}\n", count, (long long)(now_ns() - start_ns),
	       (long long)(cpu_ns(RUSAGE_SELF) + cpu_ns(RUSAGE_CHILDREN)));
	if (pids_path)
		write_pids(pids_path);
	return 0;
}
