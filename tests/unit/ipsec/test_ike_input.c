/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer: what if the question is wrong, or what the peer shows is
 * much, broken or nothing? */
#include "support/cached.h"
#include "support/ike.h"
#include "support/suite.h"

#include <string.h>

#define FOUND(finding) DANEPRIV_FINDING_##finding
#define NAMED "fqdn:" IKE_NAME

/* The server's own certificate, and its key published. */
static const ike_setting good = { .published = "311:ee" };
static const ike_shown shown = { .id = NAMED, .certificates = "4:ee", .auth = 14 };

/* ---- arguments ---- */

/* A good question, and what is done to it. */
typedef struct question {
	danepriv *ctx;
	danepriv_records *records;
	danepriv_cache *cache;
	const danepriv_server *server;
	danepriv_server own_server;
	const danepriv_ike_peer *peer;
	danepriv_ike_peer own_peer;
	danepriv_time now;
	danepriv_ike_found *found;
	danepriv_verdict why;
} question;

static const uint8_t some_octets[17] = { 1 };
static danepriv_records *other_records; /* of the same name, over TLS */

static void
without_ctx(question *q)
{
	q->ctx = NULL;
}
static void
without_records(question *q)
{
	q->records = NULL, q->cache = NULL;
}
static void
without_server(question *q)
{
	q->server = NULL, q->records = NULL;
}
static void
without_peer(question *q)
{
	q->peer = NULL;
}
static void
without_found(question *q)
{
	q->found = NULL;
}
static void
at_no_time(question *q)
{
	q->now = 0;
}
static void
before_time(question *q)
{
	q->now = -1;
}
static void
long_before(question *q)
{
	q->now = INT64_MIN;
}
static void
without_certificates(question *q)
{
	q->own_peer.certificates = NULL;
}
static void
key_nowhere(question *q)
{
	q->own_peer.key = (danepriv_span){ NULL, 91 };
}
static void
id_nowhere(question *q)
{
	q->own_peer.id.octets.data = NULL;
}
static void
no_resource(question *q)
{
	q->own_peer.resource = (danepriv_resource)3;
}
static void
wrong_resource(question *q)
{
	q->own_peer.resource = (danepriv_resource)-1;
}
static void
wrong_verdict(question *q)
{
	q->why.size--;
}
static void
wrong_peer(question *q)
{
	q->own_peer.size--;
}
static void
wrong_found(question *q)
{
	q->found->size--;
}

static void
address_nowhere(question *q)
{
	q->own_peer.address = (danepriv_span){ NULL, 4 };
}

static void
address_of_3(question *q)
{
	q->own_peer.address = (danepriv_span){ some_octets, 3 };
}

static void
address_of_5(question *q)
{
	q->own_peer.address = (danepriv_span){ some_octets, 5 };
}

static void
address_of_17(question *q)
{
	q->own_peer.address = (danepriv_span){ some_octets, 17 };
}

static void
certificate_nowhere(question *q)
{
	static const danepriv_ike_certificate nowhere = { { NULL, 91 }, 4 };

	q->own_peer.certificates = &nowhere;
}

static void
rsa_key_nowhere(question *q)
{
	static const danepriv_ike_certificate nowhere = { { NULL, 91 }, 11 };

	q->own_peer.certificates = &nowhere;
}

static void
over_tls(question *q)
{
	q->own_server.transport = DANEPRIV_TRANSPORT_DOT;
	q->records = other_records;
}

static const struct {
	const char *name;
	void (*change)(question *q);
} inputs[] = {
	{ "no context", without_ctx },
	{ "no records", without_records },
	{ "no server", without_server },
	{ "no peer", without_peer },
	{ "nowhere to write", without_found },
	{ "no time", at_no_time },
	{ "a second before time", before_time },
	{ "long before time", long_before },
	{ "no certificates, and a count", without_certificates },
	{ "a certificate nowhere", certificate_nowhere },
	{ "an rsa key nowhere", rsa_key_nowhere },
	{ "a key nowhere", key_nowhere },
	{ "an ID nowhere", id_nowhere },
	{ "an address nowhere", address_nowhere },
	{ "an address of 3 octets", address_of_3 },
	{ "an address of 5 octets", address_of_5 },
	{ "an address of 17 octets", address_of_17 },
	{ "a resource after the last", no_resource },
	{ "a resource below zero", wrong_resource },
	{ "a verdict of a wrong size", wrong_verdict },
	{ "a peer of a wrong size", wrong_peer },
	{ "found of a wrong size", wrong_found },
	{ "another transport", over_tls },
};

