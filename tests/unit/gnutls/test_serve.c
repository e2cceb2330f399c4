/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/serve: what does a GnuTLS server send to clients that ask for its proof? */
#include "support/serving.h"
#include "support/suite.h"

#include <danepriv/chain.h>
#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <string.h>

/* ---- who gets a chain ---- */

#define LOWER "NORMAL"
#define BARE DANEPRIV_CHAIN_FORM_BARE
#define CHAIN_OFF DANEPRIV_GNUTLS_CHAIN_OFF
#define CHAIN_TRY DANEPRIV_GNUTLS_CHAIN_TRY

static const struct {
	const char *name, *client;
	danepriv_gnutls_chain chain;
	danepriv_server served;
	danepriv_chain_form form;
	const char *lowered;
	bool comes, tls13;
} rows[] = {
	{ "TLS 1.2", TLS12, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, NULL, true,
	    false },
	{ "TLS 1.2, bare", TLS12, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, BARE, NULL,
	    true, false },
	{ "TLS 1.2, lowering", TLS12, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, LOWER,
	    true, false },
	{ "lowered", "NORMAL", CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, LOWER, true,
	    false },
	{ "lowered, bare", "NORMAL", CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, BARE, LOWER,
	    true, false },
	{ "default port", TLS12, CHAIN_TRY, { NAME, 0, DANEPRIV_TRANSPORT_DOT }, 0, NULL, true,
	    false },
	{ "in capitals, with final dot", TLS12, CHAIN_TRY,
	    { "NS1.EXAMPLE.NET.", 0, DANEPRIV_TRANSPORT_DOT }, 0, NULL, true, false },
	{ "served as HTTPS on that port", TLS12, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOH },
	    0, NULL, true, false },
	{ "not lowered", "NORMAL", CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, NULL, false,
	    true },
	{ "TLS 1.3 alone", TLS13, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, LOWER, false,
	    true },
	{ "not asked for", "NORMAL", CHAIN_OFF, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0, LOWER,
	    false, true },
	{ "not asked for in TLS 1.2", TLS12, CHAIN_OFF, { NAME, 853, DANEPRIV_TRANSPORT_DOT }, 0,
	    LOWER, false, false },
	{ "another name", "NORMAL", CHAIN_TRY, { ELSEWHERE, 853, DANEPRIV_TRANSPORT_DOT }, 0, LOWER,
	    false, true },
	{ "a name above", "NORMAL", CHAIN_TRY, { "example.net", 853, DANEPRIV_TRANSPORT_DOT }, 0,
	    LOWER, false, true },
	{ "another name in TLS 1.2", TLS12, CHAIN_TRY, { ELSEWHERE, 853, DANEPRIV_TRANSPORT_DOT },
	    0, NULL, false, false },
	{ "another port", "NORMAL", CHAIN_TRY, { NAME, 443, DANEPRIV_TRANSPORT_DOT }, 0, LOWER,
	    false, true },
	{ "another port in TLS 1.2", TLS12, CHAIN_TRY, { NAME, 443, DANEPRIV_TRANSPORT_DOT }, 0,
	    NULL, false, false },
	{ "DTLS", "NORMAL", CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DTLS }, 0, LOWER, false,
	    true },
	{ "DTLS in TLS 1.2", TLS12, CHAIN_TRY, { NAME, 853, DANEPRIV_TRANSPORT_DTLS }, 0, NULL,
	    false, false },
};

static void
check_row(size_t row, bool is_impostor)
{
	const char *name = rows[row].name;
	danepriv_finding finding;

	gnutls_certificate_credentials_t credentials =
	    open_pair(is_impostor ? &impostor : &honest, "NORMAL");
	ck_assert_int_eq(
	    serve_chain(pair.server, &rows[row].served, rows[row].form, rows[row].lowered), 0);
	serve_asking = rows[row].chain;
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	serve_guard(rows[row].client);
	pair_handshake(&pair);
	ck_assert_msg(
	    pair.client_result == 0, "%s: %s", name, gnutls_strerror_name(pair.client_result));
	ck_assert_msg(
	    (gnutls_protocol_get_version(pair.client) == GNUTLS_TLS1_3) == rows[row].tls13, "%s",
	    name);
	serve_check(name, rows[row].comes);
	(void)decide(&finding);
	danepriv_finding wanted = is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH;
	ck_assert_msg(finding == (rows[row].comes ? wanted : DANEPRIV_FINDING_UNJUDGED), "%s: %d",
	    name, finding);
	close_session();
	close_pair(credentials);
}

