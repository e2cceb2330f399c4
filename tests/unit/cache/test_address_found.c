/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/address_found: which servers are at this address, and what was found of them there? */
#include "support/cached.h"
#include "support/plans.h"
#include "support/suite.h"

/* A rejection is seen by what a strict plan does with it, a match by how early the server comes. */
static const struct {
	const char *name, *who, *story;
} table[] = {
	{ "a minute", "A1", "strict A=S A1:X +60 > refuse rejected ; +1 > A1!" },
	{ "a promise, too", "A1", "strict A=S A1:G +60 > refuse rejected ; +1 > A1!" },
	{ "again", "A1", "strict A=S A1:X +61 > A1! ; A1:X +60 > refuse rejected ; +1 > A1!" },
	{ "longer, when it is rejected again", "A1",
	    "strict A=S A1:X +50 A1:X +60 > refuse rejected ; +1 > A1!" },
	{ "a match for good", "A1 B1", "strict A=S/9d B=S/9d B1:M +8d > B1! A1!" },
	{ "a match, rejected, and a minute later", "A1 B1",
	    "strict A=S B=S B1:M B1:X +61 > A1! B1!" },
	/* of several servers at one address */
	{ "one of two", "A0 B0", "strict A=S B=S A0:X > B0!" },
	{ "both", "A0 B0", "strict A=S B=S A0:X B0:X > refuse rejected" },
	{ "each for its own minute", "A0 B0",
	    "strict A=S B=S A0:X +30 B0:X +30 > refuse rejected ; +1 > A0! ; +29 > A0! ; +1 > A0! "
	    "B0!" },
	{ "longer than what is counted", "A0 B0", "strict A=S B=S A0:X +250 B0:X > A0!" },
	{ "in steps", "A0 B0",
	    "strict A=S B=S A0:X +20 B0:X +20 B0:X +20 B0:X > refuse rejected ; +1 > A0!" },
	{ "for longer than a minute the other alone", "A0 B0",
	    "strict A=S B=S A0:X +61 B0:X > A0! ; +60 > A0! ; +1 > A0! B0!" },
	{ "a match does not prolong", "A0 B0",
	    "strict A=S B=S A0:X +30 B0:M +30 > B0! ; +1 > B0! A0!" },
	{ "nor what says nothing", "A0 B0",
	    "strict A=S B=S A0:X +30 B0:ubnsy- +30 > B0! ; +1 > A0! B0!" },
	{ "a rejection takes no match from others", "A0 B0",
	    "strict A=S B=S B0:M A0:X +61 > B0! A0!" },
	{ "the fourth before stays", "A0 B0 C0 D0",
	    "strict A=S B=D C=D D=D A0:X B0:M C0:M D0:M > refuse rejected" },
	{ "the fifth goes", "A0 B0 C0 D0 E0",
	    "strict A=S B=D C=D D=D E=D A0:X B0:M C0:M D0:M E0:M > A0!" },
	{ "a new one does not take over its finding", "A0 B0 C0 D0 E0",
	    "strict A=D B=D C=D D=D E=S A0:X B0:M C0:M D0:M E0:u > E0!" },
	{ "unless it came again", "A0 B0 C0 D0 E0",
	    "strict A=S B=S C=D D=D E=D B0:X A0:X C0:M D0:M A0:u E0:M > B0!" },
	{ "and then as it was", "A0 B0 C0 D0 E0",
	    "strict A=S B=S C=D D=D E=D B0:X +30 A0:X C0:M D0:M A0:u E0:M +60 > B0! ; +1 > A0! "
	    "B0!" },
	{ "what goes takes its finding along", "A0 B0 C0 D0 E0",
	    "strict A=S B=D C=D D=D E=D A0:X B0:M C0:M D0:M E0:M A0:u > A0!" },
	{ "nobody leaves for one that was rejected", "A0 B0 C0 D0 E0",
	    "strict A=S B=S C=S D=S E=S A0:M B0:M C0:M D0:M E0:X > A0! B0! C0! D0! E0!" },
	{ "rejected, and it does not leave", "A0 B0 C0 D0 E0",
	    "strict A=S B=D C=D D=D E=D A0:M B0:M C0:M D0:M A0:X E0:u > refuse rejected" },
	{ "nor when that does not count any more", "A0 B0 C0 D0 E0",
	    "strict A=S B=D C=D D=D E=D A0:M A0:X +61 B0:M C0:M D0:M E0:u A0:X > refuse rejected" },
	/* clocks */
	{ "set back, for a minute", "A1", "strict A=S A1:X -60 > refuse rejected ; -1 > A1!" },
	{ "set forth and back", "A1", "strict A=S +1d A1:X -1d > A1!" },
	{ "set back in between", "A0 B0",
	    "strict A=S B=S +1h A0:X -30 B0:X > refuse rejected ; +60 > refuse rejected ; +1 > B0! "
	    "; +30 > A0! B0!" },
	{ "set back by more in between", "A0 B0",
	    "strict A=S B=S A0:X -61 B0:X > A0! ; +61 > A0! B0!" },
	{ "set forth in between", "A0 B0", "strict A=S B=S A0:X +1h B0:X -1h > A0! B0!" },
	{ "half the way round the counter", "A1", "strict A=S/99999d A1:X +2147483648 > A1!" },
	{ "nearly once round it", "A1", "strict A=S/99999d A1:X +4294967235 > A1!" },
};

START_TEST(finding)
{
	plan_world world;

	plan_world_open(&world, table[_i].who);
	plan_tell(&world, table[_i].name, table[_i].story);
	plan_world_close(&world);
}
END_TEST

static const uint8_t octets[4] = { 192, 0, 2, 1 };