/* By records for 0, by the cache for 1. */
static danepriv_status
ask(const question *q, int by_cache, danepriv_verdict *why)
{
	return by_cache
		   ? danepriv_ike_judge(q->cache, q->ctx, q->server, q->peer, q->now, q->found, why)
		   : danepriv_ike_evaluate(q->ctx, q->records, q->peer, q->now, q->found, why);
}

START_TEST(input)
{
	const danepriv_server tls = { IKE_NAME, 0, DANEPRIV_TRANSPORT_DOT };

	for (int by_cache = 0; by_cache < 2; by_cache++) {
		danepriv_ike_found found = { .size = sizeof found,
			.finding = FOUND(MATCH),
			.needs_pkix = 1,
			.key = { some_octets, 3 } };
		ike_world w;
		ike_world_open(&w, &good, &shown);
		other_records = ike_records(&tls, NULL, "311:ee");
		ck_assert_int_eq(danepriv_cache_put(w.cache, other_records, IKE_NOW), DANEPRIV_OK);
		question q = { w.ctx, w.records, w.cache, NULL, w.server, NULL, w.peer.peer,
			IKE_NOW, &found, { .size = sizeof q.why } };
		q.server = &q.own_server;
		q.peer = &q.own_peer;
		inputs[_i].change(&q);
		ck_assert_msg(ask(&q, by_cache, &q.why) == DANEPRIV_EINVAL, "%s, %d",
		    inputs[_i].name, by_cache);
		if (q.found && q.found->size == sizeof found) {
			ck_assert_msg(found.finding == FOUND(UNJUDGED), "%s", inputs[_i].name);
			ck_assert_int_eq(found.valid_until, INT64_MIN);
			ck_assert(found.key.len == 0 && !found.key.data && !found.needs_pkix);
		}
		danepriv_records_free(other_records);
		ike_world_close(&w);
	}
}
END_TEST

/* ---- many certificates ---- */

static const struct {
	const char *name;
	size_t count;
	uint8_t encoding; /* of all but the first */
	danepriv_status status;
} many[] = {
	{ "128 certificates", 128, 4, DANEPRIV_OK },
	{ "129 certificates", 129, 4, DANEPRIV_ELIMIT },
	{ "256 certificates", 256, 4, DANEPRIV_ELIMIT },
	{ "257 certificates", 257, 4, DANEPRIV_ELIMIT },
	{ "1000 certificates", 1000, 4, DANEPRIV_ELIMIT },
	{ "129 payloads of others", 129, 12, DANEPRIV_OK },
	{ "256 payloads of others", 256, 12, DANEPRIV_OK },
	{ "257 payloads of others", 257, 12, DANEPRIV_ELIMIT },
	{ "1000 payloads of others", 1000, 12, DANEPRIV_ELIMIT },
};

START_TEST(how_many)
{
	static danepriv_ike_certificate certificates[1000];
	ike_world w;

	ike_world_open(&w, &good, &shown);
	for (size_t i = 0; i < many[_i].count; i++)
		certificates[i] = (danepriv_ike_certificate){ w.peer.peer.certificates[0].octets,
			i == 0 ? 4 : many[_i].encoding };
	for (int by_cache = 0; by_cache < 2; by_cache++) {
		danepriv_ike_found found = { .size = sizeof found };
		question q = { w.ctx, w.records, w.cache, &w.server, w.server, NULL, w.peer.peer,
			IKE_NOW, &found, { .size = sizeof q.why } };
		q.own_peer.certificates = certificates;
		q.own_peer.count = many[_i].count;
		q.peer = &q.own_peer;
		ck_assert_msg(ask(&q, by_cache, &q.why) == many[_i].status, "%s", many[_i].name);
		ck_assert_int_eq(
		    found.finding, many[_i].status == DANEPRIV_OK ? FOUND(MATCH) : FOUND(UNJUDGED));
		ck_assert_int_eq(found.key.len > 0, many[_i].status == DANEPRIV_OK);
	}
	ike_world_close(&w);
}
END_TEST

