/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns on every event loop: does each fetch end, once and in time, whatever the resolver
 * does? The same rows on all loops; many fetches at once, some of them cancelled; and nothing is
 * left. */
#include "support/descriptors.h"
#include "support/failing_alloc.h"
#include "support/loops.h"
#include "support/manners.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <stdio.h>

#define NOW 1900000000
#define MANY 6

static danepriv *ctx;

typedef struct watch {
	unsigned calls;
	unsigned *left; /* of all */
	danepriv_status status;
	danepriv_proof proof;
	danepriv_reason reason;
	danepriv_fetch *other; /* to cancel from `done` */
} watch;

static void
on_done(void *arg, danepriv_status status, danepriv_records *records)
{
	watch *w = arg;

	w->calls++;
	--*w->left;
	w->status = status;
	w->proof = danepriv_records_proof(records);
	w->reason = danepriv_records_reason(records);
	danepriv_records_free(records);
	if (w->other) {
		danepriv_getdns_cancel(w->other);
		--*w->left;
	}
}

static danepriv_fetch *
start(const test_loop *loop, unsigned number, uint32_t deadline_ms, watch *w)
{
	danepriv_fetch *handle = NULL;
	char name[64];

	(void)snprintf(name, sizeof name, "ns%u.example.net", number);
	danepriv_server server = { name, 0, DANEPRIV_DOT };
	ck_assert_int_eq(
	    danepriv_getdns_fetch(loop->dns, ctx, &server, deadline_ms, NOW, &handle, on_done, w),
	    DANEPRIV_OK);
	++*w->left;
	return handle;
}

/* ---- every manner of resolver ---- */

START_TEST(every_manner)
{
	const manner_row *row = &manners[_i % MANNERS];
	unsigned left = 0, descriptors = open_descriptors();
	watch watches[MANY] = { { 0 } };
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", row->manner));
	if (!loop_open(&loop, (size_t)_i / MANNERS, r.address))
		goto out;
	for (unsigned i = 0; i < MANY; i++) {
		watches[i].left = &left;
		(void)start(&loop, i, row->deadline_ms, &watches[i]);
	}
	while (left > 0)
		loop.kind->turn(&loop);
	for (unsigned i = 0; i < MANY; i++) {
		ck_assert_msg(watches[i].calls == 1, "%s, %s: %u calls", loop.kind->name, row->name,
		    watches[i].calls);
		ck_assert_int_eq(watches[i].status, DANEPRIV_OK);
		ck_assert_msg(watches[i].proof == row->proof, "%s, %s: proof %d", loop.kind->name,
		    row->name, watches[i].proof);
		ck_assert_msg(!row->reason || watches[i].reason == row->reason, "%s, %s: reason %d",
		    loop.kind->name, row->name, watches[i].reason);
	}
	loop_close(&loop);
out:
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* ---- cancel ---- */

#define TURNS 6
#define SHORT_MS 100

/* From outside, after so many turns: it is not called, and the others are not disturbed. */
START_TEST(cancelled)
{
	unsigned left = 0, turns = (unsigned)_i % TURNS, descriptors = open_descriptors();
	watch gone = { .left = &left }, stays = { .left = &left };
	test_loop loop;
	upstream r;

	ck_assert(
	    upstream_start(&r, "127.0.0.1", turns % 2 ? UPSTREAM_DROPS_FIRST : UPSTREAM_SILENT));
	if (!loop_open(&loop, (size_t)_i / TURNS, r.address))
		goto out;
	danepriv_fetch *handle = start(&loop, 0, PATIENCE_MS, &gone);
	(void)start(&loop, 1, SHORT_MS, &stays);
	for (unsigned i = 0; i < turns && left == 2; i++)
		loop.kind->turn(&loop);
	if (gone.calls == 0) {
		danepriv_getdns_cancel(handle);
		left--;
	}
	unsigned before = gone.calls;
	while (left > 0)
		loop.kind->turn(&loop);
	ck_assert_uint_eq(gone.calls, before);
	ck_assert_uint_eq(stays.calls, 1);
	loop_close(&loop);
out:
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

START_TEST(cancelled_from_done)
{
	unsigned left = 0;
	watch first = { .left = &left }, second = { .left = &left };
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_SILENT));
	if (!loop_open(&loop, (size_t)_i, r.address))
		goto out;
	(void)start(&loop, 0, SHORT_MS, &first);
	first.other = start(&loop, 1, PATIENCE_MS, &second);
	while (left > 0)
		loop.kind->turn(&loop);
	ck_assert_uint_eq(first.calls, 1);
	ck_assert_uint_eq(second.calls, 0);
	loop_close(&loop);
out:
	upstream_stop(&r);
}
END_TEST

