/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/attempts: where there are several resolvers, whose answers count?  And what is there
 * when time runs out? */
#include "base/bounds.h"
#include "lookup/lookup.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <string.h>

#define OWNER "_853._tcp.dns.example."
#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define REASON(r) DANEPRIV_REASON_##r
#define UPSTREAMS 4
#define ORDERS 4

static proof_cases cases;
static const danepriv_server server = { "dns.example", 853, DANEPRIV_TRANSPORT_DOT };

/* ---- who is asked, and who counts ---- */

typedef struct attempt_row {
	const char *name, *chain;
	size_t count, first;
	resolver_fault faults[UPSTREAMS]; /* of all that each answers */
	danepriv_security security;
	danepriv_reason reason;
	size_t upstream;   /* whose answers counted */
	const char *asked; /* in this order, a digit each */
} attempt_row;

static const attempt_row rows[] = {
	{ "the first proves", "digest-2", 3, 0, { FAULT_NONE, FAULT_NONE, FAULT_NONE }, SECURE,
	    REASON(NONE), 0, "0" },
	{ "begins with another", "digest-2", 3, 2, { FAULT_FORGED, FAULT_FORGED, FAULT_NONE },
	    SECURE, REASON(NONE), 2, "2" },
	{ "goes round", "digest-2", 3, 2, { FAULT_NONE, FAULT_FORGED, FAULT_FORGED }, SECURE,
	    REASON(NONE), 0, "20" },
	{ "the second proves", "digest-2", 2, 0, { FAULT_FORGED, FAULT_NONE }, SECURE, REASON(NONE),
	    1, "01" },
	{ "the third proves", "digest-2", 4, 0, { FAULT_REFUSED, FAULT_FORGED, FAULT_NONE }, SECURE,
	    REASON(NONE), 2, "012" },
	{ "the fourth is not asked", "digest-2", 4, 0,
	    { FAULT_REFUSED, FAULT_SERVFAIL, FAULT_FORMERR, FAULT_NONE }, INDETERMINATE,
	    REASON(QUERY_REFUSED), 0, "012" },
	{ "nor the second of one", "digest-2", 1, 0, { FAULT_REFUSED, FAULT_NONE }, INDETERMINATE,
	    REASON(QUERY_REFUSED), 0, "0" },
	/* what is proven counts, whatever it is */
	{ "refuses, then denied", "nodata", 2, 0, { FAULT_REFUSED, FAULT_NONE }, DENIED,
	    REASON(NO_DATA), 1, "01" },
	{ "denied", "nodata", 2, 0, { FAULT_NONE, FAULT_NONE }, DENIED, REASON(NO_DATA), 0, "0" },
	{ "insecure", "cut-unsigned", 2, 0, { FAULT_NONE, FAULT_NONE }, INSECURE,
	    REASON(DELEGATION_UNSIGNED), 0, "0" },
	{ "forged, then insecure", "cut-unsigned", 2, 0, { FAULT_NO_RESPONSE, FAULT_NONE },
	    INSECURE, REASON(DELEGATION_UNSIGNED), 1, "01" },
	/* each of these leads to the next one */
	{ "unsigned", "digest-2", 2, 0, { FAULT_UNSIGNED, FAULT_NONE }, SECURE, REASON(NONE), 1,
	    "01" },
	{ "empty", "digest-2", 2, 0, { FAULT_EMPTY, FAULT_NONE }, SECURE, REASON(NONE), 1, "01" },
	{ "denies without proof", "digest-2", 2, 0, { FAULT_NAME_ERROR, FAULT_NONE }, SECURE,
	    REASON(NONE), 1, "01" },
	{ "SERVFAIL", "digest-2", 2, 0, { FAULT_SERVFAIL, FAULT_NONE }, SECURE, REASON(NONE), 1,
	    "01" },
	{ "malformed", "digest-2", 2, 0, { FAULT_MALFORMED, FAULT_NONE }, SECURE, REASON(NONE), 1,
	    "01" },
	{ "truncated over streams, too", "digest-2", 2, 0, { FAULT_TRUNCATED, FAULT_NONE }, SECURE,
	    REASON(NONE), 1, "01" },
	{ "other names", "digest-2", 2, 0, { FAULT_OTHER_NAME, FAULT_NONE }, SECURE, REASON(NONE),
	    1, "01" },
	{ "cannot be reached", "digest-2", 2, 0, { FAULT_FAILED, FAULT_NONE }, SECURE, REASON(NONE),
	    1, "01" },
	{ "cancelled", "digest-2", 2, 0, { FAULT_CANCELLED, FAULT_NONE }, SECURE, REASON(NONE), 1,
	    "01" },
	/* silence does not: whoever carries has asked others then */
	{ "silent", "digest-2", 2, 0, { FAULT_TIMEOUT, FAULT_NONE }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT), 0, "0" },
	/* nobody proves anything: bogus counts, then the first */
	{ "forged, then refused", "digest-2", 2, 0, { FAULT_FORGED, FAULT_REFUSED }, BOGUS,
	    REASON(SIGNATURE_INVALID), 0, "01" },
	{ "refused, then forged", "digest-2", 2, 0, { FAULT_REFUSED, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID), 0, "01" },
	{ "forged, then unsigned", "digest-2", 2, 0, { FAULT_FORGED, FAULT_UNSIGNED }, BOGUS,
	    REASON(SIGNATURE_INVALID), 0, "01" },
	{ "refused, then out of reach", "digest-2", 2, 0, { FAULT_REFUSED, FAULT_FAILED },
	    INDETERMINATE, REASON(QUERY_REFUSED), 0, "01" },
	{ "out of reach, then refused", "digest-2", 2, 0, { FAULT_FAILED, FAULT_REFUSED },
	    INDETERMINATE, REASON(QUERY_FAILED), 0, "01" },
	{ "refused, then silent", "digest-2", 3, 0, { FAULT_REFUSED, FAULT_TIMEOUT, FAULT_NONE },
	    INDETERMINATE, REASON(QUERY_REFUSED), 0, "01" },
	{ "refused, silent, from the second on", "digest-2", 3, 1,
	    { FAULT_NONE, FAULT_REFUSED, FAULT_TIMEOUT }, INDETERMINATE, REASON(QUERY_REFUSED), 1,
	    "12" },
};