START_TEST(who_gets_it)
{
	check_row((size_t)_i, false);
	check_row((size_t)_i, true);
}
END_TEST

/* `_udp` (RFC 9102 section 3): for the same name and port, another question. */
static const struct {
	const char *name;
	danepriv_transport served;
	const char *owner;
	bool comes;
	danepriv_finding finding;
} datagrams[] = {
	{ "DTLS", DANEPRIV_TRANSPORT_DTLS, "_853._udp." NAME, true, DANEPRIV_FINDING_MATCH },
	{ "DTLS, with a chain for TLS", DANEPRIV_TRANSPORT_DTLS, "_853._tcp." NAME, true,
	    DANEPRIV_FINDING_BOGUS },
	{ "TLS alone", DANEPRIV_TRANSPORT_DOT, "_853._udp." NAME, false,
	    DANEPRIV_FINDING_UNJUDGED },
};

START_TEST(over_datagrams)
{
	const danepriv_server over_udp = { .name = NAME, .transport = DANEPRIV_TRANSPORT_DTLS };
	danepriv_server served = { .name = NAME, .transport = datagrams[_i].served };
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	danepriv_finding finding;

	octets_free(chain);
	chain = chain_of(zone, &honest, datagrams[_i].owner);
	pair_open(&pair, credentials, "NORMAL", GNUTLS_DATAGRAM | GNUTLS_NONBLOCK, NULL);
	ck_assert_int_eq(serve_chain(pair.server, &served, 0, LOWER), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &over_udp, DANEPRIV_PROFILE_OPPORTUNISTIC, &session),
	    DANEPRIV_OK);
	serve_guard(NULL);
	pair_handshake(&pair);
	ck_assert_msg(pair.client_result == 0, "%s: %s", datagrams[_i].name,
	    gnutls_strerror_name(pair.client_result));
	ck_assert_int_eq(gnutls_protocol_get_version(pair.client), GNUTLS_DTLS1_2);
	serve_check(datagrams[_i].name, datagrams[_i].comes);
	(void)decide(&finding);
	ck_assert_msg(finding == datagrams[_i].finding, "%s: %d", datagrams[_i].name, finding);
	close_session();
	close_pair(credentials);
}
END_TEST

/* Several servers, and one that is told again: the last word counts. */
START_TEST(several)
{
	static const danepriv_server whom[] = { { ELSEWHERE, 853, DANEPRIV_TRANSPORT_DOT },
		{ NAME, 443, DANEPRIV_TRANSPORT_DOT }, { NAME, 853, DANEPRIV_TRANSPORT_DTLS },
		{ NAME, 853, DANEPRIV_TRANSPORT_DOT } };
	tiny_zone *other = tiny_zone_new();
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");

	test_octets right = chain, wrong = chain_of(other, &honest, "_853._tcp." NAME);
	/* In any order: first the wrong ones for all, then the right one where it belongs. */
	chain = wrong;
	for (int i = 0; i < ROWS(whom); i++)
		ck_assert_int_eq(
		    serve_chain(pair.server, &whom[(i + _i) % ROWS(whom)], 0, NULL), 0);
	chain = right;
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, NULL), 0);
	open_session(DANEPRIV_PROFILE_STRICT);
	serve_guard(TLS12);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
	octets_free(wrong);
	tiny_zone_free(other);
}
END_TEST

START_TEST(largest)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");

	serve_large(DANEPRIV_CHAIN_SERVED_MAX);
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, _i ? LOWER : NULL), 0);
	open_session(DANEPRIV_PROFILE_STRICT);
	serve_guard(_i ? NULL : TLS12);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* Records that have ended let raw keys be offered, and a chain be asked for. */
