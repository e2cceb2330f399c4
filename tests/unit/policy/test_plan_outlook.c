/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan_outlook: what is known of those who could be asked?  What cannot be read, and how
 * much there may be. */
#include "base/bounds.h"
#include "support/plans.h"
#include "support/suite.h"

#include <string.h>

/* ---- what cannot be read ---- */

typedef struct arguments {
	danepriv_cache *cache;
	danepriv_request request, *asked;
	danepriv_limits limits;
	danepriv_candidate candidates[DP_PLAN_CANDIDATES_MAX + 1];
	danepriv_place places[DP_PLAN_PLACES_MAX + 1];
	uint8_t addresses[DP_PLAN_PLACES_MAX + 1][4];
	danepriv_attempt attempts[4 * DP_PLAN_PLACES_MAX];
	danepriv_plan plan, *out;
} arguments;

#define CHANGE(name, what)                                                                         \
	static void name(arguments *a)                                                             \
	{                                                                                          \
		what;                                                                              \
	}

static const uint8_t octets[17] = { 192, 0, 2, 1 };

CHANGE(nothing, (void)a)
CHANGE(no_cache, a->cache = NULL)
CHANGE(no_request, a->asked = NULL)
CHANGE(zeroed, memset(&a->request, 0, sizeof a->request))
CHANGE(zeroed_but_size, memset(&a->request, 0, sizeof a->request);
       a->request.size = sizeof a->request)
CHANGE(larger_request, a->request.size = DP_STRUCT_OCTETS_MAX + 1)
CHANGE(smaller_request, a->request.size--)
CHANGE(no_name, a->request.name = NULL)
CHANGE(empty_name, a->request.name = "")
CHANGE(malformed_name, a->request.name = "a..b")
CHANGE(no_zone, a->request.zone = NULL)
CHANGE(empty_zone, a->request.zone = "")
CHANGE(malformed_zone, a->request.zone = "a..b")
CHANGE(another_zone, a->request.zone = "example.org")
CHANGE(zone_below, a->request.zone = "a.www.example.com")
CHANGE(zone_itself, a->request.zone = "www.example.com")
CHANGE(root_zone, a->request.zone = ".")
CHANGE(root, a->request.name = a->request.zone = ".")
CHANGE(purpose_above, a->request.purpose = (danepriv_purpose)3)
CHANGE(purpose_below, a->request.purpose = (danepriv_purpose)-1)
CHANGE(names_above, a->request.names = (danepriv_security)6)
CHANGE(names_below, a->request.names = (danepriv_security)-1)
CHANGE(no_candidate_size, a->request.candidate_size = 0)
CHANGE(smaller_candidates, a->request.candidate_size--)
CHANGE(larger_candidates, a->request.candidate_size = DP_STRUCT_OCTETS_MAX + 1)
CHANGE(no_place_size, a->candidates[1].place_size = 0)
CHANGE(smaller_places, a->candidates[1].place_size--)
CHANGE(larger_places, a->candidates[1].place_size = DP_STRUCT_OCTETS_MAX + 1)
CHANGE(no_places_of_no_size, a->candidates[1].place_size = a->candidates[1].count = 0)
CHANGE(no_attempt_size, a->plan.attempt_size = 0)
CHANGE(smaller_attempts, a->plan.attempt_size--)
CHANGE(larger_attempts, a->plan.attempt_size = DP_STRUCT_OCTETS_MAX + 1)
CHANGE(no_room_of_no_size, a->plan.attempt_size = a->plan.room = 0)
CHANGE(no_candidates, a->request.candidates = NULL)
CHANGE(none_of_none, a->request.candidates = NULL; a->request.candidate_size = 0;
       a->request.count = 0)
CHANGE(no_places, a->candidates[1].places = NULL)
CHANGE(no_places_of_none, a->candidates[1].places = NULL; a->candidates[1].count = 0)
CHANGE(no_server, a->candidates[1].server.name = NULL)
CHANGE(address_as_server, a->candidates[1].server.name = "192.0.2.1")
CHANGE(root_as_server, a->candidates[1].server.name = ".")
CHANGE(malformed_server, a->candidates[1].server.name = "a b.example.")
CHANGE(no_transport, a->candidates[1].server.transport = (danepriv_transport)6)
CHANGE(no_rule_for_aliases, a->candidates[1].server.aliases = (danepriv_aliases)2)
CHANGE(no_octets, a->places[1].octets.data = NULL)
CHANGE(three_octets, a->places[1].octets.len = 3)
CHANGE(seventeen_octets, a->places[1].octets.len = 17)
CHANGE(meta_of_bad_server, a->request.purpose = DANEPRIV_PURPOSE_META;
       a->candidates[1].server.name = "")
