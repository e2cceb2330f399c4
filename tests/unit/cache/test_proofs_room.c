/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof, lib/cache/table: for how many proofs is there room, and which of them
 * go? */
#include "support/crowd.h"
#include "support/exported.h"
#include "support/suite.h"

#include <string.h>

#define NAME_AT 33		/* in a proof that was exported */
#define KEY_OCTETS (6 + 4 + 17) /* what the table keeps beside the chain: `_tcp` and the name */

/* A chain that proves the same, with a record of no use that makes it so long. */
static test_octets
grown(size_t len)
{
	test_octets chain = exported_chain_of(THE_KEY);
	test_octets result = tiny_zone_grown(octets_span(chain), len);

	octets_free(chain);
	return result;
}

static const struct {
	const char *name;
	size_t cache, chain;
	unsigned kept;
} sizes[] = {
	{ "the largest", 200000, 65535 - KEY_OCTETS, 1 },
	{ "one octet more", 200000, 65535 - KEY_OCTETS + 1, 0 },
	{ "all that a chain may have", 200000, 65535, 0 },
	{ "more than there is room for", 65536, 64000, 0 },
	{ "nearly all the room", 65536, 54000, 1 },
};

START_TEST(size)
{
	test_octets chain = grown(sizes[_i].chain);
	danepriv_cache *cache = crowd_open(sizes[_i].cache), *copy = exported_cache();
	danepriv_records *records;
	uint64_t position = 0;
	size_t used;
	const char *name = sizes[_i].name;

	ck_assert_int_eq(exported_put(cache, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	ck_assert_msg(exported_proofs(cache) == sizes[_i].kept, "%s", name);
	test_octets got = exported_next(cache, NOW, &position);
	if (sizes[_i].kept) {
		ck_assert_uint_le(got.len, DANEPRIV_EXPORT_MAX);
		ck_assert_int_eq(
		    danepriv_cache_import(copy, exported_ctx, octets_span(got), NOW, &used),
		    DANEPRIV_OK);
		ck_assert_uint_eq(exported_proofs(copy), 1);
		ck_assert_int_eq(
		    danepriv_cache_get(copy, &cached_server, NOW, &records), DANEPRIV_OK);
		ck_assert_uint_eq(danepriv_records_count(records), 1);
		danepriv_records_free(records);
	}
	crowd_assert_sound(cache);
	octets_free(got);
	octets_free(chain);
	danepriv_cache_free(cache);
	danepriv_cache_free(copy);
}
END_TEST

/* Servers that nobody authenticated drive proofs out, and no proof drives anybody out. */
START_TEST(proofs_go_first)
{
	test_octets chain = grown(3000);
	danepriv_cache *cache = crowd_open(65536);
	char text[64];
	unsigned i;

	ck_assert_int_eq(exported_put(cache, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	/* A server takes two cells, of four hundred and some. */
	for (i = 0; i < 180; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, SECURE, 1, 35, NOW, NOW);
	}
	ck_assert_uint_eq(exported_proofs(cache), 1);
	for (; exported_proofs(cache) > 0; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		crowd_put(cache, &server, SECURE, 1, 35, NOW, NOW);
		ck_assert_uint_lt(i, 300);
	}
	ck_assert_uint_eq(crowd_count(cache, "own", i), i);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	/* It is full now, but for what that proof took. */
	ck_assert_int_eq(exported_put(cache, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	ck_assert_uint_eq(exported_proofs(cache), 0);
	ck_assert_uint_eq(crowd_count(cache, "own", i), i);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

/* It is about a server whose name begins so. */
static bool
names(test_octets proof, const char *label)
{
	return memcmp(proof.data + NAME_AT, label, strlen(label)) == 0;
}

/* It is about a server of ours, of ten to nineteen. */
static bool
is_own(test_octets proof)
{
	return names(proof, "\4ns1") && memcmp(proof.data + NAME_AT + 5, "\4many", 5) == 0;
}

static const struct {
	const char *name;
	crowd_junk junk;
	bool is_late; /* the cache is full of them before */
} floods[] = {
	{ "names", CROWD_SECURE, false },
	{ "names from the start", CROWD_SECURE, true },
	{ "large records", CROWD_LARGE, false },
	{ "large records from the start", CROWD_LARGE, true },
	{ "their proofs", CROWD_PROVEN, false },
	{ "their proofs from the start", CROWD_PROVEN, true },
	{ "failures", CROWD_FAILED, false },
	{ "claims", CROWD_CLAIMED, false },
	{ "addresses that do not answer", CROWD_TRIED, false },
	{ "addresses that do", CROWD_REACHED, false },
	{ "addresses that do from the start", CROWD_REACHED, true },
	{ "all", CROWD_ALL, false },
	{ "all from the start", CROWD_ALL, true },
};

static void
flood(danepriv_cache *cache, crowd_junk junk, unsigned from)
{
	for (unsigned i = 0; i < 30000; i++)
		crowd_throw(cache, junk, from + i);
}

/* Proofs of servers that authenticated themselves have their eighth, whoever comes or was there. */
START_TEST(proofs_have_a_share)
{
	enum { OWN = 10 }; /* of some fifty in an eighth */
	test_octets chain = grown(2000), large = grown(8200);
	danepriv_cache *cache = crowd_open(1u << 20);
	uint64_t position = 0;
	test_octets got;
	unsigned found = 0;

	if (floods[_i].is_late)
		flood(cache, floods[_i].junk, 0);
	for (unsigned i = 10; i < 10 + OWN; i++) {
		exported_own(cache, i, octets_span(chain), NOW + 99);
		/* Looked up again: what was no more than a newcomer may have found no room. */
		exported_own(cache, i, octets_span(chain), NOW + 100);
	}
	flood(cache, floods[_i].junk, 30000);
	/* However many large ones come, be it from those that authenticated themselves. */
	for (unsigned i = 0; i < 300; i++)
		exported_own(cache, 1000 + i % 150, octets_span(large), NOW + 100 + i / 150);
	while ((got = exported_next(cache, NOW, &position)).data) {
		found += is_own(got);
		octets_free(got);
	}
	ck_assert_msg(found == OWN, "%s: %u", floods[_i].name, found);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	octets_free(chain);
	octets_free(large);
}
END_TEST

/* Of proofs the oldest goes. */
START_TEST(oldest_proof_goes)
{
	test_octets chain = exported_chain_of(NO_KEY);
	danepriv_cache *cache = crowd_open(65536);
	char text[64];
	uint64_t position = 0;
	test_octets got;
	bool found = false;

	for (unsigned i = 0; i < 200; i++) {
		danepriv_server server = crowd_server(i, "own", text);
		ck_assert_int_eq(
		    exported_put(cache, &server, octets_span(chain), NOW), DANEPRIV_OK);
		crowd_assert_sound(cache);
	}
	ck_assert_uint_eq(exported_servers(cache), 200);
	ck_assert_uint_gt(exported_proofs(cache), 0);
	while ((got = exported_next(cache, NOW, &position)).data) {
		found = found || names(got, "\5ns199");
		ck_assert(!names(got, "\3ns0"));
		octets_free(got);
	}
	ck_assert(found);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("proofs_room");
	TCase *tc = tcase_create("proofs_room");

	tcase_add_checked_fixture(tc, exported_open, exported_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, size, 0, ROWS(sizes));
	tcase_add_test(tc, proofs_go_first);
	tcase_add_loop_test(tc, proofs_have_a_share, 0, ROWS(floods));
	tcase_add_test(tc, oldest_proof_goes);
	suite_add_tcase(suite, tc);
	return suite;
}
