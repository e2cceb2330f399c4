/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan: which plans follow one another, over days?  What comes of an attempt is told to
 * the cache, and the next plan is made of that.  Clocks are set, forwards and backwards. */
#include "support/plans.h"
#include "support/suite.h"

typedef struct row {
	const char *name, *who, *story;
} row;

static const row table[] = {
	/* RFC 9539 section 4.3: three days, one day, four seconds */
	{ "persistence", "A1 B1",
	    "free A1:i +1 A1:c > A1? B1? B1c A1c ; +3d > A1? B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "persistence from the last answer", "A1 B1",
	    "free A1:c +2d A1:r +3d > A1? B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "persistence is no excuse for strict", "A1", "strict A1:c > A1!? ; +3d +1 > A1!?" },
	{ "damping", "A1 B1",
	    "free A1:i +1 A1:f > B1? B1c A1c ; +1d > B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "damping begins anew", "A1 B1",
	    "free A1:f +1d +1 A1:if +1d > B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "damping ends with a connection", "A1 B1", "free A1:f +1h A1:ic > A1? B1? B1c A1c" },
	{ "damping does not keep strict", "A1", "strict A=S/2d A1:f > A1! ; +1d > A1!" },
	{ "timeout", "A1 B1", "strict A1:i +4 > A1!? B1!? ; +1 > B1!? A1!? ; +1d > A1!? B1!?" },
	{ "timeout, where it was reached before", "A1 B1",
	    "strict A=S/3d B=S/3d A1:c +1h A1:i +4 > A1! B1! ; +1 > B1! A1! ; +1d > A1! B1!" },
	{ "not where answers have come since", "A1 B1",
	    "free A1:c +1h A1:i +4 A1:r +1 > A1? B1? B1c A1c" },
	{ "timeout, and damping from there", "A1 B1",
	    "free A1:i +4 > B1? B1c A1c ; +1d > B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "reached, failed, reached", "A1 B1",
	    "free A1:ic > A1? B1? B1c A1c ; +1h A1:f > B1? B1c A1c ; +1d +1 > A1? A1c B1? B1c ; "
	    "A1:i > B1? B1c A1c ; +1 A1:c > A1? B1? B1c A1c" },
	/* evidence */
	{ "until passes", "A1", "strict A=S/1h > A1! ; +1h > A1! ; +1 > A1!?" },
	{ "until passes, opportunistic", "A1 B1",
	    "free A=S/1h > A1 B1? B1c A1c ; +1h > A1 B1? B1c A1c ; +1 > A1? A1c B1? B1c" },
	{ "until passes with a connection open", "A1",
	    "strict A=S/1h A1*1 > A1*! ; +1h +1 > A1*!? ; A=S/1h > A1*!" },
	{ "keys are rolled", "A1 B1",
	    "strict A=S/1d B=S/1d A1:ciM B1:c > A1! B1! ; +1h A1:X > B1! ; +10 A=Sb/1d > A1! B1! ; "
	    "B1:M > B1! A1!" },
	{ "keys are rolled, and nobody has noticed", "A1",
	    "strict A=S A1:X > refuse rejected ; +61 > A1! ; A1:X > refuse rejected" },
	{ "keys are withdrawn", "A1 B1",
	    "strict A=S A1:M > A1! B1!? ; A=D/1h > B1!? ; B=I/1h > refuse no-key ; +1h > refuse "
	    "no-key ; +1 > A1!? B1!?" },
	{ "keys are withdrawn, opportunistic", "A1 B1",
	    "free A=S A1:cM > A1 B1? B1c A1c ; A=D/1h > A1 B1? B1c A1c ; A1:f > B1? B1c A1c" },
	{ "keys are published", "A1",
	    "strict A=D/1h > refuse no-key ; +30m A=S/1h > A1! ; +1h +1 > A1!?" },
	{ "a failure passes", "A1",
	    "strict A=B > refuse not-learnt ; +60 > refuse not-learnt ; +1 > A1!?" },
	{ "a failure does not outlast what is proven", "A1",
	    "strict A=S/1h +30m A=B > A1! ; +30m > A1! ; +1 > A1!?" },
	{ "longer and longer", "A1",
	    "strict A=B +60 > refuse not-learnt ; +1 > A1!? ; A=B +120 > refuse not-learnt ; +1 > "
	    "A1!? ; A=N +240 > refuse not-learnt ; +1 > A1!? ; A=N +480 > refuse not-learnt ; +1 > "
	    "A1!? ; A=B +960 > refuse not-learnt ; +1 > A1!? ; A=B +1920 > refuse not-learnt ; +1 "
	    "> A1!? ; A=B +1h > refuse not-learnt ; +1 > A1!? ; A=B +1h > refuse not-learnt ; +1 > "
	    "A1!?" },
	{ "and short again once it was learnt", "A1",
	    "strict A=B +61 A=B +121 A=S/60 > A1! ; +61 A=B > refuse not-learnt ; +61 > A1!?" },
	{ "failures at the same time are one", "A1", "strict A=B A=B A=N A=B +61 > A1!?" },
	{ "others go on meanwhile", "A1 B1",
	    "strict A=B > B1!? ; B=S > B1! ; +61 > B1! A1!? ; A=S > A1! B1!" },
	/* clocks */
	{ "set back after keys were put", "A1",
	    "strict A=S/1h -30m > A1! ; -30m > A1! ; -1 > A1!? ; +1 > A1!" },
	{ "set forth and back", "A1", "strict A=S/1h +10d > A1!? ; -10d > A1! ; +1h +1 > A1!?" },
	{ "put by a clock that was ahead", "A1",
	    "strict +10d A=S/1h > A1! ; -10d > A1!? ; A=S/1h > A1!" },
	{ "a denial, set back", "A1", "strict A=D/1h -1h > refuse no-key ; -1 > A1!?" },
	{ "a failure, set back", "A1", "strict A=B -60 > refuse not-learnt ; -1 > A1!?" },
	{ "reached, set back", "A1 B1", "free A1:c -3d > A1? B1? B1c A1c ; -1 > A1? A1c B1? B1c" },
	{ "failed, set back", "A1 B1", "free A1:f -1d > B1? B1c A1c ; -1 > A1? A1c B1? B1c" },
	{ "rejected, set back", "A1", "strict A=S A1:X -60 > refuse rejected ; -1 > A1!" },
	{ "rejected a day ahead", "A1", "strict A=S +1d A1:X -1d > A1!" },
	{ "new keys, and then set back", "A1",
	    "strict A=S A1:X +30 A=Sb > A1! ; -29 > refuse rejected" },
	{ "keys that were put ahead take nothing back", "A1",
	    "strict A=S +30 A=Sb -30 A1:X +29 > refuse rejected ; +1 > A1!" },
	{ "rejected ahead, then new keys", "A1",
	    "strict A=S +30 A1:X -30 A=Sb > refuse rejected ; +30 > refuse rejected ; +60 > refuse "
	    "rejected ; +1 > A1!" },
	/* long stories */
	{ "a week of a resolver that is strict for a zone", "A1 A5 B1",
	    "strict A:p0 B:p0 > learn ; names=S A:p1 B:p1 > A1!? A5!? B1!? ; A1:i A=S/2d +1 "
	    "A1:c20M > A1! A5! B1!? ; B=D/1h > A1! A5! ; +1h A1*1 > A1*! ; A1*0 A1:t > A5! A1! ; "
	    "A5:i +1 A5:c30M > A5! A1! B1!? ; +1h B=S/5d B1:ic10M > B1! A5! A1! ; +2d > B1! A1!? "
	    "A5!? ; A=B > B1! ; +61 A=B > B1! ; +100 > B1! ; +21 A=Sb/1d > B1! A1! A5! ; B1:X > "
	    "A1! A5! ; +61 B=Sb/1d > A1! A5! B1! ; +1d +1 > A1!? A5!? B1!?" },
	{ "a week of one that takes what there is", "A1 B1 C1",
	    "free > A1? A1c B1? B1c C1? C1c ; A1:i B1:i C1:i > A1c B1c C1c ; A1:f B1:c20 > B1? A1c "
	    "C1c B1c ; +4 C1:t > B1? A1c C1c B1c ; A=D C=D B=S/1h > B1 A1c C1c B1c ; B1:M B:auth "
	    "B1*1 > B1* A1c C1c B1c ; B1*0 B1:X > B1 A1c C1c B1c ; +1d +1 > B1? A1? A1c C1? C1c "
	    "B1c ; A1:ic90 > B1? A1? C1? C1c B1c A1c" },
};

START_TEST(story)
{
	plan_world world;

	plan_world_open(&world, table[_i].who);
	plan_tell(&world, table[_i].name, table[_i].story);
	plan_world_close(&world);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_time");
	TCase *tc = tcase_create("plan_time");

	tcase_add_loop_test(tc, story, 0, ROWS(table));
	suite_add_tcase(suite, tc);
	return suite;
}
