/* SPDX-License-Identifier: BSD-2-Clause
 * Which server, which resolver, which anchors? */
#include "network.h"

#include "commands.h"
#include "files.h"

#include <stdlib.h>
#include <time.h>

#define TIMEOUT_SECONDS 5

static int
open_context(cli_network *n)
{
	danepriv_settings settings = { .size = sizeof settings };
	uint8_t *anchors = NULL;
	size_t len = 0;

	if (n->anchor && !cli_read_file(n->anchor, &anchors, &len))
		return CLI_EXIT_USAGE;
	settings.anchors = (const char *)anchors;
	danepriv_status status = danepriv_open(&n->ctx, &settings);
	free(anchors);
	if (status != DANEPRIV_OK) {
		cli_complain("the trust anchors: %s", danepriv_strerror(status));
		return CLI_EXIT_USAGE;
	}
	return CLI_EXIT_YES;
}

int
cli_network_open(cli_network *n)
{
	n->timeout_ms = 1000 * (uint32_t)(n->timeout.given ? n->timeout.value : TIMEOUT_SECONDS);
	if (!cli_server_read(&n->server))
		return CLI_EXIT_USAGE;
	int result = open_context(n);
	if (result != CLI_EXIT_YES)
		return result;
	danepriv_status status = danepriv_getdns_open(&n->dns, &n->resolver, n->resolver ? 1 : 0);
	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	if (n->resolver && status == DANEPRIV_EMALFORMED) {
		cli_complain("--resolver is not ADDR or ADDR@PORT");
		return CLI_EXIT_USAGE;
	}
	cli_complain("no resolver: %s", danepriv_strerror(status));
	return CLI_EXIT_UNREACHABLE;
}

void
cli_network_close(cli_network *n)
{
	getdns_context_destroy(n->dns);
	n->dns = NULL;
	danepriv_close(n->ctx);
	n->ctx = NULL;
}

int
cli_network_lookup(cli_network *n, danepriv_records **out)
{
	danepriv_status status = danepriv_getdns_fetch_sync(
	    n->dns, n->ctx, &n->server.server, n->timeout_ms, (danepriv_time)time(NULL), out);

	if (status == DANEPRIV_OK)
		return CLI_EXIT_YES;
	cli_complain("cannot look up: %s", danepriv_strerror(status));
	return CLI_EXIT_UNREACHABLE;
}

bool
cli_reason_is_unreachable(danepriv_reason reason)
{
	return reason == DANEPRIV_REASON_QUERY_TIMEOUT || reason == DANEPRIV_REASON_QUERY_FAILED ||
	       reason == DANEPRIV_REASON_CANCELLED;
}
