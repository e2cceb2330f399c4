/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/policy: what may you do, given what was learnt?  Every cell is a row.  And how is it
 * told (lib/dane/judge_text)? */
#include "support/suite.h"

#include <danepriv/policy.h>
#include <stdbool.h>
#include <string.h>

typedef struct cell {
	danepriv_profile profile;
	danepriv_finding finding;
	danepriv_channel channel;
	danepriv_decision decision;
} cell;

#define REFUSE DANEPRIV_DECISION_REFUSE
#define YES DANEPRIV_DECISION_PROCEED
#define UNKNOWN DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
#define CLEAR DANEPRIV_DECISION_PROCEED_CLEARTEXT
/* A line of the table: no channel, clear, encrypted. */
#define LINE(profile, finding, none, clear, encrypted)                                             \
	{ profile, finding, DANEPRIV_CHANNEL_NONE, none },                                         \
	    { profile, finding, DANEPRIV_CHANNEL_CLEAR, clear },                                   \
	{                                                                                          \
		profile, finding, DANEPRIV_CHANNEL_ENCRYPTED, encrypted                            \
	}

static const cell cells[] = {
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_UNJUDGED, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_MATCH, REFUSE, REFUSE, YES),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_MISMATCH, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_BOGUS, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_UNUSABLE, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_ABSENT, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_UNSIGNED, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_INDETERMINATE, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_DOWNGRADE, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_UNJUDGED, REFUSE, REFUSE, REFUSE),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_MATCH, REFUSE, CLEAR, YES),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_MISMATCH, REFUSE, CLEAR, UNKNOWN),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_BOGUS, REFUSE, CLEAR, UNKNOWN),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_UNUSABLE, REFUSE, CLEAR, UNKNOWN),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_ABSENT, REFUSE, CLEAR, UNKNOWN),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_UNSIGNED, REFUSE, CLEAR, UNKNOWN),
	LINE(
	    DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_INDETERMINATE, REFUSE, CLEAR, UNKNOWN),
	LINE(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_DOWNGRADE, REFUSE, REFUSE, REFUSE),
	/* What the table has no cell for. */
	{ (danepriv_profile)2, DANEPRIV_FINDING_MATCH, DANEPRIV_CHANNEL_ENCRYPTED, REFUSE },
	{ (danepriv_profile)-1, DANEPRIV_FINDING_MATCH, DANEPRIV_CHANNEL_ENCRYPTED, REFUSE },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, (danepriv_finding)9, DANEPRIV_CHANNEL_ENCRYPTED, REFUSE },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, (danepriv_finding)-1, DANEPRIV_CHANNEL_ENCRYPTED,
	    REFUSE },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_MATCH, (danepriv_channel)3, REFUSE },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_MATCH, (danepriv_channel)-1, REFUSE },
	{ DANEPRIV_PROFILE_STRICT, (danepriv_finding)INT32_MAX, (danepriv_channel)INT32_MAX,
	    REFUSE },
};

START_TEST(decide)
{
	const cell *c = &cells[_i];

	ck_assert_msg(danepriv_decide(c->profile, c->finding, c->channel) == c->decision,
	    "profile %d, finding %d, channel %d", (int)c->profile, (int)c->finding,
	    (int)c->channel);
}
END_TEST

START_TEST(strict_proceeds_once)
{
	int proceeds = 0;

	for (int finding = -2; finding < 20; finding++)
		for (int channel = -2; channel < 10; channel++)
			proceeds +=
			    danepriv_decide(DANEPRIV_PROFILE_STRICT, (danepriv_finding)finding,
				(danepriv_channel)channel) != DANEPRIV_DECISION_REFUSE;
	ck_assert_int_eq(proceeds, 1);
}
END_TEST

typedef struct leave {
	danepriv_profile profile;
	danepriv_provenance provenance;
	danepriv_decision decision;
	danepriv_decision left;
} leave;

/* A line of the table: refuse, proceed, unauthenticated, cleartext. */
#define LEAVES(profile, provenance, refuse, proceed, unknown, clear)                               \
	{ profile, provenance, REFUSE, refuse }, { profile, provenance, YES, proceed },            \
	    { profile, provenance, UNKNOWN, unknown },                                             \
	{                                                                                          \
		profile, provenance, CLEAR, clear                                                  \
	}

