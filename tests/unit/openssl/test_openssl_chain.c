/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/extension: what becomes of the proof that a server sends to an OpenSSL client? */
#include "openssl/extension.h"
#include "support/failing_alloc.h"
#include "support/sent_chains.h"
#include "support/ssl_extension.h"
#include "support/ssl_guarded.h"
#include "support/suite.h"

#include <danepriv/openssl.h>
#include <string.h>

static tiny_zone *zone;
static SSL_CTX *client, *theirs;
static ssl_extension answer;

static const struct {
	const char *name;
	sent_chain content;
	danepriv_finding honest, impostor;
} rows[] = {
	{ "nothing", SILENCE, DANEPRIV_FINDING_UNJUDGED, DANEPRIV_FINDING_UNJUDGED },
	{ "prefixed", PREFIXED, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "bare", BARE, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "another key", OF_KEY, DANEPRIV_FINDING_MISMATCH, DANEPRIV_FINDING_MISMATCH },
	{ "doubled", DOUBLED, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "60,000 octets", LONG, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "changed", CHANGED, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "another root", FOREIGN, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "expired", EXPIRED, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "another name", OF_NAME, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "another port", OF_PORT, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "denied", NOTHING_THERE, DANEPRIV_FINDING_ABSENT, DANEPRIV_FINDING_ABSENT },
	{ "no octets", EMPTY, DANEPRIV_FINDING_UNJUDGED, DANEPRIV_FINDING_UNJUDGED },
	{ "a lifetime alone", LIFETIME, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "nested", NESTED, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "cut", CUT, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "noise", NOISE, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
};

/* ---- one connection ---- */

static void
open_zones(void)
{
	open_all();
	danepriv_close(ctx);
	zone = tiny_zone_new();
	ctx = tiny_zone_context(zone, NULL);
	memset(&answer, 0, sizeof answer);
	answer.entries = 1;
	client = theirs = NULL;
}

static void
close_zones(void)
{
	ssl_extension_clear(&answer);
	tiny_zone_free(zone);
	close_all();
}

static void
open_session_over(danepriv_transport transport, danepriv_profile profile)
{
	danepriv_server named = { .name = NAME, .transport = transport };

	ck_assert_int_eq(danepriv_session_new(ctx, &named, profile, &session), DANEPRIV_OK);
}

static void
open_contexts(int version, const tls_identity *key)
{
	client = ssl_client_ctx(version);
	theirs = ssl_server_ctx(version, key, &honest);
	ssl_extension_use(theirs, &answer);
}

static void
close_connection(void)
{
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
	client = theirs = NULL;
	answer.sent = (danepriv_span){ NULL, 0 };
	ssl_extension_clear(&answer);
}

static danepriv_decision
connect_now(danepriv_finding *finding)
{
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	return decide_client(finding);
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };

enum { HONEST, IMPOSTOR, KEYS };
enum { GNUTLS = ROWS(versions), SERVERS }; /* versions of OpenSSL, and GnuTLS */

static void
check_row(int row, int kind, bool is_impostor, danepriv_profile profile)
{
	bool datagrams = kind != GNUTLS && versions[kind] == DTLS1_2_VERSION;
	const tls_identity *key = is_impostor ? &impostor : &honest;
	gnutls_certificate_credentials_t credentials = credentials_of(key, NULL, &honest);
	danepriv_finding wanted = is_impostor ? rows[row].impostor : rows[row].honest, finding;
	test_octets extension = extension_with(zone, rows[row].content, datagrams);
	char name[100];

	(void)snprintf(name, sizeof name, "%s, server %d%s%s", rows[row].name, kind,
	    is_impostor ? ", impostor" : "", profile == DANEPRIV_PROFILE_STRICT ? ", strict" : "");
	open_session_over(datagrams ? DANEPRIV_TRANSPORT_DTLS : DANEPRIV_TRANSPORT_DOT, profile);
	if (kind == GNUTLS) {
		client = ssl_client_ctx(0);
		ssl_pair_open_to_gnutls(&ends, client, credentials, TLS12);
		if (rows[row].content != SILENCE)
			gnutls_server_sends(ends.server.gnutls, octets_span(extension));
	} else {
		answer.sent = octets_span(extension);
		answer.silent = rows[row].content == SILENCE;
		open_contexts(versions[kind], key);
		ssl_pair_open(&ends, client, theirs);
	}
	danepriv_decision decision = connect_now(&finding);
	bool ended = profile == DANEPRIV_PROFILE_STRICT && wanted != DANEPRIV_FINDING_MATCH &&
		     wanted != DANEPRIV_FINDING_UNJUDGED;
	ck_assert_msg((ends.client.result == 1) == !ended, "handshake %d, %d: %s",
	    ends.client.result, ends.client.reason, name);
	ck_assert_msg(finding == wanted, "finding %d: %s", finding, name);
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted,
				      ended ? DANEPRIV_CHANNEL_NONE : DANEPRIV_CHANNEL_ENCRYPTED),
	    "decision %d: %s", decision, name);
	if (kind != GNUTLS)
		ck_assert_msg(answer.count == 1 && answer.came.len == 2 &&
				  answer.came.data[0] == 853 >> 8 &&
				  answer.came.data[1] == (853 & 255),
		    "request: %s", name);
	close_connection();
	octets_free(extension);
	gnutls_certificate_free_credentials(credentials);
}

