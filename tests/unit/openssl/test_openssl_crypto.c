/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/crypto: does OpenSSL verify what GnuTLS and libsodium do, and nothing else? */
#include "crypto/pubkey.h"
#include "dnssec/validator.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/signed.h"
#include "support/suite.h"

#include <danepriv/openssl.h>

#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- signatures that somebody else made ---- */

/* What GnuTLS does faster is left to it. */
static bool
is_ours(uint8_t algorithm)
{
	return algorithm == 13;
}

/* By OpenSSL alone, with nobody behind it. */
static bool
verifies(uint8_t algorithm, danepriv_span field, danepriv_span data, danepriv_span signature)
{
	const danepriv_crypto *crypto = danepriv_openssl_crypto();
	void *key = crypto->import_key(algorithm, field);
	bool verified = key && crypto->verify(key, data, signature) == 1;

	if (key)
		crypto->free_key(key);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	return verified;
}

START_TEST(verifies_what_was_signed)
{
	signing s = signing_open(_i);
	dp_pubkey *key;

	ck_assert_msg(signing_verified(&s, verifies) == is_ours(s.algorithm), "%s", s.name);
	/* All others go to whom they went before. */
	ck_assert_int_eq(
	    dp_pubkey_from_dnskey(danepriv_openssl_crypto(), s.algorithm, octets_span(s.key), &key),
	    DANEPRIV_OK);
	for (int twice = 0; twice < 2; twice++)
		ck_assert_msg(dp_pubkey_verify(key, octets_span(s.data), octets_span(s.signature)),
		    "%s", s.name);
	dp_pubkey_free(key);
	signing_close(&s);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(no_bit_may_be_turned)
{
	signing s = signing_open(_i);

	signing_assert_no_bit(&s, s.key, "key", verifies);
	signing_assert_no_bit(&s, s.data, "data", verifies);
	signing_assert_no_bit(&s, s.signature, "signature", verifies);
	signing_close(&s);
}
END_TEST

START_TEST(no_length_may_differ)
{
	signing s = signing_open(_i);
	uint8_t longer[1024] = { 0 };

	for (size_t len = 0; len <= s.signature.len + 2; len++) {
		memcpy(longer, s.signature.data, s.signature.len);
		ck_assert_msg(len == s.signature.len ||
				  !verifies(s.algorithm, octets_span(s.key), octets_span(s.data),
				      (danepriv_span){ longer, len }),
		    "%s: signature of %zu", s.name, len);
	}
	for (size_t len = 0; len <= s.key.len + 2; len++) {
		memcpy(longer, s.key.data, s.key.len);
		ck_assert_msg(
		    len == s.key.len || !verifies(s.algorithm, (danepriv_span){ longer, len },
					    octets_span(s.data), octets_span(s.signature)),
		    "%s: key of %zu", s.name, len);
	}
	signing_close(&s);
}
END_TEST

START_TEST(no_other_algorithm)
{
	signing s = signing_open(_i);

	for (int algorithm = 0; algorithm < 256; algorithm++)
		ck_assert_msg(
		    algorithm == s.algorithm || !verifies((uint8_t)algorithm, octets_span(s.key),
						    octets_span(s.data), octets_span(s.signature)),
		    "%s: as %d", s.name, algorithm);
	signing_close(&s);
}
END_TEST

/* ---- numbers out of range; n is the order of the curve ---- */

#define N256 "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ZERO256 "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE256 "0000000000000000000000000000000000000000000000000000000000000001"
#define FULL256 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static const char *const out_of_range[] = { ZERO256 ZERO256, ONE256 ZERO256, ZERO256 ONE256,
	N256 N256, N256 ONE256, ONE256 N256, FULL256 FULL256, ONE256 ONE256 };

START_TEST(numbers_out_of_range)
{
	signing s = signing_open(0);
	test_octets signature = octets_from_hex(out_of_range[_i]);

	ck_assert_int_eq(s.algorithm, 13);
	ck_assert(!verifies(13, octets_span(s.key), octets_span(s.data), octets_span(signature)));
	octets_free(signature);
	signing_close(&s);
}
END_TEST

