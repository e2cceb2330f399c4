/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a TLS connection with OpenSSL at one end or at both? */
#include "support/ssl_pair.h"

#include "support/ssl_identity.h"

#include <check.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXTENSION 59
#define TURNS_MAX 400

static danepriv_span gnutls_extension;

static SSL_CTX *
ctx_of(int version, bool server)
{
	bool datagrams = version == DTLS1_2_VERSION;
	SSL_CTX *ctx;

	if (server)
		ctx = SSL_CTX_new(datagrams ? DTLS_server_method() : TLS_server_method());
	else
		ctx = SSL_CTX_new(datagrams ? DTLS_client_method() : TLS_client_method());
	ck_assert_ptr_nonnull(ctx);
	ck_assert_int_eq(SSL_CTX_set_min_proto_version(ctx, version), 1);
	ck_assert_int_eq(SSL_CTX_set_max_proto_version(ctx, version), 1);
	return ctx;
}

SSL_CTX *
ssl_client_ctx(int version)
{
	SSL_CTX *ctx = ctx_of(version, false);

	ck_assert_int_eq(danepriv_openssl_prepare(ctx), DANEPRIV_OK);
	return ctx;
}

SSL_CTX *
ssl_server_ctx(int version, const tls_identity *key, const tls_identity *appended)
{
	SSL_CTX *ctx = ctx_of(version, true);

	ssl_identity_show(ctx, key);
	if (appended)
		ck_assert_int_eq(
		    SSL_CTX_add0_chain_cert(ctx, ssl_identity_certificate(appended)), 1);
	return ctx;
}

SSL_CTX *
ssl_raw_server_ctx(int version, const tls_identity *key, bool only)
{
#if SSL_HAS_RAW_KEYS
	static const unsigned char types[] = { TLSEXT_cert_type_rpk, TLSEXT_cert_type_x509 };
	SSL_CTX *ctx = only ? ctx_of(version, true) : ssl_server_ctx(version, key, NULL);
	EVP_PKEY *private_key = ssl_identity_key(key);

	ck_assert_int_eq(SSL_CTX_use_PrivateKey(ctx, private_key), 1);
	ck_assert_int_eq(SSL_CTX_set1_server_cert_type(ctx, types, only ? 1 : 2), 1);
	EVP_PKEY_free(private_key);
	return ctx;
#else
	(void)version;
	(void)key;
	(void)only;
	ck_abort_msg("OpenSSL has no raw keys before 3.2");
	return NULL;
#endif
}

bool
ssl_end_saw_raw(const ssl_end *end)
{
	if (end->gnutls)
		return gnutls_certificate_type_get2(end->gnutls, GNUTLS_CTYPE_SERVER) ==
		       GNUTLS_CRT_RAWPK;
#if SSL_HAS_RAW_KEYS
	return SSL_get0_peer_rpk(end->ssl) != NULL;
#else
	return false;
#endif
}

SSL_CTX *
ssl_ctx(const SSL_METHOD *method, const tls_identity *key)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	ck_assert_ptr_nonnull(ctx);
	ssl_identity_show(ctx, key);
	return ctx;
}

test_octets
ssl_record_of(const tls_identity *identity)
{
	danepriv_span item = { identity->certificate.data, identity->certificate.size };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	uint8_t rdata[35];
	size_t len;

	ck_assert_int_eq(
	    danepriv_credential_record(&credential, 3, 1, 1, rdata, sizeof rdata, &len), 0);
	return octets_copy((danepriv_span){ rdata, len });
}

static void
open_sockets(ssl_pair *pair, int type)
{
	int fds[2];

	memset(pair, 0, sizeof *pair);
	ck_assert_int_eq(socketpair(AF_UNIX, type, 0, fds), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(fds[i], F_SETFL, O_NONBLOCK), 0);
	pair->client.fd = fds[0];
	pair->server.fd = fds[1];
}

static void
set_ssl(ssl_end *end, SSL_CTX *ctx, bool server)
{
	end->ssl = SSL_new(ctx);
	ck_assert_ptr_nonnull(end->ssl);
	if (SSL_is_dtls(end->ssl)) {
		(void)SSL_set_options(end->ssl, SSL_OP_NO_QUERY_MTU);
		ck_assert_int_gt((int)SSL_set_mtu(end->ssl, 1400), 0);
	}
	if (server)
		SSL_set_accept_state(end->ssl);
	else
		SSL_set_connect_state(end->ssl);
	ck_assert_int_eq(SSL_set_fd(end->ssl, end->fd), 1);
}

