/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a TLS connection with OpenSSL at one end or at both?  Client and server
 * in one process, over a socket pair, turn by turn.  What fails that should not, ends the test. */
#ifndef TESTS_SSL_PAIR_H
#define TESTS_SSL_PAIR_H

#include "support/octets.h"
#include "support/tls_pair.h"

#include <danepriv/openssl.h>

/* One end, of OpenSSL or of GnuTLS. */
typedef struct ssl_end {
	SSL *ssl;
	gnutls_session_t gnutls;
	int fd;
	bool over;
	int result; /* of SSL_do_handshake or gnutls_handshake, the last */
	int reason; /* OpenSSL: why it failed; 1000 and more: the other's alert */
} ssl_end;

typedef struct ssl_pair {
	ssl_end client, server;
} ssl_pair;

/* `version`: TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION; 0: what OpenSSL takes.  The client's
 * is prepared. */
SSL_CTX *ssl_client_ctx(int version);
/* Shows the certificate of `key`; `appended` (may be NULL): whose comes after it. */
SSL_CTX *ssl_server_ctx(int version, const tls_identity *key, const tls_identity *appended);
/* Raw public keys (RFC 7250): OpenSSL has them since 3.2. */
#define SSL_HAS_RAW_KEYS (OPENSSL_VERSION_NUMBER >= 0x30200000L)
/* Shows the raw key of `key` to who takes one; to others its certificate, or nothing (`only`).  To
 * be called only where OpenSSL has raw keys. */
SSL_CTX *ssl_raw_server_ctx(int version, const tls_identity *key, bool only);
/* Was it a raw key that the server showed to this client's end? */
bool ssl_end_saw_raw(const ssl_end *end);
/* Of any method, with the certificate of `key`. */
SSL_CTX *ssl_ctx(const SSL_METHOD *method, const tls_identity *key);

/* The RDATA `3 1 1` of its key. */
test_octets ssl_record_of(const tls_identity *identity);

/* The ends are made of the contexts, which stay the caller's; datagrams when they are of DTLS. */
void ssl_pair_open(ssl_pair *pair, SSL_CTX *client, SSL_CTX *server);
/* With a server of GnuTLS that has these credentials; with a client of GnuTLS. */
void ssl_pair_open_to_gnutls(ssl_pair *pair, SSL_CTX *client,
    gnutls_certificate_credentials_t credentials, const char *priority);
void ssl_pair_open_from_gnutls(
    ssl_pair *pair, gnutls_certificate_credentials_t credentials, unsigned flags, SSL_CTX *server);

/* One turn of an end, unless its handshake is over. */
void ssl_end_turn(ssl_end *end);
/* Turn by turn until both are over. */
void ssl_pair_handshake(ssl_pair *pair);
/* A word from server to client, of OpenSSL both: the client then has its tickets. */
void ssl_pair_talk(ssl_pair *pair);
void ssl_pair_close(ssl_pair *pair);

/* Makes a server of GnuTLS send this as extension 59, in TLS 1.2, to those who ask.  The octets
 * must stay.  One at a time. */
void gnutls_server_sends(gnutls_session_t server, danepriv_span extension);

#endif
