/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/table: what does it do to a cache of 16 MiB that strangers choose ten million
 * names and addresses?  Work is counted in places looked at, memory in octets of the heap.
 *
 * A hundred thousand and 2 MiB where the heap cannot be counted, which is with the sanitizers. */
#include "base/bounds.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/heap.h"
#include "support/suite.h"

#include <string.h>

#define NOW CROWD_NOW
#define LATE (NOW + 86400)
/* Of a record with the largest RDATA, and what else is taken to put it. */
#define PASSING_OCTETS 32768

/* With as many entries as there can be, one in each bucket, and a hash that nobody can foretell, a
 * chain of more than 17 comes about less than once in 10^10 times. */
#define CHAIN_MAX 17
#define CHAIN_MEAN_MAX 1.6

/* ---- what is ours ---- */

/* Is there room for one more of ours in its shard, when strangers have so many eighths of it? */
static bool
fits(const danepriv_cache *cache, const danepriv_server *server, uint32_t eighths)
{
	enum { CELLS = 2 }; /* of each of ours */
	dp_key key;

	ck_assert_int_eq(dp_key_read(&cache->table, server, &key), DANEPRIV_OK);
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	bool does = shard->kept.cells + CELLS <= shard->count - eighths * (shard->count / 8);
	dp_table_unlock(shard);
	return does;
}

/* Fills all shards with servers that authenticated themselves, and says how many numbers it takes.
 */
static unsigned
put_own(danepriv_cache *cache, uint32_t eighths)
{
	unsigned number = 0, misses = 0;
	char text[64];

	/* So many in a row that do not fit: no shard has room. */
	for (; misses < 2000; number++) {
		danepriv_server server = crowd_server(number, "own", text);
		if (!fits(cache, &server, eighths)) {
			misses++;
			continue;
		}
		misses = 0;
		crowd_put(cache, &server, DANEPRIV_SECURITY_SECURE, (uint8_t)number, 35, LATE, NOW);
		ck_assert_int_eq(danepriv_cache_note_match(cache, &server, 0, NOW), DANEPRIV_OK);
	}
	return number;
}

/* Of the first `count` numbers, those that are there, and that with the keys that they had. */
static unsigned
count_own(danepriv_cache *cache, unsigned count)
{
	danepriv_records *records;
	unsigned found = 0;
	char text[64];

	for (unsigned i = 0; i < count; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		if (danepriv_cache_get(cache, &server, NOW, &records) != DANEPRIV_OK)
			continue;
		found++;
		ck_assert_uint_eq(danepriv_records_count(records), 1);
		ck_assert_uint_eq(danepriv_records_rdata(records, 0).data[34], (uint8_t)i);
		danepriv_records_free(records);
	}
	return found;
}

/* ---- the flood ---- */

static void
assert_quick(const danepriv_cache *cache)
{
	crowd_chains chains = crowd_measure(&cache->table);

	ck_assert_msg(chains.longest <= CHAIN_MAX && chains.mean <= CHAIN_MEAN_MAX,
	    "%u places at the most, %.2f in the mean", chains.longest, chains.mean);
}

typedef struct flood_row {
	const char *name;
	crowd_junk junk;
	unsigned count, count_sanitized;
	uint32_t eighths; /* that they take from ours */
} flood_row;

static const flood_row floods[] = {
	{ "names", CROWD_NAMES, 1000000, 50000, 1 },
	{ "names and addresses", CROWD_ALL, 10000000, 100000, 2 },
};