void
ssl_pair_open(ssl_pair *pair, SSL_CTX *client, SSL_CTX *server)
{
	SSL *probe = SSL_new(client);

	open_sockets(pair, SSL_is_dtls(probe) ? SOCK_DGRAM : SOCK_STREAM);
	SSL_free(probe);
	set_ssl(&pair->client, client, false);
	set_ssl(&pair->server, server, true);
}

static void
set_gnutls(ssl_end *end, gnutls_certificate_credentials_t credentials, const char *priority,
    unsigned flags)
{
	ck_assert_int_eq(gnutls_init(&end->gnutls, flags), 0);
	ck_assert_int_eq(
	    gnutls_credentials_set(end->gnutls, GNUTLS_CRD_CERTIFICATE, credentials), 0);
	ck_assert_int_eq(gnutls_priority_set_direct(end->gnutls, priority, NULL), 0);
	gnutls_transport_set_int(end->gnutls, end->fd);
}

void
ssl_pair_open_to_gnutls(ssl_pair *pair, SSL_CTX *client,
    gnutls_certificate_credentials_t credentials, const char *priority)
{
	open_sockets(pair, SOCK_STREAM);
	set_ssl(&pair->client, client, false);
	set_gnutls(&pair->server, credentials, priority, GNUTLS_SERVER | GNUTLS_ENABLE_RAWPK);
}

void
ssl_pair_open_from_gnutls(
    ssl_pair *pair, gnutls_certificate_credentials_t credentials, unsigned flags, SSL_CTX *server)
{
	open_sockets(pair, SOCK_STREAM);
	set_gnutls(&pair->client, credentials, "NORMAL", GNUTLS_CLIENT | flags);
	set_ssl(&pair->server, server, true);
}

static bool
turn_ssl(ssl_end *end)
{
	ERR_clear_error();
	end->result = SSL_do_handshake(end->ssl);
	if (end->result == 1)
		return true;
	int error = SSL_get_error(end->ssl, end->result);
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return false;
	end->reason = ERR_GET_REASON(ERR_peek_error());
	ERR_clear_error();
	return true;
}

static bool
turn_gnutls(ssl_end *end)
{
	end->result = gnutls_handshake(end->gnutls);
	if (end->result < 0 && !gnutls_error_is_fatal(end->result))
		return false;
	if (end->result < 0)
		(void)gnutls_alert_send_appropriate(end->gnutls, end->result);
	return true;
}

static bool
went_well(const ssl_end *end)
{
	return end->result == (end->ssl ? 1 : GNUTLS_E_SUCCESS);
}

/* An end that fails says so to the other, which would else wait for ever. */
void
ssl_end_turn(ssl_end *end)
{
	if (end->over)
		return;
	end->over = end->ssl ? turn_ssl(end) : turn_gnutls(end);
	if (end->over && !went_well(end))
		(void)shutdown(end->fd, SHUT_WR);
}

void
ssl_pair_handshake(ssl_pair *pair)
{
	for (int i = 0; i < TURNS_MAX && !(pair->client.over && pair->server.over); i++) {
		ssl_end_turn(&pair->client);
		ssl_end_turn(&pair->server);
	}
}

void
ssl_pair_talk(ssl_pair *pair)
{
	char word[8];
	int got = 0;

	ck_assert_int_eq(SSL_write(pair->server.ssl, "word", 4), 4);
	for (int i = 0; i < TURNS_MAX && got <= 0; i++)
		got = SSL_read(pair->client.ssl, word, sizeof word);
	ck_assert_int_eq(got, 4);
}

static void
close_end(ssl_end *end)
{
	/* Else OpenSSL takes it for cut off, and does not resume the session. */
	if (end->ssl)
		SSL_set_shutdown(end->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(end->ssl);
	if (end->gnutls)
		gnutls_deinit(end->gnutls);
	(void)close(end->fd);
}

void
ssl_pair_close(ssl_pair *pair)
{
	close_end(&pair->client);
	close_end(&pair->server);
	ERR_clear_error();
}

static int
pass_over(gnutls_session_t tls, const unsigned char *data, size_t len)
{
	(void)tls;
	(void)data;
	(void)len;
	return 0;
}

static int
send_extension(gnutls_session_t tls, gnutls_buffer_t out)
{
	int result = gnutls_buffer_append_data(out, gnutls_extension.data, gnutls_extension.len);

	(void)tls;
	return result < 0 ? result : (int)gnutls_extension.len;
}

void
gnutls_server_sends(gnutls_session_t server, danepriv_span extension)
{
	gnutls_extension = extension;
	ck_assert_int_eq(gnutls_session_ext_register(server, "dnssec_chain", EXTENSION,
			     GNUTLS_EXT_TLS, pass_over, send_extension, NULL, NULL, NULL,
			     GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS12_SERVER_HELLO),
	    0);
}
