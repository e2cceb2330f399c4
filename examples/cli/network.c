/* SPDX-License-Identifier: BSD-2-Clause
 * Which server, which resolver, which anchors? */
#include "network.h"

#include "commands.h"

#include <time.h>

#define TIMEOUT_SECONDS 5

int
cli_network_open(cli_network *n)
{
	bool is_ike = n->server.transport.value == DANEPRIV_TRANSPORT_IPSEC;
	danepriv_settings settings = { .size = sizeof settings };

	n->timeout_ms = 1000 * (uint32_t)(n->timeout.given ? n->timeout.value : TIMEOUT_SECONDS);
	if (!cli_server_read(&n->server) || !cli_policy_read(&n->policy, is_ike, &settings))
		return CLI_EXIT_USAGE;
	int result =
	    cli_context_open_with(&n->anchors, settings, (danepriv_time)time(NULL), &n->ctx);
	if (result != CLI_EXIT_YES || (n->asks_nothing && !n->resolver))
		return result;
	danepriv_status status = danepriv_getdns_open(&n->resolver, n->resolver ? 1 : 0, &n->dns);
	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	if (n->resolver && status == DANEPRIV_EMALFORMED) {
		cli_complain("--resolver is not ADDR or ADDR@PORT");
		return CLI_EXIT_USAGE;
	}
	cli_complain("no resolver: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	return CLI_EXIT_UNREACHABLE;
}

void
cli_network_close(cli_network *n)
{
	danepriv_getdns_close(n->dns);
	n->dns = NULL;
	danepriv_close(n->ctx);
	n->ctx = NULL;
}

danepriv_status
cli_network_run(const cli_network *n, danepriv_lookup *lookup)
{
	danepriv_status status =
	    danepriv_getdns_start(n->dns, lookup, n->timeout_ms, (danepriv_time)time(NULL));

	return status == DANEPRIV_OK ? danepriv_getdns_run(n->dns, lookup) : status;
}

/* `chain`: NULL, or where it goes.  That nothing can be shown to others is no failure. */
static danepriv_status
finish(danepriv_lookup *lookup, danepriv_chain **chain, danepriv_records **out)
{
	danepriv_time now = (danepriv_time)time(NULL);

	danepriv_status status = danepriv_lookup_finish(lookup, now, out);
	if (status != DANEPRIV_OK || !chain)
		return status;
	status = danepriv_lookup_chain(lookup, now, chain);
	return status == DANEPRIV_ENOTFOUND || status == DANEPRIV_ELIMIT ? DANEPRIV_OK : status;
}

static int
look_up(cli_network *n, danepriv_chain **chain, danepriv_records **out)
{
	danepriv_lookup *lookup = NULL;

	danepriv_status status = danepriv_lookup_new(n->ctx, &n->server.server, &lookup);
	if (status == DANEPRIV_OK)
		status = cli_network_run(n, lookup);
	if (status == DANEPRIV_OK)
		status = finish(lookup, chain, out);
	danepriv_lookup_free(lookup);
	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	cli_complain("cannot look up: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	return CLI_EXIT_UNREACHABLE;
}

int
cli_network_lookup(cli_network *n, danepriv_records **out)
{
	*out = NULL;
	return look_up(n, NULL, out);
}

int
cli_network_prove(cli_network *n, danepriv_chain **chain, danepriv_records **out)
{
	*out = NULL;
	*chain = NULL;
	return look_up(n, chain, out);
}

bool
cli_reason_is_unreachable(danepriv_reason reason)
{
	return reason == DANEPRIV_REASON_QUERY_TIMEOUT || reason == DANEPRIV_REASON_QUERY_FAILED ||
	       reason == DANEPRIV_REASON_QUERY_STREAM || reason == DANEPRIV_REASON_CANCELLED;
}
