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

	set_state(a, DP_ASK_SETTLED);
	if (danepriv_lookup_give_answer(a->fetch->lookup, a->question.id, message) != DANEPRIV_OK)
		settle_failure(a, DANEPRIV_REASON_QUERY_FAILED);
}

/* No answer came.  Timeouts were long, errors are immediate: each has its own bound. */
static void
ask_again(dp_ask *a, bool timeout)
{
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

/* What is left until the deadline, shared out so that each of the tries still to come can wait
 * twice as long as the one before it. */
static uint64_t
try_ms(const dp_ask *a)
{
	uint64_t now = dp_fetch_clock();
	uint64_t left = a->fetch->deadline > now ? a->fetch->deadline - now : 0;
	uint64_t shares = ((uint64_t)1 << (TRIES_MAX - a->tries)) - 1;

	return left / shares + 1;
}

/* getdns has one timeout per context: set for this question, and put back. */
void
dp_ask_send(dp_ask *a)
{
	danepriv_fetch *fetch = a->fetch;
	uint64_t before = 0;

	if (fetch->expired) {
		settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
		return;
	}
	if (fetch->flight)
		dp_upstreams_turn(fetch->dns, fetch->flight, fetch->upstream);
	(void)getdns_context_get_timeout(fetch->dns, &before);
	(void)getdns_context_set_timeout(fetch->dns, try_ms(a));
	a->tries++;
	set_state(a, DP_ASK_SENT);
	if (getdns_general(fetch->dns, a->question.name, a->question.type, fetch->extensions, a,
		&a->transaction, on_answer) != GETDNS_RETURN_GOOD)
		ask_again(a, false);
	(void)getdns_context_set_timeout(fetch->dns, before);
}

void
dp_ask_expire(dp_ask *a)
{
	if (a->state != DP_ASK_SENT)
		return;
	dp_ask_stop(a);
	settle_failure(a, DANEPRIV_REASON_QUERY_TIMEOUT);
}
