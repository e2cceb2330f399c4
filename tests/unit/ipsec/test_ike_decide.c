/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/decide: may an SA with this peer carry DNS?  Every cell is in a row. */
#include "support/suite.h"

#include <danepriv/ike.h>
#include <limits.h>
#include <stdbool.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define FOUND(finding) DANEPRIV_FINDING_##finding
#define LAST_OF_FINDINGS DANEPRIV_FINDING_DOWNGRADE

static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_UNPROVEN,
	DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL, DANEPRIV_PROVENANCE_CONFIGURED };
static const danepriv_profile profiles[] = { STRICT, FREE };

typedef struct line {
	danepriv_profile profile;
	danepriv_finding finding;
	/* unproven, secure, channel, configured: . refuse, U unauthenticated, P proceed */
	const char *decisions;
} line;

static const line lines[] = {
	/* clang-format off */
	/* draft section 1.3, RFC 8310 section 7: the right key of the right name, nothing less. */
	{ STRICT, FOUND(UNJUDGED), "...." },
	{ STRICT, FOUND(MATCH), ".PPP" },
	{ STRICT, FOUND(MISMATCH), "...." },
	{ STRICT, FOUND(BOGUS), "...." },
	{ STRICT, FOUND(UNUSABLE), "...." },
	{ STRICT, FOUND(ABSENT), "...." },
	{ STRICT, FOUND(UNSIGNED), "...." },
	{ STRICT, FOUND(INDETERMINATE), "...." },
	{ STRICT, FOUND(DOWNGRADE), "...." },
	/* draft section 1.3: bogus and indeterminate start nothing.  RFC 7619 section 2.5: with
	 * somebody unknown where authenticated IKE is not possible, which it is where something
	 * is published. */
	{ FREE, FOUND(UNJUDGED), "...." },
	{ FREE, FOUND(MATCH), "UPPP" },
	{ FREE, FOUND(MISMATCH), "...." },
	{ FREE, FOUND(BOGUS), "...." },
	{ FREE, FOUND(UNUSABLE), "...." },
	{ FREE, FOUND(ABSENT), "UUUU" },
	{ FREE, FOUND(UNSIGNED), "UUUU" },
	{ FREE, FOUND(INDETERMINATE), "...." },
	{ FREE, FOUND(DOWNGRADE), "...." },
	/* clang-format on */
};

static danepriv_decision
decision_of(char letter)
{
	switch (letter) {
	case 'U':
		return DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED;
	case 'P':
		return DANEPRIV_DECISION_PROCEED;
	default:
		return DANEPRIV_DECISION_REFUSE;
	}
}

START_TEST(cells)
{
	const line *row = &lines[_i];

	for (int i = 0; i < ROWS(provenances); i++)
		ck_assert_msg(danepriv_ike_decide(row->profile, provenances[i], row->finding) ==
				  decision_of(row->decisions[i]),
		    "profile %d, %s, provenance %d", row->profile,
		    danepriv_word(DANEPRIV_KIND_FINDING, row->finding), i);
}
END_TEST

/* Each finding that there is has its row, under each profile. */
START_TEST(each_has_its_row)
{
	int finding;

	for (size_t i = 0; danepriv_list(DANEPRIV_KIND_FINDING, i, &finding) == DANEPRIV_OK; i++)
		for (int p = 0; p < ROWS(profiles); p++) {
			int rows = 0;
			for (int n = 0; n < ROWS(lines); n++)
				rows += lines[n].profile == profiles[p] &&
					lines[n].finding == (danepriv_finding)finding;
			ck_assert_msg(
			    rows == 1, "%s", danepriv_word(DANEPRIV_KIND_FINDING, finding));
		}
}
END_TEST

/* Is there an enumerator of this value? */
static bool
is_one(danepriv_kind kind, int value)
{
	int one;

	for (size_t i = 0; danepriv_list(kind, i, &one) == DANEPRIV_OK; i++)
		if (one == value)
			return true;
	return false;
}

/* `value` in each place; cells of the table have been seen. */
static void
check_unknown(int value)
{
	for (int i = 0; i < ROWS(lines); i++)
		for (int n = 0; n < ROWS(provenances); n++) {
			const line *row = &lines[i];
			if (!is_one(DANEPRIV_KIND_PROFILE, value))
				assert_often(
				    danepriv_ike_decide((danepriv_profile)value, provenances[n],
					row->finding) == DANEPRIV_DECISION_REFUSE);
			if (!is_one(DANEPRIV_KIND_PROVENANCE, value))
				assert_often(
				    danepriv_ike_decide(row->profile, (danepriv_provenance)value,
					row->finding) == DANEPRIV_DECISION_REFUSE);
			if (!is_one(DANEPRIV_KIND_FINDING, value))
				assert_often(
				    danepriv_ike_decide(row->profile, provenances[n],
					(danepriv_finding)value) == DANEPRIV_DECISION_REFUSE);
		}
}

/* What there is not refuses, wherever it stands. */
START_TEST(unknown_refuses)
{
	for (int value = -3; value < 1400; value++)
		check_unknown(value);
	check_unknown(INT_MIN);
	check_unknown(INT_MAX);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_decide");
	TCase *tc = tcase_create("ike_decide");

	tcase_add_loop_test(tc, cells, 0, ROWS(lines));
	tcase_add_test(tc, each_has_its_row);
	tcase_add_test(tc, unknown_refuses);
	suite_add_tcase(suite, tc);
	return suite;
}