static const struct {
	const char *name;
	danepriv_address address;
	danepriv_server server;
	int finding;
	danepriv_status status;
} arguments[] = {
	{ "match", { { octets, 4 } }, { "ns1.example" }, DANEPRIV_FINDING_MATCH, DANEPRIV_OK },
	{ "downgrade", { { octets, 4 } }, { "ns1.example" }, DANEPRIV_FINDING_DOWNGRADE,
	    DANEPRIV_OK },
	{ "unjudged", { { octets, 4 } }, { "ns1.example" }, DANEPRIV_FINDING_UNJUDGED,
	    DANEPRIV_OK },
	{ "no such finding", { { octets, 4 } }, { "ns1.example" }, DANEPRIV_FINDING_DOWNGRADE + 1,
	    EINVAL_ },
	{ "a security", { { octets, 4 } }, { "ns1.example" }, DANEPRIV_SECURITY_SECURE, EINVAL_ },
	{ "nor this", { { octets, 4 } }, { "ns1.example" }, -1, EINVAL_ },
	{ "no octets", { { NULL, 4 } }, { "ns1.example" }, DANEPRIV_FINDING_MATCH, EINVAL_ },
	{ "five octets", { { octets, 5 } }, { "ns1.example" }, DANEPRIV_FINDING_MATCH, EINVAL_ },
	{ "no such transport", { { octets, 4 }, 853, (danepriv_transport)6 }, { "ns1.example" },
	    DANEPRIV_FINDING_MATCH, EINVAL_ },
	{ "no server", { { octets, 4 } }, { NULL }, DANEPRIV_FINDING_MATCH, EINVAL_ },
	{ "the root", { { octets, 4 } }, { "." }, DANEPRIV_FINDING_MATCH, EINVAL_ },
	{ "no name", { { octets, 4 } }, { "a..b" }, DANEPRIV_FINDING_MATCH, DANEPRIV_EMALFORMED },
};

START_TEST(argument)
{
	const danepriv_address *address = &arguments[_i].address;
	const danepriv_server *server = &arguments[_i].server;
	const danepriv_finding found = (danepriv_finding)arguments[_i].finding;
	danepriv_address_state state = { .size = sizeof state };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	danepriv_status status = danepriv_cache_note_finding(cache, address, server, found, 0);
	ck_assert_msg(status == arguments[_i].status, "%s: %d", arguments[_i].name, (int)status);
	/* Nothing else is said of the address. */
	if (status == DANEPRIV_OK)
		ck_assert_int_eq(
		    danepriv_cache_get_address_state(cache, address, &state), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, address, 0),
	    address->octets.len == 4 && address->octets.data && address->transport == 0
		? DANEPRIV_WISH_TRY
		: DANEPRIV_WISH_NONE);
	ck_assert_int_eq(danepriv_cache_note_finding(NULL, address, server, found, 0), EINVAL_);
	ck_assert_int_eq(danepriv_cache_note_finding(cache, NULL, server, found, 0), EINVAL_);
	ck_assert_int_eq(danepriv_cache_note_finding(cache, address, NULL, found, 0), EINVAL_);
	danepriv_cache_free(cache);
}
END_TEST

/* At the ends of time nothing overflows, and a rejection still counts. */
START_TEST(ends_of_time)
{
	static const danepriv_time times[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1,
		INT64_MAX };
	plan_world world;

	plan_world_open(&world, "A0 B0");
	world.now = times[_i];
	plan_tell(&world, "end of time", "strict A0:X > B0!? ; B0:X > refuse rejected");
	plan_world_close(&world);
}
END_TEST

/* A claim that began the entry is no evidence, though it has no time but 0. */
START_TEST(claim_is_no_evidence)
{
	plan_world world;

	plan_world_open(&world, "A1");
	world.now = -5;
	plan_tell(&world, "claim", "strict A1:X A:claim +10 > refuse rejected ; A=S > A1!");
	plan_world_close(&world);
}
END_TEST

static const struct {
	danepriv_finding finding;
	danepriv_status then;
} floods[] = {
	{ DANEPRIV_FINDING_MATCH, DANEPRIV_OK },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_ENOTFOUND },
	{ DANEPRIV_FINDING_DOWNGRADE, DANEPRIV_ENOTFOUND },
	{ DANEPRIV_FINDING_ABSENT, DANEPRIV_ENOTFOUND },
};

/* An address where a server authenticated itself stays when the cache is flooded with others. */
START_TEST(flood)
{
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_address_state state = { .size = sizeof state };
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(
	    danepriv_cache_note_finding(cache, &address, &cached_server, floods[_i].finding, NOW),
	    DANEPRIV_OK);
	for (unsigned i = 0; i < 5000; i++) {
		const uint8_t other[4] = { 10, 0, (uint8_t)(i >> 8), (uint8_t)i };
		const danepriv_address another = { { other, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
		ck_assert_int_eq(danepriv_cache_note_finding(cache, &another, &cached_server,
				     DANEPRIV_FINDING_MISMATCH, NOW),
		    DANEPRIV_OK);
	}
	ck_assert_int_eq(
	    danepriv_cache_get_address_state(cache, &address, &state), floods[_i].then);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("address_found");
	TCase *tc = tcase_create("address_found");

	tcase_add_loop_test(tc, finding, 0, ROWS(table));
	tcase_add_loop_test(tc, argument, 0, ROWS(arguments));
	tcase_add_loop_test(tc, ends_of_time, 0, 7);
	tcase_add_test(tc, claim_is_no_evidence);
	tcase_add_loop_test(tc, flood, 0, ROWS(floods));
	suite_add_tcase(suite, tc);
	return suite;
}
