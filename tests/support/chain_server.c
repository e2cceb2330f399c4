/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a server that sends its proof, also wrongly? */
#include "support/chain_server.h"

#include "support/ssl_identity.h"

#include <check.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXTENSION 59
#define TURNS_MAX 400

tiny_zone *zone;

static void
good(int result)
{
	ck_assert_msg(result >= 0, "GnuTLS: %s", gnutls_strerror(result));
}

/* ---- the server ---- */

static int
add_extension(SSL *ssl, unsigned type, unsigned context, const unsigned char **out, size_t *len,
    X509 *certificate, size_t entry, int *alert, void *arg)
{
	const chain_server *s = arg;

	(void)type;
	(void)certificate;
	(void)alert;
	if (!s->sends || SSL_session_reused(ssl))
		return 0;
	if ((context & SSL_EXT_TLS1_3_CERTIFICATE) && entry != s->entry)
		return 0;
	*out = s->extension.data;
	*len = s->extension.len;
	return 1;
}

static int
read_extension(SSL *ssl, unsigned type, unsigned context, const unsigned char *data, size_t len,
    X509 *certificate, size_t entry, int *alert, void *arg)
{
	chain_server *s = arg;

	(void)ssl;
	(void)type;
	(void)context;
	(void)certificate;
	(void)entry;
	(void)alert;
	s->asked++;
	s->port = len == 2 ? (uint16_t)(data[0] << 8 | data[1]) : 0;
	return 1;
}

static int
staple(SSL *ssl, void *arg)
{
	const chain_server *s = arg;

	if (s->staple.len == 0)
		return SSL_TLSEXT_ERR_NOACK;
	unsigned char *copy = OPENSSL_memdup(s->staple.data, s->staple.len);
	SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)s->staple.len);
	return SSL_TLSEXT_ERR_OK;
}

void
chain_server_open(chain_server *s, const tls_identity *key, const tls_identity *appended)
{
	memset(s, 0, sizeof *s);
	s->ctx = SSL_CTX_new(TLS_server_method());
	ck_assert_ptr_nonnull(s->ctx);
	(void)SSL_CTX_set_mode(s->ctx, SSL_MODE_NO_AUTO_CHAIN);
	ssl_identity_show(s->ctx, key);
	if (appended)
		ck_assert_int_eq(
		    SSL_CTX_add0_chain_cert(s->ctx, ssl_identity_certificate(appended)), 1);
	ck_assert_int_eq(
	    SSL_CTX_add_custom_ext(s->ctx, EXTENSION,
		SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE,
		add_extension, NULL, s, read_extension, s),
	    1);
	SSL_CTX_set_tlsext_status_cb(s->ctx, staple);
	SSL_CTX_set_tlsext_status_arg(s->ctx, s);
}

void
chain_server_close(chain_server *s)
{
	SSL_CTX_free(s->ctx);
}

/* ---- a connection ---- */

void
chain_link_open(chain_link *c, chain_server *s, const char *priority)
{
	memset(c, 0, sizeof *c);
	c->client_result = GNUTLS_E_AGAIN;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, c->fds), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(c->fds[i], F_SETFL, O_NONBLOCK), 0);
	good(gnutls_init(&c->client, GNUTLS_CLIENT));
	good(gnutls_certificate_allocate_credentials(&c->credentials));
	good(gnutls_credentials_set(c->client, GNUTLS_CRD_CERTIFICATE, c->credentials));
	good(gnutls_priority_set_direct(c->client, priority, NULL));
	gnutls_transport_set_int(c->client, c->fds[0]);
	c->server = SSL_new(s->ctx);
	ck_assert_ptr_nonnull(c->server);
	ck_assert_int_eq(SSL_set_fd(c->server, c->fds[1]), 1);
}

danepriv_status
chain_link_guard(chain_link *c, const char *priority, danepriv_gnutls_chain chain)
{
	danepriv_gnutls_settings settings = {
		.size = sizeof settings, .priority = priority, .chain = chain
	};

	return danepriv_gnutls_guard(c->client, session, &settings, NOW, NULL);
}

static bool
client_is_done(const chain_link *c)
{
	return c->client_result == GNUTLS_E_SUCCESS || gnutls_error_is_fatal(c->client_result);
}

/* An end that fails says so to the other, which would else wait for ever. */
static void
client_turn(chain_link *c)
{
	if (client_is_done(c))
		return;
	c->turns++;
	c->client_result = gnutls_handshake(c->client);
	if (c->client_result < 0 && gnutls_error_is_fatal(c->client_result)) {
		(void)gnutls_alert_send_appropriate(c->client, c->client_result);
		(void)shutdown(c->fds[0], SHUT_WR);
	}
}

/* False when it is over. */
static bool
server_turn(chain_link *c)
{
	int result = SSL_accept(c->server);
	int error = SSL_get_error(c->server, result);

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return true;
	c->accepted = result == 1;
	if (!c->accepted)
		(void)shutdown(c->fds[1], SHUT_WR);
	return false;
}

void
chain_link_handshake(chain_link *c)
{
	bool serving = true;

	for (int i = 0; i < TURNS_MAX && (serving || !client_is_done(c)); i++) {
		client_turn(c);
		serving = serving && server_turn(c);
	}
	ck_assert(client_is_done(c) && !serving);
	c->received = BIO_number_written(SSL_get_wbio(c->server));
}

static void *
serve(void *argument)
{
	(void)server_turn(argument);
	return NULL;
}

void
chain_link_handshake_blocking(chain_link *c)
{
	pthread_t thread;

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(c->fds[i], F_SETFL, 0), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, c), 0);
	while (!client_is_done(c))
		client_turn(c);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

void
chain_link_talk(chain_link *c)
{
	char word[8];
	ssize_t got = GNUTLS_E_AGAIN;

	ck_assert_int_eq(SSL_write(c->server, "word", 4), 4);
	for (int i = 0; i < TURNS_MAX && got == GNUTLS_E_AGAIN; i++)
		got = gnutls_record_recv(c->client, word, sizeof word);
	ck_assert_int_eq(got, 4);
}

void
chain_link_close(chain_link *c)
{
	gnutls_deinit(c->client);
	gnutls_certificate_free_credentials(c->credentials);
	SSL_free(c->server);
	(void)close(c->fds[0]);
	(void)close(c->fds[1]);
}

/* ---- what is proven ---- */

void
chain_open_all(void)
{
	open_all();
	danepriv_close(ctx);
	zone = tiny_zone_new();
	ctx = tiny_zone_context(zone, NULL);
}

void
chain_close_all(void)
{
	tiny_zone_free(zone);
	close_all();
}

test_octets
chain_of(const tiny_zone *signer, const tls_identity *key, const char *owner)
{
	danepriv_span item = { key->certificate.data, key->certificate.size };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	uint8_t rdata[64];
	size_t len = 0;

	ck_assert_int_eq(
	    danepriv_credential_record(&credential, 3, 1, 1, rdata, sizeof rdata, &len),
	    DANEPRIV_OK);
	danepriv_span span = { rdata, len };
	return tiny_zone_chain(signer, owner, &span, 1, NOW - 10, NOW + 10);
}
