/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/cache, lib/cache/due: is it the key that is remembered, and what is to be looked up
 * again? */
#include "cache/cache.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t octets[70000]; /* of no meaning */

/* ---- judgement ---- */

typedef struct judge_row {
	const char *name;
	danepriv_security security;
	const char *meant;
	uint8_t usage, selector, matching;
	const char *peer;
	int seconds; /* from put to now; it holds for 100 */
	danepriv_status status;
	danepriv_finding finding;
} judge_row;

static const judge_row judges[] = {
	{ "3 1 1", SECURE, "ee", 3, 1, 1, "ee", 0, 0, DANEPRIV_FINDING_MATCH },
	{ "3 0 0", SECURE, "ee", 3, 0, 0, "ee", 0, 0, DANEPRIV_FINDING_MATCH },
	{ "2 0 1", SECURE, "root", 2, 0, 1, "by-sub,sub,root", 0, 0, DANEPRIV_FINDING_MATCH },
	{ "3 1 1, raw key", SECURE, "ee", 3, 1, 1, "raw:ee-key", 0, 0, DANEPRIV_FINDING_MATCH },
	{ "the last second", SECURE, "ee", 3, 1, 1, "ee", 100, 0, DANEPRIV_FINDING_MATCH },
	{ "over", SECURE, "ee", 3, 1, 1, "ee", 101, NOTFOUND, DANEPRIV_FINDING_UNJUDGED },
	{ "set back too far", SECURE, "ee", 3, 1, 1, "ee", -101, NOTFOUND,
	    DANEPRIV_FINDING_UNJUDGED },
	{ "another", SECURE, "ee", 3, 1, 1, "other", 0, 0, DANEPRIV_FINDING_MISMATCH },
	{ "another in front", SECURE, "ee", 3, 1, 1, "other,ee", 0, 0, DANEPRIV_FINDING_MISMATCH },
	{ "unusable", SECURE, "ee", 4, 1, 1, "ee", 0, 0, DANEPRIV_FINDING_UNUSABLE },
	{ "denied", DENIED, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_FINDING_ABSENT },
	{ "insecure", INSECURE, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", BOGUS, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_FINDING_BOGUS },
	{ "indeterminate", INDETERMINATE, NULL, 0, 0, 0, "ee", 0, 0,
	    DANEPRIV_FINDING_INDETERMINATE },
	{ "denied, over", DENIED, NULL, 0, 0, 0, "ee", 101, NOTFOUND, DANEPRIV_FINDING_UNJUDGED },
};

static danepriv_records *
records_for(const judge_row *row)
{
	danepriv_records *records;
	danepriv_span span;
	test_octets rdata = { NULL, 0 };
	test_peer meant;

	if (row->meant) {
		peer_open(&meant, row->meant);
		uint8_t usage = row->usage > 3 ? 3 : row->usage;
		rdata = rdata_of_peer(&meant, usage, row->selector, row->matching);
		rdata.data[0] = row->usage;
		peer_close(&meant);
	}
	span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, row->security,
			     DANEPRIV_REASON_NONE, &span, row->meant != NULL, NOW + 100, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	return records;
}

START_TEST(judged)
{
	const judge_row *row = &judges[_i];
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_FINDING_MATCH };
	danepriv_verdict direct = { .size = sizeof direct };
	danepriv_records *records = records_for(row);
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, row->peer);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &cached_server, &peer.credential, NOW, &verdict),
	    NOTFOUND);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	danepriv_status status = danepriv_cache_evaluate(
	    cache, ctx, &cached_server, &peer.credential, NOW + row->seconds, &verdict);
	if (row->usage == 3)
		ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_msg(status == row->status && verdict.finding == row->finding, "%s: %s, %s",
	    row->name, danepriv_sentence(DANEPRIV_KIND_STATUS, status),
	    danepriv_sentence(DANEPRIV_KIND_FINDING, verdict.finding));
	if (status == DANEPRIV_OK) {
		ck_assert_int_eq(danepriv_evaluate(ctx, records, &peer.credential, NULL, 0,
				     NOW + row->seconds, &direct),
		    DANEPRIV_OK);
		ck_assert_int_eq(direct.finding, verdict.finding);
		ck_assert_int_eq(direct.security, verdict.security);
		ck_assert_int_eq(direct.valid_until, verdict.valid_until);
		ck_assert_uint_eq(direct.record, verdict.record);
	}
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- what is to be looked up again ---- */

typedef struct due_row {
	const char *name;
	danepriv_security security;
	bool is_authenticated;
	int now, by; /* seconds after NOW; it holds for 100 */
	bool is_due;
} due_row;

static const due_row dues[] = {
	{ "by its end", SECURE, true, 0, 100, true },
	{ "by a later time", SECURE, true, 0, 1000, true },
	{ "at its end", SECURE, true, 100, 100, true },
	{ "set back", SECURE, true, -100, 100, true },
	{ "by an earlier time", SECURE, true, 0, 99, false },
	{ "over", SECURE, true, 101, 1000, false },
	{ "set back too far", SECURE, true, -101, 1000, false },
	{ "never authenticated", SECURE, false, 0, 1000, false },
	{ "denied", DENIED, true, 0, 1000, false },
	{ "insecure", INSECURE, true, 0, 1000, false },
	{ "bogus", BOGUS, true, 0, 1000, false },
};