START_TEST(raw_key)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials =
	    open_pair(_i ? &impostor : &honest, "NORMAL" RAW_OR_X509);

	ck_assert_int_eq(serve_chain(pair.server, &server, 0, "NORMAL" RAW_OR_X509), 0);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(OUTDATED, NULL);
	serve_guard(NULL);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, _i ? GNUTLS_E_CERTIFICATE_ERROR : 0);
	serve_check("raw key", true);
	ck_assert_int_eq(
	    gnutls_certificate_type_get2(pair.client, GNUTLS_CTYPE_SERVER), GNUTLS_CRT_RAWPK);
	ck_assert_int_eq(
	    decide(&finding), _i ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* RFC 9102 section 2.2 speaks of Certificate messages: there is none on resumption. */
START_TEST(not_when_resumed)
{
	gnutls_datum_t key = { NULL, 0 }, ticket = { NULL, 0 };
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);

	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	for (int again = 0; again < 2; again++) {
		pair_open(&pair, credentials, "NORMAL", GNUTLS_ENABLE_RAWPK, &key);
		ck_assert_int_eq(serve_chain(pair.server, &server, 0, NULL), 0);
		open_session(DANEPRIV_PROFILE_STRICT);
		serve_guard(TLS12);
		if (again)
			ck_assert_int_eq(
			    gnutls_session_set_data(pair.client, ticket.data, ticket.size), 0);
		pair_handshake(&pair);
		ck_assert_int_eq(pair.client_result, 0);
		ck_assert_int_eq(gnutls_session_is_resumed(pair.client), again);
		serve_check("resumed", !again);
		ck_assert_int_eq(
		    decide(&finding), again ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
		if (!again) {
			pair_talk(&pair);
			ck_assert_int_eq(gnutls_session_get_data2(pair.client, &ticket), 0);
		}
		close_session();
		pair_close(&pair);
	}
	gnutls_certificate_free_credentials(credentials);
	gnutls_free(ticket.data);
	gnutls_free(key.data);
}
END_TEST

/* ---- an OpenSSL client ---- */

static test_octets seen;

static int
ask(SSL *ssl, unsigned type, unsigned context, const unsigned char **out, size_t *len, X509 *x,
    size_t entry, int *alert, void *arg)
{
	static const unsigned char port[2] = { 3, 85 };

	(void)ssl;
	(void)type;
	(void)context;
	(void)x;
	(void)entry;
	(void)alert;
	(void)arg;
	*out = port;
	*len = sizeof port;
	return 1;
}

static int
see(SSL *ssl, unsigned type, unsigned context, const unsigned char *data, size_t len, X509 *x,
    size_t entry, int *alert, void *arg)
{
	(void)ssl;
	(void)type;
	(void)context;
	(void)x;
	(void)entry;
	(void)alert;
	(void)arg;
	seen = octets_copy((danepriv_span){ data, len });
	return 1;
}

static void
connect_openssl(int version)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	int result = 0;

	ck_assert_ptr_nonnull(tls);
	ck_assert_int_eq(SSL_CTX_set_max_proto_version(tls, version), 1);
	ck_assert_int_eq(
	    SSL_CTX_add_custom_ext(tls, 59,
		SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE,
		ask, NULL, NULL, see, NULL),
	    1);
	SSL *ssl = SSL_new(tls);
	ck_assert_int_eq(SSL_set_tlsext_host_name(ssl, NAME), 1);
	ck_assert_int_eq(SSL_set_fd(ssl, pair.fds[0]), 1);
	for (int i = 0; i < 100 && result != 1; i++) {
		result = SSL_connect(ssl);
		if (pair.server_result == GNUTLS_E_AGAIN)
			pair.server_result = gnutls_handshake(pair.server);
	}
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(SSL_version(ssl), TLS1_2_VERSION);
	SSL_free(ssl);
	SSL_CTX_free(tls);
}

START_TEST(openssl_reads_it)
{
	bool bare = _i & 1, lowered = _i & 2;
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");

	seen = (test_octets){ NULL, 0 };
	ck_assert_int_eq(
	    serve_chain(pair.server, &server, bare ? BARE : 0, lowered ? LOWER : NULL), 0);
	connect_openssl(lowered ? TLS1_3_VERSION : TLS1_2_VERSION);
	test_octets wanted = tiny_zone_extension(octets_span(chain), SERVED_HOURS, !bare);
	ck_assert_uint_eq(seen.len, wanted.len);
	ck_assert(memcmp(seen.data, wanted.data, wanted.len) == 0);
	octets_free(wanted);
	octets_free(seen);
	close_pair(credentials);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("serve");
	TCase *tc = tcase_create("serve");

	tcase_add_checked_fixture(tc, serve_open, serve_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, who_gets_it, 0, ROWS(rows));
	tcase_add_loop_test(tc, over_datagrams, 0, ROWS(datagrams));
	tcase_add_loop_test(tc, several, 0, 4);
	tcase_add_loop_test(tc, largest, 0, 2);
	tcase_add_loop_test(tc, raw_key, 0, 2);
	tcase_add_test(tc, not_when_resumed);
	tcase_add_loop_test(tc, openssl_reads_it, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
