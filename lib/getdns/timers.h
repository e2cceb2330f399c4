/* SPDX-License-Identifier: BSD-2-Clause
 * Which of many things is due first?  A binary heap that knows where each of them lies, so that
 * hundreds of fetches come and go without a look at all of them. */
#ifndef DP_GETDNS_TIMERS_H
#define DP_GETDNS_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DP_TIMER_NEVER UINT64_MAX

/* Part of what is due; it must not move while it is in. */
typedef struct dp_timer {
	uint64_t due; /* in any unit */
	size_t place;
} dp_timer;

/* Zeroed: none. */
typedef struct dp_timers {
	dp_timer **heap;
	size_t count, room;
} dp_timers;

/* False when memory is out. */
bool dp_timers_add(dp_timers *timers, dp_timer *timer, uint64_t due);

/* For one that is in. */
void dp_timers_move(dp_timers *timers, dp_timer *timer, uint64_t due);
void dp_timers_remove(dp_timers *timers, dp_timer *timer);

/* NULL when there is none. */
dp_timer *dp_timers_first(const dp_timers *timers);

/* When the first is due; NEVER when there is none. */
uint64_t dp_timers_due(const dp_timers *timers);

/* The heap; what was in it is its owner's. */
void dp_timers_free(dp_timers *timers);

#endif