/* ---- what is no key ---- */

static const struct {
	const char *name;
	uint8_t algorithm;
	size_t len;
	uint8_t fill;
} keys[] = {
	{ "P-256, x and y zero", 13, 64, 0x00 },
	{ "P-256, x and y beyond the field", 13, 64, 0xFF },
	{ "P-256, not on the curve", 13, 64, 0x11 },
	{ "P-256, one octet short", 13, 63, 0x11 },
	{ "P-256, SEC 1 form", 13, 65, 0x04 },
	{ "P-256, compressed", 13, 33, 0x02 },
	{ "P-256, nothing", 13, 0, 0x00 },
	{ "P-256, key of P-384", 13, 96, 0x11 },
	{ "P-384, x and y zero", 14, 96, 0x00 },
	{ "P-384, x and y beyond the field", 14, 96, 0xFF },
	{ "P-384, not on the curve", 14, 96, 0x11 },
	{ "P-384, key of P-256", 14, 64, 0x11 },
	{ "RSA", 8, 64, 0x11 },
	{ "GOST", 12, 64, 0x11 },
	{ "Ed25519", 15, 32, 0x11 },
	{ "Ed448", 16, 57, 0x11 },
};

START_TEST(refuses_what_is_no_key)
{
	uint8_t field[128];
	danepriv_span span = { field, keys[_i].len };

	memset(field, keys[_i].fill, sizeof field);
	ck_assert_msg(
	    !danepriv_openssl_crypto()->import_key(keys[_i].algorithm, span), "%s", keys[_i].name);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* Each point next to a good one is refused, which takes more than looking at the lengths. */
START_TEST(refuses_points_beside_the_curve)
{
	signing s = signing_open(_i);
	const danepriv_crypto *crypto = danepriv_openssl_crypto();

	for (size_t i = 0; is_ours(s.algorithm) && i < 8 * s.key.len; i++) {
		uint8_t bit = (uint8_t)(1 << i % 8);
		s.key.data[i / 8] ^= bit;
		void *key = crypto->import_key(s.algorithm, octets_span(s.key));
		dp_pubkey *other;
		danepriv_status status =
		    dp_pubkey_from_dnskey(NULL, s.algorithm, octets_span(s.key), &other);
		/* An x of another point cannot be: its y would have to be the same. */
		ck_assert_msg(!key && status == DANEPRIV_EMALFORMED, "%s: bit %zu", s.name, i);
		s.key.data[i / 8] ^= bit;
	}
	signing_close(&s);
}
END_TEST

/* ---- proofs ---- */

static proof_cases cases;

START_TEST(same_verdicts)
{
	const proof_case *c = &cases.list[_i];
	danepriv_settings settings = { .crypto = danepriv_openssl_crypto(), .earliest = 1 };
	danepriv *ctx = proofs_open(c->anchors, &settings);
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);

	ck_assert_msg(found.proven.security == c->security && found.proven.reason == c->reason,
	    "%s/%u: %s, %s", c->name, c->type,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, found.proven.security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, found.proven.reason));
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- certificates ---- */

#define PATHS "dane/issued.txt"
#define UNTIL 4102444800
#define RECORDS_MAX 8

/* The records of a row, taken to be secure. */
static danepriv_records *
vouched(char *texts)
{
	danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	test_octets octets[RECORDS_MAX];
	danepriv_span rdatas[RECORDS_MAX];
	danepriv_records *records;
	size_t count = 0;

	for (char *rest = texts, *text; (text = strtok_r(NULL, ",", &rest)); count++) {
		ck_assert_uint_lt(count, RECORDS_MAX);
		octets[count] = octets_from_hex(text);
		rdatas[count] = octets_span(octets[count]);
	}
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, rdatas, count, UNTIL, &records),
	    DANEPRIV_OK);
	while (count > 0)
		octets_free(octets[--count]);
	return records;
}

