/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/cache: what do we know of this server: which key, how sure, and until when? */
#include "cache/cache.h"
#include "dane/records.h"
#include "dane/server.h"
#include "dns/name.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

static uint8_t octets[70000]; /* of no meaning */

/* ---- settings and arguments ---- */

typedef struct settings_row {
	const char *name;
	danepriv_cache_settings settings;
	uint8_t unknown; /* an octet after those that are known */
	danepriv_status status;
} settings_row;

#define SIZE sizeof(danepriv_cache_settings)

static const settings_row settings_rows[] = {
	{ "defaults", { SIZE, 0, 0, 0, 0 }, 0, DANEPRIV_OK },
	{ "all set", { SIZE, 1, 2, 3, 65536 }, 0, DANEPRIV_OK },
	{ "older than the first", { SIZE - 1, 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "size alone", { sizeof(size_t), 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "newer caller", { SIZE + 1, 0, 0, 0, 0 }, 0, DANEPRIV_OK },
	{ "newer field set", { SIZE + 1, 0, 0, 0, 0 }, 1, EINVAL_ },
	{ "no size", { 0, 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "size too small", { sizeof(size_t) - 1, 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "one octet", { SIZE, 0, 0, 0, 1 }, 0, EINVAL_ },
	{ "one octet too few", { SIZE, 0, 0, 0, 65535 }, 0, EINVAL_ },
#if SIZE_MAX > UINT32_MAX
	{ "one octet too many", { SIZE, 0, 0, 0, ((size_t)1 << 40) + 1 }, 0, DANEPRIV_ELIMIT },
	{ "all octets", { SIZE, 0, 0, 0, SIZE_MAX }, 0, DANEPRIV_ELIMIT },
#endif
};

START_TEST(settings)
{
	const settings_row *row = &settings_rows[_i];
	uint8_t memory[SIZE + 1];
	danepriv_cache *cache = (danepriv_cache *)octets;

	memcpy(memory, &row->settings, SIZE);
	memory[SIZE] = row->unknown;
	danepriv_status status = danepriv_cache_new((const void *)memory, &cache);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg((cache != NULL) == (status == DANEPRIV_OK), "%s", row->name);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

static const struct {
	const char *name;
	danepriv_server server;
	danepriv_status status;
} bad_servers[] = {
	{ "no name", { NULL, 0, 0 }, EINVAL_ },
	{ "IPv4", { "192.0.2.1", 0, 0 }, EINVAL_ },
	{ "IPv6", { "2001:db8::1", 0, 0 }, EINVAL_ },
	{ "the root", { ".", 0, 0 }, EINVAL_ },
	{ "transport", { "a.b", 0, (danepriv_transport)9 }, EINVAL_ },
	{ "aliases", { "a.b", 0, 0, (danepriv_aliases)9 }, EINVAL_ },
	{ "settled label", { "a.b", 0, 0, 0, "_udp" }, EINVAL_ },
	{ "empty name", { "", 0, 0 }, MALFORMED },
	{ "empty label in it", { "a..b", 0, 0 }, MALFORMED },
	{ "no host's name", { "a b.c", 0, 0 }, MALFORMED },
	{ "label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "udp" }, MALFORMED },
};

START_TEST(servers_that_are_none)
{
	const danepriv_server *bad = &bad_servers[_i].server;
	danepriv_status wanted = bad_servers[_i].status;
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_FINDING_MATCH };
	danepriv_records *records = (danepriv_records *)octets;
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, "ee");
	ck_assert_int_eq(danepriv_cache_get(cache, bad, NOW, &records), wanted);
	ck_assert_ptr_null(records);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, bad, &peer.credential, NOW, &verdict), wanted);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(danepriv_cache_note_match(cache, bad, 0, NOW), wanted);
	ck_assert_uint_eq(danepriv_cache_generation(cache, bad), 0);
	ck_assert_int_eq(danepriv_cache_claim(cache, bad, NOW, NULL), wanted);
	ck_assert_int_eq(danepriv_cache_release(cache, bad), wanted);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, bad), wanted);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(no_arguments)
{
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_FINDING_MATCH };
	danepriv_records *records = cached_records(SECURE, "a", NOW), *out = records;
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, "ee");
	ck_assert_int_eq(danepriv_cache_new(NULL, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(NULL, records, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(cache, NULL, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get(NULL, &cached_server, NOW, &out), EINVAL_);
	ck_assert_ptr_null(out);
	ck_assert_int_eq(danepriv_cache_get(cache, NULL, NOW, &out), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get(cache, &cached_server, NOW, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(NULL, ctx, &cached_server, &peer.credential, NOW, &verdict),
	    EINVAL_);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, NULL, &cached_server, &peer.credential, NOW, &verdict),
	    EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, NULL, &peer.credential, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &cached_server, NULL, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &cached_server, &peer.credential, NOW, NULL),
	    EINVAL_);
	verdict.size--;
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &cached_server, &peer.credential, NOW, &verdict),
	    EINVAL_);
	ck_assert_int_eq(danepriv_cache_note_match(NULL, &cached_server, 0, NOW), EINVAL_);
	ck_assert_uint_eq(danepriv_cache_generation(NULL, &cached_server), 0);
	ck_assert_int_eq(danepriv_cache_claim(NULL, &cached_server, NOW, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_release(NULL, &cached_server), EINVAL_);
	danepriv_cache_free(NULL);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- what is put is what is got ---- */

typedef struct kept_row {
	const char *name;
	danepriv_server server;
	const char *base; /* NULL: the server's name */
	danepriv_security security;
	size_t count, len;
} kept_row;

#define FOLLOW DANEPRIV_ALIASES_FOLLOW
#define LONG_LABEL "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-012345678"

static const kept_row kept_rows[] = {
	{ "one", { "a.b", 0, 0 }, NULL, SECURE, 1, 35 },
	{ "other case", { "Ns1.Example.NET.", 0, 0 }, NULL, SECURE, 1, 35 },
	{ "base", { "a.b", 0, 0, FOLLOW }, "C.d.e", SECURE, 2, 35 },
	{ "port", { "a.b", 1, 0 }, NULL, SECURE, 1, 67 },
	{ "transport", { "a.b", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE, 1, 35 },
	{ "aliases", { "a.b", 0, 0, FOLLOW }, NULL, SECURE, 1, 35 },
	{ "label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_udp" }, NULL, SECURE, 1, 35 },
	{ "long names",
	    { LONG_LABEL "." LONG_LABEL "." LONG_LABEL ".abcdefghijklmnopqrstuvwxyz", 0,
		DANEPRIV_TRANSPORT_DOQ, FOLLOW,
		"_abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-01234567" },
	    LONG_LABEL "." LONG_LABEL, SECURE, 128, 35 },
	{ "empty RDATA", { "a.b", 0, 0 }, NULL, SECURE, 128, 0 },
	{ "denied", { "a.b", 0, 0, FOLLOW }, "c.d", DENIED, 0, 0 },
	{ "insecure", { "a.b", 0, 0 }, NULL, INSECURE, 0, 0 },
	{ "bogus", { "a.b", 0, 0 }, NULL, BOGUS, 0, 0 },
	{ "indeterminate", { "a.b", 0, 0 }, NULL, INDETERMINATE, 0, 0 },
	{ "as large as may be", { "a.b", 0, 0 }, NULL, SECURE, 1, 8190 },
	{ "many, as large as may be", { "a.b", 0, 0 }, NULL, SECURE, 128, 62 },
	{ "as many as may be", { "a.b", 0, 0 }, NULL, SECURE, 221, 35 },
	{ "as many as may be, tiny", { "a.b", 0, 0 }, NULL, SECURE, 221, 1 },
};

START_TEST(kept)
{
	const kept_row *row = &kept_rows[_i];
	danepriv_cache *cache = cached_open();
	danepriv_records *records, *got;
	danepriv_span rdatas[221];
	test_octets rdata = { octets, row->len };

	for (size_t i = 0; i < row->len; i++)
		octets[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < row->count; i++)
		rdatas[i] = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&row->server, row->base, row->security,
			     DANEPRIV_REASON_NONE, rdatas, row->count, NOW + 9, &records),
	    DANEPRIV_OK);
	dp_records_mark(records, DANEPRIV_SOURCE_CHAIN, 54321);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	danepriv_status status = danepriv_cache_get(cache, &row->server, NOW, &got);
	ck_assert_msg(status == DANEPRIV_OK, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert(dp_server_equal(dp_records_server(records), dp_records_server(got)));
	ck_assert(dp_name_equal(dp_records_base(records), dp_records_base(got)));
	ck_assert_int_eq(danepriv_records_security(got), row->security);
	ck_assert_int_eq(danepriv_records_valid_until(got), NOW + 9);
	ck_assert_int_eq(danepriv_records_expiry(got), NOW + 9);
	ck_assert_int_eq(danepriv_records_source(got), DANEPRIV_SOURCE_CHAIN);
	ck_assert_uint_eq(danepriv_records_support_hours(got), 54321);
	ck_assert_uint_eq(danepriv_records_count(got), row->count);
	for (size_t i = 0; i < row->count; i++) {
		danepriv_span one = danepriv_records_rdata(got, i);
		ck_assert_uint_eq(one.len, row->len);
		if (row->len > 0)
			ck_assert_mem_eq(one.data, octets, row->len);
	}
	danepriv_records_free(got);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* None of these is ns1.example.net, but for the last two. */
static const struct {
	danepriv_server server;
	danepriv_status status;
} others[] = {
	{ { "ns2.example.net", 0, 0 }, NOTFOUND },
	{ { "example.net", 0, 0 }, NOTFOUND },
	{ { "a.ns1.example.net", 0, 0 }, NOTFOUND },
	{ { "ns1.example.ne", 0, 0 }, NOTFOUND },
	{ { "ns1.example.nett", 0, 0 }, NOTFOUND },
	{ { "ns1-example.net", 0, 0 }, NOTFOUND },
	{ { "ns1.example.net", 854, 0 }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DTLS }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOQ }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOQ, 0, "_tcp" }, NOTFOUND },
	{ { "ns1.example.net", 0, 0, FOLLOW }, DANEPRIV_OK },
	{ { "NS1.Example.Net.", 853, 0 }, DANEPRIV_OK },
};

