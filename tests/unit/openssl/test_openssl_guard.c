/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/guard: may questions go over this OpenSSL connection? */
#include "support/ssl_guarded.h"
#include "support/suite.h"

#include <danepriv/judge.h>
#include <danepriv/openssl.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- every kind of evidence, for both profiles, versions and orders ---- */

static void
guard_client(danepriv_session *s)
{
	danepriv_openssl_settings off = { .size = sizeof off, .chain = DANEPRIV_OPENSSL_CHAIN_OFF };

	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, s, &off, NOW), DANEPRIV_OK);
}

/* It is an answer for one question: another one comes from a zone that proves nothing. */
static void
check_another_question(const char *name)
{
	danepriv_decision decision = danepriv_openssl_decide(
	    ends.client.ssl, session, DANEPRIV_PROVENANCE_UNPROVEN, ends.client.result, NOW, NULL);

	ck_assert_msg(decision != DANEPRIV_DECISION_PROCEED, "%s", name);
	ck_assert_msg(SSL_get_verify_result(ends.client.ssl) != X509_V_OK, "unproven: %s", name);
}

static void
check_kind(size_t row, int version, variant v)
{
	danepriv_profile profile =
	    v.strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	danepriv_finding wanted = v.is_impostor ? kinds[row].impostor : kinds[row].honest;
	SSL_CTX *client = ssl_client_ctx(version);
	SSL_CTX *theirs = ssl_server_ctx(version, v.is_impostor ? &impostor : &honest, NULL);
	danepriv_finding finding;
	char name[120];

	(void)snprintf(name, sizeof name, "%s, version %x%s%s%s", kinds[row].name,
	    (unsigned)version, v.strict ? ", strict" : "", v.late ? ", late" : "",
	    v.is_impostor ? ", impostor" : "");
	ssl_pair_open(&ends, client, theirs);
	open_session(profile);
	if (!v.late)
		give(kinds[row].kind, NULL);
	guard_client(session);
	ssl_pair_handshake(&ends);
	bool ended =
	    v.strict && !v.late && kinds[row].kind != NOTHING && wanted != DANEPRIV_FINDING_MATCH;
	ck_assert_msg((ends.client.result == 1) == !ended, "handshake %d, %d: %s",
	    ends.client.result, ends.client.reason, name);
	if (ended) {
		ck_assert_int_eq(ends.client.reason, SSL_R_CERTIFICATE_VERIFY_FAILED);
		ck_assert_int_eq(SSL_get_verify_result(ends.client.ssl), X509_V_ERR_DANE_NO_MATCH);
	}
	if (v.late)
		give(kinds[row].kind, NULL);
	danepriv_decision decision = decide_client(&finding);
	ck_assert_msg(finding == wanted, "finding %d: %s", finding, name);
	danepriv_channel channel = ended ? DANEPRIV_CHANNEL_NONE : DANEPRIV_CHANNEL_ENCRYPTED;
	ck_assert_msg(
	    decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted, channel),
	    "decision %d: %s", decision, name);
	ck_assert_msg((SSL_get_verify_result(ends.client.ssl) == X509_V_OK) ==
			  (decision == DANEPRIV_DECISION_PROCEED),
	    "result: %s", name);
	check_another_question(name);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };

START_TEST(every_kind_of_evidence)
{
	for (int v = 0; v < ROWS(versions); v++)
		for (int bits = 0; bits < VARIANTS; bits++)
			if (!(bits & (1 | 2 | 32))) /* version, raw key, blocking */
				check_kind((size_t)_i, versions[v], variant_of(bits));
}
END_TEST

/* ---- peers that cheat ---- */

START_TEST(appended_certificate)
{
	int version = versions[_i];
	SSL_CTX *client = ssl_client_ctx(version);
	SSL_CTX *theirs = ssl_server_ctx(version, &impostor, &honest);
	danepriv_finding finding;

	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	guard_client(session);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.reason, SSL_R_CERTIFICATE_VERIFY_FAILED);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MISMATCH);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

/* Shows the published certificate, and cannot sign with its key: in TLS 1.2 that comes out after
 * verification. */
