/* SPDX-License-Identifier: BSD-2-Clause
 * How does a server come by its chain, and keep it fresh? */
#include "dot_server.h"

#include <danepriv/word.h>

#include <limits.h>
#include <stdio.h>
#include <time.h>

#define DEADLINE_MS 5000
/* Seconds: between failures, and past TTLs that are shorter (RFC 9102 section 5). */
#define REST 5

static const danepriv_span no_chain = { NULL, 0 };

/* A chain is sent on until there is a newer one, also when it has expired: so clients can tell what
 * is wrong (RFC 9102 section 5). */
static void
on_failure(server_chain *c, const char *why)
{
	fprintf(stderr, "dot_server: no new chain: %s\n", why);
	c->is_tried = true;
	c->due = time(NULL) + REST;
}

static void
use(server_chain *c, const danepriv_chain *chain)
{
	danepriv_time now = time(NULL), until = danepriv_chain_valid_until(chain);
	danepriv_span octets = danepriv_chain_octets(chain);

	danepriv_status status = danepriv_openssl_serve(c->tls, &c->server, octets, NULL);
	if (status != DANEPRIV_OK) {
		on_failure(c, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		return;
	}
	fprintf(stderr, "dot_server: a chain of %zu octets\n", octets.len);
	c->is_tried = true;
	/* until then a resolver would answer with the same, and less TTL */
	c->due = until > now + REST ? until : now + REST;
}

/* What has come of the lookup, which ended with `status`. */
static void
finish(server_chain *c, danepriv_lookup *lookup, danepriv_status status)
{
	danepriv_records *records = NULL;
	danepriv_chain *chain = NULL;

	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, time(NULL), &records);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_chain(lookup, time(NULL), &chain);
	if (status == DANEPRIV_OK)
		use(c, chain);
	else if (status == DANEPRIV_ENOTFOUND)
		on_failure(
		    c, danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	else
		on_failure(c, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_chain_free(chain);
	danepriv_records_free(records);
}

static void
ask(server_chain *c)
{
	danepriv_lookup *lookup = NULL;

	danepriv_status status = danepriv_lookup_new_chain(c->ctx, &c->server, &lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_start(c->dns, lookup, DEADLINE_MS, time(NULL));
	if (status == DANEPRIV_OK) {
		c->lookup = lookup;
		return;
	}
	danepriv_lookup_free(lookup);
	on_failure(c, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
}

bool
server_chain_start(server_chain *c)
{
	/* without a chain for now: the first call must come before there are threads */
	if (danepriv_openssl_serve(c->tls, &c->server, no_chain, NULL) != DANEPRIV_OK)
		return false;
	ask(c);
	return c->lookup != NULL;
}

void
server_chain_run(server_chain *c)
{
	danepriv_lookup *ended;
	danepriv_status status;

	danepriv_getdns_poll_run(c->dns);
	while (danepriv_getdns_take(c->dns, &ended, &status) == DANEPRIV_OK) {
		finish(c, ended, status);
		danepriv_lookup_free(ended);
		c->lookup = NULL;
	}
	if (!c->lookup && time(NULL) >= c->due)
		ask(c);
}

int
server_chain_timeout(const server_chain *c)
{
	if (c->lookup)
		return danepriv_getdns_poll_timeout(c->dns);
	danepriv_time left = c->due - time(NULL);
	if (left <= 0)
		return 0;
	return left < INT_MAX / 1000 ? (int)left * 1000 : INT_MAX;
}