CHANGE(limits_of_no_size, a->limits.size = 0)
CHANGE(limits_to_come, a->limits.size = sizeof a->limits + 8)
CHANGE(old_tls, a->limits.tls_version = 0x0302)
CHANGE(no_plan, a->out = NULL)
CHANGE(larger_plan, a->plan.size = DP_STRUCT_OCTETS_MAX + 1)
CHANGE(smaller_plan, a->plan.size--)
CHANGE(no_attempts, a->plan.attempts = NULL)
CHANGE(no_room, a->plan.attempts = NULL; a->plan.room = 0)
CHANGE(most_candidates, a->request.count = DP_PLAN_CANDIDATES_MAX)
CHANGE(more_candidates, a->request.count = DP_PLAN_CANDIDATES_MAX + 1)
CHANGE(most_places, a->candidates[1].count = DP_PLAN_PLACES_MAX - 1)
CHANGE(more_places, a->candidates[1].count = DP_PLAN_PLACES_MAX)
CHANGE(far_more_places, a->candidates[1].count = SIZE_MAX)

static const struct {
	const char *name;
	void (*change)(arguments *a);
	danepriv_status status;
} changes[] = {
	{ "nothing", nothing, DANEPRIV_OK },
	{ "no cache", no_cache, DANEPRIV_EINVAL },
	{ "no request", no_request, DANEPRIV_EINVAL },
	{ "zeroed", zeroed, DANEPRIV_EINVAL },
	{ "zeroed but for its size", zeroed_but_size, DANEPRIV_EINVAL },
	{ "a larger request", larger_request, DANEPRIV_EINVAL },
	{ "a smaller request", smaller_request, DANEPRIV_EINVAL },
	{ "no name", no_name, DANEPRIV_EINVAL },
	{ "an empty name", empty_name, DANEPRIV_EMALFORMED },
	{ "a malformed name", malformed_name, DANEPRIV_EMALFORMED },
	{ "no zone", no_zone, DANEPRIV_EINVAL },
	{ "an empty zone", empty_zone, DANEPRIV_EMALFORMED },
	{ "a malformed zone", malformed_zone, DANEPRIV_EMALFORMED },
	{ "another zone", another_zone, DANEPRIV_EINVAL },
	{ "a zone below the name", zone_below, DANEPRIV_EINVAL },
	{ "the zone itself", zone_itself, DANEPRIV_OK },
	{ "the root's servers", root_zone, DANEPRIV_OK },
	{ "the root", root, DANEPRIV_OK },
	{ "no such purpose", purpose_above, DANEPRIV_EINVAL },
	{ "nor this", purpose_below, DANEPRIV_EINVAL },
	{ "no such proof", names_above, DANEPRIV_EINVAL },
	{ "nor this", names_below, DANEPRIV_EINVAL },
	{ "candidates of no size", no_candidate_size, DANEPRIV_EINVAL },
	{ "smaller candidates", smaller_candidates, DANEPRIV_EINVAL },
	{ "larger candidates", larger_candidates, DANEPRIV_EINVAL },
	{ "places of no size", no_place_size, DANEPRIV_EINVAL },
	{ "smaller places", smaller_places, DANEPRIV_EINVAL },
	{ "larger places", larger_places, DANEPRIV_EINVAL },
	{ "none, of no size", no_places_of_no_size, DANEPRIV_OK },
	{ "attempts of no size", no_attempt_size, DANEPRIV_EINVAL },
	{ "smaller attempts", smaller_attempts, DANEPRIV_EINVAL },
	{ "larger attempts", larger_attempts, DANEPRIV_EINVAL },
	{ "none, of no size", no_room_of_no_size, DANEPRIV_OK },
	{ "no list of candidates", no_candidates, DANEPRIV_EINVAL },
	{ "an empty one", none_of_none, DANEPRIV_OK },
	{ "no list of places", no_places, DANEPRIV_EINVAL },
	{ "an empty one", no_places_of_none, DANEPRIV_OK },
	{ "no server", no_server, DANEPRIV_EINVAL },
	{ "an address as server", address_as_server, DANEPRIV_EINVAL },
	{ "the root as server", root_as_server, DANEPRIV_EINVAL },
	{ "a malformed server", malformed_server, DANEPRIV_EMALFORMED },
	{ "no such transport", no_transport, DANEPRIV_EINVAL },
	{ "no such rule for aliases", no_rule_for_aliases, DANEPRIV_EINVAL },
	{ "no octets", no_octets, DANEPRIV_EINVAL },
	{ "three octets", three_octets, DANEPRIV_EINVAL },
	{ "seventeen octets", seventeen_octets, DANEPRIV_EINVAL },
	{ "meta, a bad server", meta_of_bad_server, DANEPRIV_EMALFORMED },
	{ "limits of no size", limits_of_no_size, DANEPRIV_EINVAL },
	{ "limits that are to come", limits_to_come, DANEPRIV_EINVAL },
	{ "TLS that is too old", old_tls, DANEPRIV_EINVAL },
	{ "no plan", no_plan, DANEPRIV_EINVAL },
	{ "a larger plan", larger_plan, DANEPRIV_EINVAL },
	{ "a smaller plan", smaller_plan, DANEPRIV_EINVAL },
	{ "no attempts", no_attempts, DANEPRIV_EINVAL },
	{ "no attempts and no room", no_room, DANEPRIV_OK },
	{ "32 candidates", most_candidates, DANEPRIV_OK },
	{ "33", more_candidates, DANEPRIV_ELIMIT },
	{ "128 places", most_places, DANEPRIV_OK },
	{ "129", more_places, DANEPRIV_ELIMIT },
	{ "far more", far_more_places, DANEPRIV_ELIMIT },
};

