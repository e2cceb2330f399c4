/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/spd: what does the SPD do with DNS as long as there is no SA?  Every cell is in a row. */
#include "base/sizes.h"
#include "support/sized.h"
#include "support/suite.h"

#include <danepriv/ike.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define FOUND(finding) DANEPRIV_FINDING_##finding
/* RFC 4322 sections 3.2.5 and 3.4.1 */
#define LOW 60
#define NORMAL 1200
#define USED 30

static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_UNPROVEN,
	DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL, DANEPRIV_PROVENANCE_CONFIGURED };
static const danepriv_profile profiles[] = { STRICT, FREE };

typedef struct line {
	danepriv_profile profile;
	danepriv_finding finding;
	/* unproven, secure, channel, configured: each two letters.  After a failure: . discard,
	 * C in clear.  At the end: . let go, R rekeyed if used */
	const char *cells;
	uint32_t failed_s;
} line;

static const line lines[] = {
	/* clang-format off */
	/* RFC 4322 section 3.2, paranoid: deny.  RFC 8310 section 5: never in clear. */
	{ STRICT, FOUND(UNJUDGED), ".. .. .. ..", LOW },
	{ STRICT, FOUND(MATCH), ".. .R .R .R", LOW },
	{ STRICT, FOUND(MISMATCH), ".. .. .. ..", NORMAL },
	{ STRICT, FOUND(BOGUS), ".. .. .. ..", NORMAL },
	{ STRICT, FOUND(UNUSABLE), ".. .. .. ..", NORMAL },
	{ STRICT, FOUND(ABSENT), ".. .. .. ..", NORMAL },
	{ STRICT, FOUND(UNSIGNED), ".. .. .. ..", NORMAL },
	{ STRICT, FOUND(INDETERMINATE), ".. .. .. ..", LOW },
	{ STRICT, FOUND(DOWNGRADE), ".. .. .. ..", NORMAL },
	/* RFC 4322 section 3.2, permissive; but draft section 5.1: no cleartext by an impostor, or
	 * where nobody could find out what is published. */
	{ FREE, FOUND(UNJUDGED), ".. .. .. ..", LOW },
	{ FREE, FOUND(MATCH), "CR CR CR CR", LOW },
	{ FREE, FOUND(MISMATCH), ".. .. .. ..", NORMAL },
	{ FREE, FOUND(BOGUS), ".. .. .. ..", NORMAL },
	{ FREE, FOUND(UNUSABLE), ".. .. .. ..", NORMAL },
	{ FREE, FOUND(ABSENT), "CR CR CR CR", LOW },
	{ FREE, FOUND(UNSIGNED), "CR CR CR CR", LOW },
	{ FREE, FOUND(INDETERMINATE), ".. .. .. ..", LOW },
	{ FREE, FOUND(DOWNGRADE), ".. .. .. ..", NORMAL },
	/* clang-format on */
};

/* Full of what there is not. */
static danepriv_spd_entry
rubbish(void)
{
	danepriv_spd_entry entry;

	memset(&entry, 0xa5, sizeof entry);
	entry.size = sizeof entry;
	return entry;
}

START_TEST(cells)
{
	const line *row = &lines[_i];

	for (int i = 0; i < ROWS(provenances); i++) {
		const char *cell = &row->cells[3 * (size_t)i];
		danepriv_spd_entry entry = rubbish();
		ck_assert_int_eq(
		    danepriv_spd_decide(row->profile, provenances[i], row->finding, &entry),
		    DANEPRIV_OK);
		ck_assert_uint_eq(entry.size, sizeof entry);
		ck_assert_int_eq(entry.negotiating, DANEPRIV_SPD_DISCARD);
		ck_assert_int_eq(
		    entry.failed, cell[0] == 'C' ? DANEPRIV_SPD_BYPASS : DANEPRIV_SPD_DISCARD);
		ck_assert_uint_eq(entry.failed_s, row->failed_s);
		ck_assert_uint_eq(entry.used_s, cell[1] == 'R' ? USED : 0);
	}
}
END_TEST

