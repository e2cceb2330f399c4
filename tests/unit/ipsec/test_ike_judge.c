/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer: which server is it, until when, and what is kept of a peer? */
#include "support/cached.h"
#include "support/failing_alloc.h"
#include "support/ike.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

#define FOUND(finding) DANEPRIV_FINDING_##finding
#define NAMED "fqdn:" IKE_NAME
#define REVERSE "1.2.0.192.in-addr.arpa"
#define V4 "ipv4:192.0.2.1"

/* ---- time ---- */

static const struct {
	const char *name, *published, *certificates;
	danepriv_time now;
	danepriv_finding finding;
	danepriv_status by_cache;
} times[] = {
	{ "now", "311:ee", "4:ee", IKE_NOW, FOUND(MATCH), DANEPRIV_OK },
	{ "the last second", "311:ee", "4:ee", IKE_UNTIL, FOUND(MATCH), DANEPRIV_OK },
	{ "over", "311:ee", "4:ee", IKE_UNTIL + 1, FOUND(UNJUDGED), NOTFOUND },
	{ "long over", "311:ee", "4:ee", INT64_MAX, FOUND(UNJUDGED), NOTFOUND },
	{ "over, another key", "311:ee", "4:other", IKE_UNTIL + 1, FOUND(UNJUDGED), NOTFOUND },
	{ "over, nothing shown", "311:ee", NULL, IKE_UNTIL + 1, FOUND(UNJUDGED), NOTFOUND },
	{ "denied, over", "denied", "4:ee", IKE_UNTIL + 1, FOUND(UNJUDGED), NOTFOUND },
	{ "no anchor, over", "no-anchor", "4:ee", IKE_UNTIL + 1, FOUND(UNJUDGED), NOTFOUND },
	{ "a certificate that has expired, 2 0 1", "201:ca", "4:expired,4:ca", IKE_NOW,
	    FOUND(MISMATCH), DANEPRIV_OK },
};

START_TEST(when)
{
	const ike_setting setting = { times[_i].published };
	const ike_shown what = { NAMED, times[_i].certificates, NULL, 14 };
	danepriv_ike_found found = { .size = sizeof found };
	ike_world w;

	ike_world_open(&w, &setting, &what);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, times[_i].now, &found, NULL),
	    DANEPRIV_OK);
	ck_assert_msg(found.finding == times[_i].finding, "%s: %s", times[_i].name,
	    danepriv_word(DANEPRIV_KIND_FINDING, found.finding));
	ck_assert(found.finding == FOUND(MATCH) || found.key.len == 0);
	danepriv_status status = danepriv_ike_judge(
	    w.cache, w.ctx, &w.server, &w.peer.peer, times[_i].now, &found, NULL);
	ck_assert_msg(status == times[_i].by_cache, "%s: %d", times[_i].name, status);
	ck_assert_int_eq(found.finding, times[_i].finding);
	ike_world_close(&w);
}
END_TEST

