/* SPDX-License-Identifier: BSD-2-Clause
 * Which mismatch looks like an attack, and which like certificates that are at fault?  The rows are
 * those of test_issuer.  And what is left of a verdict when it is said again, or when nothing comes
 * of the next one? */
#include "dane/match.h"
#include "support/cached.h"
#include "support/failing_alloc.h"
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

	dp_match_find(&verdict, verdicts[_i].finding);
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
	if (verdict.finding == DANEPRIV_FINDING_UNUSABLE) {
		wanted = each[0].reason;
		ck_assert_int_ne(wanted, DANEPRIV_RECORD_REASON_NONE);
	}
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

/* ---- once more ---- */

/* What a peer of issued.txt comes to by its records, or by a failure in their place. */
static const struct {
	const char *name;
	danepriv_security security;
	danepriv_reason reason;
	danepriv_finding finding;
	danepriv_record_reason fault;
	int attack;
	size_t count; /* of records */
} said[] = {
	{ "anchor_(2,_0,_1)", SECURE, DANEPRIV_REASON_NONE, DANEPRIV_FINDING_MATCH,
	    DANEPRIV_RECORD_REASON_NONE, 0, 1 },
	{ "other_anchor_(2,_0,_1)", SECURE, DANEPRIV_REASON_NONE, DANEPRIV_FINDING_MISMATCH,
	    DANEPRIV_RECORD_REASON_NONE, 1, 1 },
	{ "expired_leaf_(2,_0,_1)", SECURE, DANEPRIV_REASON_NONE, DANEPRIV_FINDING_MISMATCH,
	    DANEPRIV_RECORD_REASON_DATES, 0, 1 },
	{ "1024_bits_of_the_leaf", SECURE, DANEPRIV_REASON_NONE, DANEPRIV_FINDING_MISMATCH,
	    DANEPRIV_RECORD_REASON_WEAK, 0, 1 },
	{ "anchor_(2,_0,_1)", BOGUS, DANEPRIV_REASON_SIGNATURE_INVALID, DANEPRIV_FINDING_BOGUS,
	    DANEPRIV_RECORD_REASON_NONE, 1, 0 },
	{ "anchor_(2,_0,_1)", BOGUS, DANEPRIV_REASON_SIGNATURE_MISSING, DANEPRIV_FINDING_BOGUS,
	    DANEPRIV_RECORD_REASON_NONE, 0, 0 },
	{ "anchor_(2,_0,_1)", DENIED, DANEPRIV_REASON_NO_NAME, DANEPRIV_FINDING_ABSENT,
	    DANEPRIV_RECORD_REASON_NONE, 0, 0 },
};

static void
put_instead(danepriv_cache *cache, danepriv_security security, danepriv_reason reason)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(
			     &server, NULL, security, reason, NULL, 0, ISSUED_UNTIL, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, ISSUED_NOW), DANEPRIV_OK);
	danepriv_records_free(records);
}

static void
check_alike(const danepriv_verdict *first, const danepriv_verdict *again, const char *name)
{
	ck_assert_msg(again->finding == first->finding, "%s: finding", name);
	ck_assert_msg(again->security == first->security, "%s: security", name);
	ck_assert_msg(again->reason == first->reason, "%s: reason", name);
	ck_assert_msg(again->record == first->record, "%s: record", name);
	ck_assert_msg(again->valid_until == first->valid_until, "%s: valid_until", name);
	ck_assert_msg(again->fault == first->fault, "%s: fault", name);
	ck_assert_msg(again->attack == first->attack, "%s: attack", name);
	ck_assert_msg(again->count == first->count, "%s: count", name);
}