START_TEST(other_servers)
{
	danepriv_cache *cache = cached_open();
	danepriv_records *records;

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 9, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_get(cache, &others[_i].server, NOW, &records), others[_i].status);
	ck_assert_int_eq(
	    danepriv_cache_note_match(cache, &others[_i].server, 0, NOW), others[_i].status);
	ck_assert_int_eq(danepriv_cache_release(cache, &others[_i].server), others[_i].status);
	ck_assert_int_eq(danepriv_cache_generation(cache, &others[_i].server) != 0,
	    others[_i].status == DANEPRIV_OK);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- time ---- */

typedef struct time_row {
	const char *name;
	danepriv_time put, valid_until, now;
	bool holds;
} time_row;

static const time_row times[] = {
	{ "at once", NOW, NOW + 100, NOW, true },
	{ "a second before the end", NOW, NOW + 100, NOW + 99, true },
	{ "the last second", NOW, NOW + 100, NOW + 100, true },
	{ "a second after the end", NOW, NOW + 100, NOW + 101, false },
	{ "long after", NOW, NOW + 100, NOW + 1000000, false },
	{ "the end of time", NOW, NOW + 100, INT64_MAX, false },
	{ "clock set back", NOW, NOW + 100, NOW - 1, true },
	{ "by nearly the span", NOW, NOW + 100, NOW - 99, true },
	{ "by the span", NOW, NOW + 100, NOW - 100, true },
	{ "by more", NOW, NOW + 100, NOW - 101, false },
	{ "by much more", NOW, NOW + 100, 0, false },
	{ "before time", NOW, NOW + 100, INT64_MIN, false },
	{ "no span", NOW, NOW, NOW, true },
	{ "no span, later", NOW, NOW, NOW + 1, false },
	{ "no span, before", NOW, NOW, NOW - 1, false },
	{ "for ever", NOW, INT64_MAX, INT64_MAX, true },
	{ "for ever, but never before", NOW, INT64_MAX, INT64_MIN, false },
	{ "from the beginning", INT64_MIN, INT64_MAX, 0, true },
	{ "from the beginning, over", INT64_MIN, 0, 1, false },
	{ "around zero", -50, 50, 50, true },
	{ "around zero, over", -50, 50, 51, false },
	{ "around zero, set back", -50, 50, -151, false },
};