static void
open_arguments(arguments *a)
{
	memset(a, 0, sizeof *a);
	ck_assert_int_eq(danepriv_cache_new(NULL, &a->cache), DANEPRIV_OK);
	for (int i = 0; i < ROWS(a->places); i++) {
		a->addresses[i][3] = (uint8_t)i;
		a->places[i].octets = (danepriv_span){ a->addresses[i], 4 };
	}
	for (int i = 0; i < ROWS(a->candidates); i++)
		a->candidates[i] = (danepriv_candidate){
			.server = { .name = i == 1 ? "ns2.example.net" : "ns1.example.net" },
			.provenance = DANEPRIV_PROVENANCE_SECURE,
			.places = a->places,
			.place_size = sizeof *a->places
		};
	a->candidates[0].count = 1;
	a->candidates[1].count = 2;
	a->limits.size = sizeof a->limits;
	a->request = (danepriv_request){ .size = sizeof a->request,
		.zone = "example.com",
		.name = "www.example.com",
		.candidates = a->candidates,
		.candidate_size = sizeof *a->candidates,
		.count = 2,
		.limits = &a->limits };
	a->plan = (danepriv_plan){ .size = sizeof a->plan,
		.step = DANEPRIV_STEP_ASK,
		.attempts = a->attempts,
		.attempt_size = sizeof *a->attempts,
		.room = ROWS(a->attempts),
		.count = 9 };
	a->asked = &a->request;
	a->out = &a->plan;
}

START_TEST(argument)
{
	arguments a;

	open_arguments(&a);
	danepriv_cache *cache = a.cache;
	changes[_i].change(&a);
	danepriv_status status = danepriv_plan_make(a.cache, a.asked, PLAN_NOW, a.out);
	ck_assert_msg(status == changes[_i].status, "%s: %d", changes[_i].name, (int)status);
	/* Where its size is wrong, nothing of it is touched. */
	bool is_touched = a.out && a.plan.size == sizeof a.plan;
	ck_assert(status == DANEPRIV_OK ||
		  a.plan.step == (is_touched ? DANEPRIV_STEP_REFUSE : DANEPRIV_STEP_ASK));
	ck_assert(status == DANEPRIV_OK || a.plan.count == (is_touched ? 0 : 9));
	danepriv_cache_free(cache);
}
END_TEST

/* A change that is read must matter. */
START_TEST(no_rules_are_strict)
{
	arguments a;

	open_arguments(&a);
	ck_assert_int_eq(danepriv_plan_make(a.cache, a.asked, PLAN_NOW, a.out), DANEPRIV_OK);
	ck_assert_uint_eq(a.plan.count, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(a.attempts[i].channel, DANEPRIV_CHANNEL_ENCRYPTED);
		ck_assert(!a.attempts[i].unauthenticated_ok && a.attempts[i].learn &&
			  !a.attempts[i].open);
	}
	danepriv_cache_free(a.cache);
}
END_TEST

