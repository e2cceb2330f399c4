/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/cache_table: who has to go when there is no more room, how much room is there, and does
 * all of it hold when many threads are at it?  A model, which is a simple list, says what is right.
 */
#include "dane/cache.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define LATE 2000000000
#define SECURE DANEPRIV_PROOF_SECURE

static danepriv_cache *
cache_open(size_t octets)
{
	const danepriv_cache_settings settings = { sizeof settings, octets, 0, 0, 0 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&cache, &settings), DANEPRIV_OK);
	return cache;
}

/* The server of a number; its name lives in `text`. */
static danepriv_server
numbered(unsigned number, const char *zone, char text[64])
{
	(void)snprintf(text, 64, "ns%u.%s.test", number, zone);
	return (danepriv_server){ text, 0, DANEPRIV_DOT };
}

/* One record `3 1 1`, or, from two on, so many octets. */
static void
put(danepriv_cache *cache, const danepriv_server *server, danepriv_proof proof, uint8_t key,
    size_t len, danepriv_time until, danepriv_time now)
{
	uint8_t octets[8190];
	danepriv_span rdata = { octets, len };
	danepriv_records *records;

	memset(octets, key, len);
	memcpy(octets, "\3\1\1", 3);
	ck_assert_int_eq(
	    danepriv_records_vouch(server, NULL, proof, &rdata, proof == SECURE, until, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, now), DANEPRIV_OK);
	danepriv_records_free(records);
}

static bool
is_known(danepriv_cache *cache, const danepriv_server *server)
{
	danepriv_records *records;
	danepriv_status status = danepriv_cache_get(cache, server, NOW, &records);

	danepriv_records_free(records);
	return status == DANEPRIV_OK;
}

static unsigned
count_known(danepriv_cache *cache, const char *zone, unsigned count)
{
	char text[64];
	unsigned known = 0;

	for (unsigned i = 0; i < count; i++) {
		danepriv_server server = numbered(i, zone, text);
		known += is_known(cache, &server);
	}
	return known;
}

/* All lists are whole: each cell is in one place. */
static void
assert_sound(const danepriv_cache *cache)
{
	for (size_t i = 0; i < cache->table.shard_count; i++) {
		dp_shard *shard = dp_table_lock(&cache->table, (uint64_t)i << 32);
		size_t entries = 0;
		ck_assert_uint_eq(
		    shard->newcomers.cells + shard->kept.cells + shard->left, shard->count);
		for (uint32_t b = 0; b <= shard->bucket_mask; b++)
			for (const dp_entry *e = dp_table_first(shard, b); e;
			     e = dp_table_next(shard, e)) {
				ck_assert_uint_eq(e->hash & shard->bucket_mask, b);
				ck_assert_uint_lt(entries++, shard->count);
			}
		dp_table_unlock(shard);
	}
}

/* ---- room ---- */

