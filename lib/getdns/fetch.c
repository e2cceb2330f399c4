/* SPDX-License-Identifier: BSD-2-Clause
 * How do the questions of a lookup get to a resolver, and the answers back?
 *
 * getdns calls back with answers; they are only noted there.  All that can end the lookup or
 * start new questions happens in `step`, an event of our own on the same loop: so nothing is freed
 * under getdns' feet, and what comes together is judged together. */
#include "getdns/fetch.h"

#include "base/alloc.h"
#include "getdns/flight.h"
#include "getdns/loop.h"

#include <time.h>

#define DEADLINE_DEFAULT_MS 5000

uint64_t
dp_fetch_clock(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static danepriv_time
fetch_now(const dp_fetch *fetch)
{
	return fetch->now + (danepriv_time)((dp_fetch_clock() - fetch->started) / 1000);
}

/* ---- events ---- */

static void
clear_event(dp_fetch *fetch, getdns_eventloop_event *event)
{
	getdns_eventloop *loop = dp_loop_base(fetch->dns->loop);

	if (event->ev)
		loop->vmt->clear(loop, event);
	event->ev = NULL;
}

static danepriv_status
schedule_event(dp_fetch *fetch, getdns_eventloop_event *event, uint64_t in_ms)
{
	getdns_eventloop *loop = dp_loop_base(fetch->dns->loop);

	if (event->ev)
		return DANEPRIV_OK;
	getdns_return_t result = loop->vmt->schedule(loop, -1, in_ms, event);
	if (result == GETDNS_RETURN_MEMORY_ERROR)
		return DANEPRIV_ENOMEM;
	return result == GETDNS_RETURN_GOOD ? DANEPRIV_OK : DANEPRIV_EADAPTER;
}

void
dp_fetch_go_on(dp_fetch *fetch)
{
	/* Should this fail, the deadline ends the fetch. */
	(void)schedule_event(fetch, &fetch->step_event, 0);
}

/* ---- beginning and end ---- */

static void
join(dp_fetches *those, dp_fetch *fetch)
{
	fetch->next = NULL;
	fetch->before = those->last;
	if (those->last)
		those->last->next = fetch;
	else
		those->first = fetch;
	those->last = fetch;
}

static void
leave(dp_fetches *those, dp_fetch *fetch)
{
	if (fetch->before)
		fetch->before->next = fetch->next;
	else
		those->first = fetch->next;
	if (fetch->next)
		fetch->next->before = fetch->before;
	else
		those->last = fetch->before;
}

/* Whoever waits for room goes on in a step of its own, at the end of which the next is woken.
 * Called at the end of each step and each fetch: wherever room is made, one of them follows. */
static void
wake_next(dp_flight *flight)
{
	dp_fetch *next = (dp_fetch *)dp_flight_next(flight);

	if (next)
		dp_fetch_go_on(next);
}

/* All questions, whatever became of them. */
static void
drop_asks(dp_fetch *fetch)
{
	while (fetch->asks) {
		dp_look_ask *a = fetch->asks;
		fetch->asks = a->next;
		dp_ask_stop(a);
		dp_free(a);
	}
}

/* Nothing happens any more. */
static void
settle(dp_fetch *fetch)
{
	dp_flight *flight = &fetch->dns->flight;

	clear_event(fetch, &fetch->step_event);
	clear_event(fetch, &fetch->wake_event);
	clear_event(fetch, &fetch->deadline_event);
	drop_asks(fetch);
	dp_flight_give_up(flight, &fetch->waiting);
	wake_next(flight);
}

danepriv_lookup *
dp_fetch_free(dp_fetch *fetch)
{
	danepriv_getdns *dns = fetch->dns;
	danepriv_lookup *lookup = fetch->lookup;

	leave(fetch->has_ended ? &dns->ended : &dns->under_way, fetch);
	if (!fetch->has_ended)
		settle(fetch);
	dp_free(fetch);
	dp_getdns_tell(dns);
	return lookup;
}

/* Whom are lookups to begin with?  Whoever proved something; nobody is sent to those who are silent
 * once more. */
static size_t
preferred(const dp_fetch *fetch)
{
	size_t counted = danepriv_lookup_upstream(fetch->lookup);

	return counted == fetch->asked ? fetch->upstream : counted;
}

static void
end(dp_fetch *fetch, danepriv_status status)
{
	danepriv_getdns *dns = fetch->dns;

	settle(fetch);
	fetch->status = status;
	fetch->has_ended = true;
	if (status == DANEPRIV_OK)
		dns->preferred = preferred(fetch);
	leave(&dns->under_way, fetch);
	join(&dns->ended, fetch);
	dp_getdns_tell(dns);
}

/* ---- questions ---- */

static dp_look_ask *
find_ask(const dp_fetch *fetch, size_t id)
{
	for (dp_look_ask *a = fetch->asks; a; a = a->next)
		if (a->question.id == id)
			return a;
	return NULL;
}

/* Another upstream is asked all of it: nothing counts any more that this one says. */
static void
begin_with(dp_fetch *fetch, size_t upstream)
{
	drop_asks(fetch);
	fetch->asked = fetch->upstream = upstream;
}

static danepriv_status
take_questions(dp_fetch *fetch)
{
	danepriv_question question;

	while (danepriv_lookup_next(fetch->lookup, &question) == DANEPRIV_OK) {
		if (question.upstream != fetch->asked)
			begin_with(fetch, question.upstream);
		dp_look_ask *a = question.stream ? find_ask(fetch, question.id) : NULL;
		if (a) {
			dp_ask_over_stream(a);
			continue;
		}
		a = dp_alloc(1, sizeof *a);
		if (!a)
			return DANEPRIV_ENOMEM;
		dp_ask_init(a, fetch, &question);
		a->next = fetch->asks;
		fetch->asks = a;
	}
	return DANEPRIV_OK;
}

static bool
must_wait(dp_fetch *fetch)
{
	dp_flight *flight = &fetch->dns->flight;

	if (flight->count < DP_FLIGHT_MAX)
		return false;
	dp_flight_wait(flight, &fetch->waiting);
	return true;
}

static bool
is_to_send(const dp_look_ask *a)
{
	return a->state == DP_ASK_TO_SEND && dp_ask_due(a) == 0;
}

/* Wakes the fetch when the first of its questions is due, if nothing comes before. */
static void
schedule_wake(dp_fetch *fetch)
{
	uint64_t first = 0, now = dp_fetch_clock();

	for (const dp_look_ask *a = fetch->asks; a; a = a->next) {
		uint64_t due = dp_ask_due(a);
		if (due > 0 && (first == 0 || due < first))
			first = due;
	}
	if (fetch->wake_event.ev && first == fetch->wake_at)
		return;
	clear_event(fetch, &fetch->wake_event);
	fetch->wake_at = first;
	/* Should this fail, the deadline ends the fetch. */
	if (first > 0)
		(void)schedule_event(fetch, &fetch->wake_event, first > now ? first - now : 0);
}

/* True when a question was settled on the spot, so that the lookup can go on. */
static bool
send_questions(dp_fetch *fetch)
{
	bool settled = false;

	for (dp_look_ask *a = fetch->asks; a; a = a->next)
		/* Ends: errors are counted. */
		while (is_to_send(a)) {
			if (must_wait(fetch))
				return settled;
			dp_ask_send(a);
			settled = settled || a->state == DP_ASK_SETTLED;
		}
	return settled;
}

/* Takes the fetch as far as it goes without waiting. */
static void
step(void *arg)
{
	dp_fetch *fetch = arg;
	danepriv_status status;

	clear_event(fetch, &fetch->step_event);
	do { /* ends: attempts, and the questions of each, are bounded */
		status = danepriv_lookup_judge(fetch->lookup, fetch_now(fetch));
		if (status == DANEPRIV_EAGAIN && take_questions(fetch) != DANEPRIV_OK)
			status = DANEPRIV_ENOMEM;
	} while (status == DANEPRIV_EAGAIN && send_questions(fetch));
	if (status != DANEPRIV_EAGAIN) {
		end(fetch, status);
		return;
	}
	schedule_wake(fetch);
	wake_next(&fetch->dns->flight);
}

static void
on_wake(void *arg)
{
	dp_fetch *fetch = arg;

	clear_event(fetch, &fetch->wake_event);
	for (dp_look_ask *a = fetch->asks; a; a = a->next)
		dp_ask_check(a);
	step(fetch);
}

static void
on_deadline(void *arg)
{
	dp_fetch *fetch = arg;

	clear_event(fetch, &fetch->deadline_event);
	drop_asks(fetch);
	danepriv_lookup_expire(fetch->lookup);
	danepriv_status status = danepriv_lookup_judge(fetch->lookup, fetch_now(fetch));
	/* No question is left: it cannot be. */
	end(fetch, status == DANEPRIV_EAGAIN ? DANEPRIV_EADAPTER : status);
}

/* ---- start ---- */

static danepriv_status
schedule(dp_fetch *fetch, uint32_t allowed)
{
	fetch->step_event = (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = step };
	fetch->wake_event = (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = on_wake };
	fetch->deadline_event =
	    (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = on_deadline };
	danepriv_status status = schedule_event(fetch, &fetch->step_event, 0);
	if (status == DANEPRIV_OK)
		status = schedule_event(fetch, &fetch->deadline_event, allowed);
	return status;
}

danepriv_status
danepriv_getdns_start(
    danepriv_getdns *dns, danepriv_lookup *lookup, uint32_t deadline_ms, danepriv_time now)
{
	uint32_t allowed = deadline_ms ? deadline_ms : DEADLINE_DEFAULT_MS;

	danepriv_status status = dp_getdns_check(dns);
	if (status != DANEPRIV_OK)
		return status;
	/* Once its questions were handed out, which they are below, no upstreams are set. */
	if (!lookup || danepriv_lookup_set_upstreams(
			   lookup, dns->upstreams.count, dns->preferred) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	dp_fetch *fetch = dp_alloc(1, sizeof *fetch);
	if (!fetch)
		return DANEPRIV_ENOMEM;
	fetch->dns = dns;
	fetch->lookup = lookup;
	fetch->asked = fetch->upstream = dns->preferred;
	fetch->now = now;
	fetch->started = dp_fetch_clock();
	fetch->deadline = fetch->started + allowed;
	join(&dns->under_way, fetch);
	status = take_questions(fetch);
	if (status == DANEPRIV_OK)
		status = schedule(fetch, allowed);
	if (status != DANEPRIV_OK)
		(void)dp_fetch_free(fetch);
	return status;
}