/* All, or every other one, are cancelled, and then it is closed with answers on their way. */
START_TEST(closed)
{
	unsigned left = 0, descriptors = open_descriptors();
	watch w = { .left = &left };
	danepriv_fetch *handles[MANY];
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	if (!loop_open(&loop, (size_t)_i % LOOPS_MAX, r.address))
		goto out;
	for (unsigned i = 0; i < MANY; i++)
		handles[i] = start(&loop, i, PATIENCE_MS, &w);
	loop.kind->turn(&loop);
	for (unsigned i = 0; i < MANY; i += 1 + (unsigned)_i / LOOPS_MAX)
		danepriv_getdns_cancel(handles[i]);
	loop_close(&loop);
	ck_assert_uint_eq(w.calls, 0);
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
	bool cancels; /* every other one */
	danepriv_proof proof;
} crowds[] = {
	{ "answers", UPSTREAM_ANSWERS, PATIENCE_MS, false, DANEPRIV_PROOF_BOGUS },
	{ "refused", UPSTREAM_FAILS, PATIENCE_MS, false, DANEPRIV_PROOF_INDETERMINATE },
	{ "silent", UPSTREAM_SILENT, DEADLINE_MS, false, DANEPRIV_PROOF_INDETERMINATE },
	{ "answers, cancelled", UPSTREAM_ANSWERS, PATIENCE_MS, true, DANEPRIV_PROOF_BOGUS },
	{ "silent, cancelled", UPSTREAM_SILENT, DEADLINE_MS, true, DANEPRIV_PROOF_INDETERMINATE },
};

/* So many questions wait for each other, and leave the program most of its descriptors. */
START_TEST(crowd)
{
	unsigned left = 0, most = 0, descriptors = open_descriptors();
	danepriv_fetch *handles[CROWD];
	watch watches[CROWD];
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", crowds[_i].manner));
	ck_assert(loop_open(&loop, 0, r.address));
	for (unsigned i = 0; i < CROWD; i++) {
		watches[i] = (watch){ .left = &left };
		handles[i] = start(&loop, i, crowds[_i].deadline_ms, &watches[i]);
	}
	for (unsigned turn = 0; left > 0; turn++) {
		loop.kind->turn(&loop);
		unsigned now = open_descriptors();
		most = now > most ? now : most;
		for (unsigned i = 0; turn == 1 && crowds[_i].cancels && i < CROWD; i += 2) {
			if (watches[i].calls++ > 0)
				continue;
			danepriv_getdns_cancel(handles[i]);
			watches[i].proof = crowds[_i].proof;
			left--;
		}
	}
	ck_assert_msg(most > descriptors + 256 && most < descriptors + 512 + 16, "%s: %u more",
	    crowds[_i].name, most - descriptors);
	for (unsigned i = 0; i < CROWD; i++) {
		ck_assert_uint_ge(watches[i].calls, 1);
		ck_assert_int_eq(watches[i].proof, crowds[_i].proof);
	}
	loop_close(&loop);
	upstream_stop(&r);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* When all that have room are cancelled, those that wait go on. */
START_TEST(room_is_passed_on)
{
	unsigned left = 0, descriptors = open_descriptors();
	watch w = { .left = &left };
	danepriv_fetch *handles[CROWD];
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_SILENT));
	ck_assert(loop_open(&loop, 0, r.address));
	for (unsigned i = 0; i < CROWD; i++)
		handles[i] = start(&loop, i, PATIENCE_MS, &w);
	for (int i = 0; i < 2; i++) /* one is not enough for so many */
		loop.kind->turn(&loop);
	ck_assert_uint_gt(open_descriptors(), descriptors + 512);
	unsigned under_way = 512 / 8;
	for (unsigned i = 0; i < under_way; i++)
		danepriv_getdns_cancel(handles[i]);
	ck_assert_uint_lt(open_descriptors(), descriptors + 16);
	loop.kind->turn(&loop);
	ck_assert_uint_gt(open_descriptors(), descriptors + 4 * (CROWD - under_way));
	for (unsigned i = under_way; i < CROWD; i++)
		danepriv_getdns_cancel(handles[i]);
	loop_close(&loop);
	upstream_stop(&r);
	ck_assert_uint_eq(w.calls, 0);
	ck_assert_uint_eq(open_descriptors(), descriptors);
}
END_TEST

/* Waiting for one serves the others too. */
START_TEST(sync_beside_others)
{
	danepriv_server server = { "ns9.example.net", 0, DANEPRIV_DOT };
	danepriv_records *records = NULL;
	unsigned left = 0;
	watch w = { .left = &left };
	test_loop loop;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_SILENT));
	if (!loop_open(&loop, (size_t)_i, r.address))
		goto out;
	(void)start(&loop, 0, 1, &w);
	ck_assert_int_eq(
	    danepriv_getdns_fetch_sync(loop.dns, ctx, &server, DEADLINE_MS, NOW, &records), 0);
	ck_assert_int_eq(danepriv_records_reason(records), DANEPRIV_REASON_QUERY_TIMEOUT);
	ck_assert_uint_eq(w.calls, 1);
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
	ck_assert_int_eq(danepriv_open(&ctx, NULL), DANEPRIV_OK);
}

static void
close_all(void)
{
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("loops");
	TCase *tc = tcase_create("loops");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_manner, 0, LOOPS_MAX * MANNERS);
	tcase_add_loop_test(tc, cancelled, 0, LOOPS_MAX * TURNS);
	tcase_add_loop_test(tc, cancelled_from_done, 0, LOOPS_MAX);
	tcase_add_loop_test(tc, closed, 0, 2 * LOOPS_MAX);
	tcase_add_loop_test(tc, crowd, 0, ROWS(crowds));
	tcase_add_test(tc, room_is_passed_on);
	tcase_add_loop_test(tc, sync_beside_others, 0, LOOPS_MAX);
	suite_add_tcase(suite, tc);
	return suite;
}
