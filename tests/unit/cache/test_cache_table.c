/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/table: who has to go when there is no more room, and how much room is there?  A
 * model, which is a simple list, says what is right. */
#include "cache/table.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

#define NOW CROWD_NOW
#define LATE 2000000000
#define SECURE DANEPRIV_SECURITY_SECURE

/* ---- room ---- */

START_TEST(octets_of_a_server)
{
	enum { SERVERS = 20000, EACH = 400 };
	danepriv_cache *cache = crowd_open((size_t)SERVERS * EACH);
	char text[64];

	for (unsigned i = 0; i < SERVERS; i++) {
		danepriv_server server = crowd_server(i, "example-of-usual-length", text);
		crowd_put(cache, &server, SECURE, 7, 35, LATE, NOW);
	}
	ck_assert_uint_eq(crowd_count(cache, "example-of-usual-length", SERVERS), SERVERS);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

static const size_t sizes[] = { 65536, 65537, 100000, 1u << 20, 5000000, 1u << 24 };

/* However much is put in: two blocks, and no octet more.  Entries of all sizes. */
START_TEST(never_grows)
{
	danepriv_cache *cache = crowd_open(sizes[_i]);
	char text[64];

	ck_assert_int_eq(dp_blocks(), 2);
	for (unsigned i = 0; i < 20000; i++) {
		danepriv_server server = crowd_server(i % 9000, "many", text);
		crowd_put(
		    cache, &server, SECURE, (uint8_t)i, i % 50 ? 3 + i % 200 : 8190, LATE, NOW);
		ck_assert(crowd_knows(cache, &server));
		if (i % 3 == 0)
			ck_assert_int_eq(
			    danepriv_cache_note_match(cache, &server, 0, CROWD_NOW), DANEPRIV_OK);
	}
	ck_assert_int_eq(dp_blocks(), 2);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- who has to go ---- */

#define OWN 300
#define FLOOD 50000

typedef struct flood_row {
	const char *name;
	crowd_junk junk;
	bool is_used; /* own servers are asked for in between */
} flood_row;

static const flood_row floods[] = {
	{ "secure names", CROWD_SECURE, false },
	{ "secure names, own ones in use", CROWD_SECURE, true },
	{ "large records", CROWD_LARGE, false },
	{ "proofs", CROWD_PROVEN, false },
	{ "denials", CROWD_DENIED, false },
	{ "insecure", CROWD_INSECURE, false },
	{ "failures", CROWD_FAILED, false },
	{ "claims", CROWD_CLAIMED, false },
	{ "addresses of servers", CROWD_BOUND, false },
	{ "addresses that do not answer", CROWD_TRIED, false },
	{ "addresses that do", CROWD_REACHED, false },
	{ "all of that", CROWD_ALL, false },
};

/* Servers that once authenticated themselves stay, whoever comes. */
START_TEST(junk_goes_first)
{
	const flood_row *row = &floods[_i];
	danepriv_cache *cache = crowd_open(1u << 20);
	char text[64];

	for (unsigned i = 0; i < OWN; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, SECURE, 7, 35, LATE, NOW);
		ck_assert_int_eq(
		    danepriv_cache_note_match(cache, &server, 0, CROWD_NOW), DANEPRIV_OK);
	}
	/* What is renewed does not have to prove its worth again. */
	for (unsigned i = 0; i < OWN; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, SECURE, 8, 35, LATE, NOW);
	}
	for (unsigned i = 0; i < FLOOD; i++) {
		danepriv_server server = crowd_server(i % OWN, "own", text);
		crowd_throw(cache, row->junk, i);
		if (row->is_used)
			ck_assert(crowd_knows(cache, &server));
	}
	ck_assert_msg(crowd_count(cache, "own", OWN) == OWN, "%s", row->name);
	ck_assert_int_eq(dp_blocks(), 2);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

/* When there are more of the established than fit, newcomers still find room, and those established
 * that are in use stay. */
START_TEST(newcomers_find_room)
{
	danepriv_cache *cache = crowd_open(1u << 20);
	char text[64], busy_text[64];

	for (unsigned i = 0; i < 20000; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, SECURE, 7, 35, LATE, NOW);
		ck_assert_int_eq(
		    danepriv_cache_note_match(cache, &server, 0, CROWD_NOW), DANEPRIV_OK);
		danepriv_server busy = crowd_server(i % 100, "own", busy_text);
		ck_assert_msg(crowd_knows(cache, &busy), "%s after %u", busy_text, i);
	}
	for (unsigned i = 0; i < 400; i++) {
		danepriv_server server = crowd_server(i, "new", text);
		crowd_put(cache, &server, SECURE, 7, 35, LATE, NOW);
	}
	/* An eighth of a MiB, at 264 octets each: some 490. */
	ck_assert_uint_ge(crowd_count(cache, "new", 400), 350);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

/* A lookup that others ask for meanwhile is made once, whoever comes. */
START_TEST(claim_in_use_stays)
{
	danepriv_cache *cache = crowd_open(1u << 20);
	const danepriv_server server = { "ns.claimed.test", 0, DANEPRIV_TRANSPORT_DOT };

	ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
	for (unsigned i = 0; i < FLOOD; i++) {
		crowd_throw(cache, CROWD_CLAIMED, i);
		if (i % 100 == 0)
			ck_assert_int_eq(
			    danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_EAGAIN);
	}
	danepriv_cache_free(cache);
}
END_TEST

/* No two caches put the same names together. */
START_TEST(secret_of_its_own)
{
	danepriv_cache *one = crowd_open(65536), *other = crowd_open(65536);
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
	danepriv_security security;
	uint8_t key;
	size_t len;
	long put, valid_until;
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
	return m->security && now <= m->valid_until && now >= m->put - (m->valid_until - m->put);
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
	danepriv_security security = (danepriv_security)(1 + random_below(5));
	bool fails =
	    security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
	bool had_failed = m->security == DANEPRIV_SECURITY_BOGUS ||
			  m->security == DANEPRIV_SECURITY_INDETERMINATE;
	uint8_t key = security == SECURE ? (uint8_t)(1 + random_below(2)) : 0;
	size_t len = security == SECURE ? 35 + 300 * random_below(3) : 0;
	long until = now + (long)random_below(200);
	uint64_t generation = danepriv_cache_generation(cache, server);

	crowd_put(cache, server, security, key, len, NOW + until, NOW + now);
	m->claimed = -1000000;
	if (fails && !model_failed(m, now)) {
		m->failed = now;
		m->failures++;
	}
	if (fails && !had_failed && model_holds(m, now))
		return;
	m->security = security;
	m->put = now;
	m->valid_until = until;
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
	ck_assert_int_eq(danepriv_records_security(records), m->security);
	ck_assert_int_eq(danepriv_records_valid_until(records), NOW + m->valid_until);
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
	danepriv_cache *cache = crowd_open(1u << 20);
	danepriv_server server;
	char text[64];
	long now = 0;

	seed = (uint32_t)(20261 + _i);
	memset(models, 0, sizeof models);
	for (int i = 0; i < NAMES; i++)
		models[i].claimed = -1000000;
	for (int i = 0; i < STEPS; i++) {
		unsigned which = random_below(NAMES);
		server = crowd_server(which, "model", text);
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
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
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
	tcase_add_test(tc, claim_in_use_stays);
	tcase_add_test(tc, secret_of_its_own);
	tcase_add_loop_test(tc, against_a_model, 0, 5);
	suite_add_tcase(suite, tc);
	return suite;
}
