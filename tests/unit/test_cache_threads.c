/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/cache: does all of it hold when many threads are at it? */
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>

#define NOW CROWD_NOW
#define SECURE DANEPRIV_PROOF_SECURE

#define THREADS 4
#define ROUNDS 4000
#define SHARED 600 /* names, more than there is room for */

typedef struct worker {
	danepriv_cache *cache;
	unsigned start;
	int wrong;
} worker;

/* Whatever is found is whole: all octets of a record are of one writing. */
static int
judge_found(danepriv_cache *cache, const danepriv_server *server, danepriv_time now)
{
	danepriv_records *records;
	int wrong = 0;

	if (danepriv_cache_get(cache, server, now, &records) != DANEPRIV_OK)
		return 0;
	danepriv_span rdata = danepriv_records_rdata(records, 0);
	for (size_t i = 3; i < rdata.len; i++)
		wrong += rdata.data[i] != rdata.data[3];
	wrong += danepriv_records_until(records) < now;
	danepriv_records_free(records);
	return wrong;
}

static void *
work(void *arg)
{
	worker *w = arg;
	uint32_t number = w->start;
	char text[64];

	for (unsigned i = 0; i < ROUNDS; i++) {
		number = number * 1664525u + 1013904223u;
		danepriv_server server = crowd_server((number >> 8) % SHARED, "shared", text);
		danepriv_time now = NOW + i / 10;
		const uint8_t octets[4] = { 10, 0, 0, (uint8_t)(number >> 9) };
		const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_DOT };
		size_t len = 35 + ((number >> 24) & 7) * 100;
		if (i % 4 == 0)
			crowd_put(w->cache, &server, SECURE, (uint8_t)(number >> 16), len,
			    now + i % 50, now);
		else if (i % 4 == 1)
			(void)!danepriv_cache_claim(w->cache, &server, now, NULL);
		else if (i % 4 == 2)
			(void)!danepriv_cache_bind(w->cache, &address, &server);
		if (i % 7 == 0)
			(void)!danepriv_cache_authenticated(w->cache, &server, 0, NOW);
		(void)!danepriv_cache_note(
		    w->cache, &address, (danepriv_event)(1 + i % 5), 1000, now);
		(void)danepriv_cache_wants_tls(w->cache, &address, now);
		(void)danepriv_cache_generation(w->cache, &server);
		w->wrong += judge_found(w->cache, &server, now);
	}
	return NULL;
}

START_TEST(many_threads)
{
	danepriv_cache *cache = crowd_open(65536);
	pthread_t threads[THREADS];
	worker workers[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (worker){ cache, i * 7919, 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_int_eq(workers[i].wrong, 0);
	}
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

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
	Suite *suite = suite_create("cache_threads");
	TCase *tc = tcase_create("cache_threads");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, many_threads);
	tcase_add_test(tc, one_of_many_looks_up);
	suite_add_tcase(suite, tc);
	return suite;
}