/* With usages 0 to 2 no longer than the certificates; with usage 3 as long as the records. */
START_TEST(until)
{
	static const danepriv_time end = 1704067200; /* of the intermediate */
	static const ike_setting setting = { "201:root" };
	static const ike_shown what = { NAMED, "4:by-sub,4:sub-short,4:root", NULL, 14 };
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_records *records;
	ike_world w;

	ike_world_open(&w, &setting, &what);
	const danepriv_span rdata = danepriv_records_rdata(w.records, 0);
	ck_assert_int_eq(danepriv_records_vouch(&ike_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &rdata, 1, end + 1000, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, records, &w.peer.peer, end - 10, &found, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(found.finding, FOUND(MATCH));
	ck_assert_int_eq(found.valid_until, end);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, records, &w.peer.peer, end + 10, &found, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(found.finding, FOUND(MISMATCH));
	ck_assert_uint_eq(found.key.len, 0);
	danepriv_records_free(records);
	ike_world_close(&w);
}
END_TEST

/* ---- one server, and others ---- */

/* Nothing is known, or not of this one: another name, another port, over another transport. */
static const struct {
	const char *name;
	danepriv_server server;
	const char *id;
	danepriv_status status;
} servers[] = {
	{ "the one", { IKE_NAME, 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED, DANEPRIV_OK },
	{ "its port", { IKE_NAME, 53, DANEPRIV_TRANSPORT_IPSEC }, NAMED, DANEPRIV_OK },
	{ "letter case", { "NS1.example.NET.", 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED, DANEPRIV_OK },
	{ "another port", { IKE_NAME, 500, DANEPRIV_TRANSPORT_IPSEC }, NAMED, NOTFOUND },
	{ "another name", { "ns2.example.net", 0, DANEPRIV_TRANSPORT_IPSEC },
	    "fqdn:ns2.example.net", NOTFOUND },
	{ "the name it claims", { "ns2.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED,
	    NOTFOUND },
	{ "the place of its address", { REVERSE, 0, DANEPRIV_TRANSPORT_IPSEC }, V4, NOTFOUND },
	{ "no name", { NULL, 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED, EINVAL_ },
	{ "the root", { ".", 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED, EINVAL_ },
	{ "an address", { "192.0.2.1", 0, DANEPRIV_TRANSPORT_IPSEC }, V4, EINVAL_ },
	{ "a label of its own", { IKE_NAME, 0, DANEPRIV_TRANSPORT_IPSEC, 0, "_udp" }, NAMED,
	    EINVAL_ },
	{ "no name of a host", { "ns1..example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NAMED,
	    MALFORMED },
	{ "over tls", { IKE_NAME, 53, DANEPRIV_TRANSPORT_DOT }, NAMED, EINVAL_ },
	{ "over quic", { IKE_NAME, 0, DANEPRIV_TRANSPORT_DOQ }, NAMED, EINVAL_ },
};

START_TEST(which_server)
{
	const ike_setting setting = { "311:ee" };
	const ike_shown what = { servers[_i].id, "4:ee", NULL, 14 };
	danepriv_ike_found found = { .size = sizeof found, .finding = FOUND(MATCH) };
	ike_world w;

	ike_world_open(&w, &setting, &what);
	danepriv_status status = danepriv_ike_judge(
	    w.cache, w.ctx, &servers[_i].server, &w.peer.peer, IKE_NOW, &found, NULL);
	ck_assert_msg(status == servers[_i].status, "%s: %d", servers[_i].name, status);
	ck_assert_int_eq(found.finding, status == DANEPRIV_OK ? FOUND(MATCH) : FOUND(UNJUDGED));
	ck_assert_int_eq(found.key.len > 0, status == DANEPRIV_OK);
	ike_world_close(&w);
}
END_TEST

/* Two names at one address, one of them somebody else's with perfect records (draft section 1.3):
 * each has its own key, and neither has the other's. */
START_TEST(two_names_at_one_address)
{
	static const danepriv_server both[] = { { IKE_NAME, 0, DANEPRIV_TRANSPORT_IPSEC },
		{ "ns.evil.example", 0, DANEPRIV_TRANSPORT_IPSEC } };
	static const char *const published[] = { "311:ee", "310:other" };
	static const char *const ids[] = { NAMED, "fqdn:ns.evil.example" };
	static const char *const shown[] = { "4:ee", "4:other" };
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	int meant = _i & 1, id = _i >> 1 & 1, key = _i >> 2 & 1;

	for (int i = 0; i < 2; i++) {
		danepriv_records *records = ike_records(&both[i], NULL, published[i]);
		ck_assert_int_eq(danepriv_cache_put(cache, records, IKE_NOW), DANEPRIV_OK);
		danepriv_records_free(records);
	}
	danepriv_ike_found found = { .size = sizeof found };
	const ike_shown what = { ids[id], shown[key], NULL, 14, "192.0.2.1" };
	test_ike_peer peer;
	ike_peer_open(&peer, &what);
	ck_assert_int_eq(
	    danepriv_ike_judge(cache, ctx, &both[meant], &peer.peer, IKE_NOW, &found, NULL),
	    DANEPRIV_OK);
	bool is_one = meant == id && id == key;
	ck_assert_int_eq(found.finding, is_one ? FOUND(MATCH) : FOUND(MISMATCH));
	/* What is found does not know where the name is from; the decision does. */
	ck_assert_int_eq(danepriv_ike_decide(DANEPRIV_PROFILE_STRICT,
			     DANEPRIV_PROVENANCE_CONFIGURED, found.finding),
	    is_one ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(danepriv_ike_decide(
			     DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_UNPROVEN, found.finding),
	    DANEPRIV_DECISION_REFUSE);
	ike_peer_close(&peer);
	danepriv_close(ctx);
	danepriv_cache_free(cache);
}
END_TEST

/* 10000 peers that nobody asked about: nothing is kept of them. */
START_TEST(nothing_grows)
{
	static const ike_setting setting = { "311:ee" };
	static const ike_shown what = { NAMED, "4:ee", NULL, 14 };
	danepriv_ike_found found = { .size = sizeof found };
	char text[64];
	ike_world w;

	ike_world_open(&w, &setting, &what);
	danepriv_ike_peer peer = w.peer.peer;
	long before = dp_blocks();
	dp_fail_allocation_at(-1);
	for (int i = 0; i < 10000; i++) {
		peer.id.octets.data = (const uint8_t *)text;
		peer.id.octets.len = (size_t)snprintf(text, sizeof text, "ns%d.evil.example", i);
		assert_often(danepriv_ike_judge(w.cache, w.ctx, &ike_server, &peer, IKE_NOW, &found,
				 NULL) == DANEPRIV_OK);
		assert_often(found.finding == FOUND(MISMATCH));
		const danepriv_server claimed = { text, 0, DANEPRIV_TRANSPORT_IPSEC };
		assert_often(danepriv_ike_judge(w.cache, w.ctx, &claimed, &peer, IKE_NOW, &found,
				 NULL) == NOTFOUND);
	}
	ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_int_eq(dp_blocks(), before);
	ike_world_close(&w);
}
END_TEST

/* ---- memory ---- */

/* By a cache, with the nth allocation failing. */
START_TEST(failing_allocations)
{
	static const struct {
		ike_setting setting;
		ike_shown shown;
	} kinds[] = {
		{ { "201:i-root" }, { NAMED, "4:i-by-sub,4:i-sub-any,4:i-root", NULL, 14 } },
		{ { "210:i-root" }, { NAMED, "4:i-plain", NULL, 14 } },
		{ { "111:i-plain", NULL, NULL, "i-root" }, { NAMED, "4:i-plain", NULL, 14 } },
	};
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_server_state state = { .size = sizeof state };
	danepriv_status status = DANEPRIV_ENOMEM;
	long n;
	ike_world w;

	ike_world_open(&w, &kinds[_i].setting, &kinds[_i].shown);
	for (n = 0; status == DANEPRIV_ENOMEM; n++) {
		ck_assert(n < 100);
		found.finding = FOUND(MATCH);
		dp_fail_allocation_at(n);
		status = danepriv_ike_judge(
		    w.cache, w.ctx, &w.server, &w.peer.peer, IKE_NOW, &found, NULL);
		if (status != DANEPRIV_ENOMEM)
			break;
		ck_assert_int_eq(found.finding, FOUND(UNJUDGED));
		ck_assert_uint_eq(found.key.len, 0);
		ck_assert_int_eq(
		    danepriv_cache_get_server_state(w.cache, &w.server, IKE_NOW, &state),
		    DANEPRIV_OK);
		ck_assert_uint_eq(state.record, SIZE_MAX);
	}
	dp_fail_allocation_at(-1);
	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_int_eq(found.finding, FOUND(MATCH));
	ike_world_close(&w);
}
END_TEST

/* More records than a cache keeps: of those that it has, one matches, or nobody can tell. */
START_TEST(too_many_records)
{
	static uint8_t octets[300][35];
	danepriv_span rdatas[300];
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_verdict why = { .size = sizeof why };
	static const struct {
		const char *name;
		ike_shown shown;
		danepriv_status status;
		danepriv_finding finding;
	} peers[] = {
		{ "good", { NAMED, "4:ee", NULL, 14 }, DANEPRIV_OK, FOUND(MATCH) },
		{ "another", { NAMED, "4:other", NULL, 14 }, NOTFOUND, FOUND(UNJUDGED) },
		{ "another name", { "fqdn:ns2.example.net", "4:ee", NULL, 14 }, DANEPRIV_OK,
		    FOUND(MISMATCH) },
		{ "nothing", { NAMED, NULL, NULL, 14 }, DANEPRIV_OK, FOUND(UNJUDGED) },
	};
	static const ike_setting setting = { "311:ee" };
	danepriv_records *records;
	ike_world w;

	ike_world_open(&w, &setting, &peers[_i].shown);
	memcpy(octets[0], danepriv_records_rdata(w.records, 0).data, 35);
	for (int i = 0; i < 300; i++) {
		if (i > 0)
			memcpy(octets[i], "\3\1\1", 3);
		octets[i][33] ^= (uint8_t)(i >> 8);
		octets[i][34] ^= (uint8_t)i;
		rdatas[i] = (danepriv_span){ octets[i], 35 };
	}
	ck_assert_int_eq(danepriv_records_vouch(&ike_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     rdatas, 300, IKE_UNTIL, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(w.cache, records, IKE_NOW), DANEPRIV_OK);
	danepriv_status status =
	    danepriv_ike_judge(w.cache, w.ctx, &w.server, &w.peer.peer, IKE_NOW, &found, &why);
	ck_assert_msg(status == peers[_i].status && found.finding == peers[_i].finding,
	    "%s: %d, %d", peers[_i].name, status, found.finding);
	ck_assert(!why.attack);
	danepriv_records_free(records);
	ike_world_close(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_judge");
	TCase *tc = tcase_create("ike_judge");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, when, 0, ROWS(times));
	tcase_add_test(tc, until);
	tcase_add_loop_test(tc, which_server, 0, ROWS(servers));
	tcase_add_loop_test(tc, two_names_at_one_address, 0, 8);
	tcase_add_test(tc, nothing_grows);
	tcase_add_loop_test(tc, failing_allocations, 0, 3);
	tcase_add_loop_test(tc, too_many_records, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
