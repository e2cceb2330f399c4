/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/cache: what is left of it after a fork?  Two caches, which learn nothing of each other;
 * and what another thread held at that moment is lost to the child alone. */
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"

#include "support/cached.h"
#include "support/credentials.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LATE (NOW + 86400)
#define OTHERS 100
#define SHARDS_OCTETS (2u << 20) /* enough for several shards */

static danepriv_cache *cache;
static danepriv_cache *before; /* of the parent */
static int to_child[2], to_parent[2];

/* ---- two processes ---- */

static void
send_octets(int pipe[2], const void *octets, size_t len)
{
	if (write(pipe[1], octets, len) != (ssize_t)len)
		_exit(99);
}

static void
receive_octets(int pipe[2], void *octets, size_t len)
{
	if (read(pipe[0], octets, len) != (ssize_t)len)
		_exit(98);
}

static void
tell(int pipe[2])
{
	send_octets(pipe, "", 1);
}

/* Until the other one tells. */
static void
wait_for(int pipe[2])
{
	char ignored;

	receive_octets(pipe, &ignored, 1);
}

/* Says 0, or the number of what is wrong, when the child's `work` is done. */
static pid_t
begin(int (*work)(void))
{
	ck_assert_int_eq(pipe(to_child), 0);
	ck_assert_int_eq(pipe(to_parent), 0);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		/* When the parent fails, whoever waits for it is to fail, too. */
		(void)close(to_child[1]);
		(void)close(to_parent[0]);
		_exit(work());
	}
	(void)close(to_child[0]);
	(void)close(to_parent[1]);
	return child;
}

static void
assert_ends_well(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	(void)close(to_child[1]);
	(void)close(to_parent[0]);
	ck_assert(WIFEXITED(status));
	ck_assert_msg(WEXITSTATUS(status) == 0, "wrong in the child: %d", WEXITSTATUS(status));
}

/* ---- what is known ---- */

static uint8_t
key_of(const char *zone, unsigned number)
{
	char text[64];
	const danepriv_server server = crowd_server(number, zone, text);
	danepriv_records *records;

	if (danepriv_cache_get(cache, &server, NOW, &records) != DANEPRIV_OK)
		return 0;
	uint8_t key = danepriv_records_rdata(records, 0).data[34];
	danepriv_records_free(records);
	return key;
}

static void
put_all(const char *zone, uint8_t key)
{
	char text[64];

	for (unsigned i = 0; i < OTHERS; i++) {
		const danepriv_server server = crowd_server(i, zone, text);
		crowd_put(cache, &server, SECURE, key, 35, LATE, NOW);
	}
}

static unsigned
count_of(const char *zone, uint8_t key)
{
	unsigned count = 0;

	for (unsigned i = 0; i < OTHERS; i++)
		count += key_of(zone, i) == key;
	return count;
}

/* ---- a copy each ---- */

static int
change_the_copy(void)
{
	char text[64];
	const danepriv_server server = crowd_server(0, "both", text);

	if (count_of("both", 'a') != OTHERS)
		return 1;
	put_all("both", 'c');
	put_all("child", 'c');
	if (danepriv_cache_note_match(cache, &server, 0, NOW) != DANEPRIV_OK)
		return 2;
	tell(to_parent);
	wait_for(to_child);
	if (count_of("both", 'c') != OTHERS || count_of("child", 'c') != OTHERS)
		return 3;
	if (count_of("parent", 'p') != 0)
		return 4;
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	return dp_blocks() != 0;
}