/* Answers one of the open questions of a lookup, and forgets those of another attempt. */
typedef struct carrying {
	const proof_case *c;
	const resolver_fault *faults;
	danepriv_question open[DP_QUESTIONS_MAX];
	size_t count;
	char asked[UPSTREAMS + 1];
	size_t attempts;
	uint32_t state;
} carrying;

/* What is still open is nobody's question any more. */
static void
turn_to(carrying *y, danepriv_lookup *lookup, char digit)
{
	ck_assert_uint_lt(y->attempts, UPSTREAMS);
	y->asked[y->attempts++] = digit;
	for (size_t i = 0; i < y->count; i++)
		ck_assert_int_eq(
		    resolver_give(lookup, octets_span(y->c->chain), &y->open[i], FAULT_NONE),
		    DANEPRIV_EINVAL);
	y->count = 0;
}

static void
collect(carrying *y, danepriv_lookup *lookup)
{
	danepriv_question question;

	while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
		char digit = (char)('0' + question.upstream);
		ck_assert_uint_lt(question.upstream, UPSTREAMS);
		if (y->attempts == 0 || y->asked[y->attempts - 1] != digit)
			turn_to(y, lookup, digit);
		y->open[y->count++] = question;
	}
}

static void
answer_one(carrying *y, danepriv_lookup *lookup)
{
	collect(y, lookup);
	ck_assert_uint_gt(y->count, 0);
	y->state = y->state * 1664525u + 1013904223u;
	size_t which = (y->state >> 8) % y->count;
	danepriv_question question = y->open[which];
	y->open[which] = y->open[--y->count];
	ck_assert_int_eq(resolver_give(lookup, octets_span(y->c->chain), &question,
			     y->faults[question.upstream]),
	    DANEPRIV_OK);
}

static danepriv_lookup *
begin(const attempt_row *row, danepriv *ctx, carrying *y)
{
	danepriv_lookup *lookup;

	*y = (carrying){ .c = proofs_find(&cases, row->chain), .faults = row->faults };
	ck_assert_int_eq(danepriv_lookup_new_chain(ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_lookup_set_upstreams(lookup, row->count, row->first), DANEPRIV_OK);
	return lookup;
}

START_TEST(whose_answers_count)
{
	const attempt_row *row = &rows[_i / ORDERS];
	danepriv *ctx = proofs_open(proofs_find(&cases, row->chain)->anchors, NULL);
	danepriv_records *records = NULL, *again = NULL;
	static carrying y;

	danepriv_lookup *lookup = begin(row, ctx, &y);
	y.state = (uint32_t)_i;
	while (danepriv_lookup_judge(lookup, y.c->now) == DANEPRIV_EAGAIN)
		answer_one(&y, lookup);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, y.c->now, &records), DANEPRIV_OK);
	ck_assert_msg(danepriv_records_security(records) == row->security &&
			  danepriv_records_reason(records) == row->reason,
	    "%s: %s, %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	ck_assert_msg(strcmp(y.asked, row->asked) == 0, "%s: %s", row->name, y.asked);
	ck_assert_msg(danepriv_lookup_upstream(lookup) == row->upstream, "%s", row->name);
	/* It stays, and there is nothing to ask. */
	ck_assert_int_eq(danepriv_lookup_next(lookup, &y.open[0]), DANEPRIV_ENOTFOUND);
	danepriv_lookup_expire(lookup);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, 1, &again), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(again), row->security);
	ck_assert_int_eq(
	    danepriv_records_valid_until(again), danepriv_records_valid_until(records));
	danepriv_lookup_free(lookup);
	danepriv_records_free(records);
	danepriv_records_free(again);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* A chain is made of what was proven, by whichever attempt; and of nothing else. */
