/* SPDX-License-Identifier: BSD-2-Clause
 * Was an event called, and how often?  On the loop of a danepriv_getdns. */
#ifndef TESTS_PROBE_H
#define TESTS_PROBE_H

#include <danepriv/getdns.h>

#include <getdns/getdns_extra.h>

#include <stdbool.h>

/* An event that counts, and does something to another. */
typedef struct probe probe;
struct probe {
	getdns_eventloop_event event;
	unsigned reads, writes, timeouts;
	void (*action)(probe *p); /* in each callback */
	probe *other;
	int fd;
};

enum { READS = 1, WRITES = 2, TIMES = 4 };

/* A fixture: one with a single upstream, its loop, and how many descriptors there were before. */
extern danepriv_getdns *probe_dns;
extern getdns_eventloop *probe_loop;
extern unsigned probe_descriptors;
danepriv_status probe_try_open(void);
void probe_open_loop(void);
void probe_close_loop(void); /* nothing must be left */

/* `what` it waits for: READS | WRITES | TIMES. */
getdns_return_t probe_schedule(probe *p, int what, int fd, uint64_t timeout);
void probe_clear(probe *p);
void probe_run(void);

/* Is its descriptor readable within so many milliseconds?  -1: for ever. */
bool probe_is_readable(int timeout);

/* Two sockets, and an octet from one to the other. */
void probe_open_pair(int pair[2]);
void probe_close_pair(const int pair[2]);
void probe_say(int fd);

#endif
