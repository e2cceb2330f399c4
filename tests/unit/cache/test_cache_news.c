/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/cache: what follows when one thing is learnt after the other, and what failed lately? */
#include "cache/cache.h"
#include "support/cached.h"
#include "support/crowd.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static uint8_t octets[70000]; /* of no meaning */

/* ---- one after the other ---- */

typedef struct step {
	danepriv_security security;
	const char *keys;
	int at, valid_until; /* seconds after NOW */
} step;

typedef struct sequel_row {
	const char *name;
	step first, second;
	int asked; /* seconds after NOW */
	danepriv_security wanted;
	const char *keys;
	bool is_same; /* generation */
} sequel_row;

static const sequel_row sequels[] = {
	{ "the same", { SECURE, "a", 0, 100 }, { SECURE, "a", 10, 200 }, 150, SECURE, "a", true },
	{ "in another order", { SECURE, "ab", 0, 9 }, { SECURE, "ba", 1, 9 }, 2, SECURE, "ba",
	    true },
	{ "other key", { SECURE, "a", 0, 99 }, { SECURE, "b", 1, 99 }, 1, SECURE, "b", false },
	{ "one more", { SECURE, "a", 0, 99 }, { SECURE, "ab", 1, 99 }, 1, SECURE, "ab", false },
	{ "one less", { SECURE, "ab", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "one twice", { SECURE, "ab", 0, 99 }, { SECURE, "aab", 1, 99 }, 1, SECURE, "aab", false },
	{ "a shorter life", { SECURE, "a", 0, 99 }, { SECURE, "a", 1, 5 }, 6, NOTHING, "", true },
	{ "withdrawn", { SECURE, "a", 0, 99 }, { DENIED, "", 1, 99 }, 1, DENIED, "", false },
	{ "withdrawn, and that is over", { SECURE, "a", 0, 99 }, { DENIED, "", 1, 5 }, 6, NOTHING,
	    "", false },
	{ "unsigned now", { SECURE, "a", 0, 99 }, { INSECURE, "", 1, 99 }, 1, INSECURE, "", false },
	{ "published now", { DENIED, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "signed now", { INSECURE, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "denied again", { DENIED, "", 0, 9 }, { DENIED, "", 1, 99 }, 50, DENIED, "", true },
	{ "denied, then unsigned", { DENIED, "", 0, 9 }, { INSECURE, "", 1, 99 }, 50, INSECURE, "",
	    true },
	{ "bogus does not suppress", { SECURE, "a", 0, 99 }, { BOGUS, "", 1, 99 }, 1, SECURE, "a",
	    true },
	{ "nor indeterminate", { SECURE, "a", 0, 99 }, { INDETERMINATE, "", 1, 999 }, 99, SECURE,
	    "a", true },
	{ "nor of denials", { DENIED, "", 0, 99 }, { BOGUS, "", 1, 99 }, 1, DENIED, "", true },
	{ "nor of unsigned", { INSECURE, "", 0, 99 }, { BOGUS, "", 1, 99 }, 1, INSECURE, "", true },
	{ "not for longer", { SECURE, "a", 0, 9 }, { BOGUS, "", 1, 99 }, 10, NOTHING, "", true },
	{ "bogus when it is over", { SECURE, "a", 0, 9 }, { BOGUS, "", 10, 99 }, 10, BOGUS, "",
	    true },
	{ "one failure, then another", { BOGUS, "", 0, 99 }, { INDETERMINATE, "", 1, 99 }, 1,
	    INDETERMINATE, "", true },
	{ "well again", { BOGUS, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "put before, clock set back", { SECURE, "a", 50, 99 }, { SECURE, "b", 0, 99 }, 0, SECURE,
	    "b", false },
};

START_TEST(sequel)
{
	const sequel_row *row = &sequels[_i];
	danepriv_cache *cache = cached_open();
	danepriv_records *got;
	const step *s = &row->first;

	ck_assert_int_eq(cached_put(cache, s->security, s->keys, NOW + s->valid_until, NOW + s->at),
	    DANEPRIV_OK);
	uint64_t before = danepriv_cache_generation(cache, &cached_server);
	ck_assert_int_eq(before == 0, s->security == BOGUS);
	s = &row->second;
	ck_assert_int_eq(cached_put(cache, s->security, s->keys, NOW + s->valid_until, NOW + s->at),
	    DANEPRIV_OK);
	ck_assert_msg((danepriv_cache_generation(cache, &cached_server) == before) == row->is_same,
	    "%s", row->name);
	ck_assert_msg(cached_proof(cache, NOW + row->asked) == row->wanted, "%s", row->name);
	(void)danepriv_cache_get(cache, &cached_server, NOW + row->asked, &got);
	ck_assert_msg(danepriv_records_count(got) == strlen(row->keys), "%s", row->name);
	for (size_t i = 0; i < strlen(row->keys); i++)
		ck_assert_msg(danepriv_records_rdata(got, i).data[34] == (uint8_t)row->keys[i],
		    "%s", row->name);
	danepriv_records_free(got);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(generations_do_not_come_back)
{
	static const char *const keys[] = { "a", "b", "a", "ab", "a" };
	danepriv_cache *cache = cached_open();
	uint64_t seen[ROWS(keys)];

	ck_assert_uint_eq(danepriv_cache_generation(cache, &cached_server), 0);
	for (int i = 0; i < ROWS(keys); i++) {
		ck_assert_int_eq(cached_put(cache, SECURE, keys[i], NOW + 9, NOW), DANEPRIV_OK);
		seen[i] = danepriv_cache_generation(cache, &cached_server);
		for (int j = 0; j < i; j++)
			ck_assert_uint_ne(seen[i], seen[j]);
	}
	danepriv_cache_free(cache);
}
END_TEST

/* What is too large takes the place of what was known, and the server is not forgotten over it. */
START_TEST(too_large)
{
	danepriv_cache *cache = cached_open();
	danepriv_span rdata = { octets, 8191 };
	danepriv_records *records, *got;

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 9, NOW), DANEPRIV_OK);
	uint64_t generation = danepriv_cache_generation(cache, &cached_server);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &rdata, 1, NOW + 9, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_uint_ne(danepriv_cache_generation(cache, &cached_server), generation);
	ck_assert_int_eq(danepriv_cache_get(cache, &cached_server, NOW, &got), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(got), SECURE);
	ck_assert_uint_eq(danepriv_records_count(got), 0);
	danepriv_records_free(got);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- failures and claims ---- */

static void
assert_claim(danepriv_cache *cache, danepriv_time now, danepriv_status wanted, danepriv_time again)
{
	danepriv_time told = -1;

	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, now, &told), wanted);
	ck_assert_int_eq(told, again);
	if (wanted == DANEPRIV_OK)
		ck_assert_int_eq(danepriv_cache_release(cache, &cached_server), DANEPRIV_OK);
}

static const int backoffs[] = { 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600 };

/* Each failure that follows the last at once doubles the time up to an hour, with evidence that
 * still holds or without. */
START_TEST(failures_back_off)
{
	danepriv_cache *cache = cached_open();
	danepriv_time now = NOW;

	if (_i)
		ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 200000, NOW), DANEPRIV_OK);
	for (int round = 0; round < 40; round++) {
		int span = round < ROWS(backoffs) ? backoffs[round] : 3600;
		ck_assert_int_eq(cached_put(cache, BOGUS, "", now + 1, now), DANEPRIV_OK);
		/* Of the same time, and so none of its own. */
		ck_assert_int_eq(
		    cached_put(cache, INDETERMINATE, "", now + 1, now + 1), DANEPRIV_OK);
		assert_claim(cache, now, DANEPRIV_EAGAIN, now + span + 1);
		assert_claim(cache, now + span, DANEPRIV_EAGAIN, now + span + 1);
		assert_claim(cache, now + span + 1, DANEPRIV_OK, now + span + 1);
		/* Clocks that are set back: as far as the span, and no further. */
		assert_claim(cache, now - span, DANEPRIV_EAGAIN, now + 1);
		assert_claim(cache, now - span - 1, DANEPRIV_OK, now - span - 1);
		ck_assert_int_eq(cached_proof(cache, now + 3), _i ? SECURE : NOTHING);
		now += span + 1;
	}
	/* All is well again, and the next failure is the first. */
	ck_assert_int_eq(cached_put(cache, DENIED, "", now + 1, now), DANEPRIV_OK);
	assert_claim(cache, now, DANEPRIV_OK, now);
	ck_assert_int_eq(cached_put(cache, BOGUS, "", now + 9, now + 2), DANEPRIV_OK);
	assert_claim(cache, now + 2, DANEPRIV_EAGAIN, now + 63);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	const char *name;
	int seconds; /* after the claim */
	bool is_free;
} claims[] = {
	{ "at once", 0, false },
	{ "nearly", 9, false },
	{ "the last second", 10, false },
	{ "over", 11, true },
	{ "long over", 100000, true },
	{ "set back", -1, false },
	{ "set back by the span", -10, false },
	{ "set back by more", -11, true },
};