START_TEST(chain_of_it)
{
	const attempt_row *row = &rows[_i];
	danepriv *ctx = proofs_open(proofs_find(&cases, row->chain)->anchors, NULL);
	danepriv_chain *chain = NULL;
	static carrying y;

	danepriv_lookup *lookup = begin(row, ctx, &y);
	while (danepriv_lookup_judge(lookup, y.c->now) == DANEPRIV_EAGAIN) {
		ck_assert_int_eq(danepriv_lookup_chain(lookup, y.c->now, &chain), DANEPRIV_EAGAIN);
		answer_one(&y, lookup);
	}
	bool is_proven = row->security != BOGUS && row->security != INDETERMINATE;
	ck_assert_int_eq(danepriv_lookup_chain(lookup, y.c->now, &chain),
	    is_proven ? DANEPRIV_OK : DANEPRIV_ENOTFOUND);
	ck_assert_msg(
	    danepriv_chain_security(chain) == (is_proven ? row->security : 0), "%s", row->name);
	danepriv_chain_free(chain);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* ---- no time ---- */

/* After so many answers time is up: there is a verdict at once, no question, and never another
 * proof than with all of the time. */
START_TEST(expires)
{
	const attempt_row *row = &rows[_i];
	bool is_over = false;

	for (size_t n = 0; !is_over; n++) {
		danepriv *ctx = proofs_open(proofs_find(&cases, row->chain)->anchors, NULL);
		danepriv_records *records = NULL;
		static carrying y;
		danepriv_lookup *lookup = begin(row, ctx, &y);
		for (size_t i = 0; i < n && !is_over; i++) {
			answer_one(&y, lookup);
			is_over = danepriv_lookup_judge(lookup, y.c->now) == DANEPRIV_OK;
		}
		danepriv_lookup_expire(lookup);
		ck_assert(
		    is_over || danepriv_lookup_next(lookup, &y.open[0]) == DANEPRIV_ENOTFOUND);
		ck_assert_int_eq(danepriv_lookup_finish(lookup, y.c->now, &records), DANEPRIV_OK);
		danepriv_security security = danepriv_records_security(records);
		ck_assert_msg(
		    security == row->security || security == INDETERMINATE || security == BOGUS,
		    "%s, after %zu: %s", row->name, n,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
		ck_assert_msg(n > 0 || danepriv_records_reason(records) == REASON(QUERY_TIMEOUT),
		    "%s: %s", row->name,
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		danepriv_records_free(records);
		danepriv_lookup_free(lookup);
		danepriv_close(ctx);
	}
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What came before a stream was asked for counts when there is no time for it. */
START_TEST(expires_before_a_stream)
{
	static const resolver_fault unsigned_all[] = { FAULT_UNSIGNED };
	const attempt_row row = { .name = "stream", .chain = "digest-2", .count = 1 };
	danepriv *ctx = proofs_open(proofs_find(&cases, row.chain)->anchors, NULL);
	danepriv_records *records = NULL;
	static carrying y;

	danepriv_lookup *lookup = begin(&row, ctx, &y);
	y.faults = unsigned_all;
	for (bool stream = false; !stream;) {
		ck_assert_int_eq(danepriv_lookup_judge(lookup, y.c->now), DANEPRIV_EAGAIN);
		collect(&y, lookup);
		stream = y.open[y.count - 1].stream;
		while (!stream && y.count > 0)
			answer_one(&y, lookup);
	}
	danepriv_lookup_expire(lookup);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, y.c->now, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), BOGUS);
	ck_assert_int_eq(danepriv_records_reason(records), REASON(SIGNATURE_MISSING));
	ck_assert_int_eq(danepriv_records_stream(records), DANEPRIV_STREAM_FAILED);
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* ---- zones ---- */

START_TEST(of_a_zone)
{
	static const resolver_fault faults[][2] = { { FAULT_REFUSED, FAULT_NONE },
		{ FAULT_FORGED, FAULT_NONE }, { FAULT_FORGED, FAULT_REFUSED } };
	const proof_case *c = proofs_find(&cases, "digest-2");
	danepriv *ctx = proofs_open(c->anchors, NULL);
	danepriv_zone *zone = NULL, *again = NULL;
	danepriv_records *records = NULL;
	danepriv_lookup *lookup;
	static carrying y;

	y = (carrying){ .c = c, .faults = faults[_i] };
	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, "example.", &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, 2, 0), DANEPRIV_OK);
	while (danepriv_lookup_judge(lookup, c->now) == DANEPRIV_EAGAIN)
		answer_one(&y, lookup);
	ck_assert_str_eq(y.asked, "01");
	ck_assert_int_eq(danepriv_lookup_finish_zone(lookup, c->now, &zone), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_finish_zone(lookup, 1, &again), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, c->now, &records), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_zone_security(again), danepriv_zone_security(zone));
	danepriv_lookup_free(lookup);
	danepriv_zone_free(zone);
	ck_assert_uint_le(danepriv_zone_count(again), 64);
	danepriv_zone_free(again);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- who goes first ---- */

/* The context is closed before so many answers: the lookups that it began find what they would. */
START_TEST(context_closed)
{
	const attempt_row *row = &rows[3];
	danepriv *ctx = proofs_open(proofs_find(&cases, row->chain)->anchors, NULL);
	danepriv_records *records = NULL;
	danepriv_lookup *other;
	static carrying y;

	danepriv_lookup *lookup = begin(row, ctx, &y);
	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, "example.", &other), DANEPRIV_OK);
	for (int i = 0; danepriv_lookup_judge(lookup, y.c->now) == DANEPRIV_EAGAIN; i++) {
		if (i == _i) {
			danepriv_close(ctx);
			ctx = NULL;
		}
		answer_one(&y, lookup);
	}
	danepriv_close(ctx);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, y.c->now, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), row->security);
	danepriv_lookup_free(lookup);
	danepriv_lookup_free(other);
	danepriv_records_free(records);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- arguments, memory ---- */

