/* SPDX-License-Identifier: BSD-2-Clause
 * How do the questions of a lookup get to a resolver, and the answers back?
 *
 * getdns calls back with answers; they are only taken down there.  All that can end the fetch,
 * start new questions or reach the caller's code happens in `step`, an event of our own on the same
 * loop: so nothing is freed under getdns' feet, and what comes together is judged together. */
#include "getdns/fetch.h"

#include "base/alloc.h"

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
fetch_now(const danepriv_fetch *fetch)
{
	return fetch->now + (danepriv_time)((dp_fetch_clock() - fetch->started) / 1000);
}

static void
clear_event(danepriv_fetch *fetch, getdns_eventloop_event *event)
{
	if (event->ev)
		fetch->loop->vmt->clear(fetch->loop, event);
	event->ev = NULL;
}

static danepriv_status
schedule_event(danepriv_fetch *fetch, getdns_eventloop_event *event, uint64_t in_ms)
{
	if (event->ev)
		return DANEPRIV_OK;
	getdns_return_t result = fetch->loop->vmt->schedule(fetch->loop, -1, in_ms, event);
	if (result == GETDNS_RETURN_MEMORY_ERROR)
		return DANEPRIV_ENOMEM;
	return result == GETDNS_RETURN_GOOD ? DANEPRIV_OK : DANEPRIV_EADAPTER;
}

void
dp_fetch_go_on(danepriv_fetch *fetch)
{
	/* Should this fail, the deadline ends the fetch. */
	(void)schedule_event(fetch, &fetch->step_event, 0);
}

/* Whoever waits for room goes on in a step of its own, at the end of which the next is woken.
 * Called at the end of each step and each fetch: wherever room is made, one of them follows. */
static void
wake_next(dp_flight *flight)
{
	danepriv_fetch *next = (danepriv_fetch *)dp_flight_next(flight);

	if (next)
		dp_fetch_go_on(next);
}

/* All questions, whatever became of them, and the lookup that they belong to. */
static void
drop_lookup(danepriv_fetch *fetch)
{
	while (fetch->asks) {
		dp_ask *a = fetch->asks;
		fetch->asks = a->next;
		dp_ask_stop(a);
		dp_free(a);
	}
	danepriv_lookup_free(fetch->lookup);
	fetch->lookup = NULL;
}

static void
leave_others(danepriv_fetch *fetch)
{
	if (fetch->before)
		fetch->before->next = fetch->next;
	else if (fetch->dns->fetches == fetch)
		fetch->dns->fetches = fetch->next;
	if (fetch->next)
		fetch->next->before = fetch->before;
}

static void
join_others(danepriv_fetch *fetch)
{
	fetch->next = fetch->dns->fetches;
	if (fetch->next)
		fetch->next->before = fetch;
	fetch->dns->fetches = fetch;
}

static void
fetch_free(danepriv_fetch *fetch)
{
	if (!fetch)
		return;
	dp_flight *flight = &fetch->dns->flight;
	clear_event(fetch, &fetch->step_event);
	clear_event(fetch, &fetch->wake_event);
	clear_event(fetch, &fetch->deadline_event);
	drop_lookup(fetch);
	leave_others(fetch);
	dp_flight_give_up(flight, &fetch->waiting);
	wake_next(flight);
	dp_outcome_free(&fetch->former);
	dp_wanted_free(&fetch->wanted);
	dp_free(fetch);
}

/* Where nothing is proven there is no chain, and the records say why. */
static danepriv_status
fetch_chain(danepriv_fetch *fetch, danepriv_chain **out)
{
	danepriv_status status = danepriv_lookup_chain(fetch->lookup, fetch_now(fetch), out);

	return status == DANEPRIV_ENOTFOUND ? DANEPRIV_OK : status;
}

/* Has another resolver asked all of it, from the start, so that its answers prove by themselves
 * what they prove.  False: there is none, or no time. */
static bool
ask_another(danepriv_fetch *fetch)
{
	size_t count = fetch->dns->upstreams.count;
	danepriv_lookup *again;

	if (fetch->expired || fetch->lookups >= count ||
	    danepriv_lookup_new_again(&again, fetch->lookup) != DANEPRIV_OK)
		return false;
	drop_lookup(fetch);
	fetch->lookup = again;
	fetch->upstream = (fetch->upstream + 1) % count;
	return true;
}

