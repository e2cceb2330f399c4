/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns: who is asked when a resolver is of no help?  Of those that are given, each is asked
 * all of it until the answers of one of them prove something. */
#include "support/failing_alloc.h"
#include "support/loops.h"
#include "support/manners.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <limits.h>

#define NOW 1900000000
#define UPSTREAMS 4

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_DOT };
static danepriv *ctx;
static tiny_zone *zone;
static test_octets denial;
static upstream r[UPSTREAMS];
static danepriv_getdns *dns;

static void
open_all(void)
{
	danepriv_settings settings = { .size = sizeof settings, .earliest = 1 };

	zone = tiny_zone_new();
	settings.anchors = tiny_zone_anchors(zone);
	ck_assert_int_eq(danepriv_open(&ctx, &settings), DANEPRIV_OK);
	denial = tiny_zone_denial(zone, NOW - 1000, NOW + 100000);
	upstream_proof = octets_span(denial);
}

static void
close_all(void)
{
	danepriv_close(ctx);
	tiny_zone_free(zone);
	octets_free(denial);
	ck_assert_int_eq(dp_blocks(), 0);
}

static void
start(const upstream_manner *those, size_t count)
{
	const char *addresses[UPSTREAMS];

	for (size_t i = 0; i < count; i++) {
		ck_assert(upstream_start(&r[i], "127.0.0.1", those[i]));
		addresses[i] = r[i].address;
	}
	ck_assert_int_eq(danepriv_getdns_open(addresses, count, &dns), DANEPRIV_OK);
}

static void
stop(size_t count)
{
	danepriv_getdns_close(dns);
	for (size_t i = 0; i < count; i++)
		upstream_stop(&r[i]);
}

static danepriv_proof
fetch(uint32_t deadline_ms, danepriv_reason *reason)
{
	danepriv_records *records;

	ck_assert_int_eq(
	    danepriv_getdns_fetch_sync(dns, ctx, &server, deadline_ms, NOW, &records), DANEPRIV_OK);
	danepriv_proof proof = danepriv_records_proof(records);
	if (reason)
		*reason = danepriv_records_reason(records);
	danepriv_records_free(records);
	return proof;
}

/* How often its questions came, of which none came more often than `most`. */
static unsigned
asked(const upstream *one, unsigned most, const char *name)
{
	unsigned sum = 0;

	for (size_t i = 0; i < one->count; i++) {
		const upstream_question *q = &one->questions[i];
		ck_assert_msg(q->udp <= most, "%s: %u times", name, q->udp);
		sum += q->udp;
	}
	return sum;
}

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
	const upstream *bad = &r[!is_last], *good = &r[is_last];
	uint32_t deadline_ms = deadline_with(both[0], both[1]);

	start(both, 2);
	danepriv_proof proof = fetch(deadline_ms, NULL);
	/* And from then on the better one comes first. */
	danepriv_proof second = fetch(deadline_ms, NULL);
	stop(2);
	ck_assert_msg(proof == DANEPRIV_PROOF_DENIED, "%s: %d", row->name, proof);
	ck_assert_msg(second == DANEPRIV_PROOF_DENIED, "%s, again: %d", row->name, second);
	ck_assert_uint_gt(good->count, 0);
	ck_assert_msg(is_last || bad->count == 0, "%s: was asked", row->name);
	/* In silence getdns begins with the first one again each time; and it asks as often as it
	 * likes for whom it cannot hear. */
	(void)asked(bad,
	    row->manner == UPSTREAM_HANGS_UP ? UINT_MAX
	    : row->udp == 1		     ? 1
					     : 2,
	    row->name);
	(void)asked(good, 2, row->name);
}
END_TEST