/* Nothing leaves in clear where no SA would be let live, and nothing in strict. */
START_TEST(no_freer_than_the_sa)
{
	const line *row = &lines[_i];

	for (int i = 0; i < ROWS(provenances); i++) {
		danepriv_spd_entry entry = rubbish();
		danepriv_decision decision =
		    danepriv_ike_decide(row->profile, provenances[i], row->finding);
		ck_assert_int_eq(
		    danepriv_spd_decide(row->profile, provenances[i], row->finding, &entry),
		    DANEPRIV_OK);
		ck_assert(entry.failed == DANEPRIV_SPD_DISCARD ||
			  (row->profile == FREE && decision != DANEPRIV_DECISION_REFUSE));
		ck_assert((entry.used_s == 0) == (decision == DANEPRIV_DECISION_REFUSE));
	}
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

static bool
is_one(danepriv_kind kind, int value)
{
	int one;

	for (size_t i = 0; danepriv_list(kind, i, &one) == DANEPRIV_OK; i++)
		if (one == value)
			return true;
	return false;
}

/* Is that refused, and does what was written discard? */
static bool
is_closed(int profile, int provenance, int finding)
{
	danepriv_spd_entry entry = rubbish();
	danepriv_status status = danepriv_spd_decide((danepriv_profile)profile,
	    (danepriv_provenance)provenance, (danepriv_finding)finding, &entry);

	return status == DANEPRIV_EINVAL && entry.size == sizeof entry &&
	       entry.negotiating == DANEPRIV_SPD_DISCARD && entry.failed == DANEPRIV_SPD_DISCARD &&
	       entry.failed_s == 0 && entry.used_s == 0;
}

/* `value` in each place; cells of the table have been seen. */
static void
check_unknown(int value)
{
	for (int i = 0; i < ROWS(lines); i++)
		for (int n = 0; n < ROWS(provenances); n++) {
			const line *row = &lines[i];
			int provenance = (int)provenances[n];
			if (!is_one(DANEPRIV_KIND_PROFILE, value))
				assert_often(is_closed(value, provenance, (int)row->finding));
			if (!is_one(DANEPRIV_KIND_PROVENANCE, value))
				assert_often(
				    is_closed((int)row->profile, value, (int)row->finding));
			if (!is_one(DANEPRIV_KIND_FINDING, value))
				assert_often(is_closed((int)row->profile, provenance, value));
		}
}

/* What there is not discards, wherever it stands. */
START_TEST(unknown_discards)
{
	for (int value = -3; value < 1400; value++)
		check_unknown(value);
	check_unknown(INT_MIN);
	check_unknown(INT_MAX);
}
END_TEST

/* Zeroed memory: strict, and nothing known. */
START_TEST(zero_discards)
{
	danepriv_spd_entry entry = { .size = 0 };

	ck_assert_int_eq(entry.negotiating, DANEPRIV_SPD_DISCARD);
	ck_assert_int_eq(entry.failed, DANEPRIV_SPD_DISCARD);
	entry.size = sizeof entry;
	ck_assert_int_eq(danepriv_spd_decide(0, 0, 0, &entry), DANEPRIV_OK);
	ck_assert_int_eq(entry.negotiating, DANEPRIV_SPD_DISCARD);
	ck_assert_int_eq(entry.failed, DANEPRIV_SPD_DISCARD);
	ck_assert_uint_eq(entry.used_s, 0);
	ck_assert_int_eq(danepriv_spd_decide(0, 0, 0, NULL), DANEPRIV_EINVAL);
}
END_TEST

static danepriv_status
call_decide(void *memory, size_t size)
{
	(void)size;
	return danepriv_spd_decide(FREE, DANEPRIV_PROVENANCE_CONFIGURED, FOUND(ABSENT), memory);
}

static const sized_case any = { OUT(spd_entry, DP_SPD_ENTRY_LEAST), NULL, call_decide };

START_TEST(any_size)
{
	sized_check(&any, _i);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("spd");
	TCase *tc = tcase_create("spd");

	tcase_add_loop_test(tc, cells, 0, ROWS(lines));
	tcase_add_loop_test(tc, no_freer_than_the_sa, 0, ROWS(lines));
	tcase_add_test(tc, each_has_its_row);
	tcase_add_test(tc, unknown_discards);
	tcase_add_test(tc, zero_discards);
	tcase_add_loop_test(tc, any_size, 0, SIZED_ROWS);
	suite_add_tcase(suite, tc);
	return suite;
}