/* More octets than a handshake carries; and payloads without any. */
static const struct {
	const char *name;
	uint8_t encodings[2];
	size_t lens[2];
	danepriv_status status;
	danepriv_finding finding;
} sizes[] = {
	{ "a megabyte", { 4, 4 }, { 1048576, 0 }, DANEPRIV_EMALFORMED, FOUND(MISMATCH) },
	{ "one octet more", { 4, 4 }, { 1048577, 1 }, DANEPRIV_ELIMIT, FOUND(UNJUDGED) },
	{ "one octet more in two", { 4, 4 }, { 1048576, 1 }, DANEPRIV_ELIMIT, FOUND(UNJUDGED) },
	{ "too long a key", { 15, 4 }, { 1048577, 0 }, DANEPRIV_ELIMIT, FOUND(UNJUDGED) },
	{ "too long an rsa key", { 11, 4 }, { 1048577, 0 }, DANEPRIV_OK, FOUND(MISMATCH) },
	{ "a long rsa key", { 11, 4 }, { 1049, 0 }, DANEPRIV_OK, FOUND(MISMATCH) },
	{ "an empty certificate", { 4, 15 }, { 0, 0 }, DANEPRIV_EMALFORMED, FOUND(MISMATCH) },
	{ "an empty raw key", { 15, 15 }, { 0, 0 }, DANEPRIV_EMALFORMED, FOUND(MISMATCH) },
	{ "an empty rsa key", { 11, 15 }, { 0, 0 }, DANEPRIV_OK, FOUND(MISMATCH) },
	{ "an octet", { 4, 4 }, { 1, 0 }, DANEPRIV_EMALFORMED, FOUND(MISMATCH) },
	{ "an octet of a raw key", { 15, 4 }, { 1, 0 }, DANEPRIV_EMALFORMED, FOUND(MISMATCH) },
};

START_TEST(how_long)
{
	static uint8_t octets[1048577];
	ike_world w;

	ike_world_open(&w, &good, &shown);
	for (int by_cache = 0; by_cache < 2; by_cache++) {
		danepriv_ike_found found = { .size = sizeof found };
		const danepriv_ike_certificate certificates[] = {
			{ { octets, sizes[_i].lens[0] }, sizes[_i].encodings[0] },
			{ { octets, sizes[_i].lens[1] }, sizes[_i].encodings[1] },
		};
		question q = { w.ctx, w.records, w.cache, &w.server, w.server, NULL, w.peer.peer,
			IKE_NOW, &found, { .size = sizeof q.why } };
		q.own_peer.certificates = certificates;
		q.own_peer.count = sizes[_i].lens[1] > 0 ? 2 : 1;
		q.peer = &q.own_peer;
		danepriv_status status = ask(&q, by_cache, NULL);
		ck_assert_msg(status == sizes[_i].status && found.finding == sizes[_i].finding,
		    "%s: %d, %d", sizes[_i].name, status, found.finding);
		ck_assert_uint_eq(found.key.len, 0);
	}
	ike_world_close(&w);
}
END_TEST

/* ---- cut and changed ---- */

/* Cut at every length, and changed at every octet: never a match but for what is published. */
START_TEST(cut_and_changed)
{
	static const struct {
		const char *name;
		ike_setting setting;
		ike_shown shown;
	} kinds[] = {
		{ "certificate", { "301:ee" }, { NAMED, "4:ee", NULL, 14 } },
		{ "raw key", { "310:ee" }, { NAMED, "15:ee-key", NULL, 14 } },
		{ "rsa key", { "311:k-rsa" }, { NAMED, "11:k-rsa", NULL, 14 } },
	};
	danepriv_ike_found found = { .size = sizeof found };
	ike_world w;

	ike_world_open(&w, &kinds[_i].setting, &kinds[_i].shown);
	danepriv_ike_certificate *first = &w.peer.certificates[0];
	test_octets whole = w.peer.octets[0];
	for (size_t len = 0; len < whole.len; len++) {
		test_octets cut = octets_copy((danepriv_span){ whole.data, len });
		first->octets = octets_span(cut);
		(void)!danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, NULL);
		ck_assert_msg(found.finding == FOUND(MISMATCH) && found.key.len == 0,
		    "%s of %zu octets", kinds[_i].name, len);
		octets_free(cut);
	}
	first->octets = octets_span(whole);
	for (size_t at = 0; at < whole.len; at++) {
		whole.data[at] ^= 1;
		(void)!danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, NULL);
		ck_assert_msg(found.finding == FOUND(MISMATCH) && found.key.len == 0,
		    "%s, octet %zu", kinds[_i].name, at);
		whole.data[at] ^= 1;
	}
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(found.finding, FOUND(MATCH));
	ike_world_close(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_input");
	TCase *tc = tcase_create("ike_input");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, input, 0, ROWS(inputs));
	tcase_add_loop_test(tc, how_many, 0, ROWS(many));
	tcase_add_loop_test(tc, how_long, 0, ROWS(sizes));
	tcase_add_loop_test(tc, cut_and_changed, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