/* Each path of the rows for the server's own name. */
START_TEST(same_paths)
{
	danepriv_settings settings = { .size = sizeof settings,
		.crypto = danepriv_openssl_crypto() };
	danepriv_verdict verdict = { .size = sizeof verdict };
	test_vector line;
	test_vectors *file = vectors_at(PATHS, _i, &line);
	test_peer peer, roots;
	danepriv *ctx;

	peer_open(&peer, line.fields[1]);
	danepriv_records *records = vouched(line.fields[5]);
	bool has_one_root = line.fields[3][0] != '-' && !strchr(line.fields[3], ',');
	if (has_one_root) {
		peer_open(&roots, line.fields[3]);
		settings.roots = roots.items[0];
	}
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_evaluate(ctx, records, &peer.credential, NULL, 0,
			     strtoll(line.fields[4], NULL, 10), &verdict),
	    DANEPRIV_OK);
	bool is_right =
	    (verdict.finding == DANEPRIV_FINDING_MATCH) == (strcmp(line.fields[6], "match") == 0);
	bool is_all = line.fields[2][0] == '-' && (has_one_root || line.fields[3][0] == '-');
	ck_assert_msg(is_right || !is_all, "%s", line.fields[0]);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	danepriv_records_free(records);
	danepriv_close(ctx);
	if (has_one_root)
		peer_close(&roots);
	peer_close(&peer);
	vectors_close(file);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

static const struct {
	const char *key;
	danepriv_scheme scheme;
	size_t cut; /* octets that are missing at the end */
	bool is_ours;
} spkis[] = {
	{ "k-root", DANEPRIV_SCHEME_ECDSA_SHA256, 0, true },
	{ "k-root", DANEPRIV_SCHEME_ECDSA_SHA384, 0, true },
	{ "k-root", DANEPRIV_SCHEME_ECDSA_SHA512, 0, true },
	{ "k-root", DANEPRIV_SCHEME_NONE, 0, false },
	{ "k-root", DANEPRIV_SCHEME_RSA_SHA256, 0, false },
	{ "k-root", DANEPRIV_SCHEME_PSS_SHA512, 0, false },
	{ "k-root", DANEPRIV_SCHEME_ED25519, 0, false },
	{ "k-root", DANEPRIV_SCHEME_ED448, 0, false },
	{ "k-root", (danepriv_scheme)99, 0, false },
	{ "k-root", DANEPRIV_SCHEME_ECDSA_SHA256, 1, false },
	{ "k-root", DANEPRIV_SCHEME_ECDSA_SHA256, 91, false },
	{ "k-p521", DANEPRIV_SCHEME_ECDSA_SHA512, 0, false },
	{ "k-brainpool", DANEPRIV_SCHEME_ECDSA_SHA256, 0, false },
	{ "k-off-curve", DANEPRIV_SCHEME_ECDSA_SHA256, 0, false },
	{ "k-rsa", DANEPRIV_SCHEME_RSA_SHA256, 0, false },
	{ "k-rsa", DANEPRIV_SCHEME_ECDSA_SHA256, 0, false },
};

