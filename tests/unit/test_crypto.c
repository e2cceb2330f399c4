/* SPDX-License-Identifier: BSD-2-Clause
 * include/danepriv/crypto.h: who verifies the signatures of DNSSEC?  Somebody else here, who does
 * as the row says and counts what he is asked. */
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

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

static const danepriv_crypto foreign = { sizeof foreign, import_key, verify, free_key };

static const struct {
	const char *name;
	bool imports;
	int answer;
	danepriv_proof proof;
	bool asked;
} rows[] = {
	{ "says yes", true, 1, DANEPRIV_PROOF_SECURE, true },
	{ "says no", true, 0, DANEPRIV_PROOF_BOGUS, true },
	{ "fails", true, -1, DANEPRIV_PROOF_BOGUS, true },
	{ "says more than yes", true, 2, DANEPRIV_PROOF_BOGUS, true },
	{ "takes no key", false, 1, DANEPRIV_PROOF_SECURE, false },
};

START_TEST(answers_count)
{
	const proof_case *c = &cases.list[0];
	danepriv_settings settings = { .crypto = &foreign, .earliest = 1 };
	danepriv *ctx = proofs_open(c->anchors, &settings);
	dp_validator *v = malloc(sizeof *v);

	him = (somebody){ rows[_i].imports, rows[_i].answer, 0, 0 };
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);
	ck_assert_int_eq(found.proven.proof, rows[_i].proof);
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

static const danepriv_crypto wrong[] = {
	{ 0, import_key, verify, free_key },
	{ sizeof foreign - 1, import_key, verify, free_key },
	{ sizeof foreign + 8, import_key, verify, free_key },
	{ sizeof foreign, NULL, verify, free_key },
	{ sizeof foreign, import_key, NULL, free_key },
	{ sizeof foreign, import_key, verify, NULL },
};

START_TEST(incomplete)
{
	danepriv_settings settings = { .size = sizeof settings, .crypto = &wrong[_i] };
	danepriv *ctx = (danepriv *)&him;

	ck_assert_int_eq(danepriv_open(&ctx, &settings), DANEPRIV_EINVAL);
	ck_assert_ptr_null(ctx);
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
	tcase_add_loop_test(tc, incomplete, 0, ROWS(wrong));
	suite_add_tcase(suite, tc);
	return suite;
}
