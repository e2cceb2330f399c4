/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/policy: what may you do, given what was learnt?  Every cell is a row.  And how is it
 * told (lib/words/judged)? */
#include "dane/match.h"
#include "support/suite.h"

#include <danepriv/policy.h>
#include <danepriv/word.h>
#include <stdbool.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define NAME(provenance) DANEPRIV_PROVENANCE_##provenance
#define FOUND(finding) DANEPRIV_FINDING_##finding

static const danepriv_channel channels[] = { DANEPRIV_CHANNEL_NONE, DANEPRIV_CHANNEL_CLEAR,
	DANEPRIV_CHANNEL_ENCRYPTED };

typedef struct line {
	danepriv_profile profile;
	danepriv_provenance provenance;
	danepriv_finding finding;
	/* without a channel, in clear, encrypted: . refuse, C in clear, U unauthenticated, P
	 * proceed */
	const char *decisions;
} line;

static const line lines[] = {
	/* clang-format off */
	/* A referral is not signed (RFC 4035 section 2.2); RFC 8310 section 7.3. */
	{ STRICT, NAME(UNPROVEN), FOUND(UNJUDGED), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(MATCH), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(MISMATCH), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(BOGUS), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(UNUSABLE), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(ABSENT), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(UNSIGNED), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(INDETERMINATE), "..." },
	{ STRICT, NAME(UNPROVEN), FOUND(DOWNGRADE), "..." },
	/* RFC 4035 section 2.2: the apex is; RFC 8310 section 5: nothing less than a match. */
	{ STRICT, NAME(SECURE), FOUND(UNJUDGED), "..." },
	{ STRICT, NAME(SECURE), FOUND(MATCH), "..P" },
	{ STRICT, NAME(SECURE), FOUND(MISMATCH), "..." },
	{ STRICT, NAME(SECURE), FOUND(BOGUS), "..." },
	{ STRICT, NAME(SECURE), FOUND(UNUSABLE), "..." },
	{ STRICT, NAME(SECURE), FOUND(ABSENT), "..." },
	{ STRICT, NAME(SECURE), FOUND(UNSIGNED), "..." },
	{ STRICT, NAME(SECURE), FOUND(INDETERMINATE), "..." },
	{ STRICT, NAME(SECURE), FOUND(DOWNGRADE), "..." },
	/* RFC 8310 sections 5 and 7.3. */
	{ STRICT, NAME(CHANNEL), FOUND(UNJUDGED), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(MATCH), "..P" },
	{ STRICT, NAME(CHANNEL), FOUND(MISMATCH), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(BOGUS), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(UNUSABLE), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(ABSENT), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(UNSIGNED), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(INDETERMINATE), "..." },
	{ STRICT, NAME(CHANNEL), FOUND(DOWNGRADE), "..." },
	/* RFC 8310 sections 5, 7.1 and 7.2. */
	{ STRICT, NAME(CONFIGURED), FOUND(UNJUDGED), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(MATCH), "..P" },
	{ STRICT, NAME(CONFIGURED), FOUND(MISMATCH), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(BOGUS), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(UNUSABLE), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(ABSENT), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(UNSIGNED), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(INDETERMINATE), "..." },
	{ STRICT, NAME(CONFIGURED), FOUND(DOWNGRADE), "..." },
	/* RFC 8310 section 5, draft-bortzmeyer section 2: whoever it is; and under an unproven
	 * name nobody knows who. */
	{ FREE, NAME(UNPROVEN), FOUND(UNJUDGED), "..." },
	{ FREE, NAME(UNPROVEN), FOUND(MATCH), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(MISMATCH), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(BOGUS), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(UNUSABLE), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(ABSENT), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(UNSIGNED), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(INDETERMINATE), ".CU" },
	{ FREE, NAME(UNPROVEN), FOUND(DOWNGRADE), "..." },
	/* RFC 8310 section 5, draft-bortzmeyer section 2. */
	{ FREE, NAME(SECURE), FOUND(UNJUDGED), "..." },
	{ FREE, NAME(SECURE), FOUND(MATCH), ".CP" },
	{ FREE, NAME(SECURE), FOUND(MISMATCH), ".CU" },
	{ FREE, NAME(SECURE), FOUND(BOGUS), ".CU" },
	{ FREE, NAME(SECURE), FOUND(UNUSABLE), ".CU" },
	{ FREE, NAME(SECURE), FOUND(ABSENT), ".CU" },
	{ FREE, NAME(SECURE), FOUND(UNSIGNED), ".CU" },
	{ FREE, NAME(SECURE), FOUND(INDETERMINATE), ".CU" },
	{ FREE, NAME(SECURE), FOUND(DOWNGRADE), "..." },
	{ FREE, NAME(CHANNEL), FOUND(UNJUDGED), "..." },
	{ FREE, NAME(CHANNEL), FOUND(MATCH), ".CP" },
	{ FREE, NAME(CHANNEL), FOUND(MISMATCH), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(BOGUS), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(UNUSABLE), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(ABSENT), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(UNSIGNED), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(INDETERMINATE), ".CU" },
	{ FREE, NAME(CHANNEL), FOUND(DOWNGRADE), "..." },
	{ FREE, NAME(CONFIGURED), FOUND(UNJUDGED), "..." },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), ".CP" },
	{ FREE, NAME(CONFIGURED), FOUND(MISMATCH), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(BOGUS), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(UNUSABLE), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(ABSENT), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(UNSIGNED), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(INDETERMINATE), ".CU" },
	{ FREE, NAME(CONFIGURED), FOUND(DOWNGRADE), "..." },
	/* clang-format on */
};

