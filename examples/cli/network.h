/* SPDX-License-Identifier: BSD-2-Clause
 * Which server, which resolver, which anchors?  What `lookup` and `check` have in common. */
#ifndef CLI_NETWORK_H
#define CLI_NETWORK_H

#include "anchors.h"
#include "policy.h"
#include "server.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

typedef struct cli_network {
	/* from the command line; zero it first */
	cli_server server;
	const char *resolver;
	cli_anchors anchors;
	cli_number timeout;
	cli_policy policy; /* of those who judge */
	bool asks_nothing; /* nothing will be looked up: it works without any resolver */
	/* made of them by cli_network_open */
	uint32_t timeout_ms;
	danepriv *ctx;
	danepriv_getdns *dns;
} cli_network;

/* Rows for a table of options. */
#define CLI_NETWORK_OPTIONS(network)                                                               \
	CLI_SERVER_OPTIONS(&(network)->server), CLI_RESOLVER_OPTIONS(network)
/* Of these, how to look up. */
#define CLI_RESOLVER_OPTIONS(network)                                                              \
	{ "resolver", 0, CLI_TEXT, "ADDR[@PORT]", "whom to ask (/etc/resolv.conf)",                \
		&(network)->resolver },                                                            \
	    CLI_ANCHOR_OPTION(&(network)->anchors), CLI_NEGATIVE_OPTION(&(network)->anchors),      \
	{                                                                                          \
		"timeout", 0, CLI_NUMBER, "S", "seconds for each step (5)", &(network)->timeout,   \
		    1, 3600                                                                        \
	}

/* Checks what was asked for and opens what it takes.  CLI_EXIT_YES, or the status to exit with, and
 * why was said on stderr.  cli_network_close either way. */
int cli_network_open(cli_network *network);
void cli_network_close(cli_network *network);

/* Waits until a lookup is over, which stays the caller's. */
danepriv_status cli_network_run(const cli_network *network, danepriv_lookup *lookup);

/* Looks the records up; *out is to free.  Status as above: 4 when even that could not be tried. */
int cli_network_lookup(cli_network *network, danepriv_records **out);
/* The same, with what proves them to others.  *chain is to free; NULL where nothing does. */
int cli_network_prove(cli_network *network, danepriv_chain **chain, danepriv_records **out);

/* True when nothing came back that could be judged: the network's fault, or the resolver's, and not
 * what the owner published. */
bool cli_reason_is_unreachable(danepriv_reason reason);

#endif