START_TEST(what_servers_send)
{
	for (int kind = 0; kind < SERVERS; kind++)
		for (int key = 0; key < KEYS; key++) {
			check_row(_i, kind, key == IMPOSTOR, DANEPRIV_PROFILE_STRICT);
			check_row(_i, kind, key == IMPOSTOR, DANEPRIV_PROFILE_OPPORTUNISTIC);
		}
}
END_TEST

/* ---- a server that is pinned ---- */

#define PINNED 10 /* hours; servers promise 24 */

static danepriv_cache *
open_pinned(const danepriv_server *named)
{
	danepriv_cache *cache;
	danepriv_records *records;

	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(named, NULL, DANEPRIV_SECURITY_DENIED,
			     DANEPRIV_REASON_NONE, NULL, 0, NOW - 1, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW - 9), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_pin(cache, named, PINNED, NOW), DANEPRIV_OK);
	danepriv_records_free(records);
	return cache;
}

static danepriv_time
pin_after(danepriv_finding finding)
{
	int hours = finding == DANEPRIV_FINDING_MATCH ? 24 : PINNED;

	return finding == DANEPRIV_FINDING_ABSENT ? INT64_MIN : (NOW + hours * 3600) / 60 * 60;
}

static void
check_pinned(int row, int version, danepriv_profile profile)
{
	bool datagrams = version == DTLS1_2_VERSION;
	const danepriv_server named = { NAME, 0,
		datagrams ? DANEPRIV_TRANSPORT_DTLS : DANEPRIV_TRANSPORT_DOT };
	danepriv_server_state state = { .size = sizeof state };
	danepriv_cache *cache = open_pinned(&named);
	test_octets extension = extension_with(zone, rows[row].content, datagrams);
	danepriv_finding wanted = rows[row].honest, finding;
	const char *name = rows[row].name;

	if (wanted == DANEPRIV_FINDING_UNJUDGED || wanted == DANEPRIV_FINDING_BOGUS)
		wanted = DANEPRIV_FINDING_DOWNGRADE;
	open_session_over(named.transport, profile);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), DANEPRIV_ENOTFOUND);
	answer.sent = octets_span(extension);
	answer.silent = rows[row].content == SILENCE;
	open_contexts(version, &honest);
	ssl_pair_open(&ends, client, theirs);
	danepriv_decision decision = connect_now(&finding);
	ck_assert_msg(
	    finding == wanted, "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted,
				      DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s", name);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &named, NOW, &state), DANEPRIV_OK);
	ck_assert_msg(state.pinned == pin_after(wanted), "%s", name);
	close_connection();
	octets_free(extension);
	danepriv_cache_free(cache);
}

START_TEST(pinned)
{
	for (int v = 0; v < ROWS(versions); v++) {
		check_pinned(_i, versions[v], DANEPRIV_PROFILE_STRICT);
		check_pinned(_i, versions[v], DANEPRIV_PROFILE_OPPORTUNISTIC);
	}
}
END_TEST

/* What the guard saw, with no decision asked for, authenticates nobody. */
START_TEST(not_decided)
{
	danepriv_cache *cache = open_pinned(&server);
	danepriv_server_state state = { .size = sizeof state };
	test_octets extension = extension_with(zone, PREFIXED, false);

	open_session(DANEPRIV_PROFILE_STRICT);
	answer.sent = octets_span(extension);
	open_contexts(versions[_i], &honest);
	ssl_pair_open(&ends, client, theirs);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &server, NOW, &state), DANEPRIV_OK);
	ck_assert(
	    state.pinned == pin_after(DANEPRIV_FINDING_BOGUS) && state.authenticated == INT64_MIN);
	close_connection();
	octets_free(extension);
	danepriv_cache_free(cache);
}
END_TEST