START_TEST(octets_of_a_server)
{
	enum { SERVERS = 20000, EACH = 400 };
	danepriv_cache *cache = cache_open((size_t)SERVERS * EACH);
	char text[64];

	for (unsigned i = 0; i < SERVERS; i++) {
		danepriv_server server = numbered(i, "example-of-usual-length", text);
		put(cache, &server, SECURE, 7, 35, LATE, NOW);
	}
	ck_assert_uint_eq(count_known(cache, "example-of-usual-length", SERVERS), SERVERS);
	assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

static const size_t sizes[] = { 65536, 65537, 100000, 1u << 20, 5000000, 1u << 24 };

/* However much is put in: two blocks, and no octet more.  Entries of all sizes. */
START_TEST(never_grows)
{
	danepriv_cache *cache = cache_open(sizes[_i]);
	char text[64];

	ck_assert_int_eq(dp_blocks(), 2);
	for (unsigned i = 0; i < 20000; i++) {
		danepriv_server server = numbered(i % 9000, "many", text);
		put(cache, &server, SECURE, (uint8_t)i, i % 50 ? 3 + i % 200 : 8190, LATE, NOW);
		ck_assert(is_known(cache, &server));
		if (i % 3 == 0)
			ck_assert_int_eq(danepriv_cache_authenticated(cache, &server), DANEPRIV_OK);
	}
	ck_assert_int_eq(dp_blocks(), 2);
	assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- who has to go ---- */

#define OWN 300
#define FLOOD 200000

typedef struct flood_row {
	const char *name;
	danepriv_proof proof; /* of the flood; UNKNOWN: claims alone */
	bool is_used;	      /* own servers are asked for in between */
	bool has_addresses;   /* the flood comes with addresses, too */
} flood_row;

static const flood_row floods[] = {
	{ "secure names", SECURE, false, false },
	{ "secure names, own ones in use", SECURE, true, false },
	{ "denials", DANEPRIV_PROOF_DENIED, false, false },
	{ "failures", DANEPRIV_PROOF_BOGUS, false, false },
	{ "claims", DANEPRIV_PROOF_UNKNOWN, false, false },
	{ "with addresses", DANEPRIV_PROOF_DENIED, false, true },
};

static void
flood(danepriv_cache *cache, const flood_row *row, unsigned number)
{
	const uint8_t octets[4] = { 10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_DOT };
	char text[64];
	danepriv_server server = numbered(number, "flood", text);

	if (row->proof == DANEPRIV_PROOF_UNKNOWN)
		ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
	else
		put(cache, &server, row->proof, 1, 35, LATE, NOW);
	if (row->has_addresses)
		ck_assert_int_eq(danepriv_cache_bind(cache, &address, &server), DANEPRIV_OK);
}

/* Servers that once authenticated themselves stay, whoever comes. */
START_TEST(junk_goes_first)
{
	const flood_row *row = &floods[_i];
	danepriv_cache *cache = cache_open(1u << 20);
	char text[64];

	for (unsigned i = 0; i < OWN; i++) {
		danepriv_server server = numbered(i, "own", text);
		put(cache, &server, SECURE, 7, 35, LATE, NOW);
		ck_assert_int_eq(danepriv_cache_authenticated(cache, &server), DANEPRIV_OK);
	}
	/* What is renewed does not have to prove its worth again. */
	for (unsigned i = 0; i < OWN; i++) {
		danepriv_server server = numbered(i, "own", text);
		put(cache, &server, SECURE, 8, 35, LATE, NOW);
	}
	for (unsigned i = 0; i < FLOOD; i++) {
		danepriv_server server = numbered(i % OWN, "own", text);
		flood(cache, row, i);
		if (row->is_used)
			ck_assert(is_known(cache, &server));
	}
	ck_assert_msg(count_known(cache, "own", OWN) == OWN, "%s", row->name);
	ck_assert_int_eq(dp_blocks(), 2);
	assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

/* When there are more of the established than fit, newcomers still find room, and those established
 * that are in use stay. */
START_TEST(newcomers_find_room)
{
	danepriv_cache *cache = cache_open(1u << 20);
	char text[64], busy_text[64];

	for (unsigned i = 0; i < 20000; i++) {
		danepriv_server server = numbered(i, "own", text);
		put(cache, &server, SECURE, 7, 35, LATE, NOW);
		ck_assert_int_eq(danepriv_cache_authenticated(cache, &server), DANEPRIV_OK);
		danepriv_server busy = numbered(i % 100, "own", busy_text);
		ck_assert_msg(is_known(cache, &busy), "%s after %u", busy_text, i);
	}
	for (unsigned i = 0; i < 400; i++) {
		danepriv_server server = numbered(i, "new", text);
		put(cache, &server, SECURE, 7, 35, LATE, NOW);
	}
	/* An eighth of a MiB, at 264 octets each: some 490. */
	ck_assert_uint_ge(count_known(cache, "new", 400), 350);
	assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

/* No two caches put the same names together. */
START_TEST(secret_of_its_own)
{
	danepriv_cache *one = cache_open(65536), *other = cache_open(65536);
	const danepriv_span key = { (const uint8_t *)"a", 1 };

	ck_assert_uint_ne(dp_table_hash(&one->table, key), dp_table_hash(&other->table, key));
	danepriv_cache_free(one);
	danepriv_cache_free(other);
}
END_TEST

/* ---- against a model ---- */

#define NAMES 12
#define STEPS 20000

typedef struct model {
	danepriv_proof proof;
	uint8_t key;
	size_t len;
	long put, until;
	uint64_t generation;
	uint8_t expected; /* key and length that the generation is of */
	size_t expected_len;
	int failures;
	long failed, claimed; /* -1000000: never */
} model;

static uint32_t seed;

static unsigned
random_below(unsigned bound)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % bound;
}

static long
apart(long a, long b)
{
	return a < b ? b - a : a - b;
}

static bool
model_holds(const model *m, long now)
{
	return m->proof && now <= m->until && now >= m->put - (m->until - m->put);
}

static long
model_backoff(const model *m)
{
	long seconds = 60;

	for (int i = 1; i < m->failures; i++)
		seconds = seconds * 2 > 3600 ? 3600 : seconds * 2;
	return m->failures ? seconds : -1;
}

static bool
model_failed(const model *m, long now)
{
	return m->failures && apart(now, m->failed) <= model_backoff(m);
}

static void
step_put(danepriv_cache *cache, const danepriv_server *server, model *m, long now)
{
	danepriv_proof proof = (danepriv_proof)(1 + random_below(5));
	bool fails = proof == DANEPRIV_PROOF_BOGUS || proof == DANEPRIV_PROOF_INDETERMINATE;
	bool had_failed =
	    m->proof == DANEPRIV_PROOF_BOGUS || m->proof == DANEPRIV_PROOF_INDETERMINATE;
	uint8_t key = proof == SECURE ? (uint8_t)(1 + random_below(2)) : 0;
	size_t len = proof == SECURE ? 35 + 300 * random_below(3) : 0;
	long until = now + random_below(200);
	uint64_t generation = danepriv_cache_generation(cache, server);

	put(cache, server, proof, key, len, NOW + until, NOW + now);
	m->claimed = -1000000;
	if (fails && !model_failed(m, now)) {
		m->failed = now;
		m->failures++;
	}
	if (fails && !had_failed && model_holds(m, now))
		return;
	m->proof = proof;
	m->put = now;
	m->until = until;
	m->key = key;
	m->len = len;
	if (fails)
		return;
	m->failures = 0;
	bool same = m->generation && m->expected == key && m->expected_len == len;
	m->expected = key;
	m->expected_len = len;
	m->generation = danepriv_cache_generation(cache, server);
	ck_assert_int_eq(m->generation == generation, same);
}

static void
step_get(danepriv_cache *cache, const danepriv_server *server, const model *m, long now)
{
	danepriv_records *records;
	bool holds = model_holds(m, now);
	danepriv_status status = danepriv_cache_get(cache, server, NOW + now, &records);

	ck_assert_int_eq(status, holds ? DANEPRIV_OK : DANEPRIV_ENOTFOUND);
	ck_assert_uint_eq(danepriv_cache_generation(cache, server), m->generation);
	if (!holds)
		return;
	ck_assert_int_eq(danepriv_records_proof(records), m->proof);
	ck_assert_int_eq(danepriv_records_until(records), NOW + m->until);
	danepriv_span rdata = danepriv_records_rdata(records, 0);
	ck_assert_uint_eq(rdata.len, m->len);
	if (m->len > 0)
		ck_assert_uint_eq(rdata.data[m->len - 1], m->key);
	danepriv_records_free(records);
}

static void
step_claim(danepriv_cache *cache, const danepriv_server *server, model *m, long now)
{
	bool is_free = apart(now, m->claimed) > 10 && !model_failed(m, now);
	danepriv_status status = danepriv_cache_claim(cache, server, NOW + now, NULL);

	ck_assert_int_eq(status, is_free ? DANEPRIV_OK : DANEPRIV_EAGAIN);
	if (is_free)
		m->claimed = now;
	if (random_below(2) == 0)
		return;
	ck_assert_int_eq(danepriv_cache_release(cache, server), DANEPRIV_OK);
	m->claimed = -1000000;
}

START_TEST(against_a_model)
{
	model models[NAMES];
	danepriv_cache *cache = cache_open(1u << 20);
	danepriv_server server;
	char text[64];
	long now = 0;

	seed = (uint32_t)(20261 + _i);
	memset(models, 0, sizeof models);
	for (int i = 0; i < NAMES; i++)
		models[i].claimed = -1000000;
	for (int i = 0; i < STEPS; i++) {
		unsigned which = random_below(NAMES);
		server = numbered(which, "model", text);
		switch (random_below(5)) {
		case 0:
			step_put(cache, &server, &models[which], now);
			break;
		case 1:
			step_claim(cache, &server, &models[which], now);
			break;
		case 2: /* clocks are set, in both directions */
			now += (long)random_below(60) - 20;
			if (random_below(100) == 0)
				now += (long)random_below(20000) - 10000;
			break;
		default:
			step_get(cache, &server, &models[which], now);
			break;
		}
	}
	assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- many threads ---- */

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
		danepriv_server server = numbered((number >> 8) % SHARED, "shared", text);
		danepriv_time now = NOW + i / 10;
		const uint8_t octets[4] = { 10, 0, 0, (uint8_t)(number >> 9) };
		const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_DOT };
		size_t len = 35 + ((number >> 24) & 7) * 100;
		if (i % 4 == 0)
			put(w->cache, &server, SECURE, (uint8_t)(number >> 16), len, now + i % 50,
			    now);
		else if (i % 4 == 1)
			(void)!danepriv_cache_claim(w->cache, &server, now, NULL);
		else if (i % 4 == 2)
			(void)!danepriv_cache_bind(w->cache, &address, &server);
		if (i % 7 == 0)
			(void)!danepriv_cache_authenticated(w->cache, &server);
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
	danepriv_cache *cache = cache_open(65536);
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
	assert_sound(cache);
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
		danepriv_server server = numbered(i, "claimed", text);
		if (danepriv_cache_claim(claimed, &server, NOW, NULL) == DANEPRIV_OK)
			atomic_fetch_add(&granted, 1);
	}
	return NULL;
}

START_TEST(one_of_many_looks_up)
{
	pthread_t threads[THREADS];

	claimed = cache_open(1u << 20);
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
	Suite *suite = suite_create("cache_table");
	TCase *tc = tcase_create("cache_table");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, octets_of_a_server);
	tcase_add_loop_test(tc, never_grows, 0, ROWS(sizes));
	tcase_add_loop_test(tc, junk_goes_first, 0, ROWS(floods));
	tcase_add_test(tc, newcomers_find_room);
	tcase_add_test(tc, secret_of_its_own);
	tcase_add_loop_test(tc, against_a_model, 0, 5);
	tcase_add_test(tc, many_threads);
	tcase_add_test(tc, one_of_many_looks_up);
	suite_add_tcase(suite, tc);
	return suite;
}