/* How many are found; the last one is in `due`. */
static int
search(danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due)
{
	danepriv_cache_due last = { .size = sizeof last };
	danepriv_status status;
	int found = 0, calls = 0;

	do {
		status = danepriv_cache_next_due(cache, by, now, &last);
		if (status == DANEPRIV_OK) {
			*due = last;
			found++;
		}
		ck_assert_int_lt(++calls, 10000);
	} while (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN);
	ck_assert_int_eq(status, NOTFOUND);
	ck_assert_uint_eq(last.position, 0);
	return found;
}

START_TEST(due)
{
	const due_row *row = &dues[_i];
	danepriv_cache *cache = cached_open();
	danepriv_cache_due found = { .size = sizeof found };

	ck_assert_int_eq(cached_put(cache, row->security, "a", NOW + 100, NOW), DANEPRIV_OK);
	if (row->is_authenticated)
		ck_assert_int_eq(
		    danepriv_cache_note_match(cache, &cached_server, 0, NOW), DANEPRIV_OK);
	ck_assert_msg(
	    search(cache, NOW + row->by, NOW + row->now, &found) == row->is_due, "%s", row->name);
	if (row->is_due) {
		ck_assert_int_eq(found.valid_until, NOW + 100);
		ck_assert_str_eq(found.name, "ns1.example.net.");
		ck_assert_str_eq(found.label, "");
		ck_assert_uint_eq(found.port, 853);
		ck_assert_int_eq(found.transport, DANEPRIV_TRANSPORT_DOT);
	}
	danepriv_cache_free(cache);
}
END_TEST

static danepriv_aliases
rule_of(int number)
{
	return number % 3 ? DANEPRIV_ALIASES_REFUSE : DANEPRIV_ALIASES_FOLLOW;
}

/* All of many, each once, and as they were put. */
START_TEST(many_due)
{
	const danepriv_cache_settings wanted = { .size = sizeof wanted, .max_octets = 1u << 20 };
	danepriv_span rdata = { octets, 35 };
	bool seen[1000] = { false };
	danepriv_cache_due item = { .size = sizeof item };
	danepriv_records *records;
	danepriv_cache *cache;
	danepriv_status status;
	char name[64];

	ck_assert_int_eq(danepriv_cache_new(&wanted, &cache), DANEPRIV_OK);
	for (int i = 0; i < 1000; i++) {
		danepriv_server s = { name, 0, DANEPRIV_TRANSPORT_DOQ, rule_of(i), "_udp" };
		(void)snprintf(name, sizeof name, "%d.test", i);
		ck_assert_int_eq(danepriv_records_vouch(&s, NULL, SECURE, DANEPRIV_REASON_NONE,
				     &rdata, 1, NOW + i, &records),
		    DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_note_match(cache, &s, 0, NOW), DANEPRIV_OK);
		danepriv_records_free(records);
	}
	while ((status = danepriv_cache_next_due(cache, NOW + 899, NOW, &item)) != NOTFOUND) {
		if (status == DANEPRIV_EAGAIN)
			continue;
		ck_assert_int_eq(status, DANEPRIV_OK);
		danepriv_server s = { item.name, item.port, item.transport, item.aliases,
			item.label };
		ck_assert_int_eq(item.aliases, rule_of(atoi(item.name)));
		ck_assert_uint_ne(danepriv_cache_generation(cache, &s), 0);
		int number = (int)(item.valid_until - NOW);
		ck_assert(!seen[number]);
		seen[number] = true;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(seen[i], i < 900);
	ck_assert_int_eq(danepriv_cache_next_due(NULL, NOW, NOW, &item), EINVAL_);
	ck_assert_int_eq(danepriv_cache_next_due(cache, NOW, NOW, NULL), EINVAL_);
	item.position = UINT64_MAX;
	ck_assert_int_eq(danepriv_cache_next_due(cache, NOW, NOW, &item), NOTFOUND);
	item.size--;
	ck_assert_int_eq(danepriv_cache_next_due(cache, NOW, NOW, &item), EINVAL_);
	danepriv_cache_free(cache);
}
END_TEST

/* A judgement that needs memory, and does not get it, is no match. */
START_TEST(judged_without_memory)
{
	const judge_row row = { .security = SECURE, .meant = "root", .usage = 2, .matching = 1 };
	danepriv_records *records = records_for(&row);
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	danepriv_status status = DANEPRIV_ENOMEM;
	danepriv_server_state state = { .size = sizeof state };
	test_peer peer;

	peer_open(&peer, "by-sub,sub,root");
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	long held = dp_blocks();
	for (long n = 0; status == DANEPRIV_ENOMEM; n++) {
		danepriv_verdict verdict = { .size = sizeof verdict };
		dp_fail_allocation_at(n);
		status = danepriv_cache_evaluate(
		    cache, ctx, &cached_server, &peer.credential, NOW, &verdict);
		ck_assert_int_eq(verdict.finding == DANEPRIV_FINDING_MATCH, status == DANEPRIV_OK);
		ck_assert(n < 1000 && (n > 0 || status == DANEPRIV_ENOMEM));
		ck_assert_int_eq(dp_blocks(), held);
		/* What did not come about is not remembered. */
		ck_assert_int_eq(
		    danepriv_cache_get_server_state(cache, &cached_server, NOW, &state),
		    DANEPRIV_OK);
		ck_assert_int_eq(state.authenticated != INT64_MIN, status == DANEPRIV_OK);
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_judge");
	TCase *tc = tcase_create("cache_judge");

	tcase_add_loop_test(tc, judged, 0, ROWS(judges));
	tcase_add_loop_test(tc, due, 0, ROWS(dues));
	tcase_add_test(tc, many_due);
	tcase_add_test(tc, judged_without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