/* What is there, or EAGAIN. */
static dp_outcome
fetch_finish(danepriv_fetch *fetch)
{
	dp_outcome o = dp_outcome_of(&fetch->wanted, fetch->lookup, fetch_now(fetch));

	if (o.status != DANEPRIV_OK)
		return o;
	fetch->lookups++;
	bool is_doubtful = dp_outcome_is_doubtful(&o);
	if (dp_outcome_is_proven(&o))
		fetch->dns->preferred = fetch->upstream;
	o = dp_outcome_choose(&fetch->former, &o);
	if (!is_doubtful || !ask_another(fetch))
		return o;
	fetch->former = o;
	return (dp_outcome){ DANEPRIV_EAGAIN, NULL, NULL };
}

/* The fetch, whose own is gone by then, tells its caller. */
static void
tell(const danepriv_fetch *fetch, dp_outcome o, danepriv_chain *chain)
{
	if (fetch->zone_done)
		fetch->zone_done(fetch->arg, o.status, o.zone);
	else if (fetch->chain_done)
		fetch->chain_done(fetch->arg, o.status, o.records, chain);
	else
		fetch->done(fetch->arg, o.status, o.records);
}

static void
fetch_end(danepriv_fetch *fetch, dp_outcome o)
{
	danepriv_chain *chain = NULL;
	danepriv_fetch ended = *fetch;

	if (o.status == DANEPRIV_OK && fetch->chain_done)
		o.status = fetch_chain(fetch, &chain);
	if (o.status != DANEPRIV_OK) {
		danepriv_records_free(o.records);
		o.records = NULL;
	}
	fetch_free(fetch);
	tell(&ended, o, chain);
}

static dp_ask *
find_ask(const danepriv_fetch *fetch, size_t id)
{
	for (dp_ask *a = fetch->asks; a; a = a->next)
		if (a->question.id == id)
			return a;
	return NULL;
}

