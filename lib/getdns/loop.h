/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program with a loop of its own wait for getdns?  By one descriptor.
 *
 * The default loop of getdns 1.6.0 looks at all that it waits for in each turn, takes its timeouts
 * from the wall clock, and ends the program when poll(2) fails.  And we have a getdns context for
 * each upstream: all of them are on one of these loops. */
#ifndef DP_GETDNS_LOOP_H
#define DP_GETDNS_LOOP_H

#include <danepriv/status.h>

#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>

#include <stdbool.h>

typedef struct dp_loop dp_loop;

/* ENOMEM.  EADAPTER: no descriptors left. */
danepriv_status dp_loop_new(dp_loop **out);

/* After all contexts that are on it.  A callback may do so: then the turn is the last one.  NULL is
 * fine. */
void dp_loop_free(dp_loop *loop);

/* For getdns, which does not own it. */
getdns_eventloop *dp_loop_base(dp_loop *loop);

/* danepriv_getdns_poll_fd, danepriv_getdns_poll_timeout. */
int dp_loop_fd(const dp_loop *loop);
int dp_loop_timeout(const dp_loop *loop);

/* Is there something to do for whoever waits, although nothing is due? */
void dp_loop_keep_readable(dp_loop *loop, bool readable);

/* After fork: from here on it can be freed only, and what the kernel has of it is left to the
 * parent. */
void dp_loop_disown(dp_loop *loop);

/* One round of callbacks; `waits`: for the first thing to do, if there can be any. */
void dp_loop_turn(dp_loop *loop, bool waits);

#endif