/* No cut of the honest extension ever matches, and none but whole ones prove anything. */
START_TEST(cut_anywhere)
{
	test_octets whole = extension_with(zone, _i ? BARE : PREFIXED, false);
	danepriv_finding finding;

	for (size_t len = 0; len <= whole.len; len += len + 29 < whole.len ? 29 : 1) {
		answer.sent = (danepriv_span){ whole.data, len };
		open_contexts(TLS1_3_VERSION, &honest);
		open_session_over(DANEPRIV_TRANSPORT_DOT, DANEPRIV_PROFILE_STRICT);
		ssl_pair_open(&ends, client, theirs);
		danepriv_decision decision = connect_now(&finding);
		ck_assert_msg(
		    (decision == DANEPRIV_DECISION_PROCEED) == (len == whole.len), "%zu", len);
		close_connection();
	}
	octets_free(whole);
}
END_TEST

/* ---- where it stands, and what stands beside it ---- */

typedef enum circumstance { PLAIN, STAPLE, RETRY, CERTIFICATE_ASKED } circumstance;

static const struct {
	const char *name;
	circumstance circumstance;
	unsigned entries;
	int version;
	danepriv_decision decision;
} places[] = {
	{ "first entry", PLAIN, 1, TLS1_3_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "second entry", PLAIN, 2, TLS1_3_VERSION, DANEPRIV_DECISION_REFUSE },
	{ "both entries", PLAIN, 3, TLS1_3_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "a staple, 1.2", STAPLE, 1, TLS1_2_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "a staple, 1.3", STAPLE, 1, TLS1_3_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "a HelloRetryRequest", RETRY, 1, TLS1_3_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "a request, 1.2", CERTIFICATE_ASKED, 1, TLS1_2_VERSION, DANEPRIV_DECISION_PROCEED },
	{ "a request, 1.3", CERTIFICATE_ASKED, 1, TLS1_3_VERSION, DANEPRIV_DECISION_PROCEED },
};

static int
staple(SSL *ssl, void *argument)
{
	uint8_t *octets = OPENSSL_zalloc(300);

	(void)argument;
	ck_assert_ptr_nonnull(octets);
	SSL_set_tlsext_status_ocsp_resp(ssl, octets, 300);
	return SSL_TLSEXT_ERR_OK;
}

static void
arrange(circumstance what)
{
	switch (what) {
	case PLAIN:
		break;
	case STAPLE:
		SSL_CTX_set_tlsext_status_type(client, TLSEXT_STATUSTYPE_ocsp);
		SSL_CTX_set_tlsext_status_cb(theirs, staple);
		break;
	case RETRY:
		ck_assert_int_eq(SSL_CTX_set1_groups_list(theirs, "P-384"), 1);
		break;
	case CERTIFICATE_ASKED:
		SSL_CTX_set_verify(theirs, SSL_VERIFY_PEER, NULL);
		break;
	}
}

START_TEST(where_it_stands)
{
	test_octets extension = extension_with(zone, PREFIXED, false);
	danepriv_finding finding;
	const uint8_t *response;

	answer.sent = octets_span(extension);
	answer.entries = places[_i].entries;
	open_contexts(places[_i].version, &honest);
	arrange(places[_i].circumstance);
	open_session_over(DANEPRIV_TRANSPORT_DOT, DANEPRIV_PROFILE_STRICT);
	ssl_pair_open(&ends, client, theirs);
	ck_assert_msg(connect_now(&finding) == places[_i].decision, "%s", places[_i].name);
	ck_assert_int_eq(ends.client.result, 1);
	/* The request came twice, in the same words. */
	ck_assert_int_eq(answer.count, places[_i].circumstance == RETRY ? 2 : 1);
	if (places[_i].circumstance == STAPLE)
		ck_assert_int_eq(
		    (int)SSL_get_tlsext_status_ocsp_resp(ends.client.ssl, &response), 300);
	close_connection();
	octets_free(extension);
}
END_TEST

/* ---- when it is asked for ---- */

static const struct {
	const char *name;
	evidence known;
	danepriv_transport transport;
	danepriv_openssl_chain chain;
	bool asked;
} questions[] = {
	{ "nothing is known", NOTHING, DANEPRIV_TRANSPORT_DOT, DANEPRIV_OPENSSL_CHAIN_ASK, true },
	{ "not wanted", NOTHING, DANEPRIV_TRANSPORT_DOT, DANEPRIV_OPENSSL_CHAIN_OFF, false },
	{ "known", RIGHT, DANEPRIV_TRANSPORT_DOT, DANEPRIV_OPENSSL_CHAIN_ASK, false },
	{ "out of date", OUTDATED, DANEPRIV_TRANSPORT_DOT, DANEPRIV_OPENSSL_CHAIN_ASK, true },
	{ "denied", DENIED, DANEPRIV_TRANSPORT_DOT, DANEPRIV_OPENSSL_CHAIN_ASK, true },
	{ "not defined", NOTHING, DANEPRIV_TRANSPORT_DOQ, DANEPRIV_OPENSSL_CHAIN_ASK, false },
};

