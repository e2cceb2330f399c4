/* SPDX-License-Identifier: BSD-2-Clause
 * How does a DNS-over-TLS server prove its own key, so that its clients need no lookup?
 *
 *	dot_server [-p PORT] NAME LISTEN@PORT CERTIFICATE KEY BACKEND@PORT RESOLVER[@PORT] ANCHORS
 *
 * Looks up its own TLSA records at `_853._tcp.NAME` (-p: another port than 853) with all that
 * proves them, sends that in handshakes to clients that ask for it (RFC 9102), and passes questions
 * on to the name server at BACKEND.  CERTIFICATE and KEY are files in PEM, ANCHORS is one of DS or
 * DNSKEY lines.  Says where it listens when it takes clients; at LISTEN@0 that is a free port. */
#include "dot_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/err.h>

/* With the server's certificate and key, and nothing older than TLS 1.2 (RFC 8310 section 9). */
static SSL_CTX *
open_tls(const char *certificate, const char *key)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (tls && SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_use_certificate_chain_file(tls, certificate) == 1 &&
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1) {
		/* whoever reads must get back to poll(2) also when there was no question */
		SSL_CTX_clear_mode(tls, SSL_MODE_AUTO_RETRY);
		return tls;
	}
	ERR_print_errors_fp(stderr);
	SSL_CTX_free(tls);
	return NULL;
}

/* Trusts what the file says. */
static danepriv *
open_context(const char *anchors)
{
	static char text[1 << 16];
	danepriv_settings settings = { .size = sizeof settings, .anchors = text };
	FILE *file = fopen(anchors, "r");
	size_t len = file ? fread(text, 1, sizeof text, file) : 0;
	danepriv *ctx = NULL;

	if (file)
		fclose(file);
	if (len > 0 && len < sizeof text && danepriv_open(&ctx, &settings) == DANEPRIV_OK)
		return ctx;
	return NULL;
}

static uint16_t
read_port(const char *text)
{
	long port = strtol(text, NULL, 10);

	return port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0;
}

int
main(int argc, char **argv)
{
	server_chain chain = { .server = { NULL, 853, DANEPRIV_DOT } };
	int option, listener = -1;

	while ((option = getopt(argc, argv, "p:")) != -1)
		chain.server.port = option == 'p' ? read_port(optarg) : 0;
	if (argc - optind != 7 || chain.server.port == 0) {
		fprintf(stderr, "usage: dot_server [-p PORT] NAME LISTEN@PORT CERTIFICATE KEY "
				"BACKEND@PORT RESOLVER[@PORT] ANCHORS\n");
		return 2;
	}
	argv += optind;
	chain.server.name = argv[0];
	const char *upstreams[] = { argv[5] }, *bad = NULL;
	struct addrinfo *at = address_read(argv[1]), *backend = address_read(argv[4]);
	if (!at || (listener = address_listen(at)) < 0)
		bad = argv[1];
	else if (!(chain.tls = open_tls(argv[2], argv[3])))
		bad = argv[2];
	else if (!backend)
		bad = argv[4];
	else if (danepriv_getdns_open(&chain.dns, upstreams, 1) != DANEPRIV_OK)
		bad = argv[5];
	else if (!(chain.ctx = open_context(argv[6])))
		bad = argv[6];
	else if (!server_chain_start(&chain))
		bad = argv[0];
	else
		server_run(&chain, listener, backend);
	if (bad)
		fprintf(stderr, "dot_server: cannot use %s\n", bad);
	danepriv_getdns_cancel(chain.fetch);
	getdns_context_destroy(chain.dns);
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
