/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/standing, lib/dnssec/proven: what do the rules of safety say that sessions, hooks,
 * plans and the cache share?  Every security and every finding is a row. */
#include "policy/standing.h"

#include "dnssec/proven.h"
#include "support/suite.h"

#define NOW 1700000000
#define NEVER INT64_MIN

/* ---- what is proven ---- */

static const struct {
	danepriv_security security;
	bool counts, has_no_keys, is_failure;
} securities[] = {
	{ DANEPRIV_SECURITY_UNKNOWN, false, false, false },
	{ DANEPRIV_SECURITY_SECURE, true, false, false },
	{ DANEPRIV_SECURITY_DENIED, true, true, false },
	{ DANEPRIV_SECURITY_INSECURE, true, true, false },
	{ DANEPRIV_SECURITY_BOGUS, false, false, true },
	{ DANEPRIV_SECURITY_INDETERMINATE, false, false, true },
	{ (danepriv_security)-1, false, false, false },
	{ (danepriv_security)99, false, false, false },
};

START_TEST(proven)
{
	danepriv_security security = securities[_i].security;

	ck_assert_int_eq(dp_proven_counts(security), securities[_i].counts);
	ck_assert_int_eq(dp_proven_has_no_keys(security), securities[_i].has_no_keys);
	ck_assert_int_eq(dp_proven_is_failure(security), securities[_i].is_failure);
}
END_TEST

/* ---- downgrades ---- */

static const struct {
	const char *name;
	danepriv_time pinned, now;
	bool is_downgrade; /* where nothing is proven */
} pins[] = {
	{ "none was set", NEVER, NOW, false },
	{ "long ago", 0, NOW, false },
	{ "over for a second", NOW - 1, NOW, false },
	{ "its last second", NOW, NOW, true },
	{ "it holds", NOW + 1, NOW, true },
	{ "for ever", INT64_MAX, NOW, true },
	{ "no time", INT64_MAX, NEVER, false },
	{ "never, at no time", NEVER, NEVER, false },
};

START_TEST(downgrade)
{
	for (size_t i = 0; i < sizeof securities / sizeof *securities; i++)
		ck_assert_msg(dp_standing_is_downgrade(pins[_i].pinned, securities[i].security,
				  pins[_i].now) == (pins[_i].is_downgrade && !securities[i].counts),
		    "%s, %d", pins[_i].name, securities[i].security);
}
END_TEST

/* ---- what was found before ---- */

static const struct {
	danepriv_finding finding;
	bool lasts;
} findings[] = {
	{ DANEPRIV_FINDING_UNJUDGED, false },
	{ DANEPRIV_FINDING_MATCH, true },
	{ DANEPRIV_FINDING_MISMATCH, true },
	{ DANEPRIV_FINDING_UNUSABLE, true },
	{ DANEPRIV_FINDING_ABSENT, true },
	{ DANEPRIV_FINDING_UNSIGNED, true },
	{ DANEPRIV_FINDING_BOGUS, true },
	{ DANEPRIV_FINDING_INDETERMINATE, true },
	{ DANEPRIV_FINDING_DOWNGRADE, false },
};

START_TEST(lasts)
{
	danepriv_finding finding = findings[_i].finding;

	ck_assert_int_eq(dp_standing_lasts(finding, 7, 7), findings[_i].lasts);
	ck_assert(!dp_standing_lasts(finding, 7, 8));
	ck_assert(!dp_standing_lasts(finding, 7, 0));
	ck_assert(!dp_standing_lasts(finding, 0, 7));
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("standing");
	TCase *tc = tcase_create("standing");

	tcase_add_loop_test(tc, proven, 0, sizeof securities / sizeof *securities);
	tcase_add_loop_test(tc, downgrade, 0, sizeof pins / sizeof *pins);
	tcase_add_loop_test(tc, lasts, 0, sizeof findings / sizeof *findings);
	suite_add_tcase(suite, tc);
	return suite;
}
