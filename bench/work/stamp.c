/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * stamp FILE PROGRAM [ARGUMENT...]: runs PROGRAM with a terminal as its standard output, where the C library holds no
 * line back, and writes to FILE when each line came:
 *
 *     PID TIME             of PROGRAM: when it was started
 *     TIME LINE            for each line
 *
 * Times are CLOCK_MONOTONIC, nanoseconds. Standard error stays what it is. Ends when PROGRAM does.
 */
#define _GNU_SOURCE
#include <pty.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* Copies lines, and the beginning of one whose end has not come yet. */
static void copy_lines(int terminal, FILE *out)
{
	static char buffer[64 * 1024];
	int at_line_start = 1;
	ssize_t size;

	while ((size = read(terminal, buffer, sizeof(buffer))) > 0) {
		long long time = now_ns();

		for (char *at = buffer, *end = buffer + size; at < end;) {
			char *newline = memchr(at, '\n', end - at);
			char *next = newline ? newline + 1 : end;

			if (at_line_start)
				fprintf(out, "%lld ", time);
			fwrite(at, 1, next - at, out);
			at_line_start = newline != NULL;
			at = next;
		}
		fflush(out);
	}
}

int main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 50, .ws_col = 4000};
	FILE *out = argc > 2 ? fopen(argv[1], "w") : NULL;
	struct termios mode = {0};
	long long start;
	int terminal;
	int status;
	int errors;
	pid_t pid;

	if (!out) {
		fprintf(stderr, "usage: stamp FILE PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	cfmakeraw(&mode);
	errors = dup(2);
	start = now_ns();
	pid = forkpty(&terminal, NULL, &mode, &size);
	if (pid < 0) {
		perror("stamp: forkpty");
		return 1;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(errors, 2);
		execv(argv[2], argv + 2);
		perror("stamp: exec");
		_exit(127);
	}
	fprintf(out, "%d %lld\n", pid, start);
	fflush(out);
	copy_lines(terminal, out);
	waitpid(pid, &status, 0);
	return 0;
}