/* Neither proves anything: it is no better than the worse of them, in whichever order. */
static const struct {
	const char *name;
	upstream_manner first, second;
	danepriv_proof proof;
	danepriv_reason reason; /* NONE: any */
} neither[] = {
	{ "stripped twice", UPSTREAM_ANSWERS, UPSTREAM_ANSWERS, DANEPRIV_PROOF_BOGUS, 0 },
	{ "stripped, SERVFAIL", UPSTREAM_ANSWERS, UPSTREAM_FAILS, DANEPRIV_PROOF_BOGUS, 0 },
	{ "stripped, silent", UPSTREAM_ANSWERS, UPSTREAM_SILENT, DANEPRIV_PROOF_BOGUS, 0 },
	{ "SERVFAIL, stripped", UPSTREAM_FAILS, UPSTREAM_ANSWERS, DANEPRIV_PROOF_BOGUS, 0 },
	{ "SERVFAIL, REFUSED", UPSTREAM_FAILS, UPSTREAM_REFUSES, DANEPRIV_PROOF_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_REFUSED },
	{ "SERVFAIL, truncated", UPSTREAM_FAILS, UPSTREAM_TRUNCATES_ONLY,
	    DANEPRIV_PROOF_INDETERMINATE, DANEPRIV_REASON_QUERY_REFUSED },
	{ "SERVFAIL, silent", UPSTREAM_FAILS, UPSTREAM_SILENT, DANEPRIV_PROOF_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_REFUSED },
	{ "other questions, SERVFAIL", UPSTREAM_OTHER_QUESTION, UPSTREAM_FAILS,
	    DANEPRIV_PROOF_INDETERMINATE, DANEPRIV_REASON_QUERY_FAILED },
	{ "silent twice", UPSTREAM_SILENT, UPSTREAM_SILENT, DANEPRIV_PROOF_INDETERMINATE,
	    DANEPRIV_REASON_QUERY_TIMEOUT },
};

START_TEST(none_proves)
{
	const upstream_manner both[] = { neither[_i].first, neither[_i].second };
	danepriv_reason reason;
	const char *name = neither[_i].name;

	start(both, 2);
	danepriv_proof proof = fetch(deadline_with(both[0], both[1]), &reason);
	stop(2);
	ck_assert_msg(proof == neither[_i].proof, "%s: proof %d", name, proof);
	ck_assert_msg(
	    !neither[_i].reason || reason == neither[_i].reason, "%s: reason %d", name, reason);
	(void)asked(&r[0], 3, name);
	(void)asked(&r[1], 3, name);
	ck_assert_uint_gt(r[1].count, 0);
}
END_TEST

/* ---- more of them ---- */

