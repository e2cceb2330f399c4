/* SPDX-License-Identifier: BSD-2-Clause
 * How does a DNS-over-TLS server prove its own key, so that its clients need no lookup?
 *
 *	dot_server [-p PORT] [-t SECONDS] [--raw-key] NAME LISTEN@PORT CERTIFICATE KEY BACKEND@PORT
 *	    RESOLVER[@PORT] ANCHORS
 *
 * Looks up its own TLSA records at `_853._tcp.NAME` (-p: another port than 853) with all that
 * proves them, sends that in handshakes to clients that ask for it (RFC 9102), and passes questions
 * on to the name server at BACKEND.  CERTIFICATE and KEY are files in PEM, ANCHORS is one of DS or
 * DNSKEY lines.  Says where it listens when it takes clients; at LISTEN@0 that is a free port.
 * A handshake, a question, an answer and the time between them may take SECONDS each (10).
 * --raw-key: who takes one is shown the bare key (RFC 7250), all others the certificate. */
#include "dot_server.h"
#include "provider.h"
#include "read_file.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIMIT_MAX 86400 /* seconds */

/* Trusts what the file says. */
static danepriv *
open_context(const char *path)
{
	static uint8_t anchors[1 << 16];
	danepriv_settings settings = { .size = sizeof settings,
		.anchors = (const char *)anchors,
		.crypto = examples_provider() };
	danepriv *ctx = NULL;

	if (read_file(path, anchors, sizeof anchors) == 0 ||
	    danepriv_open(&settings, &ctx) != DANEPRIV_OK)
		return NULL;
	return ctx;
}

/* 0: not a number, or not from 1 to `max`. */
static int
read_number(const char *text, int max)
{
	char *end;
	long number = strtol(text, &end, 10);

	return *end == '\0' && number > 0 && number <= max ? (int)number : 0;
}

static bool
read_options(int argc, char **argv, server_chain *chain, dot_service *service)
{
	static const struct option words[] = { { "raw-key", no_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "p:t:", words, NULL)) != -1) {
		if (option == 'p')
			chain->server.port = (uint16_t)read_number(optarg, UINT16_MAX);
		else if (option == 't')
			service->limit_s = read_number(optarg, LIMIT_MAX);
		else if (option == 'r')
			service->shows_raw_key = true;
		else
			return false;
	}
	return argc - optind == 7 && chain->server.port != 0 && service->limit_s != 0;
}

/* What stands in the way; NULL: nothing did until it was told to end. */
static const char *
run(char **words, server_chain *chain, dot_service *service, int listener)
{
	const char *upstreams[] = { words[5] };

	chain->server.name = words[0];
	service->tls = chain->tls = tls_open(words[2], words[3], service->shows_raw_key);
	if (!chain->tls)
		return words[2];
	if (!service->backend)
		return words[4];
	if (danepriv_getdns_open(upstreams, 1, &chain->dns) != DANEPRIV_OK)
		return words[5];
	chain->ctx = open_context(words[6]);
	if (!chain->ctx)
		return words[6];
	if (!server_chain_start(chain))
		return words[0];
	server_run(chain, listener, service);
	return NULL;
}

int
main(int argc, char **argv)
{
	server_chain chain = { .server = { NULL, 853, DANEPRIV_TRANSPORT_DOT } };
	dot_service service = { .limit_s = 10 };

	if (!read_options(argc, argv, &chain, &service)) {
		fprintf(stderr,
		    "usage: dot_server [-p PORT] [-t SECONDS] [--raw-key] NAME LISTEN@PORT "
		    "CERTIFICATE KEY BACKEND@PORT RESOLVER[@PORT] ANCHORS\n");
		return 2;
	}
	argv += optind;
	struct addrinfo *at = address_read(argv[1]), *backend = address_read(argv[4]);
	int listener = at ? address_listen(at) : -1;
	service.backend = backend;
	const char *bad = listener < 0 ? argv[1] : run(argv, &chain, &service, listener);
	if (bad)
		fprintf(stderr, "dot_server: cannot use %s\n", bad);
	danepriv_getdns_close(chain.dns);
	danepriv_close(chain.ctx);
	SSL_CTX_free(chain.tls);
	if (backend)
		freeaddrinfo(backend);
	if (at)
		freeaddrinfo(at);
	if (listener >= 0)
		close(listener);
	return bad ? 2 : 0;
}