static danepriv_decision
decision_of(char letter)
{
	switch (letter) {
	case 'C':
		return DANEPRIV_DECISION_PROCEED_CLEARTEXT;
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
	const line *l = &lines[_i];

	for (int i = 0; i < ROWS(channels); i++)
		ck_assert_msg(danepriv_decide(l->profile, l->provenance, l->finding, channels[i]) ==
				  decision_of(l->decisions[i]),
		    "profile %d, provenance %#x, finding %d, channel %#x", (int)l->profile,
		    (unsigned)l->provenance, (int)l->finding, (unsigned)channels[i]);
}
END_TEST

static int
values_of(danepriv_kind kind)
{
	int count = 0, value;

	while (danepriv_list(kind, (size_t)count, &value) == DANEPRIV_OK)
		count++;
	return count;
}

/* No line is missing, none is there twice: whoever adds a finding adds its lines. */
START_TEST(lines_are_all)
{
	ck_assert_int_eq(ROWS(lines), values_of(DANEPRIV_KIND_PROFILE) *
					  values_of(DANEPRIV_KIND_PROVENANCE) *
					  values_of(DANEPRIV_KIND_FINDING));
	for (int i = 0; i < ROWS(lines); i++)
		for (int k = 0; k < i; k++)
			ck_assert(lines[i].profile != lines[k].profile ||
				  lines[i].provenance != lines[k].provenance ||
				  lines[i].finding != lines[k].finding);
}
END_TEST

typedef struct stranger {
	int profile, provenance, finding, channel;
} stranger;

/* What the table has no cell for, beside what would proceed. */
static const stranger strangers[] = {
	{ 2, NAME(SECURE), FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ -1, NAME(SECURE), FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, 1, FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, 0x204, FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, 0x200, FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, -1, FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ STRICT, INT32_MAX, FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, NAME(CONFIGURED), 9, DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, NAME(CONFIGURED), -1, DANEPRIV_CHANNEL_ENCRYPTED },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), 1 },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), 2 },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), 0x100 },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), 0x103 },
	{ FREE, NAME(CONFIGURED), FOUND(MATCH), -1 },
	{ STRICT, INT32_MAX, INT32_MAX, INT32_MAX },
};

static danepriv_decision
decide(int profile, int provenance, int finding, int channel)
{
	return danepriv_decide((danepriv_profile)profile, (danepriv_provenance)provenance,
	    (danepriv_finding)finding, (danepriv_channel)channel);
}

START_TEST(strangers_are_refused)
{
	const stranger *s = &strangers[_i];

	ck_assert_int_eq(decide(s->profile, s->provenance, s->finding, s->channel), 0);
}
END_TEST

/* With whatever was learnt over whatever channel, strict asks over an encrypted channel to a match
 * with a proven name: once for each provenance that is proof. */
START_TEST(strict_asks_after_a_match_alone)
{
	int asks = 0;

	for (int provenance = -2; provenance < 0x300; provenance++)
		for (int i = -2; i < 23; i++)
			for (int channel = -2; channel < 0x200; channel++) {
				int finding = i < 20 ? i : FOUND(MATCH) + i - 21;
				asks += decide(STRICT, provenance, finding, channel) != 0;
			}
	ck_assert_int_eq(asks, 3);
	ck_assert_int_eq(
	    decide(STRICT, NAME(UNPROVEN), FOUND(MATCH), DANEPRIV_CHANNEL_ENCRYPTED), 0);
}
END_TEST

