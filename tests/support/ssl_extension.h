/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test put what it likes into extension 59 of OpenSSL, and see what comes? */
#ifndef TESTS_SSL_EXTENSION_H
#define TESTS_SSL_EXTENSION_H

#include "support/octets.h"

#include <openssl/ssl.h>

typedef struct ssl_extension {
	danepriv_span sent; /* a client's request, or a server's answer */
	bool silent;	    /* nothing is sent */
	unsigned entries;   /* bits: entries of the Certificate message that an answer stands in */
	int count;	    /* how many came */
	size_t entry;	    /* the last one: in which entry */
	test_octets came;   /* its octets; NULL: none */
} ssl_extension;

/* In place of danepriv, for all connections of `ctx`; `extension` must stay. */
void ssl_extension_use(SSL_CTX *ctx, ssl_extension *extension);
/* Forgets what came. */
void ssl_extension_clear(ssl_extension *extension);

#endif
