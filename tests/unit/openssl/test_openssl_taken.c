/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/guard: what becomes of the callbacks that the caller has set?  None of them turns a
 * refusal into anything else. */
#include "support/ssl_guarded.h"
#include "support/suite.h"

#include <danepriv/judge.h>
#include <danepriv/openssl.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/session.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };
static SSL_CTX *client, *theirs;

static void
open_contexts(int version, const tls_identity *key)
{
	client = ssl_client_ctx(version);
	theirs = ssl_server_ctx(version, key, NULL);
}

static void
close_contexts(void)
{
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
	theirs = NULL;
}

static void
guard_client(evidence kind, bool strict)
{
	open_session(strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(kind, NULL);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
}

/* ---- a verify callback ---- */

typedef struct verify_row {
	const char *name;
	int answer;
	int error; /* that it sets; -1: none */
	int told;  /* the verify result where it ends the handshake, and ours went on */
} verify_row;

static const verify_row answers[] = {
	{ "as it is told", -2, -1, 0 },
	{ "yes", 1, -1, 0 },
	{ "yes, and nothing is wrong", 1, X509_V_OK, 0 },
	{ "yes, and something is wrong", 1, X509_V_ERR_CERT_REVOKED, 0 },
	{ "no", 0, -1, -1 },
	{ "no, and nothing is wrong", 0, X509_V_OK, X509_V_ERR_APPLICATION_VERIFICATION },
	{ "no, and why", 0, X509_V_ERR_CERT_REVOKED, X509_V_ERR_CERT_REVOKED },
	{ "less than no", -1, X509_V_ERR_CERT_REVOKED, X509_V_ERR_CERT_REVOKED },
};

static const verify_row *asked;
static const tls_identity *shown;
static int calls, told_ok, told_error;

static int
own_verify(int ok, X509_STORE_CTX *store)
{
	unsigned char *der = NULL;
	int len = i2d_X509(X509_STORE_CTX_get_current_cert(store), &der);

	ck_assert_int_eq(len, (int)shown->certificate.size);
	ck_assert(memcmp(der, shown->certificate.data, shown->certificate.size) == 0);
	OPENSSL_free(der);
	ck_assert_int_eq(X509_STORE_CTX_get_error_depth(store), 0);
	calls++;
	told_ok = ok;
	told_error = X509_STORE_CTX_get_error(store);
	if (asked->error >= 0)
		X509_STORE_CTX_set_error(store, asked->error);
	return asked->answer == -2 ? ok : asked->answer;
}

enum { ON_CONTEXT, BEFORE, AFTER, PLACES };

static void
set_verify(int place, int now)
{
	if (place != now)
		return;
	if (place == ON_CONTEXT)
		SSL_CTX_set_verify(client, SSL_VERIFY_NONE, own_verify);
	else
		SSL_set_verify(ends.client.ssl, SSL_VERIFY_PEER, own_verify);
}

/* What ours says without theirs. */
static int
error_of(evidence kind, bool strict, bool is_impostor)
{
	if (!strict || kind == NOTHING)
		return X509_V_ERR_APPLICATION_VERIFICATION;
	return is_impostor ? X509_V_ERR_DANE_NO_MATCH : X509_V_OK;
}

static void
check_answer(int row, int version, int place, variant v)
{
	evidence kind = v.late ? NOTHING : RIGHT;
	int error = error_of(kind, v.strict, v.is_impostor);
	bool ours = error != X509_V_ERR_DANE_NO_MATCH;
	bool ends_it = ours && (answers[row].answer == 0 || answers[row].answer == -1);
	danepriv_finding finding;
	char name[120];

	(void)snprintf(name, sizeof name, "%s, %x, place %d%s%s%s", answers[row].name,
	    (unsigned)version, place, v.strict ? ", strict" : "", v.is_impostor ? ", impostor" : "",
	    v.late ? ", nothing known" : "");
	asked = &answers[row];
	shown = v.is_impostor ? &impostor : &honest;
	calls = 0;
	open_contexts(version, shown);
	set_verify(place, ON_CONTEXT);
	ssl_pair_open(&ends, client, theirs);
	set_verify(place, BEFORE);
	guard_client(kind, v.strict);
	set_verify(place, AFTER);
	ssl_pair_handshake(&ends);
	ck_assert_msg(calls == 1 && told_ok == ours && told_error == error,
	    "%s: %d calls, told %d, %d", name, calls, told_ok, told_error);
	ck_assert_msg(
	    (ends.client.result == 1) == (ours && !ends_it), "%s: %d", name, ends.client.reason);
	if (ends_it && answers[row].told >= 0)
		error = answers[row].told;
	else if (ends_it && error == X509_V_OK)
		error = X509_V_ERR_APPLICATION_VERIFICATION;
	ck_assert_msg(SSL_get_verify_result(ends.client.ssl) == error, "%s: result %ld", name,
	    SSL_get_verify_result(ends.client.ssl));
	danepriv_decision decision = decide_client(&finding);
	danepriv_finding wanted = DANEPRIV_FINDING_MATCH;
	if (v.is_impostor)
		wanted = DANEPRIV_FINDING_MISMATCH;
	if (ends_it || kind == NOTHING)
		wanted = DANEPRIV_FINDING_UNJUDGED;
	ck_assert_msg(
	    finding == wanted, "%s: %s", name, danepriv_word(DANEPRIV_KIND_FINDING, finding));
	ck_assert_msg((decision == DANEPRIV_DECISION_PROCEED) == (wanted == DANEPRIV_FINDING_MATCH),
	    "%s: decision %d", name, decision);
	ck_assert_msg((SSL_get_verify_result(ends.client.ssl) == X509_V_OK) ==
			  (decision == DANEPRIV_DECISION_PROCEED),
	    "%s", name);
	close_contexts();
}

START_TEST(verify_callback)
{
	for (int version = 0; version < ROWS(versions); version++)
		for (int place = 0; place < PLACES; place++)
			for (int bits = 0; bits < VARIANTS; bits++)
				if (!(bits & (1 | 2 | 32))) /* version, raw key, blocking */
					check_answer(
					    _i, versions[version], place, variant_of(bits));
}
END_TEST

/* Connections of the same SSL_CTX that are not guarded are verified as always; data stay. */
START_TEST(others_stay_as_they_are)
{
	danepriv_finding finding;
	int mine;

	asked = &answers[0];
	shown = &honest;
	calls = 0;
	open_contexts(0, &honest);
	SSL_CTX_set_verify(client, SSL_VERIFY_PEER, own_verify);
	ssl_pair_open(&ends, client, theirs);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.reason, SSL_R_CERTIFICATE_VERIFY_FAILED);
	ck_assert_int_eq(
	    SSL_get_verify_result(ends.client.ssl), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
	ck_assert_int_eq(told_error, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
	ssl_pair_close(&ends);
	ssl_pair_open(&ends, client, theirs);
	SSL_set_app_data(ends.client.ssl, &mine);
	guard_client(RIGHT, true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_ptr_eq(SSL_get_app_data(ends.client.ssl), &mine);
	ck_assert_ptr_eq((void *)SSL_CTX_get_verify_callback(client), (void *)own_verify);
	close_contexts();
}
END_TEST

#if SSL_HAS_RAW_KEYS
static int
no_certificate(int ok, X509_STORE_CTX *store)
{
	ck_assert_ptr_null(X509_STORE_CTX_get_current_cert(store));
	calls++;
	return ok && asked->answer;
}

/* With a raw key there is no certificate to tell it of. */
START_TEST(verify_callback_and_raw_key)
{
	danepriv_finding finding;

	asked = &answers[_i & 1 ? 1 : 4];
	calls = 0;
	client = ssl_client_ctx(_i & 2 ? TLS1_3_VERSION : TLS1_2_VERSION);
	theirs = ssl_raw_server_ctx(_i & 2 ? TLS1_3_VERSION : TLS1_2_VERSION, &honest, true);
	ssl_pair_open(&ends, client, theirs);
	SSL_set_verify(ends.client.ssl, SSL_VERIFY_PEER, no_certificate);
	guard_client(RIGHT, true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(ends.client.result == 1, _i & 1);
	ck_assert_int_eq(
	    decide_client(&finding), _i & 1 ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	close_contexts();
}
END_TEST
#endif

/* ---- what takes the place of ours ---- */

static int
accept_all(X509_STORE_CTX *store, void *argument)
{
	(void)argument;
	calls++;
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

static const struct {
	const char *name;
	bool prepared; /* before it is set */
	bool callback; /* that of the SSL_CTX; else SSL_VERIFY_NONE */
	bool taken;    /* ours is called, and ends the handshake */
} places[] = {
	{ "a callback before prepare", false, true, true },
	{ "a callback after prepare", true, true, false },
	{ "verify mode after the guard", true, false, false },
};

static void
open_client(int row)
{
	client = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_security_level(client, 0);
	if (places[row].prepared)
		ck_assert_int_eq(danepriv_openssl_prepare(client), DANEPRIV_OK);
	if (places[row].callback)
		SSL_CTX_set_cert_verify_callback(client, accept_all, NULL);
	ck_assert_int_eq(danepriv_openssl_prepare(client), DANEPRIV_OK);
}

/* It goes by the decision alone; a key that is too weak is none, also where it is published. */
static void
check_place(int row, bool tls13, bool strict, const tls_identity *key)
{
	bool is_impostor = key == &impostor, is_weak = key != &honest && !is_impostor;
	gnutls_certificate_credentials_t credentials = credentials_of(key, NULL, NULL);
	danepriv_finding finding, wanted = DANEPRIV_FINDING_MATCH;
	const char *name = places[row].name;
	danepriv_records *records = NULL;

	calls = 0;
	open_client(row);
	ssl_pair_open_to_gnutls(&ends, client, credentials, tls13 ? TLS13 : TLS12);
	test_octets rdata = ssl_record_of(key);
	danepriv_span record = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &record, 1, NOW + 10, &records),
	    DANEPRIV_OK);
	guard_client(is_weak ? NOTHING : RIGHT, strict);
	if (is_weak)
		ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	if (!places[row].callback)
		SSL_set_verify(ends.client.ssl, SSL_VERIFY_NONE, NULL);
	ssl_pair_handshake(&ends);
	bool ends_it = places[row].taken && (is_weak || (strict && is_impostor));
	ck_assert_msg((ends.client.result == 1) == !ends_it, "%s: %d", name, ends.client.reason);
	ck_assert_msg((calls > 0) == (places[row].callback && !places[row].taken), "%s", name);
	danepriv_decision decision = decide_client(&finding);
	if (is_impostor)
		wanted = DANEPRIV_FINDING_MISMATCH;
	if (is_weak)
		wanted = DANEPRIV_FINDING_UNJUDGED;
	ck_assert_msg(
	    finding == wanted, "%s: %s", name, danepriv_word(DANEPRIV_KIND_FINDING, finding));
	ck_assert_msg((decision == DANEPRIV_DECISION_PROCEED) == (wanted == DANEPRIV_FINDING_MATCH),
	    "%s: decision %d", name, decision);
	ck_assert_msg(
	    !strict || wanted == DANEPRIV_FINDING_MATCH || decision == DANEPRIV_DECISION_REFUSE,
	    "%s", name);
	ck_assert_msg((SSL_get_verify_result(ends.client.ssl) == X509_V_OK) ==
			  (decision == DANEPRIV_DECISION_PROCEED),
	    "%s", name);
	octets_free(rdata);
	danepriv_records_free(records);
	close_contexts();
	gnutls_certificate_free_credentials(credentials);
}

START_TEST(in_place_of_ours)
{
	tls_identity weak;

	identity_make_rsa(&weak, NAME, 1016);
	const tls_identity *keys[] = { &honest, &impostor, &weak };
	for (int bits = 0; bits < 4; bits++)
		for (int k = 0; k < ROWS(keys); k++)
			check_place(_i, bits & 1, bits & 2, keys[k]);
	identity_free(&weak);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_taken");
	TCase *tc = tcase_create("openssl_taken");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, verify_callback, 0, ROWS(answers));
	tcase_add_test(tc, others_stay_as_they_are);
#if SSL_HAS_RAW_KEYS
	tcase_add_loop_test(tc, verify_callback_and_raw_key, 0, 4);
#endif
	tcase_add_loop_test(tc, in_place_of_ours, 0, ROWS(places));
	suite_add_tcase(suite, tc);
	return suite;
}
