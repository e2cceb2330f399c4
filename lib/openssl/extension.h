/* SPDX-License-Identifier: BSD-2-Clause
 * How does a proof get into an OpenSSL handshake, and out of one?  (RFC 9102 section 2)
 *
 * OpenSSL takes extensions by SSL_CTX alone, once each, and for both roles; so one pair of
 * callbacks serves clients and servers, and asks the SSL which it is. */
#ifndef DP_OPENSSL_EXTENSION_H
#define DP_OPENSSL_EXTENSION_H

#include "openssl/chains.h"

#include <danepriv/session.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/* What a guarded SSL carries with it. */
typedef struct dp_openssl_guard {
	danepriv_session *session; /* the caller's */
	danepriv_time now;	   /* when it was guarded */
	bool asked;		   /* extension 59 is sent */
	bool refused;		   /* the verify callback has said no to what it saw */
	uint8_t port[2];	   /* what is sent in it */
} dp_openssl_guard;

/* What an SSL_CTX carries with it, and frees. */
typedef struct dp_openssl_context {
	dp_chains *chains; /* a server's; NULL: none */
	bool prepared;	   /* for guarded clients */
} dp_openssl_context;

/* NULL: not guarded. */
dp_openssl_guard *dp_openssl_guard_of(const SSL *ssl);
/* The SSL frees it later.  False: OpenSSL refused, and it is still yours. */
bool dp_openssl_guard_set(SSL *ssl, dp_openssl_guard *guard);

/* NULL: not registered. */
dp_openssl_context *dp_openssl_context_of(const SSL_CTX *ctx);
/* Registers the extension, unless that was done before.  The result belongs to `ctx`. */
danepriv_status dp_openssl_register(SSL_CTX *ctx, dp_openssl_context **out);

#endif
