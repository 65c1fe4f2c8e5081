/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What both sides of replay share. */
#ifndef __REPLAY_H__
#define __REPLAY_H__

/* Room for a record in the map; with its size, a slot is a page. */
#define RECORD_ROOM 4088

struct slot {
	unsigned size;
	unsigned pad;
	char record[RECORD_ROOM];
};

/* Global variables of the kernel side. */
struct replay {
	unsigned long long written;  /* records, so far */
	unsigned long long too_many; /* records that found no room */
	unsigned next;
	unsigned slots;
};

#endif /* __REPLAY_H__ */