START_TEST(claim_ends)
{
	danepriv_time now = NOW + claims[_i].seconds, again;
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(cached_proof(cache, NOW), NOTHING);
	ck_assert_uint_eq(danepriv_cache_generation(cache, &cached_server), 0);
	danepriv_status status = danepriv_cache_claim(cache, &cached_server, now, &again);
	ck_assert_msg((status == DANEPRIV_OK) == claims[_i].is_free, "%s", claims[_i].name);
	if (status != DANEPRIV_OK) {
		ck_assert_int_eq(status, DANEPRIV_EAGAIN);
		ck_assert_int_eq(again, (now < NOW ? now : NOW) + 11);
	}
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(claim_is_ended)
{
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(danepriv_cache_release(cache, &cached_server), NOTFOUND);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(
		    danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
		ck_assert_int_eq(
		    danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_EAGAIN);
		ck_assert_int_eq(danepriv_cache_release(cache, &cached_server), DANEPRIV_OK);
		ck_assert_int_eq(
		    danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
		ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW, NOW), DANEPRIV_OK);
	}
	/* The last failure's time is the one that counts. */
	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(cached_put(cache, BOGUS, "", NOW, NOW), DANEPRIV_OK);
	assert_claim(cache, NOW + 11, DANEPRIV_EAGAIN, NOW + 61);
	assert_claim(cache, INT64_MAX, DANEPRIV_OK, INT64_MAX);
	assert_claim(cache, INT64_MIN, DANEPRIV_OK, INT64_MIN);
	danepriv_cache_free(cache);
}
END_TEST

