/* SPDX-License-Identifier: BSD-2-Clause
 * Which of many things is due first? */
#include "getdns/timers.h"

#include "base/alloc.h"

#define ROOM_AT_FIRST 16

static void
put(dp_timers *timers, size_t place, dp_timer *timer)
{
	timers->heap[place] = timer;
	timer->place = place;
}

static void
rise(dp_timers *timers, dp_timer *timer)
{
	size_t at = timer->place;

	while (at > 0 && timers->heap[(at - 1) / 2]->due > timer->due) {
		put(timers, at, timers->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(timers, at, timer);
}

static void
sink(dp_timers *timers, dp_timer *timer)
{
	size_t at = timer->place;

	for (size_t below = 2 * at + 1; below < timers->count; below = 2 * at + 1) {
		if (below + 1 < timers->count &&
		    timers->heap[below + 1]->due < timers->heap[below]->due)
			below++;
		if (timers->heap[below]->due >= timer->due)
			break;
		put(timers, at, timers->heap[below]);
		at = below;
	}
	put(timers, at, timer);
}

bool
dp_timers_add(dp_timers *timers, dp_timer *timer, uint64_t due)
{
	if (timers->count == timers->room) {
		size_t room = timers->room > 0 ? 2 * timers->room : ROOM_AT_FIRST;
		dp_timer **heap = dp_realloc(timers->heap, room, sizeof(dp_timer *));
		if (!heap)
			return false;
		timers->heap = heap;
		timers->room = room;
	}
	timer->due = due;
	put(timers, timers->count++, timer);
	rise(timers, timer);
	return true;
}

void
dp_timers_move(dp_timers *timers, dp_timer *timer, uint64_t due)
{
	timer->due = due;
	rise(timers, timer);
	sink(timers, timer);
}

void
dp_timers_remove(dp_timers *timers, dp_timer *timer)
{
	dp_timer *last = timers->heap[--timers->count];

	if (last == timer)
		return;
	put(timers, timer->place, last);
	dp_timers_move(timers, last, last->due);
}

dp_timer *
dp_timers_first(const dp_timers *timers)
{
	return timers->count > 0 ? timers->heap[0] : NULL;
}

uint64_t
dp_timers_due(const dp_timers *timers)
{
	return timers->count > 0 ? timers->heap[0]->due : DP_TIMER_NEVER;
}

void
dp_timers_free(dp_timers *timers)
{
	dp_free(timers->heap);
	*timers = (dp_timers){ .heap = NULL };
}
