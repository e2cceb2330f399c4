/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/memo: has this key been seen to have made this signature over these octets? */
#include "crypto/memo.h"
#include "crypto/start.h"
#include "dnssec/validator.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/records.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct triple {
	const char *name;
	const char *key, *data, *signature;
} triple;

static const triple remembered = { "remembered", "key", "data", "signature" };

/* None of these is the one above. */
static const triple others[] = {
	{ "key", "kez", "data", "signature" },
	{ "data", "key", "dato", "signature" },
	{ "signature", "key", "data", "signaturE" },
	{ "shorter key", "ke", "data", "signature" },
	{ "shorter data", "key", "dat", "signature" },
	{ "longer signature", "key", "data", "signature." },
	{ "octet moved to the data", "ke", "ydata", "signature" },
	{ "octet moved to the signature", "key", "dat", "asignature" },
	{ "octet moved to the key", "keys", "data", "ignature" },
	{ "no key", "", "data", "signature" },
	{ "no data", "key", "", "signature" },
	{ "no signature", "key", "data", "" },
	{ "changed places", "signature", "data", "key" },
	{ "nothing", "", "", "" },
};

static danepriv_span
span_of(const char *text)
{
	danepriv_span s = { (const uint8_t *)text, strlen(text) };

	return s;
}

static dp_fingerprint
print_of(const dp_memo *memo, const triple *t)
{
	return dp_memo_fingerprint(memo, span_of(t->key), span_of(t->data), span_of(t->signature));
}

static dp_fingerprint
numbered(const dp_memo *memo, unsigned number)
{
	danepriv_span s = { (const uint8_t *)&number, sizeof number };

	return dp_memo_fingerprint(memo, s, s, s);
}

