/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/issuer and match: what is found where the peer's other certificates were not shown? */
#include "support/issued.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/records.h>
#include <string.h>

static danepriv_verdict
judge_leaf(issued_row *r, danepriv_credential_type type, danepriv_record_verdict *each)
{
	danepriv_verdict verdict = { .size = sizeof verdict,
		.each = each,
		.each_size = sizeof *each,
		.each_room = ISSUED_RECORDS_MAX };

	const danepriv_credential whole = r->peer.credential;
	r->peer.credential.count = 1;
	r->peer.credential.type = type;
	ck_assert_msg(issued_judge(r, &verdict) == DANEPRIV_OK, "%s", r->name);
	r->peer.credential = whole;
	return verdict;
}

/* What the leaf alone settles, settles it as before; what matches by the whole list is left open,
 * if not matched; and nothing matches that would not match by the leaf alone. */
START_TEST(leaf_of_each_row)
{
	danepriv_record_verdict open[ISSUED_RECORDS_MAX], alone[ISSUED_RECORDS_MAX];
	size_t not_shown = 0;
	issued_row r;

	issued_open(&r, _i);
	bool is_raw = r.peer.credential.type == DANEPRIV_CREDENTIAL_RAW_KEY;
	if (!is_raw) {
		danepriv_verdict a = judge_leaf(&r, DANEPRIV_CREDENTIAL_X509, alone);
		danepriv_verdict o = judge_leaf(&r, DANEPRIV_CREDENTIAL_LEAF, open);
		ck_assert_msg(
		    (o.finding == DANEPRIV_FINDING_MATCH) == (a.finding == DANEPRIV_FINDING_MATCH),
		    "%s", r.name);
		for (size_t i = 0; i < r.count; i++)
			not_shown += open[i].reason == DANEPRIV_RECORD_REASON_NOT_SHOWN;
		ck_assert_msg(o.finding == DANEPRIV_FINDING_MATCH ||
				  (o.finding == DANEPRIV_FINDING_INDETERMINATE) == (not_shown > 0),
		    "%s: %d", r.name, o.finding);
		ck_assert((o.reason == DANEPRIV_REASON_NOT_SHOWN) ==
			  (o.finding == DANEPRIV_FINDING_INDETERMINATE));
		ck_assert_msg(!issued_matches(&r) || o.finding == DANEPRIV_FINDING_MATCH ||
				  o.finding == DANEPRIV_FINDING_INDETERMINATE,
		    "%s: %d", r.name, o.finding);
	}
	issued_close(&r);
}
END_TEST

typedef struct leaf_row {
	const char *leaf, *meant, *roots;
	uint8_t usage, selector, matching;
	const char *verdict;
	danepriv_finding finding;
} leaf_row;

#define OPEN "untried:not-shown", DANEPRIV_FINDING_INDETERMINATE
#define SHUT(reason) "no-match:" reason, DANEPRIV_FINDING_MISMATCH

static const leaf_row leaves[] = {
	/* what the others could decide */
	{ "by-root", "root", "-", 2, 0, 1, OPEN },
	{ "by-root", "root", "-", 2, 1, 1, OPEN },
	{ "by-sub", "root", "-", 2, 0, 0, OPEN },
	{ "by-root", "other-root", "-", 2, 0, 1, OPEN },
	{ "by-sub", "root", "root", 0, 0, 1, OPEN },
	{ "by-sub", "by-sub", "root", 1, 1, 1, OPEN },
	/* what the leaf decides */
	{ "by-root", "root", "-", 2, 0, 0, "match", DANEPRIV_FINDING_MATCH },
	{ "by-root", "by-root", "root", 1, 0, 1, "match", DANEPRIV_FINDING_MATCH },
	{ "by-root", "by-root", "-", 3, 1, 1, "match", DANEPRIV_FINDING_MATCH },
	{ "by-root", "root", "-", 3, 1, 1, SHUT("different") },
	{ "by-root", "root", "root", 1, 1, 1, SHUT("different") },
	{ "n-other", "root", "-", 2, 0, 1, SHUT("name") },
	{ "n-other", "root", "root", 0, 0, 1, SHUT("name") },
	{ "old", "root", "-", 2, 0, 1, SHUT("dates") },
	{ "old", "root", "-", 2, 0, 0, SHUT("dates") },
	{ "by-root", "root", "-", 0, 0, 1, "unusable:no-roots", DANEPRIV_FINDING_UNUSABLE },
};

START_TEST(leaf_alone)
{
	const leaf_row *wanted = &leaves[_i];
	danepriv_record_verdict each = { 0 };
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = &each, .each_size = sizeof each, .each_room = 1
	};
	issued_setting s =
	    issued_setting_for(wanted->meant, wanted->usage, wanted->selector, wanted->matching);
	danepriv *ctx = context_open(wanted->roots);
	test_peer peer;
	char got[64];

	peer_open(&peer, wanted->leaf);
	peer.credential.type = DANEPRIV_CREDENTIAL_LEAF;
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, s.records, &peer.credential, NULL, 0, ISSUED_NOW, &verdict),
	    DANEPRIV_OK);
	issued_describe(&each, got, sizeof got);
	ck_assert_msg(
	    strcmp(got, wanted->verdict) == 0, "%s, %u: %s", wanted->leaf, wanted->usage, got);
	ck_assert_int_eq(verdict.finding, wanted->finding);
	ck_assert_int_eq(verdict.attack, wanted->finding == DANEPRIV_FINDING_MISMATCH &&
					     each.reason != DANEPRIV_RECORD_REASON_DATES);
	peer_close(&peer);
	danepriv_close(ctx);
	issued_setting_close(&s);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("leaf");
	TCase *tc = tcase_create("leaf");

	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, leaf_of_each_row, 0, vectors_count(ISSUED_FILE));
	tcase_add_loop_test(tc, leaf_alone, 0, ROWS(leaves));
	suite_add_tcase(suite, tc);
	return suite;
}
