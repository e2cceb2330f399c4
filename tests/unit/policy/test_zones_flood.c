/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/zones.c: what does it do to a memory of 4 MiB that strangers choose a million zones?
 * Those on which somebody proceeded lose an eighth of it and no more, whatever strangers sign, have
 * referred to, ask for, or answer by servers that do not authenticate themselves.
 *
 * Twenty thousand and 512 KiB where the heap cannot be counted, which is with the sanitizers. */
#include "base/buffer.h"
#include "cache/table.h"
#include "dns/name.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/heap.h"
#include "support/suite.h"

#include "cache/pack.h"
#include "policy/zones.h"

#include <stdio.h>
#include <string.h>

#define NOW CROWD_NOW
#define LATE (NOW + 86400)
#define CELLS 2 /* of each of ours */
#define NAMES_MAX 64
#define LABEL "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
/* Of a zone with the longest names, while it is put. */
#define PASSING_OCTETS 65536
/* As in test_cache_flood.c. */
#define CHAIN_MAX 24
#define CHAIN_MEAN_MAX 2.5

/* Asked millions of times, and an assertion writes to a file each time. */
static void
must_work(danepriv_status status)
{
	if (status != DANEPRIV_OK)
		ck_abort_msg("%s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
}

static danepriv_zones *
zones_open(size_t octets)
{
	const danepriv_zones_settings settings = { sizeof settings, octets };
	danepriv_zones *zones;

	must_work(danepriv_zones_new(&settings, &zones));
	return zones;
}

static void
put(danepriv_zones *zones, const char *zone, danepriv_security security, const char *const *names,
    size_t count)
{
	danepriv_zone *vouched;

	must_work(danepriv_zone_vouch(
	    zone, security, DANEPRIV_REASON_NONE, names, count, LATE, &vouched));
	must_work(danepriv_zones_put(zones, vouched, NOW));
	danepriv_zone_free(vouched);
}

/* ---- what is ours ---- */

static const char *
write_own(unsigned number, char text[64])
{
	(void)snprintf(text, 64, "zone%u.own.test.", number);
	return text;
}

/* Of the same number of cells for each number. */
static const char *const own_names[] = { "ns1.example.net.", "ns2.example.net." };

static dp_shard *
shard_of(const danepriv_zones *zones, const char *zone)
{
	uint8_t octets[DP_KEY_OCTETS_MAX] = { DP_ENTRY_ZONE };
	dp_buffer b = dp_buffer_over(octets, sizeof octets);
	dp_name_store name;

	must_work(dp_name_from_text(zone, &name));
	dp_write_u8(&b, DP_ENTRY_ZONE);
	dp_name_write(&b, dp_name_of(&name), true);
	return dp_table_lock(&zones->table, dp_table_hash(&zones->table, dp_buffer_span(&b)));
}

/* Is there room for one more of ours in its shard, when strangers have an eighth of it? */
static bool
fits(const danepriv_zones *zones, const char *zone)
{
	dp_shard *shard = shard_of(zones, zone);
	bool does = shard->kept.cells + CELLS <= shard->count - shard->count / 8;

	dp_table_unlock(shard);
	return does;
}

/* How somebody comes to proceed on a zone. */
typedef enum merit { DECISION = 0, REFERRAL } merit;

static void
proceed(danepriv_zones *zones, const char *zone, merit how, danepriv_decision decision)
{
	char child[80];

	if (how == DECISION) {
		must_work(danepriv_zones_note_decision(zones, zone, decision, NOW));
		return;
	}
	(void)snprintf(child, sizeof child, "child.%s", zone);
	must_work(
	    danepriv_zones_note_referral(zones, zone, decision, child, own_names, 2, LATE, NOW));
}

/* Fills all shards with zones on which somebody proceeded, and says how many numbers it takes. */
static unsigned
put_own(danepriv_zones *zones, merit how)
{
	unsigned number = 0, misses = 0;
	char text[64];

	/* So many in a row that do not fit: no shard has room. */
	for (; misses < 2000; number++) {
		if (!fits(zones, write_own(number, text))) {
			misses++;
			continue;
		}
		misses = 0;
		put(zones, text, DANEPRIV_SECURITY_SECURE, own_names, 2);
		proceed(zones, text, how, DANEPRIV_DECISION_PROCEED);
	}
	return number;
}

static unsigned
count_own(danepriv_zones *zones, unsigned count)
{
	unsigned found = 0;
	char text[64];

	for (unsigned i = 0; i < count; i++)
		found += danepriv_zones_get_provenance(zones, write_own(i, text), own_names[i % 2],
			     NOW) == DANEPRIV_PROVENANCE_SECURE;
	return found;
}

/* ---- strangers ---- */

typedef enum junk {
	SIGNED = 0,
	REFERRED,
	DENIED,
	FAILED,
	UNSIGNED,
	ASKED,		 /* signed, and asked for again and again */
	UNAUTHENTICATED, /* a referral from somebody unknown, and a question to him */
	REFUSED,	 /* a question that was not sent */
	LARGE,		 /* as many names as there may be, as long as they may be */
	ALL		 /* in turn */
} junk;

static void
throw_large(danepriv_zones *zones, const char *zone)
{
	static char texts[NAMES_MAX][256];
	static const char *names[NAMES_MAX];

	for (int i = 0; !names[NAMES_MAX - 1] && i < NAMES_MAX; i++) {
		(void)snprintf(texts[i], sizeof texts[i],
		    "x%02d." LABEL "." LABEL "." LABEL "." LABEL ".a.", i);
		names[i] = texts[i];
	}
	put(zones, zone, DANEPRIV_SECURITY_SECURE, names, NAMES_MAX);
	if (danepriv_zones_get_provenance(zones, zone, names[NAMES_MAX - 1], NOW) !=
	    DANEPRIV_PROVENANCE_SECURE)
		ck_abort_msg("%s is not stored", zone);
}

static void
ask_often(danepriv_zones *zones, const char *zone)
{
	for (int i = 0; i < 4; i++)
		if (danepriv_zones_get_provenance(zones, zone, own_names[0], NOW) !=
		    DANEPRIV_PROVENANCE_SECURE)
			ck_abort_msg("%s", zone);
}

static void
throw_junk(danepriv_zones *zones, junk which, unsigned number)
{
	static const danepriv_security securities[] = { [DENIED] = DANEPRIV_SECURITY_DENIED,
		[FAILED] = DANEPRIV_SECURITY_BOGUS,
		[UNSIGNED] = DANEPRIV_SECURITY_INSECURE };
	danepriv_decision unauthenticated = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED;
	char text[64];

	(void)snprintf(text, sizeof text, "z%u.strangers.example.", number);
	if (which == ALL) /* large ones take their time */
		which = number % 512 == 0 ? LARGE : (junk)(number % LARGE);
	if (which == REFERRED)
		must_work(danepriv_zones_note_referral(zones, "strangers.example.",
		    DANEPRIV_DECISION_PROCEED, text, own_names, 2, LATE, NOW));
	else if (which == LARGE)
		throw_large(zones, text);
	else if (which >= DENIED && which <= UNSIGNED)
		put(zones, text, securities[which], NULL, 0);
	else
		put(zones, text, DANEPRIV_SECURITY_SECURE, own_names, 2);
	if (which == ASKED)
		ask_often(zones, text);
	if (which == UNAUTHENTICATED) {
		proceed(zones, text, REFERRAL, unauthenticated);
		proceed(zones, text, DECISION, unauthenticated);
	}
	if (which == REFUSED)
		proceed(zones, text, DECISION, DANEPRIV_DECISION_REFUSE);
}

/* ---- the flood ---- */

static void
assert_quick(const danepriv_zones *zones)
{
	crowd_chains chains = crowd_measure(&zones->table);

	ck_assert_msg(chains.longest <= CHAIN_MAX && chains.mean <= CHAIN_MEAN_MAX,
	    "%u places at the most, %.2f in the mean", chains.longest, chains.mean);
}

typedef struct flood_row {
	const char *name;
	merit how;
	junk which;
	size_t octets, octets_sanitized;
	unsigned count, count_sanitized;
} flood_row;

#define SMALL 262144, 262144, 20000, 5000

static const flood_row floods[] = {
	{ "all", DECISION, ALL, 4u << 20, 512u << 10, 1000000, 20000 },
	{ "all, beside those that refer", REFERRAL, ALL, SMALL },
	{ "signed", DECISION, SIGNED, SMALL },
	{ "referred to", DECISION, REFERRED, SMALL },
	{ "denied", DECISION, DENIED, SMALL },
	{ "failed", DECISION, FAILED, SMALL },
	{ "unsigned", DECISION, UNSIGNED, SMALL },
	{ "asked for", DECISION, ASKED, SMALL },
	{ "not authenticated", DECISION, UNAUTHENTICATED, SMALL },
	{ "refused", DECISION, REFUSED, SMALL },
	{ "as large as may be", DECISION, LARGE, 262144, 262144, 1000, 500 },
};

START_TEST(flood)
{
	const flood_row *row = &floods[_i];
	bool is_whole = heap_is_counted();
	unsigned count = is_whole ? row->count : row->count_sanitized;
	size_t octets = is_whole ? row->octets : row->octets_sanitized;

	heap_start();
	danepriv_zones *zones = zones_open(octets);
	ck_assert_uint_le(heap_peak(), octets);
	unsigned numbers = put_own(zones, row->how), own = count_own(zones, numbers);
	/* Of cells, which take 136 octets with what leads there, by two. */
	ck_assert_uint_ge(own, octets / 136 * 7 / 8 / CELLS - 500);
	heap_start();
	for (unsigned i = 0; i < count; i++) {
		throw_junk(zones, row->which, i);
		if (i % (count / 10) == 0)
			assert_quick(zones);
	}
	ck_assert_uint_le(heap_peak(), PASSING_OCTETS);
	ck_assert_int_eq(dp_blocks(), 2);
	ck_assert_msg(count_own(zones, numbers) == own, "%s: %u of %u are left", row->name,
	    count_own(zones, numbers), own);
	assert_quick(zones);
	crowd_assert_sound_table(&zones->table);
	danepriv_zones_free(zones);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- who has to go ---- */

/* Without any merit the oldest goes; with it, nobody else's flood matters, but that of those who
 * have as much. */
START_TEST(merit_counts)
{
	static const struct {
		const char *name;
		bool was_proceeded, is_again, others_have;
		bool stays;
	} cases[] = {
		{ "nobody proceeded", false, false, false, false },
		{ "somebody did", true, false, false, true },
		{ "others, too, and later", true, false, true, false },
		{ "others, too, but here again and again", true, true, true, true },
	};
	danepriv_zones *zones = zones_open(262144);
	char text[64];

	put(zones, "mine.test.", DANEPRIV_SECURITY_SECURE, own_names, 2);
	if (cases[_i].was_proceeded)
		proceed(zones, "mine.test.", DECISION, DANEPRIV_DECISION_PROCEED);
	for (unsigned i = 0; i < 10000; i++) {
		(void)snprintf(text, sizeof text, "z%u.strangers.example.", i);
		put(zones, text, DANEPRIV_SECURITY_SECURE, own_names, 2);
		if (cases[_i].others_have)
			proceed(zones, text, DECISION, DANEPRIV_DECISION_PROCEED);
		if (cases[_i].is_again && i % 100 == 0)
			proceed(zones, "mine.test.", DECISION, DANEPRIV_DECISION_PROCEED);
		/* Which is no merit. */
		(void)danepriv_zones_get_provenance(zones, "mine.test.", own_names[0], NOW);
	}
	ck_assert_msg((danepriv_zones_get_provenance(zones, "mine.test.", own_names[0], NOW) ==
			  DANEPRIV_PROVENANCE_SECURE) == cases[_i].stays,
	    "%s", cases[_i].name);
	danepriv_zones_free(zones);
}
END_TEST

/* A merit is not lost with the names by which it came, and not gained without names. */
START_TEST(merit_lasts)
{
	static const struct {
		const char *name;
		danepriv_security before, after;
		bool stays;
	} cases[] = {
		{ "signed once more", DANEPRIV_SECURITY_SECURE, DANEPRIV_SECURITY_SECURE, true },
		{ "no names then", DANEPRIV_SECURITY_DENIED, DANEPRIV_SECURITY_SECURE, false },
		{ "nothing known then", DANEPRIV_SECURITY_BOGUS, DANEPRIV_SECURITY_SECURE, false },
		{ "forgotten since", DANEPRIV_SECURITY_SECURE, DANEPRIV_SECURITY_INSECURE, false },
	};
	static const char *const longer[] = { "a.a-name-much-longer-than-before.example.",
		"b.a-name-much-longer-than-before.example.", "ns1.example.net." };
	danepriv_zones *zones = zones_open(262144);
	bool had = cases[_i].before == DANEPRIV_SECURITY_SECURE;

	put(zones, "mine.test.", cases[_i].before, own_names, had ? 2 : 0);
	proceed(zones, "mine.test.", DECISION, DANEPRIV_DECISION_PROCEED);
	if (cases[_i].after == DANEPRIV_SECURITY_INSECURE)
		put(zones, "mine.test.", cases[_i].after, NULL, 0);
	put(zones, "mine.test.", DANEPRIV_SECURITY_SECURE, longer, 3);
	for (unsigned i = 0; i < 10000; i++)
		throw_junk(zones, SIGNED, i);
	ck_assert_msg((danepriv_zones_get_provenance(zones, "mine.test.", own_names[0], NOW) ==
			  DANEPRIV_PROVENANCE_SECURE) == cases[_i].stays,
	    "%s", cases[_i].name);
	danepriv_zones_free(zones);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zones_flood");
	TCase *tc = tcase_create("zones_flood");

	tcase_set_timeout(tc, 280);
	tcase_add_loop_test(tc, flood, 0, ROWS(floods));
	tcase_add_loop_test(tc, merit_counts, 0, 4);
	tcase_add_loop_test(tc, merit_lasts, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
