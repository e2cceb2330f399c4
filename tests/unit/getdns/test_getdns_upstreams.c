/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns: who is asked when a resolver is of no help?  Of those that are given, each is asked
 * all of it until the answers of one of them prove something. */
#include "support/failing_alloc.h"
#include "support/fetching.h"
#include "support/manners.h"
#include "support/several.h"
#include "support/suite.h"

#include <limits.h>
#include <poll.h>

static const danepriv_server self = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

/* ---- two of them ---- */

/* Who is silent takes a part of it, and so it is short; on a busy machine those who answer must
 * have time enough in the rest. */
static uint32_t
deadline_with(upstream_manner first, upstream_manner second)
{
	static const upstream_manner unheard[] = { UPSTREAM_SILENT, UPSTREAM_OTHER_ID,
		UPSTREAM_GARBAGE };

	for (size_t i = 0; i < sizeof unheard / sizeof *unheard; i++)
		if (first == unheard[i] || (second == unheard[i] && first != UPSTREAM_PROVES))
			return 3 * DEADLINE_MS;
	return PATIENCE_MS;
}

/* Of every manner, and one who proves that there is nothing. */
START_TEST(one_proves)
{
	const manner_row *row = &manners[_i / 2];
	bool is_last = _i & 1;
	const upstream_manner both[] = { is_last ? row->manner : UPSTREAM_PROVES,
		is_last ? UPSTREAM_PROVES : row->manner };
	const upstream *bad = &several[!is_last], *good = &several[is_last];
	uint32_t deadline_ms = deadline_with(both[0], both[1]);

	several_start(both, 2);
	danepriv_security security = several_fetch(deadline_ms, NULL);
	/* And from then on the better one comes first. */
	danepriv_security second = several_fetch(deadline_ms, NULL);
	several_stop(2);
	ck_assert_msg(security == DANEPRIV_SECURITY_DENIED, "%s: %d", row->name, security);
	ck_assert_msg(second == DANEPRIV_SECURITY_DENIED, "%s, again: %d", row->name, second);
	ck_assert_uint_gt(good->count, 0);
	ck_assert_msg(is_last || bad->count == 0, "%s: was asked", row->name);
	/* In silence getdns begins with the first one again each time; and it asks as often as it
	 * likes for whom it cannot hear. */
	(void)several_asked(bad,
	    row->manner == UPSTREAM_HANGS_UP ? UINT_MAX
	    : row->udp == 1		     ? 1
					     : 2,
	    row->name);
	(void)several_asked(good, 2, row->name);
}
END_TEST

/* Neither proves anything: it is no better than the worse of them, in whichever order. */
static const struct {
	const char *name;
	upstream_manner first, second;
	danepriv_security security;
	danepriv_reason reason; /* NONE: any */
} neither[] = {
	{ "stripped twice", UPSTREAM_ANSWERS, UPSTREAM_ANSWERS, DANEPRIV_SECURITY_BOGUS, 0 },
	{ "stripped, SERVFAIL", UPSTREAM_ANSWERS, UPSTREAM_FAILS, DANEPRIV_SECURITY_BOGUS, 0 },
	{ "stripped, silent", UPSTREAM_ANSWERS, UPSTREAM_SILENT, DANEPRIV_SECURITY_BOGUS, 0 },
	{ "SERVFAIL, stripped", UPSTREAM_FAILS, UPSTREAM_ANSWERS, DANEPRIV_SECURITY_BOGUS, 0 },
	{ "SERVFAIL, REFUSED", UPSTREAM_FAILS, UPSTREAM_REFUSES, DANEPRIV_SECURITY_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_REFUSED },
	{ "SERVFAIL, truncated", UPSTREAM_FAILS, UPSTREAM_TRUNCATES_ONLY,
	    DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_QUERY_REFUSED },
	{ "SERVFAIL, silent", UPSTREAM_FAILS, UPSTREAM_SILENT, DANEPRIV_SECURITY_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_REFUSED },
	{ "other questions, SERVFAIL", UPSTREAM_OTHER_QUESTION, UPSTREAM_FAILS,
	    DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_QUERY_FAILED },
	{ "silent twice", UPSTREAM_SILENT, UPSTREAM_SILENT, DANEPRIV_SECURITY_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_TIMEOUT },
};

START_TEST(none_proves)
{
	const upstream_manner both[] = { neither[_i].first, neither[_i].second };
	danepriv_reason reason;
	const char *name = neither[_i].name;

	several_start(both, 2);
	danepriv_security security = several_fetch(deadline_with(both[0], both[1]), &reason);
	several_stop(2);
	ck_assert_msg(security == neither[_i].security, "%s: proof %d", name, security);
	ck_assert_msg(
	    !neither[_i].reason || reason == neither[_i].reason, "%s: reason %d", name, reason);
	(void)several_asked(&several[0], 3, name);
	(void)several_asked(&several[1], 3, name);
	ck_assert_uint_gt(several[1].count, 0);
}
END_TEST