START_TEST(time_passes)
{
	const time_row *row = &times[_i];
	static const danepriv_security proofs[] = { SECURE, DENIED, INSECURE, BOGUS,
		INDETERMINATE };

	for (int i = 0; i < ROWS(proofs); i++) {
		danepriv_cache *cache = cached_open();
		ck_assert_int_eq(
		    cached_put(cache, proofs[i], "a", row->valid_until, row->put), DANEPRIV_OK);
		ck_assert_msg(cached_proof(cache, row->now) == (row->holds ? proofs[i] : NOTHING),
		    "%s", row->name);
		/* Clocks that are right again find it again. */
		ck_assert_int_eq(cached_proof(cache, row->put), proofs[i]);
		danepriv_cache_free(cache);
	}
}
END_TEST

START_TEST(too_late)
{
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW - 1, NOW), EINVAL_);
	ck_assert_int_eq(cached_proof(cache, NOW - 1), NOTHING);
	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 5, NOW), DANEPRIV_OK);
	ck_assert_int_eq(cached_put(cache, DENIED, "", NOW - 1, NOW), EINVAL_);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- memory ---- */

START_TEST(memory_runs_out)
{
	danepriv_cache *cache = (danepriv_cache *)octets;
	danepriv_records *records, *got = (danepriv_records *)octets;
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

	for (long n = 0; n < 2; n++) {
		dp_fail_allocation_at(n);
		ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_ENOMEM);
		ck_assert_ptr_null(cache);
		ck_assert_int_eq(dp_blocks(), 0);
	}
	dp_fail_allocation_at(2);
	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	records = cached_records(SECURE, "a", NOW);
	/* Nothing else but what hands out records needs any. */
	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, &cached_server), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_note_event(cache, &address, DANEPRIV_EVENT_COMPLETED, 1, NOW),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, &address, NOW), DANEPRIV_WISH_EXPECTED);
	ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_int_eq(danepriv_cache_get(cache, &cached_server, NOW, &got), DANEPRIV_ENOMEM);
	ck_assert_ptr_null(got);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* And what only looks, or takes down what happened, works without any. */