static const struct {
	const char *name;
	upstream_manner those[UPSTREAMS];
	danepriv_proof proof;
	unsigned lookups[UPSTREAMS]; /* in which each is asked */
} four[] = {
	{ "the third", { UPSTREAM_FAILS, UPSTREAM_ANSWERS, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_PROOF_DENIED, { 1, 1, 1, 0 } },
	{ "the second", { UPSTREAM_REFUSES, UPSTREAM_PROVES, UPSTREAM_ANSWERS, UPSTREAM_FAILS },
	    DANEPRIV_PROOF_DENIED, { 1, 1, 0, 0 } },
	{ "past the bound", { UPSTREAM_FAILS, UPSTREAM_REFUSES, UPSTREAM_FORMERR, UPSTREAM_PROVES },
	    DANEPRIV_PROOF_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "past the bound, silent",
	    { UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_PROVES },
	    DANEPRIV_PROOF_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "two are silent", { UPSTREAM_SILENT, UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_PROOF_DENIED, { 1, 1, 1, 0 } },
	{ "all are silent",
	    { UPSTREAM_SILENT, UPSTREAM_OTHER_ID, UPSTREAM_GARBAGE, UPSTREAM_SILENT },
	    DANEPRIV_PROOF_INDETERMINATE, { 1, 1, 1, 0 } },
	{ "one fails, one is silent",
	    { UPSTREAM_FAILS, UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
	    DANEPRIV_PROOF_DENIED, { 1, 1, 1, 0 } },
	{ "past the bound, stripped",
	    { UPSTREAM_ANSWERS, UPSTREAM_FAILS, UPSTREAM_ANSWERS, UPSTREAM_PROVES },
	    DANEPRIV_PROOF_BOGUS, { 1, 1, 1, 0 } },
};

START_TEST(four_of_them)
{
	const char *name = four[_i].name;

	start(four[_i].those, UPSTREAMS);
	danepriv_proof proof = fetch(deadline_with(four[_i].those[0], four[_i].those[1]), NULL);
	stop(UPSTREAMS);
	ck_assert_msg(proof == four[_i].proof, "%s: %d", name, proof);
	for (size_t i = 0; i < UPSTREAMS; i++)
		ck_assert_msg(
		    (asked(&r[i], 1, name) > 0) == four[_i].lookups[i], "%s: %zu", name, i);
}
END_TEST

/* ---- over TCP ---- */

#define SOON_MS 2000

typedef struct stream_row {
	const char *name;
	upstream_manner those[3];
	size_t count;
	uint32_t deadline_ms;
	danepriv_proof proof;
	danepriv_stream stream;
	bool tcp[3]; /* who is asked over it */
	bool udp[3]; /* who but the first is asked at all */
} stream_row;

static const stream_row streams[] = {
	{ "left out over UDP", { UPSTREAM_PROVES_TCP }, 1, PATIENCE_MS, DANEPRIV_PROOF_DENIED,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "left out over both", { UPSTREAM_ANSWERS }, 1, PATIENCE_MS, DANEPRIV_PROOF_BOGUS,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "truncated", { UPSTREAM_PROVES_CUT }, 1, PATIENCE_MS, DANEPRIV_PROOF_DENIED,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "ends connections", { UPSTREAM_NO_TCP }, 1, PATIENCE_MS, DANEPRIV_PROOF_BOGUS,
	    DANEPRIV_STREAM_FAILED, { false } },
	{ "refuses connections", { UPSTREAM_UDP_ONLY }, 1, PATIENCE_MS, DANEPRIV_PROOF_BOGUS,
	    DANEPRIV_STREAM_FAILED, { false } },
	{ "silent", { UPSTREAM_SILENT_TCP }, 1, SOON_MS, DANEPRIV_PROOF_BOGUS,
	    DANEPRIV_STREAM_FAILED, { true } },
	{ "proven over UDP", { UPSTREAM_PROVES }, 1, PATIENCE_MS, DANEPRIV_PROOF_DENIED,
	    DANEPRIV_STREAM_NONE, { false } },
	/* of several the same one is asked, and the next one only when that is no help */
	{ "left out over UDP, of two", { UPSTREAM_PROVES_TCP, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { true, false }, { 0, false } },
	{ "left out over UDP, of three", { UPSTREAM_PROVES_TCP, UPSTREAM_FAILS, UPSTREAM_PROVES },
	    3, PATIENCE_MS, DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { true } },
	{ "left out over UDP, the second", { UPSTREAM_FAILS, UPSTREAM_PROVES_TCP, UPSTREAM_PROVES },
	    3, PATIENCE_MS, DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "left out over UDP, the first is silent", { UPSTREAM_SILENT, UPSTREAM_PROVES_TCP }, 2,
	    SOON_MS, DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "left out over both, another", { UPSTREAM_ANSWERS, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_NONE, { true, false }, { 0, true } },
	{ "truncated, of two", { UPSTREAM_PROVES_CUT, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { true, false }, { 0, false } },
	{ "truncated over both, another", { UPSTREAM_TRUNCATES_ONLY, UPSTREAM_PROVES }, 2,
	    PATIENCE_MS, DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_NONE, { true, false },
	    { 0, true } },
	{ "ends connections, another", { UPSTREAM_NO_TCP, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_NONE, { false, false }, { 0, true } },
	{ "refuses connections, another", { UPSTREAM_UDP_ONLY, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_NONE, { false, false }, { 0, true } },
	{ "refuses connections, the other one, too", { UPSTREAM_UDP_ONLY, UPSTREAM_PROVES_TCP }, 2,
	    PATIENCE_MS, DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "both end them", { UPSTREAM_NO_TCP, UPSTREAM_NO_TCP }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_BOGUS, DANEPRIV_STREAM_FAILED, { false, false }, { 0, true } },
	{ "both refuse them", { UPSTREAM_UDP_ONLY, UPSTREAM_UDP_ONLY }, 2, PATIENCE_MS,
	    DANEPRIV_PROOF_BOGUS, DANEPRIV_STREAM_FAILED, { false, false }, { 0, true } },
	{ "silent, another", { UPSTREAM_SILENT_TCP, UPSTREAM_PROVES }, 2, SOON_MS,
	    DANEPRIV_PROOF_DENIED, DANEPRIV_STREAM_NONE, { true, false }, { 0, true } },
};

static void
check_asked(const stream_row *row, size_t i)
{
	unsigned sum = 0;

	for (size_t k = 0; k < r[i].count; k++) {
		ck_assert_msg(r[i].questions[k].tcp <= 1, "%s: %u times over TCP", row->name,
		    r[i].questions[k].tcp);
		sum += r[i].questions[k].tcp;
	}
	ck_assert_msg(
	    (sum > 0) == row->tcp[i], "%s: %zu is asked %u times over TCP", row->name, i, sum);
	sum = asked(&r[i], 1, row->name);
	ck_assert_msg(
	    (sum > 0) == (i == 0 || row->udp[i]), "%s: %zu is asked %u times", row->name, i, sum);
}

START_TEST(over_tcp)
{
	const stream_row *row = &streams[_i];
	danepriv_records *records;

	start(row->those, row->count);
	ck_assert_int_eq(
	    danepriv_getdns_fetch_sync(dns, ctx, &server, row->deadline_ms, NOW, &records),
	    DANEPRIV_OK);
	stop(row->count);
	ck_assert_msg(danepriv_records_proof(records) == row->proof, "%s: %s", row->name,
	    danepriv_reason_text(danepriv_records_reason(records)));
	ck_assert_msg(danepriv_records_stream(records) == row->stream, "%s: stream %d", row->name,
	    danepriv_records_stream(records));
	danepriv_records_free(records);
	for (size_t i = 0; i < row->count; i++)
		check_asked(row, i);
}
END_TEST

/* ---- as many as there can be ---- */

#define MOST 16
#define NOBODY "255.255.255.255" /* a socket must be allowed to broadcast */

/* Who cannot be sent to is passed over at once, however many there are: a third of the time, which
 * silence takes, would be up before the last one. */
START_TEST(passed_over)
{
	static const upstream_manner one[] = { UPSTREAM_PROVES };
	const char *addresses[MOST];

	start(one, 1);
	danepriv_getdns_close(dns);
	for (size_t i = 0; i < MOST; i++)
		addresses[i] = i == (size_t)_i ? r[0].address : NOBODY;
	ck_assert_int_eq(danepriv_getdns_open(addresses, MOST, &dns), DANEPRIV_OK);
	ck_assert_int_eq(fetch(PATIENCE_MS, NULL), DANEPRIV_PROOF_DENIED);
	ck_assert_int_eq(fetch(PATIENCE_MS, NULL), DANEPRIV_PROOF_DENIED);
	stop(1);
	(void)asked(&r[0], 2, "of both");
}
END_TEST

START_TEST(nobody_is_there)
{
	const char *addresses[MOST];
	danepriv_reason reason;

	for (size_t i = 0; i < MOST; i++)
		addresses[i] = NOBODY;
	ck_assert_int_eq(danepriv_getdns_open(addresses, (size_t)_i, &dns), DANEPRIV_OK);
	ck_assert_int_eq(fetch(PATIENCE_MS, &reason), DANEPRIV_PROOF_INDETERMINATE);
	ck_assert_int_eq(reason, DANEPRIV_REASON_QUERY_FAILED);
	stop(0);
}
END_TEST

/* ---- at the same time ---- */

#define MANY 20 /* a socket has room for all of their questions */

typedef struct ending {
	unsigned calls, denied, cancelled;
	danepriv_fetch *handles[MANY]; /* NULL: it has ended */
} ending;

typedef struct one_of_many {
	ending *all;
	int which;
} one_of_many;

/* In the middle one of those that are still under way is cancelled. */
static void
count(void *arg, danepriv_status status, danepriv_records *records)
{
	const one_of_many *one = arg;
	ending *e = one->all;

	ck_assert_int_eq(status, DANEPRIV_OK);
	e->handles[one->which] = NULL;
	e->calls++;
	e->denied += danepriv_records_proof(records) == DANEPRIV_PROOF_DENIED;
	danepriv_records_free(records);
	for (int i = MANY - 1; i >= 0 && e->calls == MANY / 2 && e->cancelled == 0; i--)
		if (e->handles[i]) {
			danepriv_getdns_cancel(e->handles[i]);
			e->cancelled++;
		}
}

START_TEST(many_at_once)
{
	static const upstream_manner those[][2] = { { UPSTREAM_FAILS, UPSTREAM_PROVES },
		{ UPSTREAM_ANSWERS, UPSTREAM_PROVES }, { UPSTREAM_PROVES, UPSTREAM_FAILS },
		{ UPSTREAM_OTHER_QUESTION, UPSTREAM_PROVES } };
	ending e = { .calls = 0 };
	one_of_many each[MANY];

	start(those[_i], 2);
	for (int i = 0; i < MANY; i++) {
		each[i] = (one_of_many){ &e, i };
		ck_assert_int_eq(danepriv_getdns_fetch(dns, ctx, &server, PATIENCE_MS, NOW,
				     &e.handles[i], count, &each[i]),
		    DANEPRIV_OK);
	}
	loop_run_out(dns);
	stop(2);
	ck_assert_uint_eq(e.calls + e.cancelled, MANY);
	ck_assert_uint_eq(e.denied, e.calls);
}
END_TEST

static void
never(void *arg, danepriv_status status, danepriv_records *records)
{
	(void)arg;
	danepriv_records_free(records);
	ck_abort_msg("it was called, status %d", status);
}

static void
never_mind(void *arg, danepriv_status status, danepriv_records *records)
{
	(void)arg;
	ck_assert_int_eq(status, DANEPRIV_OK);
	danepriv_records_free(records);
}

/* It is closed after so many turns, with whatever is under way then. */
START_TEST(closed)
{
	static const upstream_manner those[][3] = {
		{ UPSTREAM_SILENT, UPSTREAM_PROVES, UPSTREAM_FAILS },
		{ UPSTREAM_SILENT_TCP, UPSTREAM_SILENT, UPSTREAM_FAILS },
		{ UPSTREAM_TRUNCATES, UPSTREAM_HANGS_UP, UPSTREAM_SILENT_TCP },
	};
	int turns = _i / 3;

	start(those[_i % 3], 3);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(danepriv_getdns_fetch(dns, ctx, &server, PATIENCE_MS, NOW, NULL,
				     turns > 2 ? never_mind : never, NULL),
		    DANEPRIV_OK);
	for (int i = 0; i < turns; i++)
		danepriv_getdns_poll_run(dns);
	stop(3);
}
END_TEST

/* What nobody can prove changes nothing for others. */
START_TEST(bogus_meanwhile)
{
	static const upstream_manner those[] = { UPSTREAM_ANSWERS, UPSTREAM_FAILS };

	start(those, 2);
	ck_assert_int_eq(fetch(PATIENCE_MS, NULL), DANEPRIV_PROOF_BOGUS);
	r[0].manner = UPSTREAM_PROVES;
	ck_assert_int_eq(fetch(PATIENCE_MS, NULL), DANEPRIV_PROOF_DENIED);
	stop(2);
	(void)asked(&r[1], 1, "of that one fetch");
	(void)asked(&r[0], 2, "of both");
}
END_TEST

/* ---- other kinds of fetches ---- */

START_TEST(chain)
{
	const upstream_manner both[] = { _i ? UPSTREAM_FAILS : UPSTREAM_PROVES,
		_i ? UPSTREAM_PROVES : UPSTREAM_ANSWERS };
	danepriv_records *records;
	danepriv_chain *made;

	start(both, 2);
	ck_assert_int_eq(
	    danepriv_getdns_fetch_chain_sync(dns, ctx, &server, PATIENCE_MS, NOW, &records, &made),
	    DANEPRIV_OK);
	stop(2);
	ck_assert_int_eq(danepriv_records_proof(records), DANEPRIV_PROOF_DENIED);
	ck_assert_int_eq(danepriv_chain_proof(made), DANEPRIV_PROOF_DENIED);
	danepriv_records_free(records);
	danepriv_chain_free(made);
}
END_TEST

START_TEST(no_chain)
{
	static const upstream_manner both[] = { UPSTREAM_ANSWERS, UPSTREAM_FAILS };
	danepriv_records *records;
	danepriv_chain *made;

	start(both, 2);
	ck_assert_int_eq(
	    danepriv_getdns_fetch_chain_sync(dns, ctx, &server, PATIENCE_MS, NOW, &records, &made),
	    DANEPRIV_OK);
	stop(2);
	ck_assert_int_eq(danepriv_records_proof(records), DANEPRIV_PROOF_BOGUS);
	ck_assert_ptr_null(made);
	danepriv_records_free(records);
}
END_TEST

START_TEST(of_a_zone)
{
	const upstream_manner both[] = { _i ? UPSTREAM_FAILS : UPSTREAM_PROVES,
		_i ? UPSTREAM_PROVES : UPSTREAM_ANSWERS };
	danepriv_zone *made;

	start(both, 2);
	ck_assert_int_eq(
	    danepriv_getdns_fetch_zone_sync(dns, ctx, "example.net", PATIENCE_MS, NOW, &made),
	    DANEPRIV_OK);
	stop(2);
	ck_assert_int_eq(danepriv_zone_proof(made), DANEPRIV_PROOF_DENIED);
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
		start(both, 2);
		dp_fail_allocation_at(n);
		danepriv_status status =
		    danepriv_getdns_fetch_sync(dns, ctx, &server, 200, NOW, &records);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert_int_eq(records != NULL, status == DANEPRIV_OK);
		danepriv_proof proof = danepriv_records_proof(records);
		ck_assert(!records || proof == DANEPRIV_PROOF_DENIED ||
			  proof == DANEPRIV_PROOF_INDETERMINATE);
		danepriv_records_free(records);
		stop(2);
	}
	ck_assert_int_gt(n, 50);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_upstreams");
	TCase *tc = tcase_create("getdns_upstreams");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, one_proves, 0, 2 * MANNERS);
	tcase_add_loop_test(tc, none_proves, 0, ROWS(neither));
	tcase_add_loop_test(tc, four_of_them, 0, ROWS(four));
	tcase_add_loop_test(tc, over_tcp, 0, ROWS(streams));
	tcase_add_loop_test(tc, passed_over, 0, MOST);
	tcase_add_loop_test(tc, nobody_is_there, 1, MOST + 1);
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
