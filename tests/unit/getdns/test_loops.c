/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns on every event loop: does each lookup end, once and in time, whatever the resolver
 * does? The same rows on all loops; many lookups at once, some of them stopped; and nothing is
 * left. */
#include "support/descriptors.h"
#include "support/fetching.h"
#include "support/loops.h"
#include "support/manners.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <stdio.h>

#define NOW 1900000000
#define MANY 6

static void
start(const test_loop *loop, unsigned number, uint32_t deadline_ms, fetching *f)
{
	char name[64];

	(void)snprintf(name, sizeof name, "ns%u.example.net", number);
	danepriv_server server = { name, 0, DANEPRIV_TRANSPORT_DOT };
	fetching_start(f, loop->dns, fetching_ctx, &server, deadline_ms, NOW);
}

/* ---- every manner of resolver ---- */

START_TEST(every_manner)
{
	const manner_row *row = &manners[_i % MANNERS];
	unsigned left = MANY, descriptors = open_descriptors();
	fetching those[MANY] = { { .ended = 0 } };
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", row->manner));
	if (!loop_open(&loop, (size_t)_i / MANNERS, r.address))
		goto out;
	for (unsigned i = 0; i < MANY; i++)
		start(&loop, i, row->deadline_ms, &those[i]);
	while (left > 0) {
		loop.kind->turn(&loop);
		left -= fetching_take(those, MANY, loop.dns, NOW);
	}
	for (unsigned i = 0; i < MANY; i++) {
		ck_assert_msg(those[i].ended == 1, "%s, %s: %u times", loop.kind->name, row->name,
		    those[i].ended);
		ck_assert_int_eq(those[i].status, DANEPRIV_OK);
		ck_assert_msg(those[i].security == row->security, "%s, %s: proof %d",
		    loop.kind->name, row->name, those[i].security);
		ck_assert_msg(!row->reason || those[i].reason == row->reason, "%s, %s: reason %d",
		    loop.kind->name, row->name, those[i].reason);
	}
	loop_close(&loop);
out:
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* ---- stop ---- */

#define TURNS 6
#define SHORT_MS 100

/* After so many turns: it is not given back again, and the others are not disturbed. */
START_TEST(stopped)
{
	unsigned turns = (unsigned)_i % TURNS, descriptors = open_descriptors();
	fetching those[2] = { { .ended = 0 } };
	test_loop loop;
	upstream r;

	ck_assert(
	    upstream_start(&r, "127.0.0.1", turns % 2 ? UPSTREAM_DROPS_FIRST : UPSTREAM_SILENT));
	if (!loop_open(&loop, (size_t)_i / TURNS, r.address))
		goto out;
	start(&loop, 0, PATIENCE_MS, &those[0]);
	start(&loop, 1, SHORT_MS, &those[1]);
	for (unsigned i = 0; i < turns && !those[1].ended; i++) {
		loop.kind->turn(&loop);
		(void)fetching_take(those, 2, loop.dns, NOW);
	}
	unsigned before = those[0].ended;
	if (before == 0)
		fetching_stop(&those[0], loop.dns);
	while (!those[1].ended) {
		loop.kind->turn(&loop);
		(void)fetching_take(those, 2, loop.dns, NOW);
	}
	ck_assert_uint_eq(those[0].ended, before);
	ck_assert_uint_eq(those[1].ended, 1);
	loop_close(&loop);
out:
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* All, or every other one, are stopped, and then it is closed with answers on their way. */
START_TEST(closed)
{
	fetching those[MANY] = { { .ended = 0 } };
	unsigned descriptors = open_descriptors();
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	if (!loop_open(&loop, (size_t)_i % LOOPS_MAX, r.address))
		goto out;
	for (unsigned i = 0; i < MANY; i++)
		start(&loop, i, PATIENCE_MS, &those[i]);
	loop.kind->turn(&loop);
	for (unsigned i = 0; i < MANY; i += 1 + (unsigned)_i / LOOPS_MAX)
		fetching_stop(&those[i], loop.dns);
	loop_close(&loop);
out:
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* ---- more than there is room for ---- */

#define CROWD 100 /* some 800 questions */

static const struct {
	const char *name;
	upstream_manner manner;
	uint32_t deadline_ms;
	bool stops; /* every other one */
	danepriv_security security;
} crowds[] = {
	{ "answers", UPSTREAM_ANSWERS, PATIENCE_MS, false, DANEPRIV_SECURITY_BOGUS },
	{ "refused", UPSTREAM_FAILS, PATIENCE_MS, false, DANEPRIV_SECURITY_INDETERMINATE },
	{ "silent", UPSTREAM_SILENT, DEADLINE_MS, false, DANEPRIV_SECURITY_INDETERMINATE },
	{ "answers, stopped", UPSTREAM_ANSWERS, PATIENCE_MS, true, DANEPRIV_SECURITY_BOGUS },
	{ "silent, stopped", UPSTREAM_SILENT, DEADLINE_MS, true, DANEPRIV_SECURITY_INDETERMINATE },
};

/* So many questions wait for each other, and leave the program most of its descriptors. */
START_TEST(crowd)
{
	unsigned left = CROWD, most = 0, descriptors = open_descriptors();
	static fetching those[CROWD];
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", crowds[_i].manner));
	ck_assert(loop_open(&loop, 0, r.address));
	for (unsigned i = 0; i < CROWD; i++)
		start(&loop, i, crowds[_i].deadline_ms, &those[i]);
	for (unsigned turn = 0; left > 0; turn++) {
		loop.kind->turn(&loop);
		left -= fetching_take(those, CROWD, loop.dns, NOW);
		unsigned now = open_descriptors();
		most = now > most ? now : most;
		for (unsigned i = 0; turn == 1 && crowds[_i].stops && i < CROWD; i += 2) {
			if (those[i].ended++ > 0)
				continue;
			fetching_stop(&those[i], loop.dns);
			those[i].security = crowds[_i].security;
			left--;
		}
	}
	ck_assert_msg(most > descriptors + 256 && most < descriptors + 512 + 16, "%s: %u more",
	    crowds[_i].name, most - descriptors);
	for (unsigned i = 0; i < CROWD; i++) {
		ck_assert_uint_ge(those[i].ended, 1);
		ck_assert_int_eq(those[i].security, crowds[_i].security);
	}
	loop_close(&loop);
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* When all that have room are stopped, those that wait go on. */
START_TEST(room_is_passed_on)
{
	unsigned descriptors = open_descriptors();
	static fetching those[CROWD];
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_SILENT));
	ck_assert(loop_open(&loop, 0, r.address));
	for (unsigned i = 0; i < CROWD; i++)
		start(&loop, i, PATIENCE_MS, &those[i]);
	for (int i = 0; i < 2; i++) /* one is not enough for so many */
		loop.kind->turn(&loop);
	ck_assert_uint_gt(open_descriptors(), descriptors + 512);
	unsigned under_way = 512 / 8;
	for (unsigned i = 0; i < under_way; i++)
		fetching_stop(&those[i], loop.dns);
	ck_assert_uint_lt(open_descriptors(), descriptors + 16);
	loop.kind->turn(&loop);
	ck_assert_uint_gt(open_descriptors(), descriptors + 4 * (CROWD - under_way));
	for (unsigned i = under_way; i < CROWD; i++)
		fetching_stop(&those[i], loop.dns);
	ck_assert_uint_eq(fetching_take(those, CROWD, loop.dns, NOW), 0);
	loop_close(&loop);
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* Waiting for one serves the others too, which wait to be taken then. */
START_TEST(run_beside_others)
{
	danepriv_server server = { "ns9.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_records *records = NULL;
	fetching f = { .ended = 0 };
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_SILENT));
	if (!loop_open(&loop, (size_t)_i, r.address))
		goto out;
	start(&loop, 0, 1, &f);
	ck_assert_int_eq(fetch_records(loop.dns, fetching_ctx, &server, DEADLINE_MS, NOW, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_reason(records), DANEPRIV_REASON_QUERY_TIMEOUT);
	loop.kind->turn(&loop);
	ck_assert_uint_eq(fetching_take(&f, 1, loop.dns, NOW), 1);
	ck_assert_int_eq(f.reason, DANEPRIV_REASON_QUERY_TIMEOUT);
	danepriv_records_free(records);
	loop_close(&loop);
out:
	upstream_stop(&r);
}
END_TEST

static void
open_all(void)
{
	loops_prepare();
	fetching_open();
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("loops");
	TCase *tc = tcase_create("loops");

	tcase_add_checked_fixture(tc, open_all, fetching_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_manner, 0, LOOPS_MAX * MANNERS);
	tcase_add_loop_test(tc, stopped, 0, LOOPS_MAX * TURNS);
	tcase_add_loop_test(tc, closed, 0, 2 * LOOPS_MAX);
	tcase_add_loop_test(tc, crowd, 0, ROWS(crowds));
	tcase_add_test(tc, room_is_passed_on);
	tcase_add_loop_test(tc, run_beside_others, 0, LOOPS_MAX);
	suite_add_tcase(suite, tc);
	return suite;
}
