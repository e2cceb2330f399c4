/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a TLS connection? */
#include "support/tls_pair.h"

#include <check.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EXTENSION 59
#define TURNS_MAX 200

static void
good(int result)
{
	ck_assert_msg(result >= 0, "GnuTLS: %s", gnutls_strerror(result));
}

static void
make_certificate(tls_identity *i, const char *name)
{
	gnutls_x509_crt_t crt;

	good(gnutls_x509_crt_init(&crt));
	good(gnutls_x509_crt_set_version(crt, 3));
	good(gnutls_x509_crt_set_serial(crt, "\1", 1));
	good(gnutls_x509_crt_set_activation_time(crt, time(NULL) - 10));
	good(gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 1000));
	good(gnutls_x509_crt_set_dn_by_oid(
	    crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
	good(gnutls_x509_crt_set_subject_alt_name(
	    crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name), GNUTLS_FSAN_SET));
	good(gnutls_x509_crt_set_key(crt, i->x509_key));
	good(gnutls_x509_crt_sign2(crt, crt, i->x509_key, GNUTLS_DIG_SHA256, 0));
	good(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &i->certificate));
	gnutls_x509_crt_deinit(crt);
}

static void
make_identity(tls_identity *i, const char *name, gnutls_pk_algorithm_t algorithm, unsigned bits)
{
	gnutls_pubkey_t public_key;

	memset(i, 0, sizeof *i);
	good(gnutls_x509_privkey_init(&i->x509_key));
	good(gnutls_x509_privkey_generate(i->x509_key, algorithm, bits, 0));
	good(gnutls_privkey_init(&i->key));
	good(gnutls_privkey_import_x509(i->key, i->x509_key, 0));
	good(gnutls_pubkey_init(&public_key));
	good(gnutls_pubkey_import_privkey(public_key, i->key, 0, 0));
	good(gnutls_pubkey_export2(public_key, GNUTLS_X509_FMT_DER, &i->raw_key));
	gnutls_pubkey_deinit(public_key);
	make_certificate(i, name);
}

void
identity_make(tls_identity *i, const char *name)
{
	make_identity(i, name, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1));
}

void
identity_make_rsa(tls_identity *i, const char *name, unsigned bits)
{
	make_identity(i, name, GNUTLS_PK_RSA, bits);
}

void
identity_free(tls_identity *i)
{
	gnutls_privkey_deinit(i->key);
	gnutls_x509_privkey_deinit(i->x509_key);
	gnutls_free(i->certificate.data);
	gnutls_free(i->raw_key.data);
}

/* GnuTLS takes the private key over, as it does what is in the list of certificates. */
static gnutls_privkey_t
key_again(const tls_identity *i)
{
	gnutls_privkey_t key;

	good(gnutls_privkey_init(&key));
	good(gnutls_privkey_import_x509(key, i->x509_key, GNUTLS_PRIVKEY_IMPORT_COPY));
	return key;
}

static void
add_certificates(gnutls_certificate_credentials_t c, const tls_identity *key,
    const tls_identity *first, const tls_identity *second)
{
	gnutls_pcert_st list[2];

	good(gnutls_pcert_import_x509_raw(&list[0], &first->certificate, GNUTLS_X509_FMT_DER, 0));
	if (second)
		good(gnutls_pcert_import_x509_raw(
		    &list[1], &second->certificate, GNUTLS_X509_FMT_DER, 0));
	good(gnutls_certificate_set_key(c, NULL, 0, list, second ? 2 : 1, key_again(key)));
}

static void
add_raw_key(gnutls_certificate_credentials_t c, const tls_identity *key, const tls_identity *shown)
{
	gnutls_pcert_st item;

	good(gnutls_pcert_import_rawpk_raw(&item, &shown->raw_key, GNUTLS_X509_FMT_DER, 0, 0));
	good(gnutls_certificate_set_key(c, NULL, 0, &item, 1, key_again(key)));
}