START_TEST(arguments)
{
	danepriv *ctx = proofs_open(proofs_find(&cases, "digest-2")->anchors, NULL);
	danepriv_question question;
	danepriv_lookup *lookup;

	ck_assert_int_eq(danepriv_lookup_new_chain(ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(NULL, 1, 0), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, 0, 0), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, 2, 2), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, SIZE_MAX, 1), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, 4, 3), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_lookup_upstream(lookup), 3);
	ck_assert_uint_eq(danepriv_lookup_upstream(NULL), 0);
	ck_assert_int_eq(danepriv_lookup_next(lookup, &question), DANEPRIV_OK);
	ck_assert_uint_eq(question.upstream, 3);
	ck_assert_int_eq(danepriv_lookup_set_upstreams(lookup, 2, 0), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_judge(NULL, 1), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_judge(lookup, 1), DANEPRIV_EAGAIN);
	danepriv_lookup_expire(NULL);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* The nth allocation fails, in a lookup of two resolvers: what is found without it is no other
 * proof. */
START_TEST(without_memory)
{
	static const resolver_fault faults[] = { FAULT_REFUSED, FAULT_NONE };
	const proof_case *c = proofs_find(&cases, "digest-2");
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_records *records = NULL;
		danepriv_lookup *lookup = NULL;
		danepriv_question q;
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_lookup_new_chain(ctx, &server, &lookup);
		if (status == DANEPRIV_OK)
			status = danepriv_lookup_set_upstreams(lookup, 2, 0);
		if (status == DANEPRIV_OK)
			status = DANEPRIV_EAGAIN;
		while (status == DANEPRIV_EAGAIN) {
			while (danepriv_lookup_next(lookup, &q) == DANEPRIV_OK)
				if (resolver_give(lookup, octets_span(c->chain), &q,
					faults[q.upstream]) != DANEPRIV_OK)
					ck_assert_int_eq(danepriv_lookup_give_failure(
							     lookup, q.id, REASON(QUERY_FAILED)),
					    DANEPRIV_OK);
			status = danepriv_lookup_finish(lookup, c->now, &records);
		}
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		danepriv_security security = danepriv_records_security(records);
		ck_assert(!records || security == SECURE || security == INDETERMINATE);
		ck_assert(failed || security == SECURE);
		asking_leave(ctx, lookup, records);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("attempts");
	TCase *tc = tcase_create("attempts");

	proofs_read_all(&cases);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, whose_answers_count, 0, ROWS(rows) * ORDERS);
	tcase_add_loop_test(tc, chain_of_it, 0, ROWS(rows));
	tcase_add_loop_test(tc, expires, 0, ROWS(rows));
	tcase_add_test(tc, expires_before_a_stream);
	tcase_add_loop_test(tc, of_a_zone, 0, 3);
	tcase_add_loop_test(tc, context_closed, 0, 12);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
