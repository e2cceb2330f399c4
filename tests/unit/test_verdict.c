/* SPDX-License-Identifier: BSD-2-Clause
 * Which mismatch looks like an attack, and which like certificates that are at fault?  The rows are
 * those of test_issuer. */
#include "dane/match.h"
#include "support/issued.h"
#include "support/suite.h"

#include <string.h>

static const danepriv_server server = { .name = "ns1.example.net" };

/* ---- by what is in the verdict ---- */

static const struct {
	danepriv_finding finding;
	danepriv_record_reason fault;
	danepriv_reason reason;
	int attack;
} verdicts[] = {
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NONE, 1 },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_DATES, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_WEAK, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_KEY, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_LIMIT, DANEPRIV_REASON_LIMIT_WORK, 0 },
	{ DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_LIMIT_WORK, 0 },
	{ DANEPRIV_FINDING_DOWNGRADE, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NONE, 1 },
	{ DANEPRIV_FINDING_BOGUS, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_SIGNATURE_INVALID,
	    1 },
	{ DANEPRIV_FINDING_BOGUS, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_SIGNATURE_MISSING,
	    0 },
	{ DANEPRIV_FINDING_UNJUDGED, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_MATCH, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_UNUSABLE, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NONE, 0 },
	{ DANEPRIV_FINDING_ABSENT, DANEPRIV_RECORD_REASON_NONE, DANEPRIV_REASON_NO_NAME, 0 },
};

START_TEST(attack)
{
	danepriv_verdict verdict = {
		.size = sizeof verdict, .fault = verdicts[_i].fault, .reason = verdicts[_i].reason
	};

	dp_verdict_find(&verdict, verdicts[_i].finding);
	ck_assert_int_eq(verdict.attack, verdicts[_i].attack);
}
END_TEST

/* ---- by certificates and records ---- */

/* Of the first record that has one. */
static danepriv_record_reason
fault_of(const danepriv_record_verdict *each, size_t count)
{
	static const danepriv_record_reason faults[] = { DANEPRIV_RECORD_REASON_WEAK,
		DANEPRIV_RECORD_REASON_CONSTRAINTS, DANEPRIV_RECORD_REASON_PURPOSE,
		DANEPRIV_RECORD_REASON_DATES, DANEPRIV_RECORD_REASON_LIMIT,
		DANEPRIV_RECORD_REASON_KEY };

	for (size_t i = 0; i < count; i++)
		for (int k = 0; k < ROWS(faults); k++)
			if (each[i].reason == faults[k])
				return faults[k];
	return DANEPRIV_RECORD_REASON_NONE;
}

/* The fault is told with an array for each record and without. */
START_TEST(fault)
{
	danepriv_record_verdict each[ISSUED_RECORDS_MAX];
	danepriv_verdict verdict = { .size = sizeof verdict,
		.each = each,
		.each_size = sizeof *each,
		.each_room = ISSUED_RECORDS_MAX,
		.fault = DANEPRIV_RECORD_REASON_NAME };
	danepriv_verdict alone = { .size = sizeof alone, .fault = DANEPRIV_RECORD_REASON_NAME };
	danepriv_record_reason wanted = DANEPRIV_RECORD_REASON_NONE;
	issued_row r;

	issued_open(&r, _i);
	ck_assert_int_eq(issued_judge(&r, &verdict), DANEPRIV_OK);
	ck_assert_int_eq(issued_judge(&r, &alone), DANEPRIV_OK);
	if (verdict.finding == DANEPRIV_FINDING_MISMATCH)
		wanted = fault_of(each, danepriv_records_count(r.records));
	ck_assert_msg(verdict.fault == wanted, "%s: %s", r.name,
	    danepriv_word(DANEPRIV_KIND_RECORD_REASON, verdict.fault));
	ck_assert_msg(alone.fault == wanted, "%s", r.name);
	ck_assert_msg(alone.attack == (alone.finding == DANEPRIV_FINDING_MISMATCH && wanted == 0),
	    "%s", r.name);
	issued_close(&r);
}
END_TEST

static int
index_of(const char *name)
{
	test_vectors *vectors = vectors_open(ISSUED_FILE);
	test_vector line;
	int found = 0;

	while (vectors_next(vectors, &line) && strcmp(line.fields[0], name) != 0)
		found++;
	vectors_close(vectors);
	return found;
}

/* A session that says again what it said before says that, too. */
START_TEST(fault_is_said_again)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_session *session;
	danepriv_cache *cache;
	issued_row r;

	issued_open(&r, index_of("expired_leaf_(2,_0,_1)"));
	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, r.records, r.now), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_new(r.ctx, &server, DANEPRIV_PROFILE_OPPORTUNISTIC, &session),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(session, cache, r.now), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_credential(session, &r.peer.credential), DANEPRIV_OK);
	(void)!danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, r.now, &why);
	ck_assert_int_eq(why.fault, DANEPRIV_RECORD_REASON_DATES);
	why.fault = DANEPRIV_RECORD_REASON_NONE;
	(void)!danepriv_session_decide_again(session, cache, DANEPRIV_PROFILE_OPPORTUNISTIC,
	    DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, r.now, &why);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(why.fault, DANEPRIV_RECORD_REASON_DATES);
	ck_assert_int_eq(why.attack, 0);
	danepriv_session_free(session);
	danepriv_cache_free(cache);
	issued_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("verdict");
	TCase *tc = tcase_create("verdict");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, attack, 0, ROWS(verdicts));
	tcase_add_loop_test(tc, fault, 0, vectors_count(ISSUED_FILE));
	tcase_add_test(tc, fault_is_said_again);
	suite_add_tcase(suite, tc);
	return suite;
}