gnutls_certificate_credentials_t
credentials_of(const tls_identity *key, const tls_identity *shown, const tls_identity *appended)
{
	gnutls_certificate_credentials_t c;

	good(gnutls_certificate_allocate_credentials(&c));
	gnutls_certificate_set_flags(c, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
	add_certificates(c, key, shown ? shown : key, appended);
	add_raw_key(c, key, shown ? shown : key);
	return c;
}

gnutls_certificate_credentials_t
raw_credentials_of(const tls_identity *key)
{
	gnutls_certificate_credentials_t c;

	good(gnutls_certificate_allocate_credentials(&c));
	add_raw_key(c, key, key);
	return c;
}

static int
note_extension(void *context, unsigned id, const unsigned char *data, unsigned len)
{
	tls_pair *pair = context;

	(void)data;
	(void)len;
	pair->extension_seen = pair->extension_seen || id == EXTENSION;
	return 0;
}

static int
on_client_hello(gnutls_session_t server, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	(void)type;
	(void)when;
	if (!incoming)
		return 0;
	return gnutls_ext_raw_parse(gnutls_session_get_ptr(server), note_extension, message,
	    GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO);
}

void
pair_open(tls_pair *pair, gnutls_certificate_credentials_t credentials, const char *priority,
    unsigned flags, const gnutls_datum_t *ticket_key)
{
	memset(pair, 0, sizeof *pair);
	pair->client_result = pair->server_result = GNUTLS_E_AGAIN;
	int type = flags & GNUTLS_DATAGRAM ? SOCK_DGRAM : SOCK_STREAM;
	ck_assert_int_eq(socketpair(AF_UNIX, type, 0, pair->fds), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(pair->fds[i], F_SETFL, O_NONBLOCK), 0);
	good(gnutls_init(&pair->client, GNUTLS_CLIENT | flags));
	good(gnutls_init(&pair->server, GNUTLS_SERVER | flags));
	good(gnutls_certificate_allocate_credentials(&pair->credentials));
	good(gnutls_credentials_set(pair->client, GNUTLS_CRD_CERTIFICATE, pair->credentials));
	good(gnutls_credentials_set(pair->server, GNUTLS_CRD_CERTIFICATE, credentials));
	good(gnutls_priority_set_direct(pair->client, "NORMAL", NULL));
	good(gnutls_priority_set_direct(pair->server, priority, NULL));
	if (ticket_key)
		good(gnutls_session_ticket_enable_server(pair->server, ticket_key));
	gnutls_session_set_ptr(pair->server, pair);
	gnutls_handshake_set_hook_function(
	    pair->server, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST, on_client_hello);
	gnutls_transport_set_int(pair->client, pair->fds[0]);
	gnutls_transport_set_int(pair->server, pair->fds[1]);
}

/* One turn; an end that fails says so to the other, which would else wait for ever. */
static void
turn(gnutls_session_t session, int *result, int fd)
{
	if (*result == GNUTLS_E_SUCCESS || gnutls_error_is_fatal(*result))
		return;
	*result = gnutls_handshake(session);
	if (*result < 0 && gnutls_error_is_fatal(*result)) {
		(void)gnutls_alert_send_appropriate(session, *result);
		(void)shutdown(fd, SHUT_WR);
	}
}

static void
note_sni(tls_pair *pair)
{
	size_t len = sizeof pair->sni;
	unsigned type;

	if (gnutls_server_name_get(pair->server, pair->sni, &len, &type, 0) < 0)
		pair->sni[0] = '\0';
}

void
pair_handshake(tls_pair *pair)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		turn(pair->client, &pair->client_result, pair->fds[0]);
		turn(pair->server, &pair->server_result, pair->fds[1]);
	}
	note_sni(pair);
}

static void *
serve(void *argument)
{
	tls_pair *pair = argument;

	while (pair->server_result == GNUTLS_E_AGAIN)
		turn(pair->server, &pair->server_result, pair->fds[1]);
	return NULL;
}

void
pair_handshake_blocking(tls_pair *pair)
{
	pthread_t thread;

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(pair->fds[i], F_SETFL, 0), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, pair), 0);
	do
		turn(pair->client, &pair->client_result, pair->fds[0]);
	while (pair->client_result < 0 && !gnutls_error_is_fatal(pair->client_result));
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	note_sni(pair);
}

void
pair_talk(tls_pair *pair)
{
	char word[8];
	ssize_t got = GNUTLS_E_AGAIN;

	good((int)gnutls_record_send(pair->server, "word", 4));
	for (int i = 0; i < TURNS_MAX && got == GNUTLS_E_AGAIN; i++)
		got = gnutls_record_recv(pair->client, word, sizeof word);
	ck_assert_int_eq(got, 4);
}

void
pair_close(tls_pair *pair)
{
	gnutls_deinit(pair->client);
	gnutls_deinit(pair->server);
	gnutls_certificate_free_credentials(pair->credentials);
	(void)close(pair->fds[0]);
	(void)close(pair->fds[1]);
}