/* A session that says again what it said before, says all of it. */
START_TEST(said_again)
{
	danepriv_verdict first = { .size = sizeof first }, again;
	danepriv_session *session;
	danepriv_cache *cache;
	issued_row r;

	memset(&again, 0xa5, sizeof again);
	again.size = sizeof again;
	again.each_room = 0;
	issued_open(&r, index_of(said[_i].name));
	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	if (said[_i].security == SECURE)
		ck_assert_int_eq(danepriv_cache_put(cache, r.records, r.now), DANEPRIV_OK);
	else
		put_instead(cache, said[_i].security, said[_i].reason);
	ck_assert_int_eq(
	    danepriv_session_new(r.ctx, &server, DANEPRIV_PROFILE_OPPORTUNISTIC, &session),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(session, cache, r.now), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_credential(session, &r.peer.credential), DANEPRIV_OK);
	(void)!danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, r.now, &first);
	ck_assert_int_eq(first.finding, said[_i].finding);
	ck_assert_int_eq(first.reason, said[_i].reason);
	ck_assert_int_eq(first.fault, said[_i].fault);
	ck_assert_int_eq(first.attack, said[_i].attack);
	ck_assert_uint_eq(first.count, said[_i].count);
	dp_fail_allocation_at(0); /* it is not judged anew */
	(void)!danepriv_session_decide_again(session, cache, DANEPRIV_PROFILE_OPPORTUNISTIC,
	    DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, r.now, &again);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	check_alike(&first, &again, said[_i].name);
	danepriv_session_free(session);
	danepriv_cache_free(cache);
	issued_close(&r);
}
END_TEST

/* ---- when nothing comes of it ---- */

#define UNTIL 100 /* seconds after NOW that the records hold */
#define ROOM 2	  /* records that the array has room for */

/* What is wrong with a call. */
typedef enum wrong {
	NO_CONTEXT,
	NO_CACHE,
	EMPTY_CACHE,
	NO_RECORDS,
	NO_SESSION,
	NO_HOOKS,
	NO_SERVER,
	NO_NAME, /* of the server */
	ANOTHER_SERVER,
	NO_CREDENTIAL,
	NO_KIND, /* of credential */
	NO_ITEMS,
	NO_NAMES,
	TOO_MANY_NAMES,
	BAD_NAME,
	NO_TIME,
	NO_JUDGED,
	SHORT_JUDGED,
	SHORT_EACH
} wrong;

/* All that there is, and what is wrong of it. */
typedef struct calling {
	danepriv *ctx;
	danepriv_cache *cache, *empty;
	danepriv_records *records;
	danepriv_session *session;
	test_peer peer;
	danepriv_credential shown;
	wrong wrong;
} calling;

#define UNLESS(what, thing) (c->wrong == (what) ? NULL : (thing))

static const danepriv_server *
server_for(const calling *c)
{
	static const danepriv_server nameless = { "" }, another = { "ns2.example.net" };

	if (c->wrong == NO_NAME)
		return &nameless;
	return c->wrong == ANOTHER_SERVER ? &another : UNLESS(NO_SERVER, &cached_server);
}

static danepriv_cache *
cache_for(const calling *c)
{
	return c->wrong == EMPTY_CACHE ? c->empty : UNLESS(NO_CACHE, c->cache);
}

static const danepriv_credential *
credential_for(calling *c)
{
	c->shown = c->peer.credential;
	if (c->wrong == NO_KIND)
		c->shown.type = (danepriv_credential_type)99;
	if (c->wrong == NO_ITEMS)
		c->shown.count = 0;
	return UNLESS(NO_CREDENTIAL, &c->shown);
}

static danepriv_time
time_for(const calling *c)
{
	return c->wrong == NO_TIME ? 0 : NOW;
}

/* Each returns a status or a decision. */
static int
evaluate(calling *c, danepriv_verdict *why)
{
	const char *const names[] = { c->wrong == BAD_NAME ? ".." : "ns2.example.net" };

	return (int)danepriv_evaluate(UNLESS(NO_CONTEXT, c->ctx), UNLESS(NO_RECORDS, c->records),
	    credential_for(c), UNLESS(NO_NAMES, names), c->wrong == TOO_MANY_NAMES ? SIZE_MAX : 1,
	    time_for(c), why);
}