/* As many attempts as there can be, of which some fit. */
START_TEST(more_than_there_is_room_for)
{
	static const size_t rooms[] = { 0, 1, 2, 255, 256, 257 };
	danepriv_rules *rules;
	arguments a;

	open_arguments(&a);
	ck_assert_int_eq(danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules), DANEPRIV_OK);
	a.request.rules = rules;
	a.request.count = 1;
	a.candidates[0].count = DP_PLAN_PLACES_MAX;
	memset(a.attempts, 0xff, sizeof a.attempts);
	a.plan.room = rooms[_i];
	ck_assert_int_eq(danepriv_plan_make(a.cache, a.asked, PLAN_NOW, a.out), DANEPRIV_OK);
	ck_assert_uint_eq(a.plan.count, (size_t)2 * DP_PLAN_PLACES_MAX);
	for (size_t i = 0; i < rooms[_i] && i < a.plan.count; i++) {
		ck_assert_uint_eq(a.attempts[i].place, i / 2);
		ck_assert_uint_eq(a.attempts[i].delay_ms, i * 250);
	}
	ck_assert_uint_eq(a.attempts[rooms[_i]].place, SIZE_MAX);
	danepriv_rules_free(rules);
	danepriv_cache_free(a.cache);
}
END_TEST

/* Connections are counted, and more than can be counted are too many. */
START_TEST(connections_beyond_counting)
{
	static const size_t open[][2] = { { SIZE_MAX, 0 }, { SIZE_MAX, 1 },
		{ SIZE_MAX, SIZE_MAX } };
	arguments a;

	open_arguments(&a);
	a.candidates[0].count = 3;
	a.request.count = 1;
	a.places[0].connections = open[_i][0];
	a.places[1].connections = open[_i][1];
	ck_assert_int_eq(danepriv_plan_make(a.cache, a.asked, PLAN_NOW, a.out), DANEPRIV_OK);
	ck_assert_uint_eq(a.plan.count, open[_i][1] ? 2 : 1);
	ck_assert_int_eq(a.attempts[0].open, 1);
	danepriv_cache_free(a.cache);
}
END_TEST

/* Which addresses are one: each of them is asked once over TLS, and once in clear. */
static const uint8_t mapped[16] = { [10] = 255, [11] = 255, 192, 0, 2, 1 };
static const uint8_t next[4] = { 192, 0, 2, 2 };

static const struct {
	const char *name;
	danepriv_span other;
	size_t attempts;
} sames[] = {
	{ "the same", { octets, 4 }, 2 },
	{ "IPv4 in IPv6", { mapped, 16 }, 2 },
	{ "IPv6 that begins so", { octets, 16 }, 4 },
	{ "the next one", { next, 4 }, 4 },
};

START_TEST(same_address)
{
	danepriv_rules *rules;
	arguments a;

	open_arguments(&a);
	ck_assert_int_eq(danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules), DANEPRIV_OK);
	a.request.rules = rules;
	for (int turn = 0; turn < 2; turn++) {
		a.candidates[0].count = 2;
		a.request.count = 1;
		a.places[turn].octets = (danepriv_span){ octets, 4 };
		a.places[!turn].octets = sames[_i].other;
		ck_assert_int_eq(
		    danepriv_plan_make(a.cache, a.asked, PLAN_NOW, a.out), DANEPRIV_OK);
		ck_assert_msg(
		    a.plan.count == sames[_i].attempts, "%s: %zu", sames[_i].name, a.plan.count);
	}
	danepriv_rules_free(rules);
	danepriv_cache_free(a.cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_outlook");
	TCase *tc = tcase_create("plan_outlook");

	tcase_add_loop_test(tc, argument, 0, ROWS(changes));
	tcase_add_test(tc, no_rules_are_strict);
	tcase_add_loop_test(tc, more_than_there_is_room_for, 0, 6);
	tcase_add_loop_test(tc, connections_beyond_counting, 0, 3);
	tcase_add_loop_test(tc, same_address, 0, ROWS(sames));
	suite_add_tcase(suite, tc);
	return suite;
}
