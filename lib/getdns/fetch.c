/* SPDX-License-Identifier: BSD-2-Clause
 * How do the questions of a lookup get to a resolver, and the answers back?
 *
 * getdns calls back with answers; they are only taken down there.  All that can end the fetch,
 * start new questions or reach the caller's code happens in `step`, an event of our own on the same
 * loop: so nothing is freed under getdns' feet, and what comes together is judged together. */
#include <danepriv/getdns.h>

#include "base/alloc.h"
#include "getdns/flight.h"
#include "getdns/loop.h"

#include <getdns/getdns_extra.h>

#include <stdbool.h>
#include <time.h>

#define DEADLINE_DEFAULT_MS 5000
/* Times that a question is asked when nothing comes back, each wait twice as long as the one
 * before: datagrams get lost, and getdns moves on to the next upstream after each. */
#define TRIES_MAX 3
/* Times that a question is asked again at once because it could not even be sent. */
#define ERRORS_MAX 4

typedef enum ask_state {
	ASK_TO_SEND = 0, /* also: again */
	ASK_SENT,
	ASK_SETTLED /* the lookup has an answer, or knows that there is none */
} ask_state;

typedef struct ask {
	struct ask *next;
	danepriv_fetch *fetch;
	danepriv_question question;
	getdns_transaction_t transaction;
	ask_state state;
	unsigned tries;
	unsigned errors;
} ask;

/* What comes of a fetch: of a zone, or of a server. */
typedef struct outcome {
	danepriv_status status;
	danepriv_records *records;
	danepriv_zone *zone;
} outcome;

struct danepriv_fetch {
	dp_waiting waiting; /* first: the flight gives it back */
	dp_flight *flight;  /* NULL on loops of others: no limit */
	getdns_context *dns;
	getdns_eventloop *loop;
	getdns_dict *extensions;
	danepriv_lookup *lookup;
	ask *asks;
	uint64_t started;  /* monotonic milliseconds */
	uint64_t deadline; /* monotonic milliseconds */
	danepriv_time now; /* at `started` */
	bool expired;
	danepriv_fetch_done done;
	danepriv_fetch_chain_done chain_done;
	danepriv_fetch_zone_done zone_done; /* one of the three */
	void *arg;
	getdns_eventloop_event step_event;
	getdns_eventloop_event deadline_event;
};

