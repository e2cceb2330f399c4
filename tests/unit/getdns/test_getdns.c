/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns: do questions get there, and answers back?  What the answers prove is tested with
 * lib/dnssec; here an answer without a proof is bogus, and no answer is indeterminate. */
#include "dns/name.h"
#include "getdns/fetch.h"
#include "getdns/memory.h"
#include "getdns/upstreams.h"
#include "support/failing_alloc.h"
#include "support/fetching.h"
#include "support/loops.h"
#include "support/manners.h"
#include "support/names.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <getdns/getdns_extra.h>

#include <string.h>

#define NOW 1900000000

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

static danepriv_getdns *
open_dns(const char *first, const char *second)
{
	const char *upstreams[] = { first, second };
	danepriv_getdns *dns;

	ck_assert_int_eq(danepriv_getdns_open(upstreams, second ? 2 : 1, &dns), DANEPRIV_OK);
	return dns;
}

/* ---- one lookup, and every way in which a resolver can behave ---- */

/* Who knows enough ends: a question may then have been asked less often than others.  And on a busy
 * machine an answer can come too late for the second try. */
static void
check_counts(const upstream *r, const manner_row *row)
{
	unsigned udp = 0, tcp = 0;

	ck_assert_msg(r->count > 0, "%s: no questions", row->name);
	ck_assert_msg(r->always_fit, "%s: RD, CD, DO, 1232", row->name);
	for (size_t i = 0; i < r->count; i++) {
		const upstream_question *q = &r->questions[i];
		udp = q->udp > udp ? q->udp : udp;
		tcp = q->tcp > tcp ? q->tcp : tcp;
	}
	bool is_late = row->manner == UPSTREAM_DROPS_FIRST && udp == row->udp + 1;
	ck_assert_msg(!row->udp || udp == row->udp || is_late, "%s: %u times", row->name, udp);
	ck_assert_msg(!row->tcp || tcp == row->tcp, "%s: %u times over TCP", row->name, tcp);
}

START_TEST(every_manner)
{
	upstream r;
	danepriv_records *records = NULL;

	ck_assert(upstream_start(&r, "127.0.0.1", manners[_i].manner));
	danepriv_getdns *dns = open_dns(r.address, NULL);
	ck_assert_int_eq(
	    fetch_records(dns, fetching_ctx, &server, manners[_i].deadline_ms, NOW, &records),
	    DANEPRIV_OK);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
	ck_assert_msg(danepriv_records_security(records) == manners[_i].security, "%s: proof %d",
	    manners[_i].name, danepriv_records_security(records));
	danepriv_reason reason = danepriv_records_reason(records);
	ck_assert_msg(!manners[_i].reason || reason == manners[_i].reason, "%s: reason %d",
	    manners[_i].name, reason);
	check_counts(&r, &manners[_i]);
	danepriv_records_free(records);
}
END_TEST

/* ---- upstreams ---- */

START_TEST(ipv6)
{
	danepriv_records *records = NULL;
	upstream r;

	if (!upstream_start(&r, "::1", _i ? UPSTREAM_TRUNCATES : UPSTREAM_ANSWERS))
		return; /* no IPv6 here */
	danepriv_getdns *dns = open_dns(r.address, NULL);
	ck_assert_int_eq(fetch_records(dns, fetching_ctx, &server, PATIENCE_MS, NOW, &records), 0);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	danepriv_records_free(records);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
	ck_assert_uint_gt(r.count, 0);
}
END_TEST

/* A silent upstream costs time; the next one is asked before the deadline.  Port 9 on loopback:
 * nobody is there. */