START_TEST(keys_of_certificates)
{
	const danepriv_crypto *crypto = danepriv_openssl_crypto();
	test_octets spki = octets_of_credential(spkis[_i].key);
	danepriv_span span = { spki.data, spki.len - spkis[_i].cut };

	void *key = crypto->import_spki(spkis[_i].scheme, span);
	ck_assert_int_eq(key != NULL, spkis[_i].is_ours);
	for (int scheme = DANEPRIV_SCHEME_NONE; key && scheme <= DANEPRIV_SCHEME_ED448; scheme++)
		ck_assert_int_eq(crypto->verify_spki(key, (danepriv_scheme)scheme, span, span), 0);
	if (key)
		crypto->free_key(key);
	octets_free(spki);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- the library around it ---- */

START_TEST(leaves_errors_of_others)
{
	signing s = signing_open(0);

	ERR_raise(ERR_LIB_USER, 7);
	unsigned long before = ERR_peek_last_error();
	s.signature.data[3] ^= 1;
	danepriv_span empty = { s.key.data, 0 };
	ck_assert_ptr_null(danepriv_openssl_crypto()->import_key(13, empty));
	void *key = danepriv_openssl_crypto()->import_key(13, octets_span(s.key));
	ck_assert_int_eq(
	    danepriv_openssl_crypto()->verify(key, octets_span(s.data), octets_span(s.signature)),
	    0);
	danepriv_openssl_crypto()->free_key(key);
	ck_assert_uint_eq(ERR_get_error(), before);
	ck_assert_uint_eq(ERR_get_error(), 0);
	signing_close(&s);
}
END_TEST

typedef struct shared {
	const signing *signing;
	void *key;
	bool wrong;
} shared;

static void *
work(void *argument)
{
	shared *s = argument;
	const danepriv_crypto *crypto = danepriv_openssl_crypto();
	danepriv_span data = octets_span(s->signing->data);
	danepriv_span signature = octets_span(s->signing->signature);

	for (int i = 0; i < 50; i++) {
		void *own = crypto->import_key(13, octets_span(s->signing->key));
		if (!own || crypto->verify(own, data, signature) != 1 ||
		    (s->key && crypto->verify(s->key, data, signature) != 1))
			s->wrong = true;
		if (own)
			crypto->free_key(own);
	}
	return NULL;
}

#define THREADS 4

/* The first import of all is in several threads, too. */
START_TEST(many_threads)
{
	signing s = signing_open(0);
	pthread_t threads[THREADS];
	shared rows[THREADS];
	void *key = _i ? danepriv_openssl_crypto()->import_key(13, octets_span(s.key)) : NULL;

	for (int i = 0; i < THREADS; i++) {
		rows[i] = (shared){ &s, key, false };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &rows[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert(!rows[i].wrong);
	}
	if (key)
		danepriv_openssl_crypto()->free_key(key);
	signing_close(&s);
}
END_TEST

START_TEST(memory_runs_out)
{
	signing s = signing_open(0);
	const danepriv_crypto *crypto = danepriv_openssl_crypto();

	dp_fail_allocation_at(0);
	ck_assert_ptr_null(crypto->import_key(13, octets_span(s.key)));
	dp_fail_allocation_at(-1);
	ck_assert(signing_verified(&s, verifies));
	ck_assert_int_eq(dp_blocks(), 0);
	signing_close(&s);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_crypto");
	TCase *tc = tcase_create("openssl_crypto");
	int vectors = vectors_count("signatures.txt");

	tcase_set_timeout(tc, 120);
	proofs_read_all(&cases);
	tcase_add_loop_test(tc, many_threads, 0, 2);
	tcase_add_loop_test(tc, verifies_what_was_signed, 0, vectors);
	tcase_add_loop_test(tc, no_bit_may_be_turned, 0, vectors);
	tcase_add_loop_test(tc, no_length_may_differ, 0, vectors);
	tcase_add_loop_test(tc, no_other_algorithm, 0, vectors);
	tcase_add_loop_test(tc, numbers_out_of_range, 0, ROWS(out_of_range));
	tcase_add_loop_test(tc, refuses_what_is_no_key, 0, ROWS(keys));
	tcase_add_loop_test(tc, refuses_points_beside_the_curve, 0, vectors);
	tcase_add_loop_test(tc, same_verdicts, 0, (int)cases.count);
	tcase_add_loop_test(tc, same_paths, 0, vectors_count(PATHS));
	tcase_add_loop_test(tc, keys_of_certificates, 0, ROWS(spkis));
	tcase_add_test(tc, leaves_errors_of_others);
	tcase_add_test(tc, memory_runs_out);
	suite_add_tcase(suite, tc);
	return suite;
}
