/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The one record of the reference: exec and exit share it, as is the custom of small monitors in C. */
#ifndef __REFERENCE_H__
#define __REFERENCE_H__

#define COMM_SIZE     16
#define FILENAME_SIZE 127

struct event {
	int pid;
	int ppid;
	unsigned exit_code;
	unsigned long long duration_ns;
	char comm[COMM_SIZE];
	char filename[FILENAME_SIZE];
	_Bool is_exit;
};

#endif /* __REFERENCE_H__ */