/* ---- more of them ---- */

static const struct {
	const char *name;
	upstream_manner those[SEVERAL_MAX];
	danepriv_security security;
	unsigned lookups[SEVERAL_MAX]; /* in which each is asked */
} four[] = {
	{ "the third", { UPSTREAM_FAILS, UPSTREAM_ANSWERS, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_SECURITY_DENIED, { 1, 1, 1, 0 } },
	{ "the second", { UPSTREAM_REFUSES, UPSTREAM_PROVES, UPSTREAM_ANSWERS, UPSTREAM_FAILS },
	    DANEPRIV_SECURITY_DENIED, { 1, 1, 0, 0 } },
	{ "past the bound", { UPSTREAM_FAILS, UPSTREAM_REFUSES, UPSTREAM_FORMERR, UPSTREAM_PROVES },
	    DANEPRIV_SECURITY_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "past the bound, silent",
	    { UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_PROVES },
	    DANEPRIV_SECURITY_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "two are silent", { UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_SECURITY_DENIED, { 1, 1, 1, 0 } },
	{ "all are silent",
	    { UPSTREAM_SILENT, UPSTREAM_OTHER_ID, UPSTREAM_GARBAGE, UPSTREAM_SILENT },
	    DANEPRIV_SECURITY_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "one fails, one is silent",
	    { UPSTREAM_FAILS, UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_SECURITY_DENIED, { 1, 1, 1, 0 } },
	{ "past the bound, stripped",
	    { UPSTREAM_ANSWERS, UPSTREAM_FAILS, UPSTREAM_ANSWERS, UPSTREAM_PROVES },
	    DANEPRIV_SECURITY_BOGUS, { 1, 1, 1, 0 } },
};

START_TEST(four_of_them)
{
	const char *name = four[_i].name;

	several_start(four[_i].those, SEVERAL_MAX);
	danepriv_security security =
	    several_fetch(deadline_with(four[_i].those[0], four[_i].those[1]), NULL);
	several_stop(SEVERAL_MAX);
	ck_assert_msg(security == four[_i].security, "%s: %d", name, security);
	for (size_t i = 0; i < SEVERAL_MAX; i++)
		ck_assert_msg((several_asked(&several[i], 1, name) > 0) == four[_i].lookups[i],
		    "%s: %zu", name, i);
}
END_TEST

/* ---- at the same time ---- */

#define MANY 20 /* a socket has room for all of their questions */

static void
turn(void)
{
	struct pollfd p = { .fd = danepriv_getdns_poll_fd(several_dns), .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, danepriv_getdns_poll_timeout(several_dns)), 0);
	danepriv_getdns_poll_run(several_dns);
}

/* In the middle one of those that are still under way is stopped. */
START_TEST(many_at_once)
{
	static const upstream_manner those[][2] = { { UPSTREAM_FAILS, UPSTREAM_PROVES },
		{ UPSTREAM_ANSWERS, UPSTREAM_PROVES }, { UPSTREAM_PROVES, UPSTREAM_FAILS },
		{ UPSTREAM_OTHER_QUESTION, UPSTREAM_PROVES } };
	fetching all[MANY] = { { .ended = 0 } };
	unsigned taken = 0, stopped = 0;

	several_start(those[_i], 2);
	for (int i = 0; i < MANY; i++)
		fetching_start(
		    &all[i], several_dns, several_ctx, &several_server, PATIENCE_MS, NOW);
	while (taken + stopped < MANY) {
		turn();
		taken += fetching_take(all, MANY, several_dns, NOW);
		for (int i = MANY - 1; i >= 0 && taken >= MANY / 2 && stopped == 0; i--)
			if (all[i].lookup) {
				fetching_stop(&all[i], several_dns);
				stopped++;
			}
	}
	several_stop(2);
	for (int i = 0; i < MANY; i++)
		ck_assert(all[i].ended == 0 || all[i].security == DANEPRIV_SECURITY_DENIED);
}
END_TEST

/* It is closed after so many turns, with whatever is under way then. */
START_TEST(closed)
{
	static const upstream_manner those[][3] = {
		{ UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
		{ UPSTREAM_SILENT_TCP, UPSTREAM_SILENT, UPSTREAM_FAILS },
		{ UPSTREAM_TRUNCATES, UPSTREAM_HANGS_UP, UPSTREAM_SILENT_TCP },
	};
	fetching all[MANY] = { { .ended = 0 } };

	several_start(those[_i % 3], 3);
	for (int i = 0; i < MANY; i++)
		fetching_start(
		    &all[i], several_dns, several_ctx, &several_server, PATIENCE_MS, NOW);
	for (int i = 0; i < _i / 3; i++)
		danepriv_getdns_poll_run(several_dns);
	several_stop(3);
}
END_TEST

/* What nobody can prove changes nothing for others. */
START_TEST(bogus_meanwhile)
{
	static const upstream_manner those[] = { UPSTREAM_ANSWERS, UPSTREAM_FAILS };

	several_start(those, 2);
	ck_assert_int_eq(several_fetch(PATIENCE_MS, NULL), DANEPRIV_SECURITY_BOGUS);
	several[0].manner = UPSTREAM_PROVES;
	ck_assert_int_eq(several_fetch(PATIENCE_MS, NULL), DANEPRIV_SECURITY_DENIED);
	several_stop(2);
	(void)several_asked(&several[1], 1, "of that one fetch");
	(void)several_asked(&several[0], 2, "of both");
}
END_TEST

/* ---- other kinds of fetches ---- */

START_TEST(chain)
{
	const upstream_manner both[] = { _i ? UPSTREAM_FAILS : UPSTREAM_PROVES,
		_i ? UPSTREAM_PROVES : UPSTREAM_ANSWERS };
	danepriv_records *records;
	danepriv_chain *made;

	several_start(both, 2);
	ck_assert_int_eq(
	    fetch_chain(several_dns, several_ctx, &self, PATIENCE_MS, NOW, &records, &made),
	    DANEPRIV_OK);
	several_stop(2);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_DENIED);
	ck_assert_int_eq(danepriv_chain_security(made), DANEPRIV_SECURITY_DENIED);
	danepriv_records_free(records);
	danepriv_chain_free(made);
}
END_TEST

START_TEST(no_chain)
{
	static const upstream_manner both[] = { UPSTREAM_ANSWERS, UPSTREAM_FAILS };
	danepriv_records *records;
	danepriv_chain *made;

	several_start(both, 2);
	ck_assert_int_eq(
	    fetch_chain(several_dns, several_ctx, &self, PATIENCE_MS, NOW, &records, &made),
	    DANEPRIV_ENOTFOUND);
	several_stop(2);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	ck_assert_ptr_null(made);
	danepriv_records_free(records);
}
END_TEST

START_TEST(of_a_zone)
{
	const upstream_manner both[] = { _i ? UPSTREAM_FAILS : UPSTREAM_PROVES,
		_i ? UPSTREAM_PROVES : UPSTREAM_ANSWERS };
	danepriv_zone *made;

	several_start(both, 2);
	ck_assert_int_eq(
	    fetch_zone(several_dns, several_ctx, "example.net", PATIENCE_MS, NOW, &made),
	    DANEPRIV_OK);
	several_stop(2);
	ck_assert_int_eq(danepriv_zone_security(made), DANEPRIV_SECURITY_DENIED);
	danepriv_zone_free(made);
}
END_TEST

/* ---- memory ---- */

/* The nth allocation fails, getdns' own among them: then less is asked, and nothing more is known.
 */
START_TEST(memory_runs_out)
{
	static const upstream_manner both[] = { UPSTREAM_FAILS, UPSTREAM_PROVES };
	bool failed = true;
	long n;

	for (n = 0; failed; n++) {
		danepriv_records *records = NULL;
		several_start(both, 2);
		dp_fail_allocation_at(n);
		danepriv_status status =
		    fetch_records(several_dns, several_ctx, &several_server, 200, NOW, &records);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert_int_eq(records != NULL, status == DANEPRIV_OK);
		danepriv_security security = danepriv_records_security(records);
		ck_assert(!records || security == DANEPRIV_SECURITY_DENIED ||
			  security == DANEPRIV_SECURITY_INDETERMINATE);
		danepriv_records_free(records);
		several_stop(2);
	}
	ck_assert_int_gt(n, 50);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_upstreams");
	TCase *tc = tcase_create("getdns_upstreams");

	tcase_add_checked_fixture(tc, several_open, several_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, one_proves, 0, 2 * MANNERS);
	tcase_add_loop_test(tc, none_proves, 0, ROWS(neither));
	tcase_add_loop_test(tc, four_of_them, 0, ROWS(four));
	tcase_add_loop_test(tc, many_at_once, 0, 4);
	tcase_add_loop_test(tc, closed, 0, 3 * 12);
	tcase_add_test(tc, bogus_meanwhile);
	tcase_add_loop_test(tc, chain, 0, 2);
	tcase_add_test(tc, no_chain);
	tcase_add_loop_test(tc, of_a_zone, 0, 2);
	tcase_add_test(tc, memory_runs_out);
	suite_add_tcase(suite, tc);
	return suite;
}
