/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane: what of a server with hundreds of records, all of them signed well?  They are judged,
 * up to a bound, and passing that is called neither forged nor an attack. */
#include "dane/records.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/depth.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <string.h>

#define MANY 512
#define STACK_OCTETS ((size_t)16 * 1024)
#define HOUR 3600
#define NAME "ns1.example.net" /* of cached_server */

/* A peer, a record for it, and as many others as are wanted. */
typedef struct crowded {
	test_peer peer;
	test_octets right;
	uint8_t wrong[MANY + 1][35];
	danepriv_span rdatas[MANY + 1];
	danepriv *ctx;
	danepriv_cache *cache; /* or NULL */
} crowded;

/* `count` records `3 1 1`, of which the last is the peer's. */
static void
crowded_open(crowded *c, size_t count)
{
	peer_open(&c->peer, "ee");
	c->right = rdata_of_peer(&c->peer, 3, 1, 1);
	for (size_t i = 0; i < count; i++) {
		uint8_t *wrong = c->wrong[i];
		memset(wrong, 0, sizeof c->wrong[i]);
		memcpy(wrong, "\3\1\1", 3);
		wrong[3] = (uint8_t)(i >> 8);
		wrong[4] = (uint8_t)i;
		c->rdatas[i] = (danepriv_span){ wrong, sizeof c->wrong[i] };
	}
	c->rdatas[count - 1] = octets_span(c->right);
	c->ctx = context_open("-");
}

static void
crowded_close(crowded *c)
{
	peer_close(&c->peer);
	octets_free(c->right);
	danepriv_close(c->ctx);
}

static danepriv_records *
vouched(const crowded *c, size_t count)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     c->rdatas, count, NOW + HOUR, &records),
	    DANEPRIV_OK);
	return records;
}

/* ---- a proof ---- */

static const struct {
	size_t count;
	danepriv_security security;
	danepriv_reason reason;
} proofs[] = {
	{ 129, SECURE, DANEPRIV_REASON_NONE },
	{ 150, SECURE, DANEPRIV_REASON_NONE },
	{ MANY, SECURE, DANEPRIV_REASON_NONE },
	{ MANY + 1, INDETERMINATE, DANEPRIV_REASON_LIMIT_RECORDS },
};

START_TEST(proven)
{
	static crowded c;
	size_t count = proofs[_i].count;
	danepriv_server server = { NAME, 853, DANEPRIV_TRANSPORT_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict };
	tiny_zone *zone = tiny_zone_new();
	danepriv *ctx = tiny_zone_context(zone, NULL);
	danepriv_records *records;

	crowded_open(&c, count);
	test_octets chain =
	    tiny_zone_chain(zone, "_853._tcp." NAME, c.rdatas, count, NOW - HOUR, NOW + HOUR);
	ck_assert_int_eq(
	    danepriv_records_prove(ctx, &server, octets_span(chain), NOW, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), proofs[_i].security);
	ck_assert_int_eq(danepriv_records_reason(records), proofs[_i].reason);
	ck_assert_uint_eq(
	    danepriv_records_count(records), proofs[_i].security == SECURE ? count : 0);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &c.peer.credential, NULL, 0, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, proofs[_i].security == SECURE
					      ? DANEPRIV_FINDING_MATCH
					      : DANEPRIV_FINDING_INDETERMINATE);
	ck_assert_int_eq(verdict.attack, 0);
	danepriv_records_free(records);
	octets_free(chain);
	danepriv_close(ctx);
	tiny_zone_free(zone);
	crowded_close(&c);
}
END_TEST

/* ---- the stack ---- */

