/* SPDX-License-Identifier: BSD-2-Clause
 * How does OpenSSL come by the certificate and the key of a test? */
#include "support/ssl_identity.h"

#include <check.h>
#include <gnutls/x509.h>

X509 *
ssl_identity_certificate(const tls_identity *identity)
{
	const unsigned char *at = identity->certificate.data;
	X509 *certificate = d2i_X509(NULL, &at, (long)identity->certificate.size);

	ck_assert_ptr_nonnull(certificate);
	return certificate;
}

EVP_PKEY *
ssl_identity_key(const tls_identity *identity)
{
	gnutls_datum_t der;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export2(identity->x509_key, GNUTLS_X509_FMT_DER, &der), 0);
	const unsigned char *at = der.data;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.size);
	gnutls_free(der.data);
	ck_assert_ptr_nonnull(key);
	return key;
}

void
ssl_identity_show(SSL_CTX *ctx, const tls_identity *identity)
{
	X509 *certificate = ssl_identity_certificate(identity);
	EVP_PKEY *key = ssl_identity_key(identity);

	ck_assert_int_eq(SSL_CTX_use_certificate(ctx, certificate), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(ctx, key), 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
}
