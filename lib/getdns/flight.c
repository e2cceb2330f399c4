/* SPDX-License-Identifier: BSD-2-Clause
 * How many questions may be under way at once? */
#include "getdns/flight.h"

#include <stddef.h>

void
dp_flight_wait(dp_flight *flight, dp_waiting *waiting)
{
	if (waiting->is_in)
		return;
	*waiting = (dp_waiting){ .before = flight->last, .is_in = true };
	if (flight->last)
		flight->last->next = waiting;
	else
		flight->first = waiting;
	flight->last = waiting;
}

void
dp_flight_give_up(dp_flight *flight, dp_waiting *waiting)
{
	if (!waiting->is_in)
		return;
	if (waiting->before)
		waiting->before->next = waiting->next;
	else
		flight->first = waiting->next;
	if (waiting->next)
		waiting->next->before = waiting->before;
	else
		flight->last = waiting->before;
	waiting->is_in = false;
}

dp_waiting *
dp_flight_next(dp_flight *flight)
{
	dp_waiting *first = flight->first;

	if (!first || flight->count >= DP_FLIGHT_MAX)
		return NULL;
	dp_flight_give_up(flight, first);
	return first;
}
