/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl: do proofs get from one end to the other, with danepriv at both, and from many
 * threads? */
#include "support/guarded.h"
#include "support/ssl_extension.h"
#include "support/ssl_pair.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static ssl_pair ends;
static SSL_CTX *client, *theirs;

static const uint8_t dot[] = { 853 >> 8, 853 & 255 };
static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

static tiny_zone *zone;

static test_octets
honest_chain(const char *owner)
{
	test_octets rdata = ssl_record_of(&honest);
	danepriv_span record = octets_span(rdata);
	test_octets chain = tiny_zone_chain(zone, owner, &record, 1, NOW - 10, NOW + 10);

	octets_free(rdata);
	return chain;
}

static void
open_zone(void)
{
	const danepriv_settings settings = { .size = sizeof settings,
		.crypto = danepriv_openssl_crypto() };

	open_all();
	danepriv_close(ctx);
	zone = tiny_zone_new();
	ctx = tiny_zone_context(zone, &settings);
}

static void
close_zone(void)
{
	tiny_zone_free(zone);
	close_all();
}

/* Honest or not, 1.2 or 1.3, and a client of OpenSSL or of GnuTLS. */
START_TEST(both_ends)
{
	int version = _i & 1 ? TLS1_3_VERSION : TLS1_2_VERSION;
	bool good = _i & 2, by_gnutls = _i & 4;
	test_octets chain = honest_chain("_853._tcp." NAME);
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.chain = DANEPRIV_GNUTLS_CHAIN_TRY };
	danepriv_chain_serving serving = { .size = sizeof serving, .support_hours = 24 };
	gnutls_certificate_credentials_t none;
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision;
	danepriv_records *records;

	ck_assert_int_eq(gnutls_certificate_allocate_credentials(&none), 0);
	client = ssl_client_ctx(version);
	theirs = ssl_server_ctx(version, good ? &honest : &impostor, &honest);
	ck_assert_int_eq(
	    danepriv_openssl_serve(theirs, &server, octets_span(chain), &serving), DANEPRIV_OK);
	open_session(DANEPRIV_PROFILE_STRICT);
	if (by_gnutls) {
		ssl_pair_open_from_gnutls(&ends, none, 0, theirs);
		ck_assert_int_eq(
		    danepriv_gnutls_guard(ends.client.gnutls, session, &settings, NOW, NULL), 0);
		ssl_pair_handshake(&ends);
		decision = danepriv_gnutls_decide(ends.client.gnutls, session,
		    DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, &why);
	} else {
		ssl_pair_open(&ends, client, theirs);
		ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), 0);
		ssl_pair_handshake(&ends);
		decision = danepriv_openssl_decide(ends.client.ssl, session,
		    DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, &why);
	}
	ck_assert_int_eq(decision, good ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, good ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(danepriv_session_get_records(session, &records), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_records_support_hours(records), 24);
	danepriv_records_free(records);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
	octets_free(chain);
	gnutls_certificate_free_credentials(none);
}
END_TEST

/* One SSL_CTX for both roles, made ready in either order. */
START_TEST(both_roles)
{
	SSL_CTX *both = ssl_ctx(TLS_method(), &honest);
	test_octets chain = honest_chain("_853._tcp." NAME);

	if (_i)
		ck_assert_int_eq(danepriv_openssl_prepare(both), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_openssl_serve(both, &server, octets_span(chain), NULL), DANEPRIV_OK);
	if (!_i)
		ck_assert_int_eq(danepriv_openssl_prepare(both), DANEPRIV_OK);
	open_session(DANEPRIV_PROFILE_STRICT);
	ssl_pair_open(&ends, both, both);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(danepriv_openssl_decide(ends.client.ssl, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, NULL),
	    DANEPRIV_DECISION_PROCEED);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(both);
	octets_free(chain);
}
END_TEST

/* ---- threads ---- */

#define THREADS 3
#define CONNECTIONS 20

typedef struct asking {
	SSL_CTX *client;
	ssl_extension question;
	int wrong, first, second;
} asking;

static atomic_bool over;

/* What comes is one chain or the other, never some of both. */
static void *
ask_often(void *argument)
{
	asking *a = argument;

	for (int i = 0; i < CONNECTIONS; i++) {
		ssl_pair own;
		ssl_pair_open(&own, a->client, theirs);
		if (SSL_set_tlsext_host_name(own.client.ssl, NAME) != 1)
			abort();
		ssl_pair_handshake(&own);
		const test_octets *came = &a->question.came;
		bool good = own.client.result == 1 && a->question.count == 1;
		for (size_t at = 4; good && at < came->len; at++)
			good = came->data[at] == came->data[4];
		a->first += good && came->len == 4 + 5000 && came->data[4] == 1;
		a->second += good && came->len == 4 + 300 && came->data[4] == 2;
		ssl_extension_clear(&a->question);
		ssl_pair_close(&own);
	}
	return NULL;
}

static void *
replace_often(void *argument)
{
	uint8_t first[5000], second[300];

	(void)argument;
	memset(first, 1, sizeof first);
	memset(second, 2, sizeof second);
	danepriv_span chains[] = { { first, sizeof first }, { second, sizeof second } };
	danepriv_server elsewhere = { .name = ELSEWHERE };
	for (unsigned i = 0; !atomic_load(&over); i++)
		if (danepriv_openssl_serve(
			theirs, i & 2 ? &elsewhere : &server, chains[i & 1], NULL) != DANEPRIV_OK)
			abort();
	return NULL;
}

START_TEST(replaced_while_connecting)
{
	pthread_t threads[THREADS], replacing;
	asking rows[THREADS];
	uint8_t zeros[300];

	memset(zeros, 2, sizeof zeros);
	atomic_store(&over, false);
	theirs = ssl_server_ctx(versions[_i], &honest, NULL);
	danepriv_span chain = { zeros, sizeof zeros };
	ck_assert_int_eq(danepriv_openssl_serve(theirs, &server, chain, NULL), DANEPRIV_OK);
	memset(rows, 0, sizeof rows);
	ck_assert_int_eq(pthread_create(&replacing, NULL, replace_often, NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		rows[i].client = SSL_CTX_new(TLS_client_method());
		rows[i].question.sent = (danepriv_span){ dot, 2 };
		ssl_extension_use(rows[i].client, &rows[i].question);
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_often, &rows[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_int_eq(rows[i].first + rows[i].second, CONNECTIONS);
		SSL_CTX_free(rows[i].client);
	}
	atomic_store(&over, true);
	ck_assert_int_eq(pthread_join(replacing, NULL), 0);
	SSL_CTX_free(theirs);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_ends");
	TCase *tc = tcase_create("openssl_ends");

	tcase_add_checked_fixture(tc, open_zone, close_zone);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, both_ends, 0, 8);
	tcase_add_loop_test(tc, both_roles, 0, 2);
	tcase_add_loop_test(tc, replaced_while_connecting, 0, ROWS(versions));
	suite_add_tcase(suite, tc);
	return suite;
}