static int
cache_evaluate(calling *c, danepriv_verdict *why)
{
	return (int)danepriv_cache_evaluate(cache_for(c), UNLESS(NO_CONTEXT, c->ctx), server_for(c),
	    credential_for(c), time_for(c), why);
}

static int
session_decide(calling *c, danepriv_verdict *why)
{
	return (int)danepriv_session_decide(UNLESS(NO_SESSION, c->session),
	    DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, time_for(c), why);
}

static int
session_decide_again(calling *c, danepriv_verdict *why)
{
	return (int)danepriv_session_decide_again(UNLESS(NO_SESSION, c->session), cache_for(c),
	    DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED,
	    time_for(c), why);
}

static int
hooks_judge(calling *c, danepriv_verdict *why)
{
	const danepriv_hooks hooks = {
		.size = sizeof hooks, .ctx = UNLESS(NO_CONTEXT, c->ctx), .cache = cache_for(c)
	};
	danepriv_judged judged = { .size = c->wrong == SHORT_JUDGED ? 1 : sizeof judged };

	return (int)danepriv_hooks_judge(UNLESS(NO_HOOKS, &hooks), server_for(c), NULL,
	    credential_for(c), time_for(c), UNLESS(NO_JUDGED, &judged), why);
}

static const struct {
	const char *name;
	int (*call)(calling *c, danepriv_verdict *why);
	wrong wrong;
	int result;
} failures[] = {
	{ "evaluate: context", evaluate, NO_CONTEXT, EINVAL_ },
	{ "evaluate: records", evaluate, NO_RECORDS, EINVAL_ },
	{ "evaluate: credential", evaluate, NO_CREDENTIAL, EINVAL_ },
	{ "evaluate: kind of credential", evaluate, NO_KIND, EINVAL_ },
	{ "evaluate: items", evaluate, NO_ITEMS, EINVAL_ },
	{ "evaluate: names", evaluate, NO_NAMES, EINVAL_ },
	{ "evaluate: too many names", evaluate, TOO_MANY_NAMES, DANEPRIV_ELIMIT },
	{ "evaluate: a name that is none", evaluate, BAD_NAME, MALFORMED },
	{ "evaluate: time", evaluate, NO_TIME, EINVAL_ },
	{ "evaluate: array", evaluate, SHORT_EACH, EINVAL_ },
	{ "cache: context", cache_evaluate, NO_CONTEXT, EINVAL_ },
	{ "cache: cache", cache_evaluate, NO_CACHE, EINVAL_ },
	{ "cache: server", cache_evaluate, NO_SERVER, EINVAL_ },
	{ "cache: name", cache_evaluate, NO_NAME, MALFORMED },
	{ "cache: another server", cache_evaluate, ANOTHER_SERVER, NOTFOUND },
	{ "cache: nothing known", cache_evaluate, EMPTY_CACHE, NOTFOUND },
	{ "cache: credential", cache_evaluate, NO_CREDENTIAL, EINVAL_ },
	{ "cache: kind of credential", cache_evaluate, NO_KIND, EINVAL_ },
	{ "cache: time", cache_evaluate, NO_TIME, EINVAL_ },
	{ "cache: array", cache_evaluate, SHORT_EACH, EINVAL_ },
	{ "session: session", session_decide, NO_SESSION, DANEPRIV_DECISION_REFUSE },
	{ "session: time", session_decide, NO_TIME, DANEPRIV_DECISION_REFUSE },
	{ "session: array", session_decide, SHORT_EACH, DANEPRIV_DECISION_REFUSE },
	{ "again: session", session_decide_again, NO_SESSION, DANEPRIV_DECISION_REFUSE },
	{ "again: cache", session_decide_again, NO_CACHE, DANEPRIV_DECISION_REFUSE },
	{ "again: nothing known", session_decide_again, EMPTY_CACHE, DANEPRIV_DECISION_REFUSE },
	{ "again: time", session_decide_again, NO_TIME, DANEPRIV_DECISION_REFUSE },
	{ "again: array", session_decide_again, SHORT_EACH, DANEPRIV_DECISION_REFUSE },
	{ "hooks: hooks", hooks_judge, NO_HOOKS, EINVAL_ },
	{ "hooks: context", hooks_judge, NO_CONTEXT, EINVAL_ },
	{ "hooks: cache", hooks_judge, NO_CACHE, EINVAL_ },
	{ "hooks: server", hooks_judge, NO_SERVER, EINVAL_ },
	{ "hooks: name", hooks_judge, NO_NAME, MALFORMED },
	{ "hooks: credential", hooks_judge, NO_CREDENTIAL, EINVAL_ },
	{ "hooks: kind of credential", hooks_judge, NO_KIND, EINVAL_ },
	{ "hooks: time", hooks_judge, NO_TIME, EINVAL_ },
	{ "hooks: judgement", hooks_judge, NO_JUDGED, EINVAL_ },
	{ "hooks: short judgement", hooks_judge, SHORT_JUDGED, EINVAL_ },
	{ "hooks: array", hooks_judge, SHORT_EACH, EINVAL_ },
	/* Nothing is known of it, which is an answer. */
	{ "hooks: another server", hooks_judge, ANOTHER_SERVER, DANEPRIV_OK },
};

