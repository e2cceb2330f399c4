/* SPDX-License-Identifier: BSD-2-Clause
 * How does one question get to a resolver, and the answer back?  getdns calls back with it; it is
 * only noted here. */
#include "getdns/carrier.h"
#include "getdns/fetch.h"
#include "getdns/flight.h"
#include "getdns/upstreams.h"

#include <danepriv/lookup.h>
#include <danepriv/records.h>
#include <danepriv/status.h>

/* Times that a question is asked when nothing comes back, each wait twice as long as the one
 * before: datagrams get lost. */
#define TRIES_MAX 3
/* Times that a question is asked again at once because it could not even be sent; with more
 * upstreams than that, so that each is asked. */
#define ERRORS_MAX 4
/* After a stream has ended getdns may refuse the next one for a second: it is asked again after so
 * many milliseconds, then after twice as many, and so on. */
#define STREAM_PAUSE_MS 50
#define STREAM_ERRORS_MAX 6
/* getdns 1.6.0 forgets questions now and then when a resolver ends a connection: neither an answer
 * comes nor a timeout.  So much later than a timeout would, we look ourselves. */
#define OVERDUE_MS 100

void
dp_ask_init(dp_look_ask *a, dp_fetch *fetch, const danepriv_question *question)
{
	*a = (dp_look_ask){ .fetch = fetch, .question = *question, .upstream = fetch->upstream };
}

void
dp_ask_over_stream(dp_look_ask *a)
{
	a->question.stream = 1;
	a->state = DP_ASK_TO_SEND;
	a->errors = 0;
}

static void
set_state(dp_look_ask *a, dp_ask_state state)
{
	dp_flight *flight = &a->fetch->dns->flight;

	if (a->state == DP_ASK_SENT)
		flight->count--;
	if (state == DP_ASK_SENT)
		flight->count++;
	a->state = state;
}

static getdns_context *
context_of(const dp_look_ask *a)
{
	danepriv_getdns *dns = a->fetch->dns;

	return dp_upstreams_context(&dns->upstreams, a->upstream, dns->loop);
}

/* Tells getdns that we no longer wait; its callback then finds nothing to do. */
void
dp_ask_stop(dp_look_ask *a)
{
	bool was_sent = a->state == DP_ASK_SENT;

	set_state(a, DP_ASK_SETTLED);
	if (was_sent)
		(void)getdns_cancel_callback(context_of(a), a->transaction);
}

/* The only failure is a question that is not outstanding, and this one is. */
static void
settle_failure(dp_look_ask *a, danepriv_reason reason)
{
	set_state(a, DP_ASK_SETTLED);
	(void)danepriv_lookup_give_failure(a->fetch->lookup, a->question.id, reason);
}