static uint64_t
monotonic_ms(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static danepriv_time
fetch_now(const danepriv_fetch *fetch)
{
	return fetch->now + (danepriv_time)((monotonic_ms() - fetch->started) / 1000);
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

/* Whoever waits for room goes on in a step of its own, at the end of which the next is woken.
 * Called at the end of each step and each fetch: wherever room is made, one of them follows. */
static void
wake_next(dp_flight *flight)
{
	danepriv_fetch *next = flight ? (danepriv_fetch *)dp_flight_next(flight) : NULL;

	if (next) /* should this fail, its deadline ends it */
		(void)schedule_event(next, &next->step_event, 0);
}

static void
set_state(ask *a, ask_state state)
{
	dp_flight *flight = a->fetch->flight;

	if (flight && a->state == ASK_SENT)
		flight->count--;
	if (flight && state == ASK_SENT)
		flight->count++;
	a->state = state;
}

/* Tells getdns that we no longer wait; its callback then finds nothing to do. */
static void
ask_stop(ask *a)
{
	bool was_sent = a->state == ASK_SENT;

	set_state(a, ASK_SETTLED);
	if (was_sent)
		(void)getdns_cancel_callback(a->fetch->dns, a->transaction);
}

static void
fetch_free(danepriv_fetch *fetch)
{
	if (!fetch)
		return;
	clear_event(fetch, &fetch->step_event);
	clear_event(fetch, &fetch->deadline_event);
	while (fetch->asks) {
		ask *a = fetch->asks;
		fetch->asks = a->next;
		ask_stop(a);
		dp_free(a);
	}
	if (fetch->flight)
		dp_flight_give_up(fetch->flight, &fetch->waiting);
	wake_next(fetch->flight);
	getdns_dict_destroy(fetch->extensions);
	danepriv_lookup_free(fetch->lookup);
	dp_free(fetch);
}

/* Where nothing is proven there is no chain, and the records say why. */
static danepriv_status
fetch_chain(danepriv_fetch *fetch, danepriv_chain **out)
{
	danepriv_status status = danepriv_lookup_chain(fetch->lookup, fetch_now(fetch), out);

	return status == DANEPRIV_ENOTFOUND ? DANEPRIV_OK : status;
}

/* What is there, or EAGAIN. */
static outcome
fetch_finish(danepriv_fetch *fetch)
{
	outcome o = { DANEPRIV_OK, NULL, NULL };
	danepriv_time now = fetch_now(fetch);

	if (fetch->zone_done)
		o.status = danepriv_lookup_finish_zone(fetch->lookup, now, &o.zone);
	else
		o.status = danepriv_lookup_finish(fetch->lookup, now, &o.records);
	return o;
}

/* The fetch, whose own is gone by then, tells its caller. */
static void
tell(const danepriv_fetch *fetch, outcome o, danepriv_chain *chain)
{
	if (fetch->zone_done)
		fetch->zone_done(fetch->arg, o.status, o.zone);
	else if (fetch->chain_done)
		fetch->chain_done(fetch->arg, o.status, o.records, chain);
	else
		fetch->done(fetch->arg, o.status, o.records);
}

static void
fetch_end(danepriv_fetch *fetch, outcome o)
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

/* The only failure is a question that is not outstanding, and this one is. */
static void
settle_failure(ask *a, danepriv_reason reason)
{
	set_state(a, ASK_SETTLED);
	(void)!danepriv_lookup_give_failure(a->fetch->lookup, a->question.id, reason);
}

static void
settle_answer(ask *a, const getdns_bindata *wire)
{
	danepriv_span message = { wire->data, wire->size };

	set_state(a, ASK_SETTLED);
	if (danepriv_lookup_give_answer(a->fetch->lookup, a->question.id, message) != DANEPRIV_OK)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* No answer came.  Timeouts were long, errors are immediate: each has its own bound. */
static void
ask_again(ask *a, bool timeout)
{
	set_state(a, ASK_TO_SEND);
	if (timeout && a->tries >= TRIES_MAX)
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
	else if (!timeout && ++a->errors >= ERRORS_MAX)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
	else if (!timeout)
		a->tries--;
}

static void
on_answer(getdns_context *dns, getdns_callback_type_t type, getdns_dict *response, void *arg,
    getdns_transaction_t transaction)
{
	ask *a = arg;
	getdns_bindata *wire = NULL;

	(void)dns;
	(void)transaction;
	if (a->state != ASK_SENT) /* being released */
		goto out;
	if (response && type == GETDNS_CALLBACK_COMPLETE &&
	    getdns_dict_get_bindata(response, "/replies_full/0", &wire) == GETDNS_RETURN_GOOD)
		settle_answer(a, wire);
	else if (type == GETDNS_CALLBACK_CANCEL)
		settle_failure(a, DANEPRIV_REASON_CANCELLED);
	else
		ask_again(a, type != GETDNS_CALLBACK_ERROR);
	/* Should this fail, the deadline ends the fetch. */
	(void)schedule_event(a->fetch, &a->fetch->step_event, 0);
out:
	getdns_dict_destroy(response);
}

/* What is left until the deadline, shared out so that each of the tries still to come can wait
 * twice as long as the one before it. */
static uint64_t
try_ms(const ask *a)
{
	uint64_t now = monotonic_ms();
	uint64_t left = a->fetch->deadline > now ? a->fetch->deadline - now : 0;
	uint64_t shares = ((uint64_t)1 << (TRIES_MAX - a->tries)) - 1;

	return left / shares + 1;
}

/* getdns has one timeout per context: set for this question, and put back. */
static void
ask_send(ask *a)
{
	danepriv_fetch *fetch = a->fetch;
	uint64_t before = 0;

	if (fetch->expired) {
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
		return;
	}
	(void)getdns_context_get_timeout(fetch->dns, &before);
	(void)getdns_context_set_timeout(fetch->dns, try_ms(a));
	a->tries++;
	set_state(a, ASK_SENT);
	if (getdns_general(fetch->dns, a->question.name, a->question.type, fetch->extensions, a,
		&a->transaction, on_answer) != GETDNS_RETURN_GOOD)
		ask_again(a, false);
	(void)getdns_context_set_timeout(fetch->dns, before);
}

static danepriv_status
take_questions(danepriv_fetch *fetch)
{
	danepriv_question question;

	while (danepriv_lookup_next(fetch->lookup, &question) == DANEPRIV_OK) {
		ask *a = dp_alloc(1, sizeof *a);
		if (!a)
			return DANEPRIV_ENOMEM;
		a->fetch = fetch;
		a->question = question;
		a->next = fetch->asks;
		fetch->asks = a;
	}
	return DANEPRIV_OK;
}

static bool
must_wait(danepriv_fetch *fetch)
{
	if (fetch->expired || !fetch->flight || fetch->flight->count < DP_FLIGHT_MAX)
		return false;
	dp_flight_wait(fetch->flight, &fetch->waiting);
	return true;
}

/* True when a question was settled on the spot, so that the lookup can go on. */
static bool
send_questions(danepriv_fetch *fetch)
{
	bool settled = false;

	for (ask *a = fetch->asks; a; a = a->next)
		while (a->state == ASK_TO_SEND) { /* ends: errors are counted */
			if (must_wait(fetch))
				return settled;
			ask_send(a);
			settled = settled || a->state == ASK_SETTLED;
		}
	return settled;
}

/* Takes the fetch as far as it goes without waiting.  It may be gone afterwards. */
static void
step(void *arg)
{
	danepriv_fetch *fetch = arg;
	outcome o;

	clear_event(fetch, &fetch->step_event);
	do { /* ends: the questions of one lookup are bounded */
		o = fetch_finish(fetch);
		if (o.status == DANEPRIV_EAGAIN && take_questions(fetch) != DANEPRIV_OK)
			o.status = DANEPRIV_ENOMEM;
	} while (o.status == DANEPRIV_EAGAIN && send_questions(fetch));
	if (o.status == DANEPRIV_EAGAIN && !fetch->expired) {
		wake_next(fetch->flight);
		return;
	}
	/* After the deadline every question is settled: EAGAIN cannot be. */
	if (o.status == DANEPRIV_EAGAIN)
		o.status = DANEPRIV_EADAPTER;
	fetch_end(fetch, o);
}

static void
on_deadline(void *arg)
{
	danepriv_fetch *fetch = arg;

	clear_event(fetch, &fetch->deadline_event);
	fetch->expired = true;
	for (ask *a = fetch->asks; a; a = a->next) {
		if (a->state != ASK_SENT)
			continue;
		ask_stop(a);
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
	}
	step(fetch);
}

static danepriv_status
fetch_prepare(danepriv_fetch *fetch)
{
	/* RFC 3225 (DO), RFC 4035 section 4.9.2 (CD): the proof, whatever the resolver thinks. */
	static const char extensions[] =
	    "{add_opt_parameters:{do_bit:1,maximum_udp_payload_size:1232},header:{cd:1,rd:1}}";

	if (getdns_context_get_eventloop(fetch->dns, &fetch->loop) != GETDNS_RETURN_GOOD ||
	    getdns_str2dict(extensions, &fetch->extensions) != GETDNS_RETURN_GOOD)
		return DANEPRIV_EADAPTER;
	fetch->flight = dp_loop_flight(fetch->loop);
	return DANEPRIV_OK;
}

/* What is to be done is set in *wanted; the rest is zero.  `status`: whether its lookup, which it
 * takes, has come about. */
static danepriv_status
fetch_start(const danepriv_fetch *wanted, danepriv_status status, uint32_t deadline_ms,
    danepriv_fetch **handle)
{
	danepriv_fetch *fetch = NULL;

	if (handle)
		*handle = NULL;
	if (status == DANEPRIV_OK) {
		fetch = dp_alloc(1, sizeof *fetch);
		status = fetch ? DANEPRIV_OK : DANEPRIV_ENOMEM;
	}
	if (status != DANEPRIV_OK) {
		danepriv_lookup_free(wanted->lookup);
		return status;
	}
	uint32_t allowed = deadline_ms ? deadline_ms : DEADLINE_DEFAULT_MS;
	*fetch = *wanted;
	fetch->started = monotonic_ms();
	fetch->deadline = fetch->started + allowed;
	fetch->step_event = (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = step };
	fetch->deadline_event =
	    (getdns_eventloop_event){ .userarg = fetch, .timeout_cb = on_deadline };
	status = fetch_prepare(fetch);
	if (status == DANEPRIV_OK)
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

danepriv_status
danepriv_getdns_fetch(getdns_context *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle, danepriv_fetch_done done,
    void *arg)
{
	danepriv_fetch wanted = { .dns = dns, .now = now, .done = done, .arg = arg };
	danepriv_status status = DANEPRIV_EINVAL;

	if (dns && done)
		status = danepriv_lookup_new(&wanted.lookup, ctx, server);
	return fetch_start(&wanted, status, deadline_ms, handle);
}

danepriv_status
danepriv_getdns_fetch_chain(getdns_context *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle,
    danepriv_fetch_chain_done done, void *arg)
{
	danepriv_fetch wanted = { .dns = dns, .now = now, .chain_done = done, .arg = arg };
	danepriv_status status = DANEPRIV_EINVAL;
	danepriv_server self = { .name = NULL };

	if (server)
		self = *server;
	self.role = DANEPRIV_SELF;
	if (dns && done)
		status = danepriv_lookup_new(&wanted.lookup, ctx, &self);
	return fetch_start(&wanted, status, deadline_ms, handle);
}

danepriv_status
danepriv_getdns_fetch_zone(getdns_context *dns, const danepriv *ctx, const char *zone,
    uint32_t deadline_ms, danepriv_time now, danepriv_fetch **handle, danepriv_fetch_zone_done done,
    void *arg)
{
	danepriv_fetch wanted = { .dns = dns, .now = now, .zone_done = done, .arg = arg };
	danepriv_status status = DANEPRIV_EINVAL;

	if (dns && done)
		status = danepriv_lookup_new_zone(&wanted.lookup, ctx, zone);
	return fetch_start(&wanted, status, deadline_ms, handle);
}

void
danepriv_getdns_cancel(danepriv_fetch *fetch)
{
	fetch_free(fetch);
}