START_TEST(each_has_its_own)
{
	cache = crowd_open(SHARDS_OCTETS);
	put_all("both", 'a');
	pid_t child = begin(change_the_copy);
	wait_for(to_parent);
	ck_assert_uint_eq(count_of("both", 'a'), OTHERS);
	ck_assert_uint_eq(count_of("child", 'c'), 0);
	put_all("parent", 'p');
	put_all("both", 'p');
	tell(to_child);
	assert_ends_well(child);
	ck_assert_uint_eq(count_of("both", 'p'), OTHERS);
	ck_assert_uint_eq(count_of("parent", 'p'), OTHERS);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- held at that moment ---- */

static dp_shard *held;

static bool
is_held(const char *zone, unsigned number)
{
	char text[64];
	const danepriv_server server = crowd_server(number, zone, text);
	dp_key key;

	(void)!dp_key_read(&cache->table, &server, &key);
	return &cache->table.shards[(key.hash >> 32) & (cache->table.shard_count - 1)] == held;
}

/* All that does not belong into that shard can be read and written. */
static int
go_on_elsewhere(void)
{
	unsigned elsewhere = 0;
	char text[64];

	tell(to_parent);
	wait_for(to_child);
	for (unsigned i = 0; i < OTHERS; i++) {
		if (is_held("both", i))
			continue;
		const danepriv_server server = crowd_server(i, "both", text);
		elsewhere++;
		if (key_of("both", i) != 'a')
			return 1;
		crowd_put(cache, &server, SECURE, 'c', 35, LATE, NOW);
		if (key_of("both", i) != 'c')
			return 2;
	}
	if (elsewhere == 0 || elsewhere == OTHERS)
		return 3;
	/* The parent has let go of it long since, and nobody here ever will. */
	return atomic_load(&held->is_locked) ? 0 : 4;
}

/* The thread that holds it is the one that forks, so that it is sure to. */
START_TEST(what_is_held_stays_so)
{
	cache = crowd_open(SHARDS_OCTETS);
	put_all("both", 'a');
	held = dp_table_lock(&cache->table, dp_table_hash_of_shard(0));
	pid_t child = begin(go_on_elsewhere);
	wait_for(to_parent);
	dp_table_unlock(held);
	ck_assert_uint_eq(count_of("both", 'a'), OTHERS);
	tell(to_child);
	assert_ends_well(child);
	ck_assert_uint_eq(count_of("both", 'a'), OTHERS);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- made after fork ---- */

static uint64_t
hash_of_a(const danepriv_cache *of)
{
	const danepriv_span a = { (const uint8_t *)"a", 1 };

	return dp_table_hash(&of->table, a);
}

/* A context, a cache and a judgement of its own. */
static int
begin_anew(void)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records;
	test_peer peer;
	long blocks = dp_blocks(); /* of the parent's */

	danepriv *ctx = context_open("-");
	peer_open(&peer, "ee");
	test_octets rdata = rdata_of_peer(&peer, 3, 1, 1);
	const danepriv_span record = octets_span(rdata);
	cache = crowd_open(65536);
	if (danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE, &record, 1,
		LATE, &records) != DANEPRIV_OK ||
	    danepriv_cache_put(cache, records, NOW) != DANEPRIV_OK)
		return 1;
	if (danepriv_cache_evaluate(cache, ctx, &cached_server, &peer.credential, NOW, &verdict) !=
		DANEPRIV_OK ||
	    verdict.finding != DANEPRIV_FINDING_MATCH)
		return 2;
	uint64_t hash = hash_of_a(cache);
	send_octets(to_parent, &hash, sizeof hash);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(rdata);
	peer_close(&peer);
	danepriv_close(ctx);
	return dp_blocks() != blocks;
}

/* With a parent that had been at work before, or not; and no two of them put the same names
 * together. */
START_TEST(each_begins_anew)
{
	uint64_t hashes[3] = { 0 };
	danepriv *ctx = NULL;

	before = NULL;
	if (_i) {
		ctx = context_open("-");
		before = crowd_open(65536);
		hashes[2] = hash_of_a(before);
	}
	for (int i = 0; i < 2; i++) {
		pid_t child = begin(begin_anew);
		receive_octets(to_parent, &hashes[i], sizeof hashes[i]);
		assert_ends_well(child);
	}
	ck_assert_uint_ne(hashes[0], hashes[1]);
	ck_assert_uint_ne(hashes[0], hashes[2]);
	ck_assert_uint_ne(hashes[1], hashes[2]);
	danepriv_cache_free(before);
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_fork");
	TCase *tc = tcase_create("cache_fork");

	tcase_add_test(tc, each_has_its_own);
	tcase_add_test(tc, what_is_held_stays_so);
	tcase_add_loop_test(tc, each_begins_anew, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
