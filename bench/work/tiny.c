/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tiny [ARGUMENT...]: exits at once. With BENCH_STAMPS_FD in its environment it first writes its PID and the time
 * (CLOCK_MONOTONIC, nanoseconds) to that descriptor, two native 64-bit words: the last moment before its exit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	const char *fd = getenv("BENCH_STAMPS_FD");

	if (fd) {
		struct timespec now;
		uint64_t stamp[2];

		clock_gettime(CLOCK_MONOTONIC, &now);
		stamp[0] = (uint64_t)getpid();
		stamp[1] = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
		if (write(atoi(fd), stamp, sizeof(stamp)) != sizeof(stamp))
			_exit(1);
	}
	_exit(0);
}
