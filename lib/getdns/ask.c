/* SPDX-License-Identifier: BSD-2-Clause
 * How does one question get to a resolver, and the answer back?  getdns calls back with it; it is
 * only taken down here. */
#include "getdns/fetch.h"
#include "getdns/upstreams.h"

/* Times that a question is asked when nothing comes back, each wait twice as long as the one
 * before: datagrams get lost, and getdns moves on to the next upstream after each. */
#define TRIES_MAX 3
/* Times that a question is asked again at once because it could not even be sent. */
#define ERRORS_MAX 4
/* After a stream has ended getdns may refuse the next one for a second: it is asked again after so
 * many milliseconds, then after twice as many, and so on. */
#define STREAM_PAUSE_MS 50
#define STREAM_ERRORS_MAX 6

static void
set_state(dp_ask *a, dp_ask_state state)
{
	dp_flight *flight = a->fetch->flight;

	if (flight && a->state == DP_ASK_SENT)
		flight->count--;
	if (flight && state == DP_ASK_SENT)
		flight->count++;
	a->state = state;
}

/* Tells getdns that we no longer wait; its callback then finds nothing to do. */
void
dp_ask_stop(dp_ask *a)
{
	bool was_sent = a->state == DP_ASK_SENT;

	set_state(a, DP_ASK_SETTLED);
	if (was_sent)
		(void)getdns_cancel_callback(a->fetch->dns, a->transaction);
}

/* The only failure is a question that is not outstanding, and this one is. */
static void
settle_failure(dp_ask *a, danepriv_reason reason)
{
	set_state(a, DP_ASK_SETTLED);
	(void)!danepriv_lookup_give_failure(a->fetch->lookup, a->question.id, reason);
}

static void
settle_answer(dp_ask *a, const getdns_bindata *wire)
{
	danepriv_span message = { wire->data, wire->size };
	bool is_cut = wire->size > 2 && wire->data[2] & 2; /* TC */

	/* getdns has asked over TCP by itself, and it was cut off there, too. */
	if (is_cut && !a->fetch->is_alone) {
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
		return;
	}
	set_state(a, DP_ASK_SETTLED);
	if (danepriv_lookup_give_answer(a->fetch->lookup, a->question.id, message) != DANEPRIV_OK)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* A stream has one time to answer in, which is over only after a wait: what comes before is a
 * connection that ended. */
static void
ask_stream_again(dp_ask *a)
{
	set_state(a, DP_ASK_TO_SEND);
	a->again = dp_fetch_clock() + ((uint64_t)STREAM_PAUSE_MS << a->errors);
	if (a->again >= a->deadline)
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
	else if (++a->errors >= STREAM_ERRORS_MAX)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* No answer came.  Timeouts were long, errors are immediate: each has its own bound. */
static void
ask_again(dp_ask *a, bool timeout)
{
	if (a->question.stream) {
		ask_stream_again(a);
		return;
	}
	set_state(a, DP_ASK_TO_SEND);
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
	dp_ask *a = arg;
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
stream_ms(dp_ask *a, uint64_t now, uint64_t left)
{
	if (a->deadline == 0)
		a->deadline = now + left / 2;
	return a->deadline > now ? a->deadline - now : 1;
}

/* What is left until the deadline, shared out so that each of the tries still to come can wait
 * twice as long as the one before it. */
static uint64_t
try_ms(dp_ask *a)
{
	uint64_t now = dp_fetch_clock();
	uint64_t left = a->fetch->deadline > now ? a->fetch->deadline - now : 0;

	if (a->question.stream)
		return stream_ms(a, now, left);
	uint64_t shares = ((uint64_t)1 << (TRIES_MAX - a->tries)) - 1;

	return left / shares + 1;
}

/* Are the transports as danepriv_getdns_open has set them?  Those of a caller's own choice stay. */
static bool
is_both(getdns_context *dns)
{
	getdns_transport_t now;

	return getdns_context_get_dns_transport(dns, &now) == GETDNS_RETURN_GOOD &&
	       now == GETDNS_TRANSPORT_UDP_FIRST_AND_FALL_BACK_TO_TCP;
}

/* Over UDP alone, or over TCP alone: which of them is for the lookup to say. */
static bool
set_one(getdns_context *dns, bool is_stream)
{
	getdns_transport_list_t one = is_stream ? GETDNS_TRANSPORT_TCP : GETDNS_TRANSPORT_UDP;

	return getdns_context_set_dns_transport_list(dns, 1, &one) == GETDNS_RETURN_GOOD;
}

static void
set_both(getdns_context *dns)
{
	getdns_transport_list_t both[] = { GETDNS_TRANSPORT_UDP, GETDNS_TRANSPORT_TCP };

	(void)getdns_context_set_dns_transport_list(dns, 2, both);
}

/* getdns has one timeout per context, and one list of transports: set for this question, and put
 * back. */
static bool
ask(dp_ask *a)
{
	getdns_context *dns = a->fetch->dns;
	bool chooses = a->fetch->is_alone && is_both(dns);
	uint64_t before = 0;

	(void)getdns_context_get_timeout(dns, &before);
	(void)getdns_context_set_timeout(dns, try_ms(a));
	a->tries++;
	set_state(a, DP_ASK_SENT);
	bool good = (!chooses || set_one(dns, a->question.stream)) &&
		    getdns_general(dns, a->question.name, a->question.type, a->fetch->extensions, a,
			&a->transaction, on_answer) == GETDNS_RETURN_GOOD;
	(void)getdns_context_set_timeout(dns, before);
	if (chooses)
		set_both(dns);
	return good;
}

void
dp_ask_send(dp_ask *a)
{
	danepriv_fetch *fetch = a->fetch;

	if (fetch->expired) {
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
		return;
	}
	/* Another upstream is asked all of it then. */
	if (a->question.stream && !fetch->is_alone) {
		settle_failure(a, DANEPRIV_REASON_CANCELLED);
		return;
	}
	if (fetch->flight)
		dp_upstreams_turn(fetch->dns, fetch->flight, fetch->upstream);
	if (!ask(a))
		ask_again(a, false);
}

void
dp_ask_expire(dp_ask *a)
{
	if (a->state != DP_ASK_SENT)
		return;
	dp_ask_stop(a);
	settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
}