START_TEST(knows_what_it_was_told)
{
	dp_memo *memo = dp_memo_new(16), *stranger = dp_memo_new(16);
	dp_fingerprint first = print_of(memo, &remembered), other = print_of(memo, &others[_i]);
	dp_fingerprint nothing = { { 0 } };

	ck_assert(!dp_memo_knows(memo, &first));
	ck_assert(!dp_memo_knows(memo, &other));
	dp_memo_remember(memo, &first);
	ck_assert(dp_memo_knows(memo, &first));
	ck_assert_msg(!dp_memo_knows(memo, &other), "%s", others[_i].name);
	/* An empty place and one of zeros are not the same, and each memory has a secret of its
	 * own. */
	nothing.words[0] = 1;
	ck_assert(!dp_memo_knows(memo, &nothing));
	dp_fingerprint theirs = print_of(stranger, &remembered);
	ck_assert(memcmp(&theirs, &first, sizeof first) != 0);
	ck_assert(!dp_memo_knows(memo, &theirs));
	dp_memo_free(memo);
	dp_memo_free(stranger);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

static const struct {
	uint32_t entries;
	unsigned told, least, most; /* how many of those told may be known afterwards */
} sizes[] = {
	{ 0, 100, 4, 4 },
	{ 1, 100, 4, 4 },
	{ 4, 100, 4, 4 },
	{ 5, 1000, 8, 8 },
	{ 64, 10000, 60, 64 },
	{ 4096, 1000, 990, 1000 },
};

/* It forgets, and it never makes up. */
START_TEST(holds_as_many_as_it_has_room_for)
{
	dp_memo *memo = dp_memo_new(sizes[_i].entries);
	unsigned known = 0;

	for (unsigned n = 0; n < sizes[_i].told; n++) {
		dp_fingerprint f = numbered(memo, n);
		dp_memo_remember(memo, &f);
		ck_assert(dp_memo_knows(memo, &f));
	}
	for (unsigned n = 0; n < 2 * sizes[_i].told; n++) {
		dp_fingerprint f = numbered(memo, n);
		bool knows = dp_memo_knows(memo, &f);
		known += knows;
		ck_assert(!knows || n < sizes[_i].told);
	}
	ck_assert_uint_ge(known, sizes[_i].least);
	ck_assert_uint_le(known, sizes[_i].most);
	dp_memo_free(memo);
}
END_TEST

START_TEST(no_memory)
{
	for (long n = 0; n < 2; n++) {
		dp_fail_allocation_at(n);
		ck_assert_ptr_null(dp_memo_new(4096));
		dp_fail_allocation_at(-1);
		ck_assert_int_eq(dp_blocks(), 0);
	}
	dp_memo_free(NULL);
}
END_TEST

#define THREADS 4
#define EACH 20000

static dp_memo *shared;

/* Tells odd numbers, asks for all: even ones were never told. */
static void *
tell_and_ask(void *arg)
{
	unsigned start = *(const unsigned *)arg;

	for (unsigned n = start; n < start + EACH; n++) {
		dp_fingerprint f = numbered(shared, n);
		if (n % 2)
			dp_memo_remember(shared, &f);
		else if (dp_memo_knows(shared, &f))
			return shared;
	}
	return NULL;
}

START_TEST(many_threads)
{
	pthread_t threads[THREADS];
	unsigned starts[THREADS];
	void *wrong;

	shared = dp_memo_new(64);
	for (unsigned i = 0; i < THREADS; i++) {
		starts[i] = i * EACH / 2; /* half of it is another's, too */
		ck_assert_int_eq(pthread_create(&threads[i], NULL, tell_and_ask, &starts[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
		ck_assert_ptr_null(wrong);
	}
	dp_memo_free(shared);
}
END_TEST

/* ---- in proofs ---- */

static proof_cases cases;

/* The second time nothing that verified is verified again, and all else is the same. */
START_TEST(same_verdict_again)
{
	const proof_case *c = &cases.list[_i];
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_validator *first = malloc(sizeof *first), *again = malloc(sizeof *again);
	dp_found one = proofs_judge(ctx, c, octets_span(c->chain), first, NULL);
	dp_found two = proofs_judge(ctx, c, octets_span(c->chain), again, NULL);

	ck_assert_int_eq(one.proven.security, two.proven.security);
	ck_assert_int_eq(one.proven.reason, two.proven.reason);
	ck_assert_int_eq(one.proven.valid_until, two.proven.valid_until);
	ck_assert_uint_eq(first->budget.work, again->budget.work);
	ck_assert_uint_le(again->verified, first->verified);
	if (c->security == DANEPRIV_SECURITY_SECURE && first->verified > 0)
		ck_assert_uint_lt(again->verified, first->verified);
	dp_validator_free(first);
	dp_validator_free(again);
	free(first);
	free(again);
	danepriv_close(ctx);
}
END_TEST

/* What was proven proves nothing for what differs in one octet. */
START_TEST(warm_is_no_weaker)
{
	const proof_case *c = &cases.list[0];
	danepriv *ctx = proofs_open(c->anchors, NULL), *cold = proofs_open(c->anchors, NULL);
	dp_validator *v = malloc(sizeof *v);
	test_octets chain = octets_copy(octets_span(c->chain));

	ck_assert_int_eq(proofs_judge(ctx, c, octets_span(chain), v, NULL).proven.security,
	    DANEPRIV_SECURITY_SECURE);
	ck_assert_uint_gt(v->verified, 0);
	dp_validator_free(v);
	ck_assert_int_eq(proofs_judge(ctx, c, octets_span(chain), v, NULL).proven.security,
	    DANEPRIV_SECURITY_SECURE);
	ck_assert_uint_eq(v->verified, 0);
	dp_validator_free(v);
	for (size_t i = (size_t)_i; i < chain.len; i += 16) {
		chain.data[i] ^= 1;
		dp_found warm = proofs_judge(ctx, c, octets_span(chain), v, NULL);
		dp_validator_free(v);
		dp_found fresh = proofs_judge(cold, c, octets_span(chain), v, NULL);
		dp_validator_free(v);
		ck_assert_msg(warm.proven.security == fresh.proven.security &&
				  warm.proven.reason == fresh.proven.reason &&
				  warm.proven.valid_until == fresh.proven.valid_until,
		    "octet %zu", i);
		chain.data[i] ^= 1;
	}
	free(v);
	octets_free(chain);
	danepriv_close(ctx);
	danepriv_close(cold);
}
END_TEST

START_TEST(settings)
{
	static const struct {
		uint32_t memo;
		danepriv_status status;
	} rows[] = { { 0, 0 }, { 1, 0 }, { 16777216, 0 }, { 16777217, DANEPRIV_ELIMIT },
		{ UINT32_MAX, DANEPRIV_ELIMIT } };
	danepriv_settings wanted = { .size = sizeof wanted, .memo = rows[_i].memo };
	danepriv *ctx;

	ck_assert_int_eq(danepriv_open(&wanted, &ctx), rows[_i].status);
	ck_assert_int_eq(ctx != NULL, rows[_i].status == DANEPRIV_OK);
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("memo");
	TCase *tc = tcase_create("memo");

	(void)dp_crypto_start();
	proofs_read(&cases, "rfc9102/chains.txt");
	proofs_read(&cases, "proofs/limits.txt");
	proofs_read(&cases, "proofs/signatures.txt");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, knows_what_it_was_told, 0, ROWS(others));
	tcase_add_loop_test(tc, holds_as_many_as_it_has_room_for, 0, ROWS(sizes));
	tcase_add_test(tc, no_memory);
	tcase_add_test(tc, many_threads);
	tcase_add_loop_test(tc, same_verdict_again, 0, (int)cases.count);
	tcase_add_loop_test(tc, warm_is_no_weaker, 0, 16);
	tcase_add_loop_test(tc, settings, 0, 5);
	suite_add_tcase(suite, tc);
	return suite;
}