static int
trust_of(danepriv_decision decision)
{
	static const int trusts[] = { [DANEPRIV_DECISION_REFUSE] = 0,
		[DANEPRIV_DECISION_PROCEED_CLEARTEXT] = 1,
		[DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = 2,
		[DANEPRIV_DECISION_PROCEED] = 3 };

	return trusts[decision];
}

/* Whatever is left out is zero, and exchanged arguments are no compiler's business: neither gains
 * anybody anything. */
START_TEST(left_out_or_exchanged)
{
	const line *l = &lines[_i];

	for (int c = 0; c < ROWS(channels); c++) {
		const int given[4] = { (int)l->profile, (int)l->provenance, (int)l->finding,
			(int)channels[c] };
		danepriv_decision meant = decide(given[0], given[1], given[2], given[3]);
		for (int i = 0; i < 4; i++)
			for (int k = i; k < 4; k++) {
				int other[4] = { given[0], given[1], given[2], given[3] };
				other[i] = i == k ? 0 : given[k]; /* left out, or exchanged */
				other[k] = i == k ? 0 : given[i];
				danepriv_decision came =
				    decide(other[0], other[1], other[2], other[3]);
				ck_assert_msg(
				    trust_of(came) <= trust_of(meant), "arguments %d and %d", i, k);
			}
	}
}
END_TEST

START_TEST(zero_means_no)
{
	danepriv_profile profile;
	danepriv_finding finding;
	danepriv_channel channel;
	danepriv_provenance provenance;

	memset(&provenance, 0, sizeof provenance);
	memset(&profile, 0, sizeof profile);
	memset(&finding, 0, sizeof finding);
	memset(&channel, 0, sizeof channel);
	ck_assert_int_eq(danepriv_decide(profile, provenance, finding, channel), 0);
	ck_assert_int_eq(DANEPRIV_DECISION_REFUSE, 0);
}
END_TEST

/* What else a verdict says, in the place of its finding. */
START_TEST(no_finding)
{
	const int others[] = { DANEPRIV_SECURITY_SECURE, DANEPRIV_JUDGEMENT_MATCH,
		DANEPRIV_DECISION_PROCEED, true };

	ck_assert_int_eq(
	    decide(STRICT, NAME(CONFIGURED), others[_i], DANEPRIV_CHANNEL_ENCRYPTED), 0);
	ck_assert_int_eq(decide(DANEPRIV_PROFILE_OPPORTUNISTIC, NAME(CONFIGURED), others[_i],
			     DANEPRIV_CHANNEL_ENCRYPTED),
	    0);
}
END_TEST

/* Reasons with which a finding does not look like an attack. */
static const struct {
	danepriv_reason reason;
	bool is_limit; /* else: missing */
} calmer[] = {
	{ DANEPRIV_REASON_SIGNATURE_MISSING, false },
	{ DANEPRIV_REASON_DNSKEY_MISSING, false },
	{ DANEPRIV_REASON_SERVED_LOCALLY, false },
	{ DANEPRIV_REASON_DENIAL_MISSING, false },
	{ DANEPRIV_REASON_WILDCARD_UNPROVEN, false },
	{ DANEPRIV_REASON_LIMIT_WORK, true },
	{ DANEPRIV_REASON_LIMIT_SIGNATURES, true },
	{ DANEPRIV_REASON_LIMIT_KEYS, true },
	{ DANEPRIV_REASON_LIMIT_HASHES, true },
	{ DANEPRIV_REASON_LIMIT_ALIASES, true },
	{ DANEPRIV_REASON_LIMIT_RECORDS, true },
	{ DANEPRIV_REASON_LIMIT_OCTETS, true },
	{ DANEPRIV_REASON_LIMIT_QUESTIONS, true },
};

/* Each finding, with each reason that there is. */
START_TEST(attacks)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	int i;

	for (size_t r = 0; danepriv_list(DANEPRIV_KIND_REASON, r, &i) == DANEPRIV_OK; r++) {
		bool limit = false, missing = false;
		verdict.reason = (danepriv_reason)i;
		for (int c = 0; c < ROWS(calmer); c++) {
			limit |= calmer[c].reason == verdict.reason && calmer[c].is_limit;
			missing |= calmer[c].reason == verdict.reason && !calmer[c].is_limit;
		}
		bool attack = _i == DANEPRIV_FINDING_MISMATCH || _i == DANEPRIV_FINDING_DOWNGRADE ||
			      (_i == DANEPRIV_FINDING_BOGUS && !missing);
		dp_match_find(&verdict, (danepriv_finding)_i);
		ck_assert_int_eq((int)verdict.finding, _i);
		ck_assert_msg(verdict.attack == (attack && !limit), "finding %d, reason %d", _i, i);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_loop_test(tc, cells, 0, ROWS(lines));
	tcase_add_test(tc, lines_are_all);
	tcase_add_loop_test(tc, strangers_are_refused, 0, ROWS(strangers));
	tcase_add_loop_test(tc, left_out_or_exchanged, 0, ROWS(lines));
	tcase_add_test(tc, strict_asks_after_a_match_alone);
	tcase_add_test(tc, zero_means_no);
	tcase_add_loop_test(tc, no_finding, 0, 4);
	tcase_add_loop_test(tc, attacks, -1, 11);
	tcase_add_loop_test(tc, attacks, FOUND(MATCH), FOUND(MATCH) + 1);
	suite_add_tcase(suite, tc);
	return suite;
}