static void
calling_open(calling *c)
{
	memset(c, 0, sizeof *c);
	c->ctx = context_open("-");
	c->cache = cached_open();
	c->empty = cached_open();
	peer_open(&c->peer, "ee");
	test_octets rdata = rdata_of_peer(&c->peer, 3, 1, 1);
	const danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &span, 1, NOW + UNTIL, &c->records),
	    DANEPRIV_OK);
	octets_free(rdata);
	ck_assert_int_eq(danepriv_cache_put(c->cache, c->records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_new(c->ctx, &cached_server, DANEPRIV_PROFILE_STRICT, &c->session),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(c->session, c->cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_credential(c->session, &c->peer.credential), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_decide(c->session, DANEPRIV_PROVENANCE_CONFIGURED,
			     DANEPRIV_CHANNEL_ENCRYPTED, NOW, NULL),
	    DANEPRIV_DECISION_PROCEED);
}

static void
calling_close(calling *c)
{
	danepriv_session_free(c->session);
	danepriv_records_free(c->records);
	danepriv_cache_free(c->cache);
	danepriv_cache_free(c->empty);
	danepriv_close(c->ctx);
	peer_close(&c->peer);
}

/* Nothing of the last verdict is left in this one. */
START_TEST(nothing_is_left)
{
	static const danepriv_verdict clear = { .record = SIZE_MAX, .valid_until = INT64_MIN };
	danepriv_record_verdict each[ROOM + 1], zero[ROOM], rubbish[ROOM + 1];
	danepriv_verdict why;
	calling c;

	memset(&why, 0xa5, sizeof why);
	memset(each, 0xa5, sizeof each);
	memset(zero, 0, sizeof zero);
	memset(rubbish, 0xa5, sizeof rubbish);
	calling_open(&c);
	c.wrong = failures[_i].wrong;
	why.size = sizeof why;
	why.each = each;
	why.each_size = c.wrong == SHORT_EACH ? 1 : sizeof *each;
	why.each_room = ROOM;
	ck_assert_msg(failures[_i].call(&c, &why) == failures[_i].result, "%s", failures[_i].name);
	check_alike(&clear, &why, failures[_i].name);
	ck_assert_mem_eq(each, c.wrong == SHORT_EACH ? rubbish : zero, sizeof zero);
	ck_assert_mem_eq(&each[ROOM], rubbish, sizeof *rubbish);
	calling_close(&c);
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
	tcase_add_loop_test(tc, said_again, 0, ROWS(said));
	tcase_add_loop_test(tc, nothing_is_left, 0, ROWS(failures));
	suite_add_tcase(suite, tc);
	return suite;
}