START_TEST(stolen_credential)
{
	gnutls_certificate_credentials_t credentials = credentials_of(&impostor, &honest, NULL);
	SSL_CTX *client = ssl_client_ctx(0);
	danepriv_finding finding;

	ssl_pair_open_to_gnutls(&ends, client, credentials, _i & 1 ? TLS13 : TLS12);
	open_session(_i & 2 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	guard_client(session);
	ssl_pair_handshake(&ends);
	ck_assert_int_ne(ends.client.result, 1);
	for (int claimed = 0; claimed < 2; claimed++) {
		ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
		ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
		ends.client.result = 1;
	}
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	gnutls_certificate_free_credentials(credentials);
}
END_TEST

/* An honest server of another library. */
START_TEST(gnutls_server)
{
	gnutls_certificate_credentials_t credentials =
	    credentials_of(_i & 2 ? &impostor : &honest, NULL, NULL);
	SSL_CTX *client = ssl_client_ctx(0);
	danepriv_finding finding;

	ssl_pair_open_to_gnutls(&ends, client, credentials, _i & 1 ? TLS13 : TLS12);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	guard_client(session);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(
	    decide_client(&finding), _i & 2 ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(finding, _i & 2 ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	gnutls_certificate_free_credentials(credentials);
}
END_TEST

/* ---- names ---- */

START_TEST(name_is_sent)
{
	SSL_CTX *client = ssl_client_ctx(versions[_i]);
	SSL_CTX *theirs = ssl_server_ctx(versions[_i], &honest, NULL);
	danepriv_finding finding;

	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_STRICT);
	guard_client(session);
	ssl_pair_handshake(&ends);
	ck_assert_str_eq(SSL_get_servername(ends.server.ssl, TLSEXT_NAMETYPE_host_name), NAME);
	/* Now it turns out that the records are for another name: connect again. */
	give(RIGHT, ELSEWHERE);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_str_eq(danepriv_session_reconnect_name(session), ELSEWHERE);
	ssl_pair_close(&ends);
	ssl_pair_open(&ends, client, theirs);
	guard_client(session);
	ssl_pair_handshake(&ends);
	ck_assert_str_eq(SSL_get_servername(ends.server.ssl, TLSEXT_NAMETYPE_host_name), ELSEWHERE);
	ck_assert_ptr_null(danepriv_session_reconnect_name(session));
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

/* ---- what is not ours ---- */

/* The copy is nobody's, and freeing both frees the guard once. */
START_TEST(copies_are_not_guarded)
{
	SSL_CTX *client = ssl_client_ctx(0), *theirs = ssl_server_ctx(0, &honest, NULL);

	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	guard_client(session);
	SSL *copy = SSL_dup(ends.client.ssl);
	ck_assert_ptr_nonnull(copy);
	SSL *before = ends.client.ssl;
	ends.client.ssl = copy;
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(danepriv_openssl_decide(copy, session, DANEPRIV_PROVENANCE_CONFIGURED,
			     ends.client.result, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	SSL_free(before);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(arguments)
{
	struct {
		danepriv_openssl_settings known;
		uint64_t unknown;
	} larger = { { .size = sizeof larger }, 1 };
	danepriv_openssl_settings settings = { .size = sizeof settings };
	SSL_CTX *client = ssl_client_ctx(0), *theirs = ssl_server_ctx(0, &honest, NULL);
	SSL_CTX *bare = SSL_CTX_new(TLS_client_method()), *both = ssl_ctx(TLS_method(), &honest);
	ck_assert_int_eq(danepriv_openssl_prepare(both), DANEPRIV_OK);
	SSL *unprepared = SSL_new(bare), *of_servers = SSL_new(both);

	ssl_pair_open(&ends, client, theirs);
	SSL *ssl = ends.client.ssl;
	open_session(DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(danepriv_openssl_prepare(NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_openssl_prepare(client), DANEPRIV_OK); /* again */
	ck_assert_int_eq(danepriv_openssl_guard(NULL, session, NULL, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_openssl_guard(ssl, NULL, NULL, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_openssl_guard(unprepared, session, NULL, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_openssl_guard(of_servers, session, NULL, NOW), DANEPRIV_EINVAL);
	SSL_set_connect_state(of_servers);
	ck_assert_int_eq(danepriv_openssl_guard(of_servers, session, NULL, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, &larger.known, NOW), DANEPRIV_EINVAL);
	settings.size = sizeof settings.size - 1;
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, &settings, NOW), DANEPRIV_EINVAL);
	settings.size = sizeof settings;
	settings.chain = (danepriv_openssl_chain)2;
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, &settings, NOW), DANEPRIV_EINVAL);
	settings.chain = DANEPRIV_OPENSSL_CHAIN_ASK;
	settings.raw_keys = (danepriv_openssl_raw_keys)2;
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, &settings, NOW), DANEPRIV_EINVAL);
	larger.unknown = 0;
	larger.known.raw_keys = DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN;
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, &larger.known, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_openssl_guard(ssl, session, NULL, NOW), DANEPRIV_EINVAL);
	ssl_pair_close(&ends);
	/* Too late. */
	ssl_pair_open(&ends, client, theirs);
	ssl_end_turn(&ends.client);
	ck_assert_int_eq(
	    danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_EINVAL);
	close_session();
	ssl_pair_close(&ends);
	SSL_free(unprepared);
	SSL_free(of_servers);
	SSL_CTX_free(both);
	SSL_CTX_free(bare);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

static int
add_nothing(SSL *ssl, unsigned type, unsigned message, const unsigned char **out, size_t *len,
    X509 *certificate, size_t entry, int *alert, void *argument)
{
	(void)ssl, (void)type, (void)message, (void)out, (void)len;
	(void)certificate, (void)entry, (void)alert, (void)argument;
	return 0;
}

START_TEST(extension_is_taken)
{
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());

	ck_assert_int_eq(SSL_CTX_add_custom_ext(
			     client, 59, SSL_EXT_CLIENT_HELLO, add_nothing, NULL, NULL, NULL, NULL),
	    1);
	ck_assert_int_eq(danepriv_openssl_prepare(client), DANEPRIV_EADAPTER);
	ck_assert_int_eq(danepriv_openssl_prepare(client), DANEPRIV_EADAPTER);
	SSL_CTX_free(client);
}
END_TEST

START_TEST(only_what_was_guarded)
{
	SSL_CTX *client = ssl_client_ctx(0), *theirs = ssl_server_ctx(0, &honest, NULL);
	danepriv_session *other = open_another(DANEPRIV_PROFILE_OPPORTUNISTIC);
	danepriv_finding finding;

	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	/* Nobody's: a handshake without a guard. */
	ssl_pair_open(&ends, client, theirs);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_openssl_decide(NULL, session, DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(danepriv_openssl_decide(
			     ends.client.ssl, NULL, DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ssl_pair_close(&ends);
	/* Not yet, whatever the caller says. */
	ssl_pair_open(&ends, client, theirs);
	guard_client(session);
	ck_assert_int_eq(danepriv_openssl_decide(ends.client.ssl, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ssl_pair_handshake(&ends);
	/* Somebody else's. */
	ck_assert_int_eq(danepriv_openssl_decide(
			     ends.client.ssl, other, DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	/* Ours, but the handshake is said not to be over. */
	for (int result = -1; result < 4; result++)
		ck_assert_int_eq(danepriv_openssl_decide(ends.client.ssl, session,
				     DANEPRIV_PROVENANCE_CONFIGURED, result, NOW, NULL),
		    result == 1 ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	danepriv_session_free(other);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

/* With the peer's certificate at hand, and the handshake not over, whatever the caller says. */
START_TEST(too_early)
{
	SSL_CTX *client = ssl_client_ctx(versions[_i]);
	SSL_CTX *theirs = ssl_server_ctx(versions[_i], &honest, NULL);
	danepriv_finding finding;
	int turns = 0;

	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	guard_client(session);
	for (ssl_end_turn(&ends.client); !ends.client.over; ssl_end_turn(&ends.client)) {
		ck_assert_int_eq(danepriv_openssl_decide(ends.client.ssl, session,
				     DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, NULL),
		    DANEPRIV_DECISION_REFUSE);
		ssl_end_turn(&ends.server);
		ck_assert_int_lt(turns++, 100);
	}
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

/* ---- threads ---- */

#define THREADS 4

typedef struct worker {
	SSL_CTX *client, *theirs;
	bool good;
	int wrong;
} worker;

static void *
connect_often(void *argument)
{
	worker *w = argument;
	danepriv_records *records = records_of(RIGHT, NULL);

	for (int i = 0; i < 20; i++) {
		danepriv_session *s;
		ssl_pair own;
		if (danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &s) ||
		    danepriv_session_give_records(s, records))
			abort();
		ssl_pair_open(&own, w->client, w->theirs);
		if (danepriv_openssl_guard(own.client.ssl, s, NULL, NOW) != DANEPRIV_OK)
			abort();
		ssl_pair_handshake(&own);
		danepriv_decision decision = danepriv_openssl_decide(own.client.ssl, s,
		    DANEPRIV_PROVENANCE_CONFIGURED, own.client.result, NOW, NULL);
		w->wrong += (decision == DANEPRIV_DECISION_PROCEED) != w->good;
		danepriv_session_free(s);
		ssl_pair_close(&own);
	}
	danepriv_records_free(records);
	return NULL;
}

START_TEST(many_threads)
{
	SSL_CTX *client = ssl_client_ctx(versions[_i]);
	SSL_CTX *theirs[] = { ssl_server_ctx(versions[_i], &honest, NULL),
		ssl_server_ctx(versions[_i], &impostor, NULL) };
	pthread_t threads[THREADS];
	worker workers[THREADS];

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (worker){ client, theirs[i & 1], !(i & 1), 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, connect_often, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_int_eq(workers[i].wrong, 0);
	}
	SSL_CTX_free(client);
	SSL_CTX_free(theirs[0]);
	SSL_CTX_free(theirs[1]);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_guard");
	TCase *tc = tcase_create("openssl_guard");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_kind_of_evidence, 0, EVIDENCE_ROWS);
	tcase_add_loop_test(tc, appended_certificate, 0, ROWS(versions));
	tcase_add_loop_test(tc, stolen_credential, 0, 4);
	tcase_add_loop_test(tc, gnutls_server, 0, 4);
	tcase_add_loop_test(tc, name_is_sent, 0, ROWS(versions));
	tcase_add_test(tc, copies_are_not_guarded);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, extension_is_taken);
	tcase_add_test(tc, only_what_was_guarded);
	tcase_add_loop_test(tc, too_early, 0, ROWS(versions));
	tcase_add_loop_test(tc, many_threads, 0, ROWS(versions));
	suite_add_tcase(suite, tc);
	return suite;
}
