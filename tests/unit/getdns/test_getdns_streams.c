/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns: who is asked over TCP, and who is passed over? */
#include "support/fetching.h"
#include "support/manners.h"
#include "support/several.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

/* ---- over TCP ---- */

#define SOON_MS 2000

typedef struct stream_row {
	const char *name;
	upstream_manner those[3];
	size_t count;
	uint32_t deadline_ms;
	danepriv_security security;
	danepriv_stream stream;
	bool tcp[3]; /* who is asked over it */
	bool udp[3]; /* who but the first is asked at all */
} stream_row;

static const stream_row streams[] = {
	{ "left out over UDP", { UPSTREAM_PROVES_TCP }, 1, PATIENCE_MS, DANEPRIV_SECURITY_DENIED,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "left out over both", { UPSTREAM_ANSWERS }, 1, PATIENCE_MS, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "truncated", { UPSTREAM_PROVES_CUT }, 1, PATIENCE_MS, DANEPRIV_SECURITY_DENIED,
	    DANEPRIV_STREAM_ANSWERED, { true } },
	{ "ends connections", { UPSTREAM_NO_TCP }, 1, PATIENCE_MS, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_STREAM_FAILED, { false } },
	{ "refuses connections", { UPSTREAM_UDP_ONLY }, 1, PATIENCE_MS, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_STREAM_FAILED, { false } },
	{ "silent", { UPSTREAM_SILENT_TCP }, 1, SOON_MS, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_STREAM_FAILED, { true } },
	{ "proven over UDP", { UPSTREAM_PROVES }, 1, PATIENCE_MS, DANEPRIV_SECURITY_DENIED,
	    DANEPRIV_STREAM_NONE, { false } },
	/* of several the same one is asked, and the next one only when that is no help */
	{ "left out over UDP, of two", { UPSTREAM_PROVES_TCP, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { true, false }, { 0, false } },
	{ "left out over UDP, of three", { UPSTREAM_PROVES_TCP, UPSTREAM_FAILS, UPSTREAM_PROVES },
	    3, PATIENCE_MS, DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { true } },
	{ "left out over UDP, the second", { UPSTREAM_FAILS, UPSTREAM_PROVES_TCP, UPSTREAM_PROVES },
	    3, PATIENCE_MS, DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "left out over UDP, the first is silent", { UPSTREAM_SILENT, UPSTREAM_PROVES_TCP }, 2,
	    SOON_MS, DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "left out over both, another", { UPSTREAM_ANSWERS, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_NONE, { true, false }, { 0, true } },
	{ "truncated, of two", { UPSTREAM_PROVES_CUT, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { true, false }, { 0, false } },
	{ "truncated over both, another", { UPSTREAM_TRUNCATES_ONLY, UPSTREAM_PROVES }, 2,
	    PATIENCE_MS, DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_NONE, { true, false },
	    { 0, true } },
	{ "ends connections, another", { UPSTREAM_NO_TCP, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_NONE, { false, false }, { 0, true } },
	{ "refuses connections, another", { UPSTREAM_UDP_ONLY, UPSTREAM_PROVES }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_NONE, { false, false }, { 0, true } },
	{ "refuses connections, the other one, too", { UPSTREAM_UDP_ONLY, UPSTREAM_PROVES_TCP }, 2,
	    PATIENCE_MS, DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_ANSWERED, { false, true },
	    { 0, true } },
	{ "both end them", { UPSTREAM_NO_TCP, UPSTREAM_NO_TCP }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_BOGUS, DANEPRIV_STREAM_FAILED, { false, false }, { 0, true } },
	{ "both refuse them", { UPSTREAM_UDP_ONLY, UPSTREAM_UDP_ONLY }, 2, PATIENCE_MS,
	    DANEPRIV_SECURITY_BOGUS, DANEPRIV_STREAM_FAILED, { false, false }, { 0, true } },
	{ "silent, another", { UPSTREAM_SILENT_TCP, UPSTREAM_PROVES }, 2, SOON_MS,
	    DANEPRIV_SECURITY_DENIED, DANEPRIV_STREAM_NONE, { true, false }, { 0, true } },
};

static void
check_asked(const stream_row *row, size_t i)
{
	unsigned sum = 0;

	for (size_t k = 0; k < several[i].count; k++) {
		ck_assert_msg(several[i].questions[k].tcp <= 1, "%s: %u times over TCP", row->name,
		    several[i].questions[k].tcp);
		sum += several[i].questions[k].tcp;
	}
	ck_assert_msg(
	    (sum > 0) == row->tcp[i], "%s: %zu is asked %u times over TCP", row->name, i, sum);
	sum = several_asked(&several[i], 1, row->name);
	ck_assert_msg(
	    (sum > 0) == (i == 0 || row->udp[i]), "%s: %zu is asked %u times", row->name, i, sum);
}

START_TEST(over_tcp)
{
	const stream_row *row = &streams[_i];
	danepriv_records *records;

	several_start(row->those, row->count);
	ck_assert_int_eq(fetch_records(several_dns, several_ctx, &several_server, row->deadline_ms,
			     NOW, &records),
	    DANEPRIV_OK);
	several_stop(row->count);
	ck_assert_msg(danepriv_records_security(records) == row->security, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
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

	several_start(one, 1);
	danepriv_getdns_close(several_dns);
	for (size_t i = 0; i < MOST; i++)
		addresses[i] = i == (size_t)_i ? several[0].address : NOBODY;
	ck_assert_int_eq(danepriv_getdns_open(addresses, MOST, &several_dns), DANEPRIV_OK);
	ck_assert_int_eq(several_fetch(PATIENCE_MS, NULL), DANEPRIV_SECURITY_DENIED);
	ck_assert_int_eq(several_fetch(PATIENCE_MS, NULL), DANEPRIV_SECURITY_DENIED);
	several_stop(1);
	(void)several_asked(&several[0], 2, "of both");
}
END_TEST

START_TEST(nobody_is_there)
{
	const char *addresses[MOST];
	danepriv_reason reason;

	for (size_t i = 0; i < MOST; i++)
		addresses[i] = NOBODY;
	ck_assert_int_eq(danepriv_getdns_open(addresses, (size_t)_i, &several_dns), DANEPRIV_OK);
	ck_assert_int_eq(several_fetch(PATIENCE_MS, &reason), DANEPRIV_SECURITY_INDETERMINATE);
	ck_assert_int_eq(reason, DANEPRIV_REASON_QUERY_FAILED);
	several_stop(0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_streams");
	TCase *tc = tcase_create("getdns_streams");

	tcase_add_checked_fixture(tc, several_open, several_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, over_tcp, 0, ROWS(streams));
	tcase_add_loop_test(tc, passed_over, 0, MOST);
	tcase_add_loop_test(tc, nobody_is_there, 1, MOST + 1);
	suite_add_tcase(suite, tc);
	return suite;
}