static const leave leaves[] = {
	/* A referral is not signed (RFC 4035 section 2.2); RFC 8310 section 7.3. */
	LEAVES(
	    DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_UNPROVEN, REFUSE, REFUSE, REFUSE, REFUSE),
	/* RFC 4035 section 2.2: the apex is; RFC 8310 section 5: nothing less than PROCEED. */
	LEAVES(DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_SECURE, REFUSE, YES, REFUSE, REFUSE),
	/* RFC 8310 sections 5 and 7.3. */
	LEAVES(DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CHANNEL, REFUSE, YES, REFUSE, REFUSE),
	/* RFC 8310 sections 5, 7.1 and 7.2. */
	LEAVES(
	    DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CONFIGURED, REFUSE, YES, REFUSE, REFUSE),
	/* RFC 8310 section 5, draft-bortzmeyer section 2: whoever it is; and under an unproven
	 * name nobody knows who. */
	LEAVES(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_UNPROVEN, REFUSE, UNKNOWN,
	    UNKNOWN, CLEAR),
	LEAVES(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_SECURE, REFUSE, YES, UNKNOWN,
	    CLEAR),
	LEAVES(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_CHANNEL, REFUSE, YES, UNKNOWN,
	    CLEAR),
	LEAVES(DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_CONFIGURED, REFUSE, YES, UNKNOWN,
	    CLEAR),
	/* What the table has no cell for. */
	LEAVES((danepriv_profile)2, DANEPRIV_PROVENANCE_SECURE, REFUSE, REFUSE, REFUSE, REFUSE),
	LEAVES((danepriv_profile)-1, DANEPRIV_PROVENANCE_SECURE, REFUSE, REFUSE, REFUSE, REFUSE),
	LEAVES(
	    DANEPRIV_PROFILE_OPPORTUNISTIC, (danepriv_provenance)4, REFUSE, REFUSE, REFUSE, REFUSE),
	LEAVES(DANEPRIV_PROFILE_OPPORTUNISTIC, (danepriv_provenance)-1, REFUSE, REFUSE, REFUSE,
	    REFUSE),
	LEAVES(DANEPRIV_PROFILE_STRICT, (danepriv_provenance)INT32_MAX, REFUSE, REFUSE, REFUSE,
	    REFUSE),
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_SECURE, (danepriv_decision)4,
	    REFUSE },
	{ DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_SECURE, (danepriv_decision)-1,
	    REFUSE },
	{ DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CONFIGURED, (danepriv_decision)INT32_MAX,
	    REFUSE },
};

START_TEST(decide_named)
{
	const leave *l = &leaves[_i];

	ck_assert_msg(danepriv_decide_named(l->profile, l->provenance, l->decision) == l->left,
	    "profile %d, provenance %d, decision %d", (int)l->profile, (int)l->provenance,
	    (int)l->decision);
}
END_TEST

/* With whatever was learnt over whatever channel, strict asks over an encrypted channel to a match
 * with a proven name. */
START_TEST(strict_asks_after_a_match_alone)
{
	int asks = 0;

	for (int provenance = -2; provenance < 10; provenance++)
		for (int finding = -2; finding < 20; finding++)
			for (int channel = -2; channel < 10; channel++)
				asks += danepriv_decide_named(DANEPRIV_PROFILE_STRICT,
					    (danepriv_provenance)provenance,
					    danepriv_decide(DANEPRIV_PROFILE_STRICT,
						(danepriv_finding)finding,
						(danepriv_channel)channel)) != REFUSE;
	ck_assert_int_eq(asks, 3);
	ck_assert_int_eq(
	    danepriv_decide_named(DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_UNPROVEN,
		danepriv_decide(
		    DANEPRIV_PROFILE_STRICT, DANEPRIV_FINDING_MATCH, DANEPRIV_CHANNEL_ENCRYPTED)),
	    0);
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
	ck_assert_int_eq(danepriv_decide(profile, finding, channel), 0);
	ck_assert_int_eq(DANEPRIV_DECISION_REFUSE, 0);
	ck_assert_int_eq(danepriv_decide_named(profile, provenance, DANEPRIV_DECISION_PROCEED), 0);
	ck_assert_int_eq(danepriv_decide_named(DANEPRIV_PROFILE_OPPORTUNISTIC,
			     DANEPRIV_PROVENANCE_SECURE, DANEPRIV_DECISION_REFUSE),
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
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = (danepriv_finding)_i };

	for (int i = 0; i <= DANEPRIV_REASON_ALIAS; i++) {
		bool limit = false, missing = false;
		verdict.reason = (danepriv_reason)i;
		for (int c = 0; c < ROWS(calmer); c++) {
			limit |= calmer[c].reason == verdict.reason && calmer[c].is_limit;
			missing |= calmer[c].reason == verdict.reason && !calmer[c].is_limit;
		}
		bool attack = _i == DANEPRIV_FINDING_MISMATCH || _i == DANEPRIV_FINDING_DOWNGRADE ||
			      (_i == DANEPRIV_FINDING_BOGUS && !missing);
		ck_assert_msg(danepriv_verdict_is_attack(&verdict) == (attack && !limit),
		    "finding %d, reason %d", _i, i);
	}
	ck_assert_int_eq(danepriv_verdict_is_attack(NULL), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_loop_test(tc, decide, 0, ROWS(cells));
	tcase_add_test(tc, strict_proceeds_once);
	tcase_add_loop_test(tc, decide_named, 0, ROWS(leaves));
	tcase_add_test(tc, strict_asks_after_a_match_alone);
	tcase_add_test(tc, zero_means_no);
	tcase_add_loop_test(tc, attacks, -1, 11);
	suite_add_tcase(suite, tc);
	return suite;
}