static danepriv_status
take_questions(danepriv_fetch *fetch)
{
	danepriv_question question;

	while (danepriv_lookup_next(fetch->lookup, &question) == DANEPRIV_OK) {
		dp_ask *a = question.stream ? find_ask(fetch, question.id) : NULL;
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
must_wait(danepriv_fetch *fetch)
{
	dp_flight *flight = &fetch->dns->flight;

	if (fetch->expired || flight->count < DP_FLIGHT_MAX)
		return false;
	dp_flight_wait(flight, &fetch->waiting);
	return true;
}

/* Is it sent now?  After the deadline there are no pauses. */
static bool
is_to_send(const dp_ask *a)
{
	return a->state == DP_ASK_TO_SEND && (a->fetch->expired || dp_ask_due(a) == 0);
}

/* Wakes the fetch when the first of its questions is due, if nothing comes before. */
static void
schedule_wake(danepriv_fetch *fetch)
{
	uint64_t first = 0, now = dp_fetch_clock();

	for (const dp_ask *a = fetch->asks; a; a = a->next) {
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
send_questions(danepriv_fetch *fetch)
{
	bool settled = false;

	for (dp_ask *a = fetch->asks; a; a = a->next)
		/* Ends: errors are counted. */
		while (is_to_send(a)) {
			if (must_wait(fetch))
				return settled;
			dp_ask_send(a);
			settled = settled || a->state == DP_ASK_SETTLED;
		}
	return settled;
}

/* Takes the fetch as far as it goes without waiting.  It may be gone afterwards. */
static void
step(void *arg)
{
	danepriv_fetch *fetch = arg;
	dp_outcome o;

	clear_event(fetch, &fetch->step_event);
	do { /* ends: lookups, and the questions of each, are bounded */
		o = fetch_finish(fetch);
		if (o.status == DANEPRIV_EAGAIN && take_questions(fetch) != DANEPRIV_OK)
			o.status = DANEPRIV_ENOMEM;
	} while (o.status == DANEPRIV_EAGAIN && send_questions(fetch));
	if (o.status == DANEPRIV_EAGAIN && !fetch->expired) {
		schedule_wake(fetch);
		wake_next(&fetch->dns->flight);
		return;
	}
	/* After the deadline every question is settled: EAGAIN cannot be. */
	if (o.status == DANEPRIV_EAGAIN)
		o.status = DANEPRIV_EADAPTER;
	fetch_end(fetch, o);
}

static void
on_wake(void *arg)
{
	danepriv_fetch *fetch = arg;

	clear_event(fetch, &fetch->wake_event);
	for (dp_ask *a = fetch->asks; a; a = a->next)
		dp_ask_check(a);
	step(fetch);
}

static void
on_deadline(void *arg)
{
	danepriv_fetch *fetch = arg;

	clear_event(fetch, &fetch->deadline_event);
	fetch->expired = true;
	for (dp_ask *a = fetch->asks; a; a = a->next)
		dp_ask_expire(a);
	step(fetch);
}

/* What is to be done is set in *asked_for; the rest is zero. */
static danepriv_status
fetch_new(const danepriv_fetch *asked_for, danepriv_fetch **out)
{
	danepriv_lookup *lookup;

	*out = NULL;
	if (!asked_for->dns)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_wanted_begin(&asked_for->wanted, &lookup);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_fetch *fetch = dp_alloc(1, sizeof *fetch);
	if (!fetch) {
		danepriv_lookup_free(lookup);
		return DANEPRIV_ENOMEM;
	}
	*fetch = *asked_for;
	fetch->lookup = lookup;
	fetch->loop = dp_loop_base(fetch->dns->loop);
	fetch->upstream = fetch->dns->preferred;
	join_others(fetch);
	*out = fetch;
	return dp_wanted_keep(&fetch->wanted);
}

static danepriv_status
fetch_start(const danepriv_fetch *asked_for, uint32_t deadline_ms, danepriv_fetch **handle)
{
	danepriv_fetch *fetch = NULL;

	if (handle)
		*handle = NULL;
	danepriv_status status = fetch_new(asked_for, &fetch);
	if (status != DANEPRIV_OK)
		goto out;
	uint32_t allowed = deadline_ms ? deadline_ms : DEADLINE_DEFAULT_MS;
	fetch->started = dp_fetch_clock();
	fetch->deadline = fetch->started + allowed;
	fetch->step_event = (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = step };
	fetch->wake_event = (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = on_wake };
	fetch->deadline_event =
	    (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = on_deadline };
	status = schedule_event(fetch, &fetch->step_event, 0);
	if (status == DANEPRIV_OK)
		status = schedule_event(fetch, &fetch->deadline_event, allowed);
	if (status != DANEPRIV_OK)
		goto out;
	if (handle)
		*handle = fetch;
	fetch = NULL;
out:
	fetch_free(fetch);
	return status;
}

static danepriv_status
refuse(danepriv_fetch **handle)
{
	if (handle)
		*handle = NULL;
	return DANEPRIV_EINVAL;
}

danepriv_status
danepriv_getdns_fetch(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle, danepriv_fetch_done done,
    void *arg)
{
	danepriv_fetch asked_for = { .dns = dns, .now = now, .done = done, .arg = arg };

	asked_for.wanted.ctx = ctx;
	if (server)
		asked_for.wanted.server = *server;
	return done && server ? fetch_start(&asked_for, deadline_ms, handle) : refuse(handle);
}

danepriv_status
danepriv_getdns_fetch_chain(danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle,
    danepriv_fetch_chain_done done, void *arg)
{
	danepriv_fetch asked_for = { .dns = dns, .now = now, .chain_done = done, .arg = arg };

	asked_for.wanted.ctx = ctx;
	if (server)
		asked_for.wanted.server = *server;
	asked_for.wanted.server.role = DANEPRIV_SELF;
	return done && server ? fetch_start(&asked_for, deadline_ms, handle) : refuse(handle);
}

danepriv_status
danepriv_getdns_fetch_zone(danepriv_getdns *dns, const danepriv *ctx, const char *zone,
    uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle, danepriv_fetch_zone_done done,
    void *arg)
{
	danepriv_fetch asked_for = { .dns = dns, .now = now, .zone_done = done, .arg = arg };

	asked_for.wanted = (dp_wanted){ .ctx = ctx, .zone = zone };
	return done && zone ? fetch_start(&asked_for, deadline_ms, handle) : refuse(handle);
}

void
danepriv_getdns_cancel(danepriv_fetch *fetch)
{
	fetch_free(fetch);
}