START_TEST(chosen)
{
	const flood_row *row = &floods[_i];
	bool is_whole = heap_is_counted();
	unsigned count = is_whole ? row->count : row->count_sanitized;
	size_t octets = is_whole ? 16u << 20 : 2u << 20;

	heap_start();
	danepriv_cache *cache = crowd_open(octets);
	ck_assert_uint_le(heap_peak(), octets);
	unsigned numbers = put_own(cache, row->eighths), own = count_own(cache, numbers);
	/* Of cells, which take 136 octets with what leads there, by two. */
	ck_assert_uint_ge(own, octets / 136 * (8 - row->eighths) / 8 / 2 - 500);
	heap_start();
	for (unsigned i = 0; i < count; i++) {
		crowd_throw(cache, row->junk, i);
		if (i % (count / 10) == 0)
			assert_quick(cache);
	}
	ck_assert_uint_le(heap_peak(), PASSING_OCTETS);
	ck_assert_int_eq(dp_blocks(), 2);
	ck_assert_msg(count_own(cache, numbers) == own, "%s", row->name);
	assert_quick(cache);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- work ---- */

/* How many entries are marked as used; each that is looked at in search of one that is to go loses
 * its mark. */
static unsigned long
count_marks(const danepriv_cache *cache, bool sets)
{
	unsigned long marks = 0;

	for (size_t i = 0; i < cache->table.shard_count; i++) {
		dp_shard *shard = dp_table_lock(&cache->table, dp_table_hash_of_shard(i));
		for (uint32_t b = 0; b <= shard->bucket_mask; b++)
			for (const dp_entry *e = dp_table_first(shard, b); e;
			     e = dp_table_next(shard, e)) {
				marks += e->is_used;
				if (sets)
					dp_table_use((dp_entry *)(uintptr_t)e);
			}
		dp_table_unlock(shard);
	}
	return marks;
}

typedef struct work_row {
	const char *name;
	size_t octets;	 /* of the cache */
	bool is_own;	 /* it is full of servers that authenticated themselves, and newcomers */
	crowd_junk junk; /* that comes then */
	unsigned long cells;
} work_row;

/* What it takes does not depend on how large the cache is. */
static const work_row works[] = {
	{ "a server", 1u << 17, false, CROWD_SECURE, 2 },
	{ "a server among 8 times as many", 1u << 20, false, CROWD_SECURE, 2 },
	{ "a server among ours", 1u << 17, true, CROWD_SECURE, 2 },
	{ "a server among ours, 8 times as many", 1u << 20, true, CROWD_SECURE, 2 },
	{ "the largest", 1u << 17, false, CROWD_LARGE, 67 },
	{ "the largest among 8 times as many", 1u << 20, false, CROWD_LARGE, 67 },
	{ "the largest among ours", 1u << 20, true, CROWD_LARGE, 67 },
	{ "a claim", 1u << 20, false, CROWD_CLAIMED, 2 },
	{ "an address", 1u << 20, false, CROWD_BOUND, 1 },
	{ "an address that answers", 1u << 20, true, CROWD_REACHED, 1 },
};

static void
fill(danepriv_cache *cache, const work_row *row)
{
	unsigned count = (unsigned)(row->octets / 64); /* twice as many as there are cells */
	char text[64];

	if (!row->is_own)
		for (unsigned i = 0; i < count / row->cells; i++)
			crowd_throw(cache, row->junk, i);
	for (unsigned i = 0; row->is_own && i < count; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, DANEPRIV_SECURITY_SECURE, 7, 35, LATE, NOW);
		ck_assert_int_eq(danepriv_cache_note_match(cache, &server, 0, NOW), DANEPRIV_OK);
	}
}

/* Where all that is there is in use, which is the worst: for each cell that is needed no more are
 * looked at than have a chance. */
START_TEST(work_is_bounded)
{
	const work_row *row = &works[_i];
	danepriv_cache *cache = crowd_open(row->octets);

	unsigned long sum = 0;

	fill(cache, row);
	for (unsigned i = 0; i < 20; i++) {
		(void)count_marks(cache, true);
		unsigned long before = count_marks(cache, false);
		crowd_throw(cache, row->junk, 1000000 + i);
		unsigned long looked_at = before - count_marks(cache, false);
		ck_assert_msg(looked_at <= row->cells * (DP_CACHE_CHANCES_MAX + 1), "%s: %lu",
		    row->name, looked_at);
		sum += looked_at;
	}
	/* Else the marks say nothing.  Who goes may leave room for two. */
	ck_assert_msg(sum >= 10, "%s: nobody goes", row->name);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_flood");
	TCase *tc = tcase_create("cache_flood");

	tcase_set_timeout(tc, 280);
	tcase_add_loop_test(tc, chosen, 0, ROWS(floods));
	tcase_add_loop_test(tc, work_is_bounded, 0, ROWS(works));
	suite_add_tcase(suite, tc);
	return suite;
}
