/* SPDX-License-Identifier: BSD-2-Clause
 * Which connections are kept, what came of them, and may the next question go over one?
 *
 * Everything that is learnt goes into the cache, and the next plan is made of that. */
#include "iterate.h"

#include <string.h>
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
	return (danepriv_address){ { c->host.octets, c->host.len }, 0, DANEPRIV_DOT };
}

/* A cache that cannot take something down only knows less. */
static void
note(iterator *it, const connection *c, danepriv_event event)
{
	danepriv_address address = address_of(c);
	uint32_t rtt = (uint32_t)(clock_ms() - c->began) * 1000;

	if (c->channel == DANEPRIV_ENCRYPTED) /* nothing is kept of Do53 (RFC 9539 section 4.5) */
		(void)!danepriv_cache_note(it->cache, &address, event, rtt, time(NULL));
}

static void
note_finding(iterator *it, const connection *c, danepriv_finding finding)
{
	danepriv_address address = address_of(c);

	(void)!danepriv_cache_note_finding(it->cache, &address, &c->server, finding, time(NULL));
}

/* ---- judgement ---- */

static danepriv_decision
judge(iterator *it, connection *c, danepriv_verdict *why)
{
	danepriv_time now = time(NULL);

	if (c->is_judged && c->channel == DANEPRIV_ENCRYPTED)
		return danepriv_session_renew(c->session, it->cache, c->channel, now, why);
	(void)!danepriv_session_recall(c->session, it->cache, now); /* or nothing is known yet */
	if (c->channel == DANEPRIV_CLEAR)
		return danepriv_session_decide(c->session, c->channel, now, why);
	return danepriv_gnutls_decide(c->tls, c->session, c->handshake, now, why);
}

bool
pool_may_ask(iterator *it, connection *c, const target *to, danepriv_verdict *why)
{
	danepriv_profile profile = to->is_strict ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC;

	c->decision = judge(it, c, why);
	if (!c->is_judged && why->finding != DANEPRIV_UNJUDGED &&
	    c->channel == DANEPRIV_ENCRYPTED) {
		c->is_judged = true;
		note_finding(it, c, why->finding);
		(void)!danepriv_session_remember(c->session, it->cache, time(NULL));
	}
	return danepriv_may_ask(profile, to->server->provenance, c->decision) == 1;
}

/* ---- the pool ---- */

static bool
is_to(const connection *c, const target *to)
{
	return c->state != CONNECTION_NONE && c->channel == to->channel &&
	       c->host.len == to->host->len &&
	       memcmp(c->host.octets, to->host->octets, c->host.len) == 0 &&
	       strcmp(c->name, to->server->name) == 0;
}

connection *
pool_find(iterator *it, const target *to)
{
	danepriv_verdict why = { .size = sizeof why };

	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		connection *c = &it->connections[i];
		if (c->state != CONNECTION_OPEN || !is_to(c, to))
			continue;
		/* a meta-query goes to anybody; a question where that is judged, also now */
		if (to->purpose == DANEPRIV_PURPOSE_META || pool_may_ask(it, c, to, &why))
			return c;
		if (danepriv_finding_is_attack(why.finding)) {
			tell(it, "%s %s: its connection is closed: %s", c->name,
			    host_text(&c->host), danepriv_finding_text(why.finding));
			connection_close(c);
		}
	}
	return NULL;
}

size_t
pool_count(const iterator *it)
{
	size_t count = 0;

	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		count += it->connections[i].state != CONNECTION_NONE;
	return count;
}

connection *
pool_open(iterator *it, const target *to)
{
	danepriv_profile profile = to->is_strict ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC;
	connection *c = it->connections;
	size_t to_server = 0;

	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		if (is_to(&it->connections[i], to) && it->connections[i].state == CONNECTION_OPEN)
			connection_close(&it->connections[i]); /* not fit, or it would be used */
		to_server += is_to(&it->connections[i], to);
	}
	while (c < it->connections + CONNECTIONS_MAX && c->state != CONNECTION_NONE)
		c++;
	if (c == it->connections + CONNECTIONS_MAX ||
	    !danepriv_limits_may_connect(&it->limits, to_server, pool_count(it)))
		return NULL;
	strcpy(c->name, to->server->name);
	c->server = (danepriv_server){ .name = c->name, .role = DANEPRIV_NAME_SERVER };
	c->channel = to->channel;
	c->began = clock_ms();
	if (danepriv_session_new(&c->session, it->ctx, &c->server, profile) != DANEPRIV_OK)
		return NULL;
	(void)!danepriv_session_recall(c->session, it->cache, time(NULL));
	connection_open(c, to->host, c->channel == DANEPRIV_CLEAR ? it->clear_port : it->tls_port,
	    it->credentials);
	note(it, c, DANEPRIV_EVENT_INITIATED);
	return c;
}

void
pool_run(iterator *it, connection *c)
{
	bool was_connected = c->is_connected, was_open = c->state >= CONNECTION_OPEN;

	connection_run(c);
	if (c->tls && c->is_connected && !was_connected)
		leak_note(it, LEAK_HELLO, danepriv_session_name(c->session), 0);
	if (c->tls && !was_open && c->state == CONNECTION_OPEN) {
		/* GnuTLS counts versions from SSL 3.0, as 1 */
		int version = 0x0300 + (int)gnutls_protocol_get_version(c->tls) - GNUTLS_SSL3;
		note(it, c, DANEPRIV_EVENT_COMPLETED);
		if (!danepriv_limits_take_version(&it->limits, (uint16_t)version))
			c->state = CONNECTION_FAILED;
	}
	if (c->state == CONNECTION_ANSWERED)
		note(it, c, DANEPRIV_EVENT_RESPONSE);
}

danepriv_finding
pool_give_up(iterator *it, connection *c, bool is_late)
{
	danepriv_verdict why = { .size = sizeof why };

	/* a guard that ends a handshake has found something out of the key */
	if (c->tls && c->is_connected && c->handshake != 0)
		(void)danepriv_gnutls_decide(c->tls, c->session, c->handshake, time(NULL), &why);
	if (why.finding == DANEPRIV_MISMATCH)
		note_finding(it, c, why.finding);
	else
		note(it, c, is_late ? DANEPRIV_EVENT_TIMED_OUT : DANEPRIV_EVENT_FAILED);
	connection_close(c);
	return why.finding;
}

static connection *
oldest(iterator *it)
{
	connection *found = NULL;

	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		connection *c = &it->connections[i];
		if (c->state == CONNECTION_OPEN && (!found || c->began < found->began))
			found = c;
	}
	return found;
}

void
pool_tidy(iterator *it)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		connection *c = oldest(it);
		if (!c || (pool_count(it) < CONNECTIONS_MAX &&
			      time(NULL) <= danepriv_limits_idle_until(&it->limits, c->used)))
			return;
		connection_close(c);
	}
}

void
pool_close(iterator *it)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (it->connections[i].state != CONNECTION_NONE)
			connection_close(&it->connections[i]);
}
