/* SPDX-License-Identifier: BSD-2-Clause
 * How many questions may be under way at once?  Each has a socket of its own, and a program that
 * starts hundreds of fetches needs descriptors for other things too.  (getdns has a limit of its
 * own, with which 1.6.0 frees questions twice.) */
#ifndef DP_GETDNS_FLIGHT_H
#define DP_GETDNS_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>

/* Half of the descriptors that a process is usually given. */
#define DP_FLIGHT_MAX 512

/* A fetch that has questions left to send.  Zeroed: it does not wait. */
typedef struct dp_waiting dp_waiting;
struct dp_waiting {
	dp_waiting *next, *before;
	bool is_in;
};

/* Of all upstreams together.  Zeroed: nothing is under way. */
typedef struct dp_flight {
	unsigned count;
	dp_waiting *first, *last;
} dp_flight;

/* Behind all others, unless it waits already. */
void dp_flight_wait(dp_flight *flight, dp_waiting *waiting);
void dp_flight_give_up(dp_flight *flight, dp_waiting *waiting);

/* Whose turn it is; it no longer waits.  NULL: nobody waits, or there is no room. */
dp_waiting *dp_flight_next(dp_flight *flight);

#endif
