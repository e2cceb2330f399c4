/* SPDX-License-Identifier: BSD-2-Clause
 * include/danepriv/crypto.h: who verifies the signatures of DNSSEC and of
 * certificates?  Somebody else here, who does
 * as the row says and counts what he is asked. */
#include "crypto/pubkey.h"
#include "dnssec/validator.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <stddef.h>
#include <stdlib.h>

static proof_cases cases;

typedef struct somebody {
	bool imports;
	int answer;
	unsigned keys, asked; /* keys that he holds; verifications */
} somebody;

static somebody him;

static void *
import_key(uint8_t algorithm, danepriv_span key)
{
	ck_assert(algorithm == 13 && key.len == 64);
	if (!him.imports)
		return NULL;
	him.keys++;
	return &him;
}

static int
verify(const void *key, danepriv_span data, danepriv_span signature)
{
	ck_assert_ptr_eq(key, &him);
	ck_assert(data.len > 18 && signature.len == 64);
	him.asked++;
	return him.answer;
}

static void
free_key(void *key)
{
	ck_assert_ptr_eq(key, &him);
	him.keys--;
}

/* Of a certificate. */
static void *
import_spki(danepriv_scheme scheme, danepriv_span spki)
{
	ck_assert_int_eq(scheme, DANEPRIV_SCHEME_ECDSA_SHA256);
	ck_assert_uint_eq(spki.len, 91);
	if (!him.imports)
		return NULL;
	him.keys++;
	return &him;
}

static int
verify_spki(const void *key, danepriv_scheme scheme, danepriv_span data, danepriv_span signature)
{
	ck_assert_ptr_eq(key, &him);
	ck_assert_int_eq(scheme, DANEPRIV_SCHEME_ECDSA_SHA256);
	ck_assert(data.len > 100 && signature.len >= 68 && signature.data[0] == 0x30);
	him.asked++;
	return him.answer;
}

static const danepriv_crypto foreign = { sizeof foreign, import_key, verify, free_key, import_spki,
	verify_spki };
/* Who knows nothing of certificates. */
static const danepriv_crypto plain = { sizeof plain, import_key, verify, free_key, NULL, NULL };

static const struct {
	const char *name;
	bool imports;
	int answer;
	danepriv_security security;
	bool asked;
} rows[] = {
	{ "says yes", true, 1, DANEPRIV_SECURITY_SECURE, true },
	{ "says no", true, 0, DANEPRIV_SECURITY_BOGUS, true },
	{ "fails", true, -1, DANEPRIV_SECURITY_BOGUS, true },
	{ "says more than yes", true, 2, DANEPRIV_SECURITY_BOGUS, true },
	{ "takes no key", false, 1, DANEPRIV_SECURITY_SECURE, false },
};

START_TEST(answers_count)
{
	const proof_case *c = &cases.list[0];
	danepriv_settings settings = { .crypto = &foreign, .earliest = 1 };
	danepriv *ctx = proofs_open(c->anchors, &settings);
	dp_validator *v = malloc(sizeof *v);

	him = (somebody){ rows[_i].imports, rows[_i].answer, 0, 0 };
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);
	ck_assert_int_eq(found.proven.security, rows[_i].security);
	ck_assert_int_eq(him.asked > 0, rows[_i].asked);
	if (rows[_i].asked)
		ck_assert_uint_eq(him.asked, v->verified);
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	ck_assert_uint_eq(him.keys, 0);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* No key and no signature out of bounds ever gets to him. */
static const struct {
	const char *name;
	uint8_t algorithm;
	size_t key, signature;
	bool imported;
} shapes[] = {
	{ "p-256", 13, 64, 64, true },
	{ "unknown algorithm", 5, 64, 64, false },
	{ "short key", 13, 63, 64, false },
	{ "long key", 13, 65, 64, false },
	{ "short signature", 13, 64, 63, true },
	{ "long signature", 13, 64, 65, true },
	{ "no signature", 13, 64, 0, true },
	{ "an exponent of 64 octets", 8, 130, 64, false },
};

START_TEST(bounds_come_first)
{
	uint8_t octets[256] = { 64 };
	danepriv_span key = { octets, shapes[_i].key }, data = { octets, 100 };
	danepriv_span signature = { octets, shapes[_i].signature };
	dp_pubkey *read = NULL;

	him = (somebody){ true, 1, 0, 0 };
	(void)!dp_pubkey_from_dnskey(&foreign, shapes[_i].algorithm, key, &read);
	ck_assert_msg((read != NULL) == shapes[_i].imported, "%s", shapes[_i].name);
	bool verified = read && dp_pubkey_verify(read, data, signature);
	ck_assert_msg(verified == (_i == 0), "%s", shapes[_i].name);
	ck_assert_uint_eq(him.asked, _i == 0);
	dp_pubkey_free(read);
	ck_assert_uint_eq(him.keys, 0);
}
END_TEST

