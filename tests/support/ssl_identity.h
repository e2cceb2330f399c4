/* SPDX-License-Identifier: BSD-2-Clause
 * How does OpenSSL come by the certificate and the key of a test?  What fails that should not, ends
 * the test. */
#ifndef TESTS_SSL_IDENTITY_H
#define TESTS_SSL_IDENTITY_H

#include "support/tls_pair.h"

#include <openssl/ssl.h>

/* Both yours to free. */
X509 *ssl_identity_certificate(const tls_identity *identity);
EVP_PKEY *ssl_identity_key(const tls_identity *identity);

/* Has connections of `ctx` show the certificate, and prove the key. */
void ssl_identity_show(SSL_CTX *ctx, const tls_identity *identity);

#endif
