/* SPDX-License-Identifier: BSD-2-Clause
 * How does one attempt of a plan go, from its beginning to its answer? */
#include "iterate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT_ROOM 256

void
attempt_tell(const iterator *it, const turn *t, const runner *r, const char *what)
{
	const char *way = r->to.channel == DANEPRIV_CHANNEL_CLEAR ? "in clear" : "over tls";

	tell(it, "%s %s %s%s: %s %s: %s", r->to.server->name, host_text(r->to.host), way,
	    r->is_kept ? ", kept" : "", t->question->name, dns_type_text(t->question->type), what);
}

static void
lose(iterator *it, turn *t, runner *r, const char *what)
{
	attempt_tell(it, t, r, what);
	r->connection = NULL;
	r->is_lost = true;
}

void
attempt_begin(iterator *it, turn *t, runner *r, int64_t now)
{
	bool may_be_open = r->attempt->open || r->to.channel == DANEPRIV_CHANNEL_CLEAR;

	if (it->budget == 0) {
		lose(it, t, r, "too much was asked already");
		return;
	}
	it->budget--;
	r->to.is_stream = t->question && t->question->stream;
	r->end = now + (int64_t)ATTEMPT_MS * it->patience;
	r->connection = may_be_open ? pool_find(it, &r->to) : NULL;
	r->is_kept = r->connection != NULL;
	if (!r->connection)
		r->connection = pool_open(it, &r->to);
	if (!r->connection)
		lose(it, t, r, "there is no room for a connection");
}

/* ---- a question on its way ---- */

/* Is it the zone's own server, and has it proven that?  Without the first the key says nothing. */
static bool
is_authenticated(const turn *t, const runner *r)
{
	return t->purpose == DANEPRIV_PURPOSE_QUESTION &&
	       r->connection->decision == DANEPRIV_DECISION_PROCEED;
}

static void
note_leak(iterator *it, const turn *t, const runner *r)
{
	bool is_meta = t->purpose == DANEPRIV_PURPOSE_META;
	const danepriv_question *q = t->question;

	it->leaks.meta += is_meta;
	if (r->to.channel == DANEPRIV_CHANNEL_CLEAR)
		leak_note(it, is_meta ? LEAK_META_CLEAR : LEAK_QUESTION_CLEAR, q->name, q->type);
	else if (is_meta && r->connection->decision != DANEPRIV_DECISION_PROCEED)
		leak_note(it, LEAK_META_TLS, q->name, q->type);
	else if (!is_meta && !is_authenticated(t, r))
		leak_note(it, LEAK_QUESTION_TLS, q->name, q->type);
}

/* The rule for meta-queries: nothing is judged, since nothing counts but signatures. */
static bool
may_ask(iterator *it, turn *t, runner *r)
{
	danepriv_verdict why = { .size = sizeof why };
	char text[TEXT_ROOM];

	if (t->purpose == DANEPRIV_PURPOSE_META)
		return true;
	bool may = pool_may_ask(it, r->connection, &r->to, &why);
	(void)snprintf(text, sizeof text, "%s; %s; %s",
	    danepriv_sentence(DANEPRIV_KIND_PROVENANCE, r->to.server->provenance),
	    finding_text(&why), danepriv_sentence(DANEPRIV_KIND_DECISION, r->connection->decision));
	attempt_tell(it, t, r, text);
	return may;
}

static void
ask(iterator *it, turn *t, runner *r)
{
	if (may_ask(it, t, r)) {
		note_leak(it, t, r);
		r->connection->began = clock_ms();
		connection_ask(r->connection, t->question);
		pool_run(it, r->connection);
		return;
	}
	connection_close(r->connection);
	t->is_reached = true;
	lose(it, t, r, "must not be asked");
}

/* An answer of the zone's, or a referral further down. */
static bool
is_good(const turn *t, danepriv_span octets)
{
	zone below;
	int rcode = dns_message_rcode(octets);

	if ((rcode != DNS_RCODE_NOERROR && rcode != DNS_RCODE_NXDOMAIN) ||
	    dns_message_is_cut(octets))
		return false;
	return dns_message_is_authoritative(octets) ||
	       referral_read(octets, t->zone, t->question->name, 0, &below);
}

static bool
take(iterator *it, const turn *t, runner *r, reply *out)
{
	connection *c = r->connection;
	danepriv_span octets = connection_answer(c);

	c->state = CONNECTION_OPEN;
	c->used = time(NULL);
	c->has_answered = true;
	bool is_taken = is_good(t, octets) && (out->octets = malloc(octets.len));
	if (is_taken) {
		memcpy(out->octets, octets.data, octets.len);
		out->len = octets.len;
		out->is_authenticated = is_authenticated(t, r);
		attempt_tell(it, t, r, "answered");
	}
	if (c->is_udp) { /* the next one goes from another port (RFC 5452 section 9.2) */
		connection_close(c);
		r->connection = NULL;
	}
	return is_taken;
}

/* What there is to say of a connection that came to nothing. */
static const char *
failure_text(const danepriv_verdict *why, bool is_late)
{
	if (why->finding != DANEPRIV_FINDING_UNJUDGED)
		return finding_text(why);
	return is_late ? "silent" : "failed";
}

/* Whoever serves may close a connection between two questions: that is no failure, and the second
 * one goes over a new connection (RFC 7766 section 6.2.4). */
static void
begin_again(iterator *it, turn *t, runner *r)
{
	attempt_tell(it, t, r, "closed");
	(void)pool_give_up(it, r->connection, false);
	r->is_kept = false;
	r->connection = pool_open(it, &r->to);
	if (!r->connection)
		lose(it, t, r, "there is no room for a connection");
}

bool
attempt_go_on(iterator *it, turn *t, runner *r, int64_t now, reply *out)
{
	pool_run(it, r->connection);
	if (r->connection->state == CONNECTION_OPEN && t->is_greeting)
		return true;
	if (r->connection->state == CONNECTION_OPEN)
		ask(it, t, r);
	if (r->is_lost)
		return false;
	if (connection_is_cut(r->connection)) {
		attempt_tell(it, t, r, "does not fit, once more over tcp");
		connection_open_again(r->connection, it->clear_port, it->credentials);
	} else if (r->connection->state == CONNECTION_ANSWERED) {
		if (take(it, t, r, out))
			return true;
		lose(it, t, r, "has no answer");
	} else if (connection_was_closed(r->connection)) {
		begin_again(it, t, r);
	} else if (r->connection->state == CONNECTION_FAILED || now >= r->end) {
		bool is_late = r->connection->state != CONNECTION_FAILED;
		danepriv_verdict why = pool_give_up(it, r->connection, is_late);
		t->is_reached |= why.finding != DANEPRIV_FINDING_UNJUDGED;
		t->found = why.finding;
		lose(it, t, r, failure_text(&why, is_late));
	}
	return false;
}