/* The same for a path of three, of whose anchor the key is asked for beside. */
START_TEST(answers_count_for_paths)
{
	const danepriv_crypto *givers[] = { &foreign, &plain };
	const danepriv_crypto *crypto = givers[_i / ROWS(rows)];
	danepriv_settings settings = { .size = sizeof settings, .crypto = crypto };
	danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict };
	int row = _i % ROWS(rows);
	bool is_asked = rows[row].asked && crypto == &foreign;
	danepriv_records *records;
	danepriv *ctx;
	test_peer peer, root;

	him = (somebody){ rows[row].imports, rows[row].answer, 0, 0 };
	peer_open(&peer, "by-sub,sub,root");
	peer_open(&root, "root");
	test_octets rdata = rdata_of_peer(&root, 2, 0, 1);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, 4102444800, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, 1700000000, &verdict),
	    DANEPRIV_OK);
	bool is_good = !is_asked || rows[row].security == DANEPRIV_SECURITY_SECURE;
	ck_assert_int_eq(
	    verdict.finding, is_good ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_MISMATCH);
	ck_assert_uint_eq(him.asked, is_asked ? 1 + is_good : 0);
	ck_assert_uint_eq(him.keys, 0);
	danepriv_records_free(records);
	danepriv_close(ctx);
	octets_free(rdata);
	peer_close(&root);
	peer_close(&peer);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* However many records ask for it, each signature is verified once in a verdict, whether it is good
 * or not; a path that fails for its dates is looked for again and again. */
START_TEST(asked_once)
{
	static const uint8_t forms[][3] = { { 2, 0, 1 }, { 2, 1, 1 }, { 0, 0, 1 }, { 0, 1, 2 },
		{ 2, 0, 0 }, { 0, 1, 1 }, { 2, 0, 2 }, { 0, 0, 0 } };
	danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_settings settings = { .size = sizeof settings, .crypto = &foreign };
	test_octets octets[ROWS(forms)], all = octets_of_credential("root");
	danepriv_span rdatas[ROWS(forms)];
	danepriv_records *records;
	danepriv *ctx;
	test_peer peer, root;

	him = (somebody){ true, _i == 0, 0, 0 };
	settings.roots = octets_span(all);
	peer_open(&peer, "by-sub,sub-old,root,root-again");
	peer_open(&root, "root");
	for (size_t i = 0; i < ROWS(forms); i++) {
		octets[i] = rdata_of_peer(&root, forms[i][0], forms[i][1], forms[i][2]);
		rdatas[i] = octets_span(octets[i]);
	}
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, rdatas, ROWS(forms), 4102444800, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, 1700000000, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MISMATCH);
	/* by-sub by the key of sub; sub-old, root and root-again by that of the root. */
	ck_assert_uint_eq(him.asked, him.answer ? 4 : 1);
	danepriv_records_free(records);
	danepriv_close(ctx);
	for (size_t i = 0; i < ROWS(forms); i++)
		octets_free(octets[i]);
	peer_close(&root);
	peer_close(&peer);
	octets_free(all);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What a program knows that is newer than the library: zeros. */
typedef struct newer {
	danepriv_crypto known;
	void *unknown;
} newer;

static const newer settings_of[] = {
	{ { 0, import_key, verify, free_key, NULL, NULL }, NULL },
	{ { offsetof(danepriv_crypto, import_spki), import_key, verify, free_key, NULL, NULL },
	    NULL },
	{ { sizeof foreign - 1, import_key, verify, free_key, import_spki, verify_spki }, NULL },
	{ { sizeof foreign, NULL, verify, free_key, import_spki, verify_spki }, NULL },
	{ { sizeof foreign, import_key, NULL, free_key, import_spki, verify_spki }, NULL },
	{ { sizeof foreign, import_key, verify, NULL, import_spki, verify_spki }, NULL },
	{ { sizeof foreign, import_key, verify, free_key, NULL, verify_spki }, NULL },
	{ { sizeof foreign, import_key, verify, free_key, import_spki, NULL }, NULL },
	{ { sizeof(newer), import_key, verify, free_key, import_spki, verify_spki }, &him },
	{ { sizeof(newer), import_key, verify, free_key, import_spki, verify_spki }, NULL },
	{ { sizeof foreign, import_key, verify, free_key, NULL, NULL }, NULL },
	{ { sizeof foreign, import_key, verify, free_key, import_spki, verify_spki }, &him },
};
#define GOOD_SETTINGS 3 /* the last ones */

START_TEST(sizes)
{
	danepriv_settings settings = { .size = sizeof settings, .crypto = &settings_of[_i].known };
	bool is_good = _i >= ROWS(settings_of) - GOOD_SETTINGS;
	danepriv *ctx = (danepriv *)&him;

	ck_assert_int_eq(danepriv_open(&settings, &ctx), is_good ? DANEPRIV_OK : DANEPRIV_EINVAL);
	ck_assert(is_good == (ctx != NULL));
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("crypto");
	TCase *tc = tcase_create("crypto");

	proofs_read(&cases, "rfc9102/chains.txt");
	tcase_add_loop_test(tc, answers_count, 0, ROWS(rows));
	tcase_add_loop_test(tc, bounds_come_first, 0, ROWS(shapes));
	tcase_add_loop_test(tc, answers_count_for_paths, 0, 2 * ROWS(rows));
	tcase_add_loop_test(tc, asked_once, 0, 2);
	tcase_add_loop_test(tc, sizes, 0, ROWS(settings_of));
	suite_add_tcase(suite, tc);
	return suite;
}
