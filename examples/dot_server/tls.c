/* SPDX-License-Identifier: BSD-2-Clause
 * What does dot_server show to its clients, and which versions of TLS does it speak? */
#include "dot_server.h"

#include <stdio.h>

#include <openssl/err.h>

#define HAS_RAW_KEYS (OPENSSL_VERSION_NUMBER >= 0x30200000L)

/* RFC 7250: which of both a client gets is for the first one here to say that it takes. */
static bool
show_raw_key(SSL_CTX *tls)
{
#if HAS_RAW_KEYS
	static const unsigned char types[] = { TLSEXT_cert_type_rpk, TLSEXT_cert_type_x509 };

	return SSL_CTX_set1_server_cert_type(tls, types, sizeof types) == 1;
#else
	(void)tls;
	fprintf(stderr, "dot_server: no raw keys: this is %s, and they need OpenSSL 3.2\n",
	    OPENSSL_VERSION_TEXT);
	return false;
#endif
}

SSL_CTX *
tls_open(const char *certificate, const char *key, bool raw_key)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (tls && SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_use_certificate_chain_file(tls, certificate) == 1 &&
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1 &&
	    (!raw_key || show_raw_key(tls))) {
		/* whoever reads must get back to poll(2) also when there was no question */
		SSL_CTX_clear_mode(tls, SSL_MODE_AUTO_RETRY);
		return tls;
	}
	ERR_print_errors_fp(stderr);
	SSL_CTX_free(tls);
	return NULL;
}
