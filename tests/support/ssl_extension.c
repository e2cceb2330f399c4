/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test put what it likes into extension 59 of OpenSSL, and see what comes? */
#include "support/ssl_extension.h"

#include <check.h>

#define EXTENSION 59

static int
add(SSL *ssl, unsigned type, unsigned message, const unsigned char **out, size_t *len,
    X509 *certificate, size_t entry, int *alert, void *argument)
{
	const ssl_extension *e = argument;

	(void)type;
	(void)certificate;
	(void)alert;
	if (e->silent || (!SSL_is_server(ssl) && !(message & SSL_EXT_CLIENT_HELLO)))
		return 0;
	if ((message & SSL_EXT_TLS1_3_CERTIFICATE) && !(e->entries >> entry & 1))
		return 0;
	*out = e->sent.data;
	*len = e->sent.len;
	return 1;
}

static int
parse(SSL *ssl, unsigned type, unsigned message, const unsigned char *in, size_t len,
    X509 *certificate, size_t entry, int *alert, void *argument)
{
	ssl_extension *e = argument;

	(void)ssl;
	(void)type;
	(void)message;
	(void)certificate;
	(void)alert;
	e->count++;
	e->entry = entry;
	octets_free(e->came);
	e->came = octets_copy((danepriv_span){ in, len });
	return 1;
}

void
ssl_extension_use(SSL_CTX *ctx, ssl_extension *extension)
{
	unsigned messages =
	    SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE;

	ck_assert_int_eq(SSL_CTX_add_custom_ext(
			     ctx, EXTENSION, messages, add, NULL, extension, parse, extension),
	    1);
}

void
ssl_extension_clear(ssl_extension *extension)
{
	octets_free(extension->came);
	extension->came = (test_octets){ NULL, 0 };
	extension->count = 0;
}
