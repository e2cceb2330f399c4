/* SPDX-License-Identifier: BSD-2-Clause
 * How does a client on OpenSSL make sure of a DNS-over-TLS server that nobody was asked about?
 *
 *	openssl_client NAME ADDRESS PORT ANCHORS
 *
 * Strict, and by the proof alone that the server sends in the handshake.  NAME is configured by who
 * calls: never give one that came out of DNS.  The port to connect to may differ from 853, as it
 * does in the tests. */
#include "connect_to.h"

#include <danepriv/danepriv.h>
#include <danepriv/openssl.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* May questions go over `fd`?  The reason is printed. */
static danepriv_decision
judge(SSL_CTX *tls, danepriv_session *session, int fd)
{
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_verdict why = { .size = sizeof why };
	SSL *ssl = SSL_new(tls);

	if (!ssl || danepriv_openssl_guard(ssl, session, NULL, time(NULL)) != DANEPRIV_OK ||
	    SSL_set_fd(ssl, fd) != 1)
		goto out;
	decision = danepriv_openssl_decide(
	    ssl, session, DANEPRIV_PROVENANCE_CONFIGURED, SSL_connect(ssl), time(NULL), &why);
	printf("%s%s; %s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, why.finding),
	    why.attack ? ": a likely attack" : "",
	    danepriv_sentence(DANEPRIV_KIND_DECISION, decision));
out:
	SSL_free(ssl);
	return decision;
}

int
main(int argc, char **argv)
{
	danepriv_settings settings = { .size = sizeof settings };
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_session *session = NULL;
	danepriv *ctx = NULL;

	if (argc != 5) {
		fprintf(stderr, "usage: openssl_client NAME ADDRESS PORT ANCHORS\n");
		return 2;
	}
	const danepriv_server server = { .name = argv[1] };
	settings.anchors = argv[4];
	settings.crypto = danepriv_openssl_crypto();
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	int fd = connect_to(argv[2], argv[3]);
	if (fd >= 0 && tls && danepriv_openssl_prepare(tls) == DANEPRIV_OK &&
	    danepriv_open(&settings, &ctx) == DANEPRIV_OK &&
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session) == DANEPRIV_OK)
		decision = judge(tls, session, fd);
	if (fd >= 0)
		close(fd);
	danepriv_session_free(session);
	danepriv_close(ctx);
	SSL_CTX_free(tls);
	return decision == DANEPRIV_DECISION_PROCEED ? 0 : 1;
}