static void
judge(void *argument)
{
	crowded *c = argument;
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records = vouched(c, MANY);

	ck_assert_int_eq(
	    danepriv_evaluate(c->ctx, records, &c->peer.credential, NULL, 0, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
	ck_assert_uint_eq(verdict.record, MANY - 1);
	danepriv_records_free(records);
}

static void
judge_by_memory(void *argument)
{
	crowded *c = argument;
	danepriv_verdict verdict = { .size = sizeof verdict };

	ck_assert_int_eq(danepriv_cache_evaluate(
			     c->cache, c->ctx, &cached_server, &c->peer.credential, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
}

static void
judge_by_hooks(void *argument)
{
	crowded *c = argument;
	const danepriv_hooks hooks = { sizeof hooks, c->ctx, c->cache, NULL };
	danepriv_judged judged = { .size = sizeof judged };

	ck_assert_int_eq(danepriv_hooks_judge(
			     &hooks, &cached_server, NULL, &c->peer.credential, NOW, &judged, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(judged.finding, DANEPRIV_FINDING_MATCH);
	ck_assert_int_eq(danepriv_hooks_decide(&hooks, "example.net", &cached_server,
			     DANEPRIV_PROVENANCE_SECURE, &judged, DANEPRIV_CHANNEL_ENCRYPTED, NOW),
	    DANEPRIV_DECISION_PROCEED);
}

static void
take_out_of_memory(void *argument)
{
	crowded *c = argument;
	danepriv_records *got;

	ck_assert_int_eq(danepriv_cache_get(c->cache, &cached_server, NOW, &got), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_records_count(got), 221);
	danepriv_records_free(got);
}

static void (*const on_stack[])(
    void *) = { judge, judge_by_memory, judge_by_hooks, take_out_of_memory };

/* The second time: what the loader does at the first is not ours. */
START_TEST(little_stack)
{
	static crowded c;
	size_t octets = 0;

	crowded_open(&c, 221); /* as many as a cache keeps */
	danepriv_records *records = vouched(&c, 221);
	c.cache = cached_open();
	ck_assert_int_eq(danepriv_cache_put(c.cache, records, NOW), DANEPRIV_OK);
	danepriv_records_free(records);
	crowded_close(&c);
	crowded_open(&c, MANY);
	for (int again = 0; again < 2; again++)
		octets = depth_of(on_stack[_i], &c);
	ck_assert_uint_lt(octets, depth_allowed(STACK_OCTETS));
	danepriv_cache_free(c.cache);
	crowded_close(&c);
}
END_TEST

/* ---- a cache ---- */

/* What a set has of each usage, and what is kept of it. */
typedef struct part {
	uint8_t usage, selector, matching;
	size_t len; /* of the RDATA */
	size_t count, kept;
} part;

#define PARTS_MAX 4

typedef struct kept_row {
	const char *name;
	part parts[PARTS_MAX];
	bool is_complete;
} kept_row;

static const kept_row kept_rows[] = {
	{ "all that fit", { { 3, 1, 1, 35, 221, 221 } }, true },
	{ "one more", { { 3, 1, 1, 35, 222, 221 } }, false },
	{ "as many as a server may have", { { 3, 1, 1, 35, 512, 221 } }, false },
	{ "long digests", { { 3, 1, 2, 67, 200, 118 } }, false },
	{ "usage 3 first", { { 2, 0, 1, 35, 300, 71 }, { 3, 1, 1, 35, 150, 150 } }, false },
	{ "then 2, 1 and 0",
	    { { 0, 0, 1, 35, 100, 0 }, { 1, 0, 1, 35, 100, 21 }, { 2, 0, 1, 35, 100, 100 },
		{ 3, 1, 1, 35, 100, 100 } },
	    false },
	{ "what cannot be judged", { { 3, 1, 3, 35, 300, 0 }, { 3, 1, 1, 35, 100, 100 } }, true },
	{ "tiny ones", { { 3, 1, 1, 1, 500, 0 }, { 3, 1, 1, 35, 2, 2 } }, true },
	{ "what is silenced", { { 3, 1, 1, 35, 150, 0 }, { 3, 1, 2, 67, 100, 100 } }, true },
	{ "silenced by what is left out", { { 3, 1, 1, 35, 10, 0 }, { 3, 1, 2, 67, 120, 118 } },
	    false },
	{ "one that is too large", { { 3, 1, 255, 9000, 1, 0 } }, true },
};

/* The records of a row, each other than the ones before it. */
static danepriv_records *
records_of(const kept_row *row)
{
	static uint8_t octets[MANY][9000];
	danepriv_span rdatas[MANY];
	danepriv_records *records;
	size_t count = 0;

	for (int i = 0; i < PARTS_MAX; i++)
		for (size_t n = 0; n < row->parts[i].count; n++, count++) {
			const part *p = &row->parts[i];
			uint8_t head[] = { p->usage, p->selector, p->matching,
				(uint8_t)(count >> 8), (uint8_t)count };
			memset(octets[count], 0, p->len);
			memcpy(octets[count], head, p->len < 5 ? p->len : 5);
			rdatas[count] = (danepriv_span){ octets[count], p->len };
		}
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     rdatas, count, NOW + HOUR, &records),
	    DANEPRIV_OK);
	return records;
}

static size_t
count_like(const danepriv_records *records, const part *p)
{
	size_t count = 0;

	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		danepriv_span rdata = danepriv_records_rdata(records, i);
		count += rdata.len == p->len && rdata.data[0] == p->usage &&
			 (rdata.len < 3 || rdata.data[2] == p->matching);
	}
	return count;
}

START_TEST(kept)
{
	const kept_row *row = &kept_rows[_i];
	danepriv_records *records = records_of(row), *got;
	danepriv_cache *cache = cached_open();
	size_t count = 0;

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 9, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get(cache, &cached_server, NOW, &got), DANEPRIV_OK);
	for (int i = 0; i < PARTS_MAX; i++) {
		ck_assert_msg(row->parts[i].count == 0 ||
				  count_like(got, &row->parts[i]) == row->parts[i].kept,
		    "%s: %zu of part %d", row->name, count_like(got, &row->parts[i]), i);
		count += row->parts[i].kept;
	}
	ck_assert_msg(danepriv_records_count(got) == count, "%s", row->name);
	ck_assert_int_eq(danepriv_records_security(got), SECURE);
	ck_assert_msg(danepriv_records_reason(got) ==
			  (row->is_complete ? DANEPRIV_REASON_NONE : DANEPRIV_REASON_LIMIT_RECORDS),
	    "%s", row->name);
	danepriv_records_free(got);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* The peer's record is the last of so many: what does a cache say of the peer? */
static const struct {
	size_t count;
	danepriv_status status;
	danepriv_finding finding;
} left_out[] = {
	{ 221, DANEPRIV_OK, DANEPRIV_FINDING_MATCH },
	{ 222, NOTFOUND, DANEPRIV_FINDING_UNJUDGED },
	{ MANY, NOTFOUND, DANEPRIV_FINDING_UNJUDGED },
};

START_TEST(judged_by_what_is_kept)
{
	static crowded c;
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_cache *cache = cached_open();
	test_peer other;

	crowded_open(&c, left_out[_i].count);
	danepriv_records *records = vouched(&c, left_out[_i].count);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_evaluate(
			     cache, c.ctx, &cached_server, &c.peer.credential, NOW, &verdict),
	    left_out[_i].status);
	ck_assert_int_eq(verdict.finding, left_out[_i].finding);
	ck_assert_int_eq(verdict.attack, 0);
	/* An impostor fares no better, and is only known for one where all are there. */
	peer_open(&other, "other");
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, c.ctx, &cached_server, &other.credential, NOW, &verdict),
	    left_out[_i].status);
	ck_assert_int_eq(verdict.finding, left_out[_i].status == DANEPRIV_OK
					      ? DANEPRIV_FINDING_MISMATCH
					      : DANEPRIV_FINDING_UNJUDGED);
	peer_close(&other);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	crowded_close(&c);
}
END_TEST

