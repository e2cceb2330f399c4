/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof, lib/cache/walk: what may another process believe of what we know?  The
 * way out: which proofs are kept, and for how long.  For how many there is room is in
 * test_proofs_room. */
#include "support/crowd.h"
#include "support/exported.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_AT 33 /* in a proof that was exported */

/* ---- what is taken ---- */

static const struct {
	const char *name;
	danepriv_server server;
	const char *base; /* NULL: the server's name */
	danepriv_security security;
	exported_chain chain;
	danepriv_time valid_until;
	danepriv_status status;
} taken[] = {
	{ "records", { "ns1.example.net", 0, 0 }, NULL, SECURE, THE_KEY, NOW, DANEPRIV_OK },
	{ "the same name", { "ns1.example.net", 0, 0 }, "NS1.example.net.", SECURE, THE_KEY, NOW,
	    DANEPRIV_OK },
	{ "denied", { "ns1.example.net", 0, 0 }, NULL, DENIED, NO_KEY, NOW, DANEPRIV_OK },
	{ "insecure", { "ns1.example.net", 0, 0 }, NULL, INSECURE, NO_KEY, NOW, DANEPRIV_OK },
	{ "DTLS", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DTLS }, NULL, SECURE, OF_DTLS, NOW,
	    DANEPRIV_OK },
	{ "DNS over HTTPS", { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOH }, NULL, SECURE,
	    THE_KEY, NOW, DANEPRIV_OK },
	{ "QUIC", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOQ }, NULL, SECURE, OF_QUIC, NOW,
	    DANEPRIV_OK },
	{ "QUIC, another label",
	    { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOQ, DANEPRIV_ALIASES_REFUSE, "_udp" }, NULL,
	    SECURE, OF_DTLS, NOW, DANEPRIV_OK },
	{ "HTTP/3", { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOH3 }, NULL, SECURE, OF_QUIC, NOW,
	    DANEPRIV_OK },
	{ "IPsec", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE, OF_IPSEC, NOW,
	    DANEPRIV_OK },
	{ "IPsec, denied", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, DENIED, NO_KEY,
	    NOW, DANEPRIV_OK },
	{ "IPsec, an IPv4 address", { EXPORTED_FOUR, 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE,
	    OF_FOUR, NOW, DANEPRIV_OK },
	{ "IPsec, an IPv6 address", { EXPORTED_SIX, 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE,
	    OF_SIX, NOW, DANEPRIV_OK },
	{ "of somebody else, unseen", { "ns1.example.net", 0, 0 }, NULL, SECURE, OF_OTHER, NOW,
	    DANEPRIV_OK },
	{ "over", { "ns1.example.net", 0, 0 }, NULL, SECURE, THE_KEY, NOW - 1, EINVAL_ },
	{ "bogus", { "ns1.example.net", 0, 0 }, NULL, BOGUS, THE_KEY, NOW, EINVAL_ },
	{ "indeterminate", { "ns1.example.net", 0, 0 }, NULL, INDETERMINATE, THE_KEY, NOW,
	    EINVAL_ },
	{ "an alias", { "ns1.example.net", 0, 0 }, "ns2.example.net", SECURE, THE_KEY, NOW,
	    EINVAL_ },
	{ "an alias, denied", { "ns1.example.net", 0, 0 }, "ns2.example.net", DENIED, NO_KEY, NOW,
	    EINVAL_ },
	{ "an alias, IPsec", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, "ns2.example.net",
	    SECURE, OF_IPSEC, NOW, EINVAL_ },
	{ "IPsec, over", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE, OF_IPSEC,
	    NOW - 1, EINVAL_ },
	{ "IPsec, bogus", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, BOGUS, OF_IPSEC,
	    NOW, EINVAL_ },
	{ "IPsec, no chain", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, SECURE,
	    NO_CHAIN, NOW, EINVAL_ },
	{ "no chain", { "ns1.example.net", 0, 0 }, NULL, SECURE, NO_CHAIN, NOW, EINVAL_ },
	{ "noise", { "ns1.example.net", 0, 0 }, NULL, SECURE, NOISE, NOW, EINVAL_ },
};

START_TEST(put)
{
	uint8_t rdata[35] = { 3, 1, 1 };
	danepriv_span record = { rdata, sizeof rdata };
	test_octets chain = exported_chain_of(taken[_i].chain);
	danepriv_cache *cache = exported_cache();
	danepriv_records *records;
	const char *name = taken[_i].name;

	ck_assert_int_eq(danepriv_records_vouch(&taken[_i].server, taken[_i].base,
			     taken[_i].security, DANEPRIV_REASON_NONE, &record,
			     taken[_i].security == SECURE, taken[_i].valid_until, &records),
	    DANEPRIV_OK);
	danepriv_status status = danepriv_cache_put_proof(cache, records, octets_span(chain), NOW);
	ck_assert_msg(status == taken[_i].status, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg(exported_servers(cache) == (status == DANEPRIV_OK), "%s", name);
	ck_assert_msg(exported_proofs(cache) == (status == DANEPRIV_OK), "%s", name);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

/* A length in front, as servers send it, is not kept. */
START_TEST(with_its_length)
{
	test_octets chain = exported_chain_of(THE_KEY);
	test_octets sent = tiny_zone_extension(octets_span(chain), 9, true);
	danepriv_span prefixed = { sent.data + 2, sent.len - 2 };
	danepriv_cache *one = exported_cache(), *other = exported_cache();

	ck_assert_int_eq(exported_put(one, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	ck_assert_int_eq(exported_put(other, &cached_server, prefixed, NOW), DANEPRIV_OK);
	test_octets a = exported_only(one, NOW), b = exported_only(other, NOW);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_mem_eq(a.data, b.data, a.len);
	octets_free(a);
	octets_free(b);
	octets_free(sent);
	octets_free(chain);
	danepriv_cache_free(one);
	danepriv_cache_free(other);
}
END_TEST

START_TEST(arguments)
{
	test_octets chain = exported_chain_of(THE_KEY);
	danepriv_records *records = exported_records(&cached_server, octets_span(chain));
	danepriv_cache *cache = exported_cache();
	danepriv_span lost = { NULL, 5 }, none = { NULL, 0 };
	uint64_t position = 0;
	uint8_t room[9];
	size_t len = 5;

	ck_assert_int_eq(danepriv_cache_put_proof(NULL, records, octets_span(chain), NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put_proof(cache, NULL, octets_span(chain), NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put_proof(cache, records, lost, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put_proof(cache, records, none, NOW), EINVAL_);
	ck_assert_int_eq(exported_servers(cache), 0);
	ck_assert_int_eq(danepriv_cache_export(NULL, NOW, &position, room, 9, &len), EINVAL_);
	ck_assert_uint_eq(len, 0);
	ck_assert_int_eq(danepriv_cache_export(cache, NOW, NULL, room, 9, &len), EINVAL_);
	ck_assert_int_eq(danepriv_cache_export(cache, NOW, &position, NULL, 9, &len), EINVAL_);
	ck_assert_int_eq(danepriv_cache_export(cache, NOW, &position, room, 9, NULL), EINVAL_);
	/* A position that was made up leads to nothing. */
	position = UINT64_MAX;
	ck_assert_int_eq(danepriv_cache_export(cache, NOW, &position, room, 9, &len), NOTFOUND);
	ck_assert_uint_eq(position, 0);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

/* ---- how long it stays ---- */

static const struct {
	const char *name;
	danepriv_security security; /* of what is put next; NOTHING: nothing */
	int at, asked;		    /* seconds after NOW */
	unsigned kept, exported;
} sequels[] = {
	{ "at once", NOTHING, 0, 0, 1, 1 },
	{ "the last second", NOTHING, 0, EXPORTED_LIFE, 1, 1 },
	{ "a second later", NOTHING, 0, EXPORTED_LIFE + 1, 1, 0 },
	{ "clock set back", NOTHING, 0, -EXPORTED_LIFE, 1, 1 },
	{ "further back", NOTHING, 0, -EXPORTED_LIFE - 1, 1, 0 },
	{ "the same keys, without a proof", SECURE, 1, 1, 0, 0 },
	{ "denied", DENIED, 1, 1, 0, 0 },
	{ "insecure", INSECURE, 1, 1, 0, 0 },
	{ "bogus beside what holds", BOGUS, 1, 1, 1, 1 },
	{ "indeterminate beside what holds", INDETERMINATE, 1, 1, 1, 1 },
	{ "bogus when it is over", BOGUS, EXPORTED_LIFE + 1, 1, 0, 0 },
};

START_TEST(sequel)
{
	test_octets chain = exported_chain_of(THE_KEY);
	danepriv_cache *cache = exported_cache();
	uint64_t position = 0;
	const char *name = sequels[_i].name;

	ck_assert_int_eq(exported_put(cache, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	if (sequels[_i].security != NOTHING)
		ck_assert_int_eq(cached_put(cache, sequels[_i].security, "a",
				     NOW + sequels[_i].at + 10, NOW + sequels[_i].at),
		    DANEPRIV_OK);
	ck_assert_msg(exported_proofs(cache) == sequels[_i].kept, "%s", name);
	test_octets got = exported_next(cache, NOW + sequels[_i].asked, &position);
	ck_assert_msg((got.data != NULL) == sequels[_i].exported, "%s", name);
	crowd_assert_sound(cache);
	octets_free(got);
	octets_free(chain);
	danepriv_cache_free(cache);
}
END_TEST

/* Where records are too large for a cache their proof is kept all the same, in place of the one
 * before: whoever imports it may have more room. */
START_TEST(too_large_a_record)
{
	static uint8_t octets[8191];
	danepriv_span rdata = { octets, sizeof octets };
	test_octets chain = exported_chain_of(THE_KEY);
	danepriv_cache *cache = exported_cache();
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &rdata, 1, NOW, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(exported_put(cache, &cached_server, octets_span(chain), NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_put_proof(cache, records, octets_span(chain), NOW), DANEPRIV_OK);
	ck_assert_uint_eq(exported_proofs(cache), 1);
	ck_assert_uint_eq(exported_servers(cache), 1);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

/* ---- all of them ---- */

#define MANY 300

/* Each once, and the same again when there was no room for it. */
START_TEST(each_once)
{
	test_octets chain = exported_chain_of(NO_KEY); /* of whatever name */
	danepriv_cache *cache = crowd_open(4u << 20), *copy = crowd_open(4u << 20);
	uint64_t position = 0, before;
	uint8_t small[30];
	char text[64];
	size_t len, used;
	unsigned count = 0;

	for (unsigned i = 0; i < MANY; i++) {
		danepriv_server server = crowd_server(i, "many", text);
		ck_assert_int_eq(
		    exported_put(cache, &server, octets_span(chain), NOW), DANEPRIV_OK);
		server = crowd_server(i, "without", text);
		crowd_put(cache, &server, SECURE, 1, 35, NOW, NOW);
	}
	for (danepriv_status status = DANEPRIV_OK; status != NOTFOUND;) {
		before = position;
		status = danepriv_cache_export(cache, NOW, &position, small, sizeof small, &len);
		ck_assert((status == DANEPRIV_ELIMIT) == (len > 0));
		if (status != DANEPRIV_ELIMIT)
			continue;
		ck_assert_uint_eq(position, before);
		test_octets one = exported_next(cache, NOW, &position);
		ck_assert_uint_eq(one.len, len);
		ck_assert_int_eq(
		    danepriv_cache_import(copy, exported_ctx, octets_span(one), NOW, &used),
		    DANEPRIV_OK);
		ck_assert_uint_eq(used, len);
		octets_free(one);
		count++;
	}
	ck_assert_uint_eq(count, MANY);
	ck_assert_uint_eq(exported_servers(copy), MANY);
	ck_assert_uint_eq(exported_proofs(copy), MANY);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	danepriv_cache_free(copy);
	octets_free(chain);
}
END_TEST

#define THERE 5000

/* The number of the next one that is due, or whose proof is written; THERE: there are no more. */
static unsigned
next_number(danepriv_cache *cache, bool exports, danepriv_cache_due *due)
{
	unsigned number = THERE;
	danepriv_status status = DANEPRIV_EAGAIN;

	while (!exports && status == DANEPRIV_EAGAIN)
		status = danepriv_cache_next_due(cache, NOW + 10, NOW, due);
	if (status == DANEPRIV_OK)
		ck_assert_int_eq(sscanf(due->name, "ns%u.", &number), 1);
	if (!exports)
		return number;
	test_octets got = exported_next(cache, NOW, &due->position);
	if (got.data)
		ck_assert_int_eq(sscanf((const char *)got.data + NAME_AT + 1, "ns%u", &number), 1);
	octets_free(got);
	return number;
}

/* Each that is found is put anew, without its proof: so entries go where the search is.  All that
 * stay are met, and once. */
START_TEST(while_others_go)
{
	static unsigned char met[THERE];
	const danepriv_span none = { NULL, 0 };
	test_octets chain = exported_chain_of(NO_KEY);
	danepriv_cache *cache = crowd_open(16u << 20);
	danepriv_cache_due due = { .size = sizeof due };
	unsigned number;

	memset(met, 0, sizeof met);
	for (unsigned i = 0; i < THERE; i++)
		exported_own(cache, i, i % 2 ? octets_span(chain) : none, NOW + 10);
	while ((number = next_number(cache, _i, &due)) < THERE) {
		met[number]++;
		exported_own(cache, number, none, NOW + 99);
	}
	for (unsigned i = 0; i < THERE; i++)
		ck_assert_msg(met[i] == (_i == 0 || i % 2), "%u: %d", i, met[i]);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

/* ---- memory ---- */

START_TEST(without_memory)
{
	test_octets chain = exported_chain_of(THE_KEY);
	danepriv_records *records = exported_records(&cached_server, octets_span(chain));
	danepriv_cache *cache = exported_cache();

	dp_fail_allocation_at(0);
	ck_assert_int_eq(
	    danepriv_cache_put_proof(cache, records, octets_span(chain), NOW), DANEPRIV_OK);
	test_octets got = exported_only(cache, NOW);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	octets_free(got);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(chain);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("proofs_kept");
	TCase *tc = tcase_create("proofs_kept");

	tcase_add_checked_fixture(tc, exported_open, exported_close);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, put, 0, ROWS(taken));
	tcase_add_test(tc, with_its_length);
	tcase_add_test(tc, arguments);
	tcase_add_loop_test(tc, sequel, 0, ROWS(sequels));
	tcase_add_test(tc, too_large_a_record);
	tcase_add_test(tc, each_once);
	tcase_add_loop_test(tc, while_others_go, 0, 2);
	tcase_add_test(tc, without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
