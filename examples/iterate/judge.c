/* SPDX-License-Identifier: BSD-2-Clause
 * What came of a connection, and may a question go over it?
 *
 * Everything that is learnt goes into the cache, and the next plan is made of that. */
#include "iterate.h"

#include <time.h>

int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static danepriv_address
address_of(const connection *c)
{
	return (danepriv_address){ { c->host.octets, c->host.len }, 0, DANEPRIV_TRANSPORT_DOT };
}

/* A cache that cannot take something down only knows less. */
void
pool_note(iterator *it, const connection *c, danepriv_event event)
{
	danepriv_address address = address_of(c);
	/* less than a millisecond is 0, and counts as not measured */
	uint32_t rtt_us = (uint32_t)(clock_ms() - c->began) * 1000;

	if (c->channel ==
	    DANEPRIV_CHANNEL_ENCRYPTED) /* nothing is kept of Do53 (RFC 9539 section 4.5) */
		(void)danepriv_cache_note_event(it->cache, &address, event, rtt_us, time(NULL));
}

static void
note_finding(iterator *it, const connection *c, danepriv_finding finding)
{
	danepriv_address address = address_of(c);

	(void)danepriv_cache_note_finding(it->cache, &address, &c->server, finding, time(NULL));
}

/* ---- may a question go over it? ---- */

/* The connection may have been opened for a question of another profile: both have to agree to the
 * first one. */
static danepriv_decision
judge(iterator *it, connection *c, danepriv_profile profile, danepriv_provenance provenance,
    danepriv_verdict *why)
{
	danepriv_time now = time(NULL);
	danepriv_decision first;

	if (c->is_judged && c->channel == DANEPRIV_CHANNEL_ENCRYPTED)
		return danepriv_session_decide_again(
		    c->session, it->cache, profile, provenance, c->channel, now, why);
	(void)danepriv_session_recall(c->session, it->cache, now); /* or nothing is known yet */
	if (c->channel == DANEPRIV_CHANNEL_CLEAR) {
		(void)!danepriv_session_decide(c->session, provenance, c->channel, now, why);
		/* no plan says to learn a key that nobody could show */
		if (why->finding == DANEPRIV_FINDING_UNJUDGED)
			why->finding = DANEPRIV_FINDING_INDETERMINATE;
		return danepriv_decide(profile, provenance, why->finding, c->channel);
	}
	first = danepriv_gnutls_decide(c->tls, c->session, provenance, c->handshake, now, why);
	return first == DANEPRIV_DECISION_REFUSE
		   ? first
		   : danepriv_decide(profile, provenance, why->finding, c->channel);
}

bool
pool_may_ask(iterator *it, connection *c, const target *to, danepriv_verdict *why)
{
	danepriv_profile profile =
	    to->is_strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;

	c->decision = judge(it, c, profile, to->server->provenance, why);
	if (!c->is_judged && why->finding != DANEPRIV_FINDING_UNJUDGED &&
	    c->channel == DANEPRIV_CHANNEL_ENCRYPTED) {
		c->is_judged = true;
		note_finding(it, c, why->finding);
		(void)danepriv_session_remember(c->session, it->cache, time(NULL));
	}
	return c->decision != DANEPRIV_DECISION_REFUSE;
}

/* ---- how does it go? ---- */

void
pool_run(iterator *it, connection *c)
{
	bool was_connected = c->is_connected, was_open = c->state >= CONNECTION_OPEN;

	connection_run(c);
	/* where GnuTLS cannot take the server's proof, that is the end of the first handshake */
	if (c->state == CONNECTION_FAILED && danepriv_gnutls_must_reconnect(c->tls) == 1)
		connection_open_again(c, it->tls_port, it->credentials);
	if (c->tls && c->is_connected && !was_connected)
		leak_note(it, LEAK_HELLO, danepriv_session_sni(c->session), 0);
	if (c->tls && !was_open && c->state == CONNECTION_OPEN) {
		/* GnuTLS counts versions from SSL 3.0, as 1 */
		int version = 0x0300 + (int)gnutls_protocol_get_version(c->tls) - GNUTLS_SSL3;
		pool_note(it, c, DANEPRIV_EVENT_COMPLETED);
		c->used = time(NULL);
		if (!danepriv_limits_accept_version(&it->limits, (uint16_t)version))
			c->state = CONNECTION_FAILED;
	}
	if (c->state == CONNECTION_ANSWERED)
		pool_note(it, c, DANEPRIV_EVENT_RESPONSE);
}

danepriv_verdict
pool_give_up(iterator *it, connection *c, bool is_late)
{
	danepriv_verdict why = { .size = sizeof why };

	/* a guard that ends a handshake has found something out of the key */
	if (c->tls && c->is_connected && c->handshake != 0)
		(void)!danepriv_gnutls_decide(c->tls, c->session, DANEPRIV_PROVENANCE_UNPROVEN,
		    c->handshake, time(NULL), &why);
	if (why.finding == DANEPRIV_FINDING_MISMATCH)
		note_finding(it, c, why.finding);
	else if (why.finding !=
		 DANEPRIV_FINDING_UNJUDGED) /* TLS is to be had: it is we who ended it */
		pool_note(it, c, DANEPRIV_EVENT_COMPLETED);
	else if (is_late || !connection_was_closed(c))
		pool_note(it, c, is_late ? DANEPRIV_EVENT_TIMED_OUT : DANEPRIV_EVENT_FAILED);
	connection_close(c);
	return why;
}