START_TEST(dead_upstream_first)
{
	danepriv_records *records = NULL;
	upstream dead, live;

	ck_assert(upstream_start(&dead, "127.0.0.1", UPSTREAM_SILENT));
	ck_assert(upstream_start(&live, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = open_dns(_i ? "127.0.0.1@9" : dead.address, live.address);
	ck_assert_int_eq(fetch_records(dns, fetching_ctx, &server, 4000, NOW, &records), 0);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	danepriv_records_free(records);
	danepriv_getdns_close(dns);
	upstream_stop(&dead);
	upstream_stop(&live);
	ck_assert_uint_gt(live.count, 0);
}
END_TEST

static const struct {
	const char *text;
	danepriv_status status;
} addresses[] = {
	{ "127.0.0.1", DANEPRIV_OK },
	{ "127.0.0.1@53", DANEPRIV_OK },
	{ "::1", DANEPRIV_OK },
	{ "::1@5353", DANEPRIV_OK },
	{ "2001:db8::53@65535", DANEPRIV_OK },
	{ "fe80::1%lo", DANEPRIV_OK },
	{ "fe80::1%lo@53", DANEPRIV_OK },
	{ "", DANEPRIV_EMALFORMED },
	{ "@53", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@0", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@65536", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@5x", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@-5", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@000000053", DANEPRIV_EMALFORMED },
	{ "127.0.0.1@53@53", DANEPRIV_EMALFORMED },
	{ "127.0.0.1%lo", DANEPRIV_EMALFORMED },
	{ "fe80::1%", DANEPRIV_EMALFORMED },
	{ "127.0.0", DANEPRIV_EMALFORMED },
	{ "127.0.0.256", DANEPRIV_EMALFORMED },
	{ "::1::", DANEPRIV_EMALFORMED },
	{ "[::1]@53", DANEPRIV_EMALFORMED },
	{ "localhost", DANEPRIV_EMALFORMED },
	{ "ns1.example.net@53", DANEPRIV_EMALFORMED },
	{ "127.0.0.1 ", DANEPRIV_EMALFORMED },
	{ NULL, DANEPRIV_EMALFORMED },
	{ "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000",
	    DANEPRIV_EMALFORMED },
};

START_TEST(every_address)
{
	const char *list[] = { "127.0.0.1", addresses[_i].text };
	danepriv_getdns *dns = NULL;

	ck_assert_msg(danepriv_getdns_open(&list[1], 1, &dns) == addresses[_i].status, "%s",
	    addresses[_i].text);
	ck_assert_int_eq(dns != NULL, addresses[_i].status == DANEPRIV_OK);
	danepriv_getdns_close(dns);
	ck_assert_int_eq(danepriv_getdns_open(list, 2, &dns), addresses[_i].status);
	danepriv_getdns_close(dns);
}
END_TEST

/* ---- many at once, and their end ---- */

#define MANY 8

/* Each is given back once, also those that are started when another has ended. */
START_TEST(exactly_once)
{
	fetching those[MANY] = { { .ended = 0 } };
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", manners[_i].manner));
	danepriv_getdns *dns = open_dns(r.address, NULL);
	for (int i = 0; i < MANY; i++)
		fetching_start(&those[i], dns, fetching_ctx, &server, manners[_i].deadline_ms, NOW);
	ck_assert_uint_eq(fetching_take(those, MANY, dns, NOW), 0);
	fetching_wait(those, MANY, dns, NOW);
	for (int i = 0; i < 2; i++) {
		fetching_start(&those[0], dns, fetching_ctx, &server, manners[_i].deadline_ms, NOW);
		fetching_wait(those, MANY, dns, NOW);
	}
	loop_run_out(dns);
	ck_assert_uint_eq(fetching_take(those, MANY, dns, NOW), 0);
	for (int i = 0; i < MANY; i++) {
		ck_assert_msg(those[i].ended == (i == 0 ? 3 : 1), "%s: %u times", manners[_i].name,
		    those[i].ended);
		ck_assert_int_eq(those[i].status, DANEPRIV_OK);
		ck_assert_int_eq(those[i].security, manners[_i].security);
	}
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* ---- questions that getdns forgets ---- */

/* As if getdns had lost all that was sent: neither an answer comes nor a timeout. */
static unsigned
lose_all(danepriv_getdns *dns)
{
	unsigned sum = 0;

	for (dp_look_ask *a = dns->under_way.first->asks; a; a = a->next) {
		if (a->state != DP_ASK_SENT)
			continue;
		a->state = DP_ASK_SETTLED; /* the callback is to find nothing to do */
		getdns_context *context = dp_upstreams_context(&dns->upstreams, 0, dns->loop);
		ck_assert_int_eq(getdns_cancel_callback(context, a->transaction), 0);
		a->state = DP_ASK_SENT;
		sum++;
	}
	return sum;
}

/* They are asked again, long before the deadline. */
START_TEST(lost)
{
	fetching f = { .ended = 0 };
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = open_dns(r.address, NULL);
	fetching_start(&f, dns, fetching_ctx, &server, 3 * DEADLINE_MS, NOW);
	danepriv_getdns_poll_run(dns);
	ck_assert_uint_gt(lose_all(dns), 0);
	fetching_wait(&f, 1, dns, NOW);
	ck_assert_int_eq(f.security, DANEPRIV_SECURITY_BOGUS);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* ---- names ---- */

static const char *const names[] = { "ns1.example.net.", "NS1.Example.NET.", ".", "net.",
	"a\\.b.example.net.", "a\\\\b.example.net.", "\\000\\001\\255.example.net.",
	"a\\032b.example.net.", "*.example.net.", "a\\@b\\;c\\\"d\\$e\\(f\\).example.net.",
	"\\052.example.net.", "1\\0462.example.net.", "_853._tcp.ns1.example.net.",
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123.example.net." };

static void
drop_answer(getdns_context *dns, getdns_callback_type_t type, getdns_dict *response, void *arg,
    getdns_transaction_t transaction)
{
	(void)dns;
	(void)transaction;
	*(bool *)arg = type == GETDNS_CALLBACK_COMPLETE;
	getdns_dict_destroy(response);
}

/* getdns takes names as text, and an alias may lead to any name: what arrives must be what the
 * text of lib/dns/name.h means, octet by octet. */
START_TEST(every_name)
{
	dp_name_store wanted = name_from(names[_i]);
	char text[DP_NAME_TEXT_MAX];
	bool answered = false;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = open_dns(r.address, NULL);
	(void)dp_name_to_text(dp_name_of(&wanted), text, sizeof text);
	getdns_context *context = dp_upstreams_context(&dns->upstreams, 0, dns->loop);
	ck_assert_int_eq(getdns_general(context, text, 52, NULL, &answered, NULL, drop_answer), 0);
	loop_run_out(dns);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
	ck_assert_msg(answered, "%s: no answer", text);
	ck_assert_uint_eq(r.count, 1);
	ck_assert_msg(r.questions[0].len == wanted.len + 4u &&
			  memcmp(r.questions[0].octets, wanted.octets, wanted.len) == 0,
	    "%s", text);
}
END_TEST

/* ---- memory ---- */

/* Where getdns cannot wait for an answer, the deadline ends the fetch. */
START_TEST(memory_runs_out)
{
	upstream r;
	long n = 0;
	bool failed = true;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	const char *upstreams[] = { r.address };
	for (n = 0; failed; n++) {
		danepriv_records *records = NULL;
		danepriv_getdns *dns = NULL;
		long before = dp_blocks();
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_getdns_open(upstreams, 1, &dns);
		ck_assert_int_eq(dns != NULL, status == DANEPRIV_OK);
		if (dns)
			status =
			    fetch_records(dns, fetching_ctx, &server, DEADLINE_MS, NOW, &records);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert_int_eq(records != NULL, status == DANEPRIV_OK);
		ck_assert_int_ne(danepriv_records_security(records), DANEPRIV_SECURITY_SECURE);
		danepriv_records_free(records);
		danepriv_getdns_close(dns);
		ck_assert_int_eq(dp_blocks(), before);
	}
	ck_assert_int_gt(n, 10);
	upstream_stop(&r);
}
END_TEST

/* At once: each assertion is written down, and millions of them take minutes. */
static bool
is_all(const uint8_t *octets, size_t len, uint8_t wanted)
{
	while (len > 0 && *octets == wanted) {
		octets++;
		len--;
	}
	return len == 0;
}

/* Behind a block that can hold a message there are zeros, also after it has grown. */
START_TEST(zeros_behind_blocks)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 4096, 65536 };
	dp_getdns_pool *pool = dp_getdns_pool_new();
	uint8_t *block = NULL;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		block = dp_getdns_take_more(pool, block, sizes[i]);
		ck_assert_ptr_nonnull(block);
		size_t before = i > 0 ? sizes[i - 1] : 0;
		ck_assert(is_all(block, before, 0xFF));
		ck_assert(is_all(block + before, sizes[i] - before, 0));
		ck_assert(sizes[i] < 512 || is_all(block + sizes[i], 65537, 0));
		memset(block, 0xFF, sizes[i]);
	}
	block = dp_getdns_take_more(pool, block, 512); /* less */
	ck_assert_uint_eq(block[511], 0xFF);
	ck_assert_uint_eq(block[512], 0);
	dp_getdns_free(pool, block);
	dp_getdns_free(pool, NULL);
	ck_assert_ptr_null(dp_getdns_take(pool, SIZE_MAX - 1000));
	dp_getdns_pool_release(pool);
}
END_TEST

/* A block that was given back is as good as new, and many are given back in any order. */
START_TEST(blocks_come_back)
{
	dp_getdns_pool *pool = dp_getdns_pool_new();
	uint8_t *blocks[40];

	for (unsigned round = 0; round < 3; round++) {
		for (size_t i = 0; i < 40; i++) {
			blocks[i] = dp_getdns_take(pool, 4096 + i % 2);
			ck_assert_ptr_nonnull(blocks[i]);
			ck_assert(is_all(blocks[i], 4096 + i % 2 + 65537, 0));
			memset(blocks[i], 0xFF, 4096 + i % 2);
		}
		for (size_t i = 0; i < 40; i++)
			dp_getdns_free(pool, blocks[(i * 7) % 40]);
	}
	/* The pool lives as long as its last block. */
	blocks[0] = dp_getdns_take(pool, 4096);
	dp_getdns_pool_release(pool);
	dp_getdns_free(pool, blocks[0]);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns");
	TCase *tc = tcase_create("getdns");

	tcase_add_checked_fixture(tc, fetching_open, fetching_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_manner, 0, MANNERS);
	tcase_add_loop_test(tc, ipv6, 0, 2);
	tcase_add_loop_test(tc, dead_upstream_first, 0, 2);
	tcase_add_loop_test(tc, every_address, 0, ROWS(addresses));
	tcase_add_loop_test(tc, exactly_once, 0, MANNERS);
	tcase_add_test(tc, lost);
	tcase_add_loop_test(tc, every_name, 0, ROWS(names));
	tcase_add_test(tc, memory_runs_out);
	tcase_add_test(tc, zeros_behind_blocks);
	tcase_add_test(tc, blocks_come_back);
	suite_add_tcase(suite, tc);
	return suite;
}
