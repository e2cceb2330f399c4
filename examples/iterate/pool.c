/* SPDX-License-Identifier: BSD-2-Clause
 * Which connections are kept, and which of them may the next question go over? */
#include "iterate.h"

#include <string.h>
#include <time.h>

static bool
is_to(const connection *c, const target *to)
{
	return c->state != CONNECTION_NONE && c->channel == to->channel &&
	       c->host.len == to->host->len &&
	       memcmp(c->host.octets, to->host->octets, c->host.len) == 0 &&
	       strcmp(c->name, to->server->name) == 0 && !(to->is_stream && c->is_udp);
}

/* By what was found, and not by whether it looks like an attack: who attacks would see to it that
 * it does not. */
static bool
is_rejected(danepriv_finding finding)
{
	return finding == DANEPRIV_FINDING_MISMATCH || finding == DANEPRIV_FINDING_BOGUS ||
	       finding == DANEPRIV_FINDING_DOWNGRADE;
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
		if (is_rejected(why.finding)) {
			tell(it, "%s %s: its connection is closed: %s", c->name,
			    host_text(&c->host), finding_text(&why));
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

/* Those that nobody waits for: how far have they come? */
static void
run_overtaken(iterator *it)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		connection *c = &it->connections[i];
		if (!c->is_overtaken)
			continue;
		pool_run(it, c);
		bool is_late = clock_ms() - c->began >= (int64_t)ATTEMPT_MS * it->patience;
		c->is_overtaken = c->state < CONNECTION_OPEN && !is_late;
		c->used = time(NULL);
		if (!c->is_overtaken && c->state != CONNECTION_OPEN)
			(void)pool_give_up(it, c, c->state != CONNECTION_FAILED);
	}
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
	run_overtaken(it);
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		connection *c = oldest(it);
		if (!c || (pool_count(it) < CONNECTIONS_MAX &&
			      time(NULL) <= danepriv_limits_idle_until(&it->limits, c->used)))
			return;
		connection_close(c);
	}
}

/* One that is on its way already; NULL: none is. */
static connection *
find_overtaken(iterator *it, const target *to)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (it->connections[i].is_overtaken && is_to(&it->connections[i], to))
			return &it->connections[i];
	return NULL;
}

connection *
pool_open(iterator *it, const target *to)
{
	danepriv_profile profile =
	    to->is_strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	connection *c = it->connections;
	size_t to_server = 0;

	pool_tidy(it);
	connection *going = find_overtaken(it, to);
	if (going) {
		going->is_overtaken = false;
		return going;
	}
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
	c->server = (danepriv_server){ .name = c->name };
	c->channel = to->channel;
	c->is_udp = to->channel == DANEPRIV_CHANNEL_CLEAR && !to->is_stream;
	c->began = clock_ms();
	if (danepriv_session_new(it->ctx, &c->server, profile, &c->session) != DANEPRIV_OK)
		return NULL;
	(void)danepriv_session_recall(c->session, it->cache, time(NULL));
	connection_open(c, to->host,
	    c->channel == DANEPRIV_CHANNEL_CLEAR ? it->clear_port : it->tls_port, it->credentials);
	pool_note(it, c, DANEPRIV_EVENT_INITIATED);
	return c;
}

void
pool_close(iterator *it)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (it->connections[i].state != CONNECTION_NONE)
			connection_close(&it->connections[i]);
}