#define THREADS 4

/* Of all who ask at the same time one may look up. */
static danepriv_cache *claimed;
static atomic_int granted;

static void *
claim_all(void *arg)
{
	char text[64];

	(void)arg;
	for (unsigned i = 0; i < 1000; i++) {
		danepriv_server server = crowd_server(i, "claimed", text);
		if (danepriv_cache_claim(claimed, &server, NOW, NULL) == DANEPRIV_OK)
			atomic_fetch_add(&granted, 1);
	}
	return NULL;
}

START_TEST(one_of_many_looks_up)
{
	pthread_t threads[THREADS];

	claimed = crowd_open(1u << 20);
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, claim_all, NULL), 0);
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(atomic_load(&granted), 1000);
	danepriv_cache_free(claimed);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_news");
	TCase *tc = tcase_create("cache_news");

	tcase_add_loop_test(tc, sequel, 0, ROWS(sequels));
	tcase_add_test(tc, generations_do_not_come_back);
	tcase_add_test(tc, too_large);
	tcase_add_loop_test(tc, failures_back_off, 0, 2);
	tcase_add_loop_test(tc, claim_ends, 0, ROWS(claims));
	tcase_add_test(tc, claim_is_ended);
	tcase_add_test(tc, one_of_many_looks_up);
	suite_add_tcase(suite, tc);
	return suite;
}