/* It is not forgotten over that it authenticated itself by a record that is not kept. */
START_TEST(remembered)
{
	static crowded c;
	danepriv_verdict why = { .size = sizeof why };
	danepriv_server_state state = { .size = sizeof state };
	danepriv_cache *cache = cached_open();
	danepriv_session *session;

	crowded_open(&c, MANY);
	danepriv_records *records = vouched(&c, MANY);
	ck_assert_int_eq(
	    danepriv_session_new(c.ctx, &cached_server, DANEPRIV_PROFILE_STRICT, &session),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_credential(session, &c.peer.credential), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
			     DANEPRIV_CHANNEL_ENCRYPTED, NOW, &why),
	    DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(cache, &cached_server, NOW, &state), DANEPRIV_OK);
	ck_assert_int_eq(state.security, SECURE);
	ck_assert_int_eq(state.authenticated, NOW / 60 * 60);
	ck_assert_uint_eq(state.record, SIZE_MAX);
	/* What was decided stands, and a new connection waits for a lookup. */
	ck_assert_int_eq(
	    danepriv_session_decide_again(session, cache, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, NOW + 1, &why),
	    DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW + 2), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
			     DANEPRIV_CHANNEL_ENCRYPTED, NOW + 2, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
	danepriv_session_free(session);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	crowded_close(&c);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("many");
	TCase *tc = tcase_create("many");

	tcase_add_loop_test(tc, proven, 0, ROWS(proofs));
	tcase_add_loop_test(tc, little_stack, 0, ROWS(on_stack));
	tcase_add_loop_test(tc, kept, 0, ROWS(kept_rows));
	tcase_add_loop_test(tc, judged_by_what_is_kept, 0, ROWS(left_out));
	tcase_add_test(tc, remembered);
	suite_add_tcase(suite, tc);
	return suite;
}
