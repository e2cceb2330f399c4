/* SPDX-License-Identifier: BSD-2-Clause
 * How does a proof get into an OpenSSL handshake, and out of one?  (RFC 9102 section 2) */
#include "openssl/extension.h"

#include "base/alloc.h"

#include <danepriv/session.h>
#include <openssl/crypto.h>

#define EXTENSION_DNSSEC_CHAIN 59

/* Since OpenSSL 3.2: the entry of a raw public key is a message of its own. */
#ifdef SSL_EXT_TLS1_3_RAW_PUBLIC_KEY
#define IN_CERTIFICATE (SSL_EXT_TLS1_3_CERTIFICATE | SSL_EXT_TLS1_3_RAW_PUBLIC_KEY)
#else
#define IN_CERTIFICATE SSL_EXT_TLS1_3_CERTIFICATE
#endif
#define MESSAGES (SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | IN_CERTIFICATE)

/* ex_data of the process: our places in each SSL and SSL_CTX, made once. */
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int guard_index = -1, port_index = -1, context_index = -1;

static void
free_guard(void *parent, void *guard, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)number;
	(void)argument;
	dp_free(guard);
}

/* SSL_dup: a guard and its session are for one connection. */
static int
forget_guard(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void **guard, int index, long number,
    void *argument)
{
	(void)to;
	(void)from;
	(void)index;
	(void)number;
	(void)argument;
	*guard = NULL;
	return 1;
}

static void
free_context(
    void *parent, void *context, CRYPTO_EX_DATA *data, int index, long number, void *argument)
{
	dp_openssl_context *c = context;

	(void)parent;
	(void)data;
	(void)index;
	(void)number;
	(void)argument;
	if (c)
		dp_chains_free(c->chains);
	dp_free(c);
}

static void
make_indices(void)
{
	guard_index = SSL_get_ex_new_index(0, NULL, NULL, forget_guard, free_guard);
	port_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_context);
}

static bool
have_indices(void)
{
	return CRYPTO_THREAD_run_once(&once, make_indices) == 1 && guard_index >= 0 &&
	       port_index >= 0 && context_index >= 0;
}

dp_openssl_guard *
dp_openssl_guard_of(const SSL *ssl)
{
	return ssl && have_indices() ? SSL_get_ex_data(ssl, guard_index) : NULL;
}

bool
dp_openssl_guard_set(SSL *ssl, dp_openssl_guard *guard)
{
	return have_indices() && SSL_set_ex_data(ssl, guard_index, guard) == 1;
}

dp_openssl_context *
dp_openssl_context_of(const SSL_CTX *ctx)
{
	return ctx && have_indices() ? SSL_CTX_get_ex_data(ctx, context_index) : NULL;
}

/* ---- client ---- */

/* 1: sent, 0: not.  What was asked once is asked again after a HelloRetryRequest, in the same words
 * (RFC 8446 section 4.1.2). */
static int
ask(dp_openssl_guard *guard, const unsigned char **out, size_t *len)
{
	if (!guard || !guard->asked)
		return 0;
	*out = guard->port;
	*len = sizeof guard->port;
	return 1;
}

/* Gives the session what came.  What proves nothing is no error of the handshake. */
static int
take(dp_openssl_guard *guard, danepriv_span extension, size_t entry, int *alert)
{
	if (!guard || !guard->asked) {
		*alert = SSL_AD_UNSUPPORTED_EXTENSION;
		return 0;
	}
	/* RFC 9102 section 2.2: from the end entity's. */
	if (entry > 0)
		return 1;
	if (danepriv_session_give_extension(guard->session, extension, guard->now) ==
	    DANEPRIV_ENOMEM) {
		*alert = SSL_AD_INTERNAL_ERROR;
		return 0;
	}
	return 1;
}

/* ---- server ---- */

/* The port fits into the pointer itself; 0 is nobody's. */
static int
note_port(SSL *ssl, danepriv_span request, int *alert)
{
	if (request.len != 2) {
		*alert = SSL_AD_DECODE_ERROR;
		return 0;
	}
	uintptr_t port = (uintptr_t)(request.data[0] << 8 | request.data[1]);
	*alert = SSL_AD_INTERNAL_ERROR;
	return SSL_set_ex_data(ssl, port_index, (void *)port);
}

/* 1: sent, 0: not. */
static int
answer(const SSL *ssl, const dp_openssl_context *context, const unsigned char **out, size_t *len)
{
	danepriv_server server = { .name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
		.port = (uint16_t)(uintptr_t)SSL_get_ex_data(ssl, port_index),
		.transport = SSL_is_dtls(ssl) ? DANEPRIV_TRANSPORT_DTLS : DANEPRIV_TRANSPORT_DOT };

	/* RFC 9102 section 2.1: with SNI, and not on resumption. */
	if (!server.name || server.port == 0 || SSL_session_reused(ssl))
		return 0;
	danepriv_span extension = dp_chains_take(context->chains, &server);
	*out = extension.data;
	*len = extension.len;
	return extension.data != NULL;
}

/* ---- both ---- */

/* Where OpenSSL says that clients ask for it, a server's message is at hand: it calls for answers
 * only to what was asked. */
static int
add_extension(SSL *ssl, unsigned type, unsigned message, const unsigned char **out, size_t *len,
    X509 *certificate, size_t entry, int *alert, void *argument)
{
	(void)type;
	(void)certificate;
	(void)alert;
	if (!SSL_is_server(ssl))
		return message & SSL_EXT_CLIENT_HELLO ? ask(dp_openssl_guard_of(ssl), out, len) : 0;
	return entry == 0 ? answer(ssl, argument, out, len) : 0;
}

static void
free_extension(SSL *ssl, unsigned type, unsigned message, const unsigned char *out, void *argument)
{
	(void)type;
	(void)message;
	(void)argument;
	if (SSL_is_server(ssl))
		dp_chains_release(out);
}

static int
parse_extension(SSL *ssl, unsigned type, unsigned message, const unsigned char *in, size_t len,
    X509 *certificate, size_t entry, int *alert, void *argument)
{
	danepriv_span extension = { in, len };

	(void)type;
	(void)certificate;
	(void)argument;
	if (!SSL_is_server(ssl))
		return take(dp_openssl_guard_of(ssl), extension, entry, alert);
	if (message & SSL_EXT_CLIENT_HELLO)
		return note_port(ssl, extension, alert);
	*alert = SSL_AD_UNSUPPORTED_EXTENSION; /* beside a client's certificate */
	return 0;
}

danepriv_status
dp_openssl_register(SSL_CTX *ctx, dp_openssl_context **out)
{
	if (!have_indices())
		return DANEPRIV_EADAPTER;
	*out = dp_openssl_context_of(ctx);
	if (*out)
		return DANEPRIV_OK;
	dp_openssl_context *context = dp_alloc(1, sizeof *context);
	if (!context)
		return DANEPRIV_ENOMEM;
	if (SSL_CTX_set_ex_data(ctx, context_index, context) != 1) {
		dp_free(context);
		return DANEPRIV_EADAPTER;
	}
	if (SSL_CTX_add_custom_ext(ctx, EXTENSION_DNSSEC_CHAIN, MESSAGES, add_extension,
		free_extension, context, parse_extension, NULL) != 1) {
		(void)SSL_CTX_set_ex_data(ctx, context_index, NULL);
		dp_free(context);
		return DANEPRIV_EADAPTER;
	}
	*out = context;
	return DANEPRIV_OK;
}
