/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan and plan_name: what do servers get to see that were not authenticated, when a
 * question goes from the root down by referrals?  Walks by chance, always the same ones: over any
 * zones, which can be authenticated or not, with any domains that are strict. */
#include "support/crowd.h"
#include "support/suite.h"
#include "support/worlds.h"

#include <string.h>

#define PARTS 8
#define WALKS 4000 /* to a part */
#define DEPTH_MAX 5
#define STRICT_MAX 2

/* A walk; zones are named by how many labels of the question they have. */
typedef struct walk {
	world *world;
	danepriv_rules *rules;
	world_name name, strict[STRICT_MAX];
	size_t strict_count;
	bool is_zone[DEPTH_MAX + 1], has_keys[DEPTH_MAX + 1];
	size_t zone, shown;
	bool is_asked; /* the whole question went somewhere */
	const char *broken;
} walk;

/* Two servers in the cache: one has published keys, the other one has none. */
static void
put(world *w, size_t server, danepriv_security security, char text[WORLD_TEXT])
{
	const danepriv_server which = world_server(w, server, text);

	crowd_put(w->cache, &which, security, 0, 35, INT64_MAX, w->now);
}

static world_name
last_labels(const walk *k, size_t count)
{
	return world_tail(&k->name, k->name.count - count);
}

/* What nobody may see who is not authenticated: anything below a strict domain; and its own name
 * in no question but one for where it is. */
static const char *
check_seen(const walk *k, const world_name *seen, danepriv_purpose purpose)
{
	for (size_t i = 0; i < k->strict_count; i++) {
		if (!world_is_within(seen, &k->strict[i]))
			continue;
		if (seen->count > k->strict[i].count)
			return "nothing below a strict domain is shown";
		if (purpose != DANEPRIV_PURPOSE_REFERRAL)
			return "of a strict domain its parent sees no more than the name";
	}
	return seen->count > k->shown + 1 ? "servers see one label more" : NULL;
}

/* Is the zone's server asked this? */
static bool
is_asked(walk *k, const char *text, const world_name *seen, danepriv_purpose purpose)
{
	static const uint8_t octets[4] = { 192, 0, 2, 1 };
	const danepriv_place place = { { octets, 4 }, 0 };
	char zone[WORLD_TEXT], server[WORLD_TEXT];
	world_name zone_name = last_labels(k, k->zone);
	const danepriv_candidate candidate = { .server = world_server(
						   k->world, k->has_keys[k->zone] ? 0 : 3, server),
		.provenance = DANEPRIV_PROVENANCE_CHANNEL,
		.places = &place,
		.place_size = sizeof place,
		.count = 1 };
	danepriv_request request = { .size = sizeof request,
		.zone = zone,
		.name = text,
		.purpose = purpose,
		.candidates = &candidate,
		.candidate_size = sizeof candidate,
		.count = 1,
		.rules = k->rules };
	danepriv_attempt attempts[2];
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = 2 };

	world_write_name(k->world, &zone_name, zone);
	ck_assert_int_eq(
	    danepriv_plan_make(k->world->cache, &request, k->world->now, &plan), DANEPRIV_OK);
	for (size_t i = 0; i < plan.count && !k->broken; i++)
		if (attempts[i].unauthenticated_ok)
			k->broken = check_seen(k, seen, purpose);
	return plan.step == DANEPRIV_STEP_ASK;
}

/* One question; false: the walk is over. */
static bool
step(walk *k)
{
	char name[WORLD_TEXT], shown[WORLD_TEXT], text[WORLD_TEXT];
	world_name shown_name = last_labels(k, k->shown);

	world_write_name(k->world, &k->name, name);
	world_write_name(k->world, &shown_name, shown);
	ck_assert_int_eq(
	    danepriv_minimised_name(name, shown, text, sizeof text, NULL), DANEPRIV_OK);
	size_t count = k->shown < k->name.count ? k->shown + 1 : k->shown;
	bool is_whole = count == k->name.count, is_cut = k->is_zone[count] && count > k->zone;
	world_name seen = last_labels(k, count);
	if (is_whole && is_asked(k, text, &seen, DANEPRIV_PURPOSE_QUESTION)) {
		k->is_asked = !is_cut;
	} else if (!is_asked(k, text, &seen, DANEPRIV_PURPOSE_REFERRAL) || (is_whole && !is_cut)) {
		return false;
	}
	k->shown = count;
	k->zone = is_cut ? count : k->zone;
	return !k->is_asked && !k->broken;
}

/* Strict domains are asked where all that is within them can be authenticated, whoever is above
 * them; where there are none, everybody is. */
static bool
must_arrive(const walk *k)
{
	size_t last = 0;

	for (size_t i = 0; i <= k->name.count; i++)
		last = k->is_zone[i] ? i : last;
	for (size_t i = 0; i < k->strict_count; i++) {
		size_t from = k->strict[i].count;
		if (!world_is_within(&k->name, &k->strict[i]))
			continue;
		if (last < from && !k->has_keys[last]) /* it is no zone, nor is anything in it */
			return false;
		for (size_t z = 0; z <= k->name.count; z++)
			if (k->is_zone[z] && !k->has_keys[z] && (z >= from || !k->is_zone[from]))
				return false;
	}
	return true;
}

static void
begin(walk *k, world *w)
{
	char text[WORLD_TEXT];

	*k = (walk){ .world = w, .name = world_any_name(w), .strict_count = world_chance(w, 3) };
	ck_assert_int_eq(
	    danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &k->rules), DANEPRIV_OK);
	for (size_t i = 0; i < k->strict_count; i++) {
		k->strict[i] = world_chance(w, 4)
				   ? last_labels(k, world_chance(w, (unsigned)k->name.count + 1))
				   : world_any_name(w);
		world_write_name(w, &k->strict[i], text);
		ck_assert_int_eq(
		    danepriv_rules_add(k->rules, DANEPRIV_RULE_ZONE, text, DANEPRIV_PROFILE_STRICT),
		    DANEPRIV_OK);
	}
	for (size_t i = 0; i <= k->name.count; i++) {
		k->is_zone[i] = i == 0 || world_chance(w, 3);
		k->has_keys[i] = world_chance(w, 2);
	}
}

START_TEST(walks)
{
	static world w;
	char text[WORLD_TEXT];
	walk k;
	int arrived = 0;

	world_open(&w, 1000000 + (uint64_t)_i);
	w.now = 1700000000;
	put(&w, 0, DANEPRIV_SECURITY_SECURE, text);
	put(&w, 3, DANEPRIV_SECURITY_DENIED, text);
	for (int i = 0; i < WALKS; i++) {
		begin(&k, &w);
		while (step(&k))
			;
		if (!k.broken && must_arrive(&k) && !k.is_asked)
			k.broken = "the question arrives where it may";
		ck_assert_msg(!k.broken, "part %d, walk %d: not so that %s", _i, i, k.broken);
		arrived += k.is_asked;
		danepriv_rules_free(k.rules);
	}
	/* Neither always nor never. */
	ck_assert_int_gt(arrived, WALKS / 8);
	ck_assert_int_lt(arrived, WALKS - WALKS / 8);
	world_close(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_walks");
	TCase *tc = tcase_create("plan_walks");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, walks, 0, PARTS);
	suite_add_tcase(suite, tc);
	return suite;
}
