/* SPDX-License-Identifier: BSD-2-Clause
 * Who answers first?  (RFC 8305, draft-bortzmeyer section 3)
 *
 * Each attempt begins when its delay is over, or when all before it have come to nothing.  The
 * first good answer wins.  Questions that are still on their way then are given up; but TLS that
 * was begun goes on, so that it is known next time whether it is to be had (RFC 9539
 * section 4.6.2). */
#include "iterate.h"

#include <poll.h>

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
			.begin = start + (int64_t)attempts[i].delay_ms * it->patience,
			.to = { server, &server->hosts[attempts[i].place], attempts[i].channel,
			    t->purpose, !attempts[i].unauthenticated_ok } };
	}
	while (goes_on && !has_won) {
		bool are_lost = true; /* all before this one */
		for (size_t i = 0; i < count && !has_won; i++) {
			runner *r = &runners[i];
			if (!r->connection && !r->is_lost && (are_lost || now >= r->begin))
				attempt_begin(it, t, r, now);
			if (r->connection)
				has_won = attempt_go_on(it, t, r, now, out);
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
		attempt_tell(it, t, &runners[i], "overtaken");
		c->is_overtaken = c->tls && c->state < CONNECTION_OPEN;
		if (!c->is_overtaken)
			connection_close(c);
	}
	return has_won;
}