START_TEST(when_it_is_asked_for)
{
	danepriv_openssl_settings settings = { .size = sizeof settings,
		.chain = questions[_i].chain };

	for (int v = 0; v < 2; v++) {
		open_contexts(versions[v], &honest);
		open_session_over(questions[_i].transport, DANEPRIV_PROFILE_OPPORTUNISTIC);
		give(questions[_i].known, NULL);
		ssl_pair_open(&ends, client, theirs);
		ck_assert_int_eq(
		    danepriv_openssl_guard(ends.client.ssl, session, &settings, NOW), DANEPRIV_OK);
		answer.silent = true;
		ssl_pair_handshake(&ends);
		ck_assert_int_eq(ends.client.result, 1);
		ck_assert_msg(answer.count == questions[_i].asked, "%s", questions[_i].name);
		close_connection();
	}
}
END_TEST

/* RFC 8446 section 4.1.2: after a HelloRetryRequest the same is asked, though it is known now. */
START_TEST(asked_again)
{
	danepriv_finding finding;

	open_contexts(TLS1_3_VERSION, &honest);
	arrange(RETRY);
	answer.silent = true;
	open_session_over(DANEPRIV_TRANSPORT_DOT, DANEPRIV_PROFILE_STRICT);
	ssl_pair_open(&ends, client, theirs);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_end_turn(&ends.client);
	give(RIGHT, NULL);
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), 0);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(answer.count, 2);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	close_connection();
}
END_TEST

/* OpenSSL lets what was not asked for pass in TLS 1.3; here the client forgets that it asked. */
START_TEST(unasked)
{
	test_octets extension = extension_with(zone, PREFIXED, false);
	danepriv_finding finding;

	answer.sent = octets_span(extension);
	open_contexts(TLS1_3_VERSION, &honest);
	open_session_over(DANEPRIV_TRANSPORT_DOT, DANEPRIV_PROFILE_OPPORTUNISTIC);
	ssl_pair_open(&ends, client, theirs);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_end_turn(&ends.client);
	dp_openssl_guard_of(ends.client.ssl)->asked = false;
	ssl_pair_handshake(&ends);
	ck_assert_int_ne(ends.client.result, 1);
	ck_assert_int_eq(ends.server.reason, SSL_AD_REASON_OFFSET + SSL_AD_UNSUPPORTED_EXTENSION);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	close_connection();
	octets_free(extension);
}
END_TEST

/* ---- memory ---- */

/* Fails the nth allocation; true when so many were made. */
static bool
fail_at(long n, const tls_identity *key, int version, const test_octets *extension)
{
	danepriv_finding finding = DANEPRIV_FINDING_UNJUDGED;
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_server named = { .name = NAME };

	answer.sent = octets_span(*extension);
	open_contexts(version, key);
	ssl_pair_open(&ends, client, theirs);
	dp_fail_allocation_at(n);
	danepriv_status status =
	    danepriv_session_new(ctx, &named, DANEPRIV_PROFILE_STRICT, &session);
	if (status == DANEPRIV_OK)
		status = danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW);
	if (status == DANEPRIV_OK) {
		ssl_pair_handshake(&ends);
		decision = decide_client(&finding);
	}
	bool failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	ck_assert((decision == DANEPRIV_DECISION_PROCEED) <= (finding == DANEPRIV_FINDING_MATCH));
	ck_assert(key == &honest || decision != DANEPRIV_DECISION_PROCEED);
	if (!failed && key == &honest)
		ck_assert_int_eq(decision, DANEPRIV_DECISION_PROCEED);
	close_connection();
	return failed;
}

START_TEST(memory_runs_out)
{
	test_octets extension = extension_with(zone, PREFIXED, false);
	long n = 0;

	while (fail_at(n, _i & 1 ? &impostor : &honest, versions[_i >> 1], &extension))
		n++;
	ck_assert_int_ge(n, 4);
	octets_free(extension);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_chain");
	TCase *tc = tcase_create("openssl_chain");

	tcase_add_checked_fixture(tc, open_zones, close_zones);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, what_servers_send, 0, ROWS(rows));
	tcase_add_loop_test(tc, pinned, 0, ROWS(rows));
	tcase_add_loop_test(tc, not_decided, 0, 2);
	tcase_add_loop_test(tc, cut_anywhere, 0, 2);
	tcase_add_loop_test(tc, where_it_stands, 0, ROWS(places));
	tcase_add_loop_test(tc, when_it_is_asked_for, 0, ROWS(questions));
	tcase_add_test(tc, asked_again);
	tcase_add_test(tc, unasked);
	tcase_add_loop_test(tc, memory_runs_out, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