static void
settle_answer(dp_look_ask *a, const getdns_bindata *wire)
{
	danepriv_span message = { wire->data, wire->size };

	set_state(a, DP_ASK_SETTLED);
	if (danepriv_lookup_give_answer(a->fetch->lookup, a->question.id, message) != DANEPRIV_OK)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* A stream has one time to answer in, which is over only after a wait: what comes before is a
 * connection that ended. */
static void
ask_stream_again(dp_look_ask *a)
{
	set_state(a, DP_ASK_TO_SEND);
	a->again = dp_fetch_clock() + ((uint64_t)STREAM_PAUSE_MS << a->errors);
	if (a->again >= a->deadline)
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
	else if (++a->errors >= STREAM_ERRORS_MAX)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* To the next upstream, and so do the questions that are still to come. */
static void
move_on(dp_look_ask *a)
{
	dp_fetch *fetch = a->fetch;
	size_t next = (a->upstream + 1) % fetch->dns->upstreams.count;

	if (fetch->upstream == a->upstream)
		fetch->upstream = next;
	a->upstream = next;
}

/* No answer came.  Timeouts were long, errors are immediate: each has its own bound. */
static void
ask_again(dp_look_ask *a, bool timeout)
{
	size_t errors_max = a->fetch->dns->upstreams.count;

	if (a->question.stream) {
		ask_stream_again(a);
		return;
	}
	if (errors_max < ERRORS_MAX)
		errors_max = ERRORS_MAX;
	set_state(a, DP_ASK_TO_SEND);
	move_on(a);
	if (timeout) {
		a->errors = 0;
		if (a->tries >= TRIES_MAX)
			settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
	} else {
		a->tries--;
		if (++a->errors >= errors_max)
			settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
	}
}

static void
on_answer(getdns_context *dns, getdns_callback_type_t type, getdns_dict *response, void *arg,
    getdns_transaction_t transaction)
{
	dp_look_ask *a = arg;
	getdns_bindata *wire = NULL;

	(void)dns;
	(void)transaction;
	if (a->state != DP_ASK_SENT) /* being released */
		goto out;
	if (response && type == GETDNS_CALLBACK_COMPLETE &&
	    getdns_dict_get_bindata(response, "/replies_full/0", &wire) == GETDNS_RETURN_GOOD)
		settle_answer(a, wire);
	else if (type == GETDNS_CALLBACK_CANCEL)
		settle_failure(a, DANEPRIV_REASON_CANCELLED);
	else
		ask_again(a, type != GETDNS_CALLBACK_ERROR);
	dp_fetch_go_on(a->fetch);
out:
	getdns_dict_destroy(response);
}

/* Half of what is left until the deadline, for what is asked over a stream: if nothing comes, what
 * came before counts, and others can be asked still. */
static uint64_t
stream_ms(dp_look_ask *a, uint64_t now, uint64_t left)
{
	if (a->deadline == 0)
		a->deadline = now + left / 2;
	return a->deadline > now ? a->deadline - now : 1;
}

/* What is left until the deadline, shared out so that each of the tries still to come can wait
 * twice as long as the one before it. */
static uint64_t
try_ms(dp_look_ask *a, uint64_t now)
{
	uint64_t left = a->fetch->deadline > now ? a->fetch->deadline - now : 0;

	if (a->question.stream)
		return stream_ms(a, now, left);
	uint64_t shares = ((uint64_t)1 << (TRIES_MAX - a->tries)) - 1;

	return left / shares + 1;
}

/* Over UDP alone, or over TCP alone: which of them is for the lookup to say.  getdns has one list
 * of transports per context, and one timeout: set for each question. */
static bool
ask(dp_look_ask *a)
{
	getdns_transport_list_t one =
	    a->question.stream ? GETDNS_TRANSPORT_TCP : GETDNS_TRANSPORT_UDP;
	uint64_t now = dp_fetch_clock(), ms = try_ms(a, now);
	getdns_context *context = context_of(a);

	a->tries++;
	a->overdue = now + ms + OVERDUE_MS;
	set_state(a, DP_ASK_SENT);
	return context &&
	       getdns_context_set_dns_transport_list(context, 1, &one) == GETDNS_RETURN_GOOD &&
	       getdns_context_set_timeout(context, ms) == GETDNS_RETURN_GOOD &&
	       getdns_general(context, a->question.name, a->question.type,
		   a->fetch->dns->extensions, a, &a->transaction, on_answer) == GETDNS_RETURN_GOOD;
}

void
dp_ask_send(dp_look_ask *a)
{
	if (!ask(a))
		ask_again(a, false);
}

uint64_t
dp_ask_due(const dp_look_ask *a)
{
	if (a->state == DP_ASK_SENT)
		return a->overdue;
	return a->state == DP_ASK_TO_SEND && a->again > dp_fetch_clock() ? a->again : 0;
}

void
dp_ask_check(dp_look_ask *a)
{
	if (a->state != DP_ASK_SENT || a->overdue > dp_fetch_clock())
		return;
	dp_ask_stop(a);
	ask_again(a, true);
}