START_TEST(no_memory_is_needed)
{
	danepriv_cache *cache = cached_open();
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_cache_due due = { .size = sizeof due };
	danepriv_server_state state = { .size = sizeof state };
	danepriv_address_state reached = { .size = sizeof reached };
	danepriv_status status;

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW, NOW), DANEPRIV_OK);
	dp_fail_allocation_at(0);
	ck_assert_uint_ne(danepriv_cache_generation(cache, &cached_server), 0);
	ck_assert_int_eq(danepriv_cache_note_match(cache, &cached_server, 0, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_release(cache, &cached_server), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(cache, &cached_server, NOW, &state), DANEPRIV_OK);
	ck_assert_int_eq(state.authenticated, NOW / 60 * 60);
	ck_assert_int_eq(danepriv_cache_note_finding(
			     cache, &address, &cached_server, DANEPRIV_FINDING_MATCH, NOW),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_address_state(cache, &address, &reached), DANEPRIV_OK);
	do {
		status = danepriv_cache_next_due(cache, NOW, NOW, &due);
	} while (status == DANEPRIV_EAGAIN);
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache");
	TCase *tc = tcase_create("cache");

	tcase_add_loop_test(tc, settings, 0, ROWS(settings_rows));
	tcase_add_loop_test(tc, servers_that_are_none, 0, ROWS(bad_servers));
	tcase_add_test(tc, no_arguments);
	tcase_add_loop_test(tc, kept, 0, ROWS(kept_rows));
	tcase_add_loop_test(tc, other_servers, 0, ROWS(others));
	tcase_add_loop_test(tc, time_passes, 0, ROWS(times));
	tcase_add_test(tc, too_late);
	tcase_add_test(tc, memory_runs_out);
	tcase_add_test(tc, no_memory_is_needed);
	suite_add_tcase(suite, tc);
	return suite;
}
