/* SPDX-License-Identifier: BSD-2-Clause
 * Who answers first?  (RFC 8305, draft-bortzmeyer section 3)
 *
 * Each attempt begins when its delay is over, or when all before it have come to nothing.  The
 * first good answer wins; connections that are still on their way then are ended. */
#include "iterate.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT_ROOM 256

typedef struct runner {
	const danepriv_attempt *attempt;
	target to;
	connection *connection; /* NULL: has not begun, or is lost */
	int64_t begin, end;	/* milliseconds */
	bool is_kept;		/* the connection was there already */
	bool is_lost;
} runner;

static void
tell_runner(const iterator *it, const turn *t, const runner *r, const char *what)
{
	const char *way = r->to.channel == DANEPRIV_CLEAR ? "in clear" : "over tls";

	tell(it, "%s %s %s%s: %s %s: %s", r->to.server->name, host_text(r->to.host), way,
	    r->is_kept ? ", kept" : "", t->question->name, type_text(t->question->type), what);
}

static void
lose(iterator *it, turn *t, runner *r, const char *what)
{
	tell_runner(it, t, r, what);
	r->connection = NULL;
	r->is_lost = true;
}

static void
begin(iterator *it, turn *t, runner *r, int64_t now)
{
	bool may_be_open = r->attempt->open || r->to.channel == DANEPRIV_CLEAR;

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
	return t->purpose == DANEPRIV_PURPOSE_QUESTION && r->to.channel == DANEPRIV_ENCRYPTED &&
	       danepriv_may_ask(
		   DANEPRIV_STRICT, r->to.server->provenance, r->connection->decision) == 1;
}

static void
note_leak(iterator *it, const turn *t, const runner *r)
{
	bool is_meta = t->purpose == DANEPRIV_PURPOSE_META;
	const danepriv_question *q = t->question;

	it->leaks.meta += is_meta;
	if (r->to.channel == DANEPRIV_CLEAR)
		leak_note(it, is_meta ? LEAK_META_CLEAR : LEAK_QUESTION_CLEAR, q->name, q->type);
	else if (is_meta && r->connection->decision != DANEPRIV_PROCEED)
		leak_note(it, LEAK_META_TLS, q->name, q->type);
	else if (!is_meta && !is_authenticated(t, r))
		leak_note(it, LEAK_QUESTION_TLS, q->name, q->type);
}

/* The rule for meta-queries: nothing is judged, since nothing counts but signatures. */
static bool
may_ask(iterator *it, turn *t, runner *r)
{
	static const char *const provenances[] = {
		[DANEPRIV_PROVENANCE_UNPROVEN] = "its name is unproven",
		[DANEPRIV_PROVENANCE_SECURE] = "the zone has signed its name",
		[DANEPRIV_PROVENANCE_CHANNEL] = "the parent has named it",
		[DANEPRIV_PROVENANCE_CONFIGURED] = "its name is configured",
	};
	danepriv_verdict why = { .size = sizeof why };
	char text[TEXT_ROOM];

	if (t->purpose == DANEPRIV_PURPOSE_META)
		return true;
	bool may = pool_may_ask(it, r->connection, &r->to, &why);
	(void)snprintf(text, sizeof text, "%s; %s; %s", provenances[r->to.server->provenance],
	    danepriv_finding_text(why.finding), danepriv_decision_text(r->connection->decision));
	tell_runner(it, t, r, text);
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
	int rcode = message_rcode(octets);

	if (rcode != RCODE_NOERROR && rcode != RCODE_NXDOMAIN)
		return false;
	return message_is_authoritative(octets) || referral_read(octets, t->zone, t->question->name,
						       DANEPRIV_PROVENANCE_UNPROVEN, 0, &below);
}

static bool
take(iterator *it, const turn *t, runner *r, reply *out)
{
	connection *c = r->connection;
	danepriv_span octets = connection_answer(c);

	c->state = CONNECTION_OPEN;
	c->used = time(NULL);
	if (!is_good(t, octets) || !(out->octets = malloc(octets.len)))
		return false;
	memcpy(out->octets, octets.data, octets.len);
	out->len = octets.len;
	out->is_authenticated = is_authenticated(t, r);
	tell_runner(it, t, r, "answered");
	return true;
}

/* True: this one has won. */
static bool
go_on(iterator *it, turn *t, runner *r, int64_t now, reply *out)
{
	pool_run(it, r->connection);
	if (r->connection->state == CONNECTION_OPEN)
		ask(it, t, r);
	if (r->is_lost)
		return false;
	if (r->connection->state == CONNECTION_ANSWERED) {
		if (take(it, t, r, out))
			return true;
		lose(it, t, r, "has no answer");
	} else if (r->connection->state == CONNECTION_FAILED || now >= r->end) {
		bool is_late = r->connection->state != CONNECTION_FAILED;
		danepriv_finding finding = pool_give_up(it, r->connection, is_late);
		t->is_reached |= finding != DANEPRIV_UNJUDGED;
		lose(it, t, r,
		    finding != DANEPRIV_UNJUDGED ? danepriv_finding_text(finding)
		    : is_late			 ? "silent"
						 : "failed");
	}
	return false;
}

/* ---- all of them ---- */

/* Until one of them has something to say, or another one is to begin. */
static void
wait_for_any(const runner *runners, size_t count, int64_t now)
{
	struct pollfd p[ATTEMPTS_MAX];
	int64_t until = INT64_MAX;
	nfds_t waiting = 0;

	for (size_t i = 0; i < count; i++) {
		const runner *r = &runners[i];
		if (r->is_lost)
			continue;
		if (r->connection)
			p[waiting++] = (struct pollfd){ .fd = r->connection->fd,
				.events = connection_events(r->connection) };
		int64_t next = r->connection ? r->end : r->begin;
		until = next < until ? next : until;
	}
	if (until > now)
		(void)poll(p, waiting, (int)(until - now));
}

bool
race_run(iterator *it, turn *t, const danepriv_attempt *attempts, size_t count, reply *out)
{
	runner runners[ATTEMPTS_MAX] = { 0 };
	int64_t start = clock_ms(), now = start;
	bool has_won = false, goes_on = count > 0;

	for (size_t i = 0; i < count; i++) {
		const name_server *server = &t->zone->servers[attempts[i].candidate];
		runners[i] = (runner){ .attempt = &attempts[i],
			.begin = start + (int64_t)attempts[i].delay * it->patience,
			.to = { server, &server->hosts[attempts[i].place], attempts[i].channel,
			    t->purpose, attempts[i].authenticate } };
	}
	while (goes_on && !has_won) {
		bool are_lost = true; /* all before this one */
		for (size_t i = 0; i < count && !has_won; i++) {
			runner *r = &runners[i];
			if (!r->connection && !r->is_lost && (are_lost || now >= r->begin))
				begin(it, t, r, now);
			if (r->connection)
				has_won = go_on(it, t, r, now, out);
			are_lost &= r->is_lost;
		}
		goes_on = !are_lost;
		if (goes_on && !has_won)
			wait_for_any(runners, count, now);
		now = clock_ms();
	}
	for (size_t i = 0; i < count; i++) {
		connection *c = runners[i].connection;
		if (!c || c->state == CONNECTION_OPEN)
			continue;
		tell_runner(it, t, &runners[i], "overtaken");
		connection_close(c);
	}
	return has_won;
}
