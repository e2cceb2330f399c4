/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/match, and lib/ipsec/peer by it: what is left of records when local policy excludes
 * usages?  (RFC 6698 section 4.1, draft-osterweil-dane-ipsec section 1.3)  Each row is judged as a
 * server of TLS and as a peer of IKE, by the records and by a cache that holds them. */
#include "support/cached.h"
#include "support/ike.h"
#include "support/issued.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

#define USAGE(n) (1u << (n))
#define ALL (USAGE(0) | USAGE(1) | USAGE(2) | USAGE(3))
#define FOUND(of) DANEPRIV_FINDING_##of
#define FAULT(of) DANEPRIV_RECORD_REASON_##of
#define RECORDS_MAX 4

typedef struct excluded_row {
	const char *name, *published;
	const char *shown; /* certificates, or `raw:` and a key */
	const char *roots;
	uint32_t excluded;
	danepriv_finding finding;
	danepriv_record_reason fault;
	const char *each; /* verdicts, with blanks between them */
} excluded_row;

static const excluded_row rows[] = {
	{ "none", "311:i-plain", "i-plain", "-", 0, FOUND(MATCH), 0, "match" },
	{ "3, others excluded", "311:i-plain", "i-plain", "-", USAGE(0) | USAGE(1) | USAGE(2),
	    FOUND(MATCH), 0, "match" },
	{ "2, others excluded", "201:i-root", "i-plain,i-root", "-", USAGE(0) | USAGE(1) | USAGE(3),
	    FOUND(MATCH), 0, "match" },
	{ "1, others excluded", "111:i-plain", "i-plain,i-root", "i-root",
	    USAGE(0) | USAGE(2) | USAGE(3), FOUND(MATCH), 0, "match" },
	{ "0, others excluded", "001:i-root", "i-plain,i-root", "i-root",
	    USAGE(1) | USAGE(2) | USAGE(3), FOUND(MATCH), 0, "match" },
	{ "3", "311:i-plain", "i-plain", "-", USAGE(3), FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded" },
	{ "3, raw key", "310:i-plain", "raw:k-ike", "-", USAGE(3), FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded" },
	{ "3, of another", "311:i-evil", "i-plain", "-", USAGE(3), FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded" },
	{ "2", "201:i-root", "i-plain,i-root", "-", USAGE(2), FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded" },
	{ "1", "111:i-plain", "i-plain,i-root", "i-root", USAGE(1), FOUND(UNUSABLE),
	    FAULT(EXCLUDED), "unusable:excluded" },
	{ "0", "001:i-root", "i-plain,i-root", "i-root", USAGE(0), FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded" },
	{ "0, no roots", "001:i-root", "i-plain,i-root", "-", USAGE(0), FOUND(UNUSABLE),
	    FAULT(EXCLUDED), "unusable:excluded" },
	{ "3, no roots for 0", "001:i-root", "i-plain,i-root", "-", USAGE(3), FOUND(UNUSABLE),
	    FAULT(NO_ROOTS), "unusable:no-roots" },
	{ "all", "311:i-plain,201:i-root,111:i-plain,001:i-root", "i-plain,i-root", "i-root", ALL,
	    FOUND(UNUSABLE), FAULT(EXCLUDED),
	    "unusable:excluded unusable:excluded unusable:excluded unusable:excluded" },
	/* What is left over is what counts. */
	{ "3 beside 2", "311:i-plain,201:i-root", "i-plain,i-root", "-", USAGE(3), FOUND(MATCH), 0,
	    "unusable:excluded match" },
	{ "2 beside 3", "201:i-root,311:i-plain", "i-plain,i-root", "-", USAGE(2), FOUND(MATCH), 0,
	    "unusable:excluded match" },
	{ "3 beside 2 that does not match", "311:i-plain,201:i-evil", "i-plain,i-root", "-",
	    USAGE(3), FOUND(MISMATCH), 0, "unusable:excluded no-match:different" },
	{ "3 beside 2, a raw key", "311:i-plain,201:i-root", "raw:k-ike", "-", USAGE(3),
	    FOUND(MISMATCH), 0, "unusable:excluded no-match:raw-key" },
	{ "2 beside 3 that does not match", "201:i-root,311:i-evil", "i-plain,i-root", "-",
	    USAGE(2), FOUND(MISMATCH), 0, "unusable:excluded no-match:different" },
	{ "0 and 1 beside 3 that does not match", "001:i-root,111:i-plain,311:i-evil",
	    "i-plain,i-root", "i-root", USAGE(0) | USAGE(1), FOUND(MISMATCH), 0,
	    "unusable:excluded unusable:excluded no-match:different" },
	/* What is out of use for another reason stays so. */
	{ "an unknown usage", "411:i-plain", "i-plain", "-", ALL, FOUND(UNUSABLE), FAULT(USAGE),
	    "unusable:usage" },
	{ "an unknown usage beside 3", "411:i-plain,311:i-plain", "i-plain", "-", USAGE(3),
	    FOUND(UNUSABLE), FAULT(USAGE), "unusable:usage unusable:excluded" },
	{ "an unknown usage, 3 left", "411:i-plain,311:i-plain", "i-plain", "-", USAGE(2),
	    FOUND(MATCH), 0, "unusable:usage match" },
	{ "a weaker digest", "311:i-plain,312:i-plain", "i-plain", "-", USAGE(3), FOUND(UNUSABLE),
	    FAULT(EXCLUDED), "unusable:excluded unusable:excluded" },
	{ "a weaker digest of a usage that is left", "311:i-plain,201:i-root,202:i-evil",
	    "i-plain,i-root", "-", USAGE(3), FOUND(MISMATCH), 0,
	    "unusable:excluded suppressed no-match:different" },
	/* Nothing is made of what is not proven. */
	{ "denied", "denied", "i-plain", "-", ALL, FOUND(ABSENT), 0, "" },
	{ "insecure", "insecure", "i-plain", "-", ALL, FOUND(UNSIGNED), 0, "" },
	{ "bogus", "bogus", "i-plain", "-", ALL, FOUND(BOGUS), 0, "" },
};

typedef struct judged {
	danepriv_record_verdict each[RECORDS_MAX];
	danepriv_verdict why;
} judged;

static void
begin(judged *j)
{
	memset(j, 0, sizeof *j);
	j->why = (danepriv_verdict){ .size = sizeof j->why,
		.each = j->each,
		.each_size = sizeof *j->each,
		.each_room = RECORDS_MAX };
}

static void
check(const excluded_row *row, const judged *j, const char *by)
{
	char each[256] = "";

	for (size_t i = 0; i < j->why.count; i++) {
		size_t at = strlen(each);
		if (i > 0)
			each[at++] = ' ';
		issued_describe(&j->each[i], each + at, sizeof each - at);
	}
	ck_assert_msg(strcmp(each, row->each) == 0, "%s, %s: %s", row->name, by, each);
	ck_assert_msg(j->why.finding == row->finding, "%s, %s: %d", row->name, by, j->why.finding);
	ck_assert_msg(j->why.fault == row->fault, "%s, %s: %d", row->name, by, j->why.fault);
	ck_assert_msg(j->why.finding != FOUND(UNUSABLE) || !j->why.attack, "%s", row->name);
	ck_assert((j->why.record == SIZE_MAX) == (row->finding != FOUND(MATCH)));
}

START_TEST(by_tls)
{
	const excluded_row *row = &rows[_i];
	const danepriv_server server = { .name = IKE_NAME, .transport = DANEPRIV_TRANSPORT_DOT };
	danepriv *ctx =
	    context_open_with(row->roots, (danepriv_settings){ .excluded_usages = row->excluded });
	danepriv_records *records = ike_records(&server, NULL, row->published);
	danepriv_cache *cache = cached_open();
	test_peer peer;
	judged j;

	peer_open(&peer, row->shown);
	begin(&j);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, IKE_NOW, &j.why),
	    DANEPRIV_OK);
	check(row, &j, "evaluate");
	ck_assert_int_eq(danepriv_cache_put(cache, records, IKE_NOW), DANEPRIV_OK);
	begin(&j);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &server, &peer.credential, IKE_NOW, &j.why),
	    DANEPRIV_OK);
	check(row, &j, "cache_evaluate");
	peer_close(&peer);
	danepriv_cache_free(cache);
	danepriv_records_free(records);
	danepriv_close(ctx);
}
END_TEST

/* The same as CERT payloads. */
static ike_shown
shown_to_ike(const excluded_row *row, char *certificates, size_t room)
{
	const ike_shown shown = {
		.id = "fqdn:" IKE_NAME, .certificates = certificates, .auth = 14
	};
	const char *comma = strchr(row->shown, ',');

	if (strncmp(row->shown, "raw:", 4) == 0)
		(void)snprintf(certificates, room, "15:%s", row->shown + 4);
	else if (comma)
		(void)snprintf(certificates, room, "4:%.*s,4:%s", (int)(comma - row->shown),
		    row->shown, comma + 1);
	else
		(void)snprintf(certificates, room, "4:%s", row->shown);
	return shown;
}

/* Nothing but a match is authenticated, and where records are excluded nobody goes on with somebody
 * unknown either: the owner publishes something. */
static void
check_decisions(const excluded_row *row, const danepriv_ike_found *found)
{
	danepriv_decision strict = danepriv_ike_decide(
	    DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CONFIGURED, found->finding);
	danepriv_decision opportunistic = danepriv_ike_decide(
	    DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_PROVENANCE_CONFIGURED, found->finding);

	ck_assert_int_eq(found->finding, row->finding);
	ck_assert((found->key.len > 0) == (row->finding == FOUND(MATCH)));
	ck_assert((strict == DANEPRIV_DECISION_PROCEED) == (row->finding == FOUND(MATCH)));
	if (row->finding == FOUND(UNUSABLE) || row->finding == FOUND(MISMATCH))
		ck_assert_msg(
		    strict == DANEPRIV_DECISION_REFUSE && opportunistic == DANEPRIV_DECISION_REFUSE,
		    "%s", row->name);
}

START_TEST(by_ike)
{
	const excluded_row *row = &rows[_i];
	const ike_setting setting = {
		.published = row->published, .roots = row->roots, .excluded = row->excluded
	};
	danepriv_ike_found found = { .size = sizeof found };
	char certificates[128];
	const ike_shown shown = shown_to_ike(row, certificates, sizeof certificates);
	ike_world w;
	judged j;

	ike_world_open(&w, &setting, &shown);
	begin(&j);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, &j.why),
	    DANEPRIV_OK);
	check(row, &j, "ike_evaluate");
	check_decisions(row, &found);
	begin(&j);
	ck_assert_int_eq(
	    danepriv_ike_judge(w.cache, w.ctx, &w.server, &w.peer.peer, IKE_NOW, &found, &j.why),
	    DANEPRIV_OK);
	check(row, &j, "ike_judge");
	check_decisions(row, &found);
	ike_world_close(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("excluded");
	TCase *tc = tcase_create("excluded");

	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, by_tls, 0, ROWS(rows));
	tcase_add_loop_test(tc, by_ike, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
