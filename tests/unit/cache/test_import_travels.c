/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof: what may another process believe of what we know?  What goes from one cache to
 * another comes out as it went in, over whatever transport the server is asked. */
#include "support/exported.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/chain.h>
#include <danepriv/context.h>
#include <danepriv/records.h>
#include <danepriv/server.h>

/* Of the vectors: all of one server. */
static const struct {
	const char *file, *name;
	danepriv_security security;
} travellers[] = {
	{ "proofs/keys.txt", "record-signed-by-ksk", SECURE },
	{ "proofs/nsec.txt", "nxdomain", DENIED },
	{ "proofs/nsec.txt", "delegation", INSECURE },
};

static void
check_same_proof(const danepriv_records *one, const danepriv_records *other)
{
	ck_assert_int_eq(danepriv_records_security(one), danepriv_records_security(other));
	ck_assert_int_eq(danepriv_records_reason(one), danepriv_records_reason(other));
	ck_assert_int_eq(danepriv_records_valid_until(one), danepriv_records_valid_until(other));
	ck_assert_int_eq(danepriv_records_expiry(one), danepriv_records_expiry(other));
	ck_assert_uint_eq(danepriv_records_count(one), danepriv_records_count(other));
}

static void
check_same(danepriv_cache *a, danepriv_cache *b, const danepriv_server *server, danepriv_time now)
{
	danepriv_records *one, *other;

	ck_assert_int_eq(danepriv_cache_get(a, server, now, &one), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get(b, server, now, &other), DANEPRIV_OK);
	check_same_proof(one, other);
	ck_assert_int_eq(danepriv_records_source(other), DANEPRIV_SOURCE_CHAIN);
	ck_assert_uint_eq(danepriv_records_support_hours(other), 0);
	danepriv_records_free(one);
	danepriv_records_free(other);
}

START_TEST(travels)
{
	const danepriv_server server = { "dns.example", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv *here = proofs_open("proofs/root.ds", NULL),
		 *there = proofs_open("proofs/root.ds", NULL),
		 *elsewhere = exported_strangers_context();
	danepriv_cache *a = exported_cache(), *b = exported_cache(), *c = exported_cache();
	proof_cases cases = { NULL, 0 };
	danepriv_records *records;
	size_t used;

	proofs_read(&cases, travellers[_i].file);
	danepriv_span chain = octets_span(proofs_find(&cases, travellers[_i].name)->chain);
	ck_assert_int_eq(danepriv_records_prove(here, &server, chain, NOW, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), travellers[_i].security);
	ck_assert_int_eq(danepriv_cache_put_proof(a, records, chain, NOW), DANEPRIV_OK);
	test_octets out = exported_only(a, NOW);
	ck_assert_int_eq(
	    danepriv_cache_import(b, there, octets_span(out), NOW + 1, &used), DANEPRIV_OK);
	ck_assert_uint_eq(used, out.len);
	check_same(a, b, &server, NOW + 1);
	/* And on from there, word for word. */
	test_octets again = exported_only(b, NOW + 1);
	ck_assert_uint_eq(again.len, out.len);
	ck_assert_mem_eq(again.data, out.data, out.len);
	/* Who has other anchors takes nothing. */
	ck_assert_int_eq(
	    danepriv_cache_import(c, elsewhere, octets_span(out), NOW, &used), NOTFOUND);
	ck_assert_uint_eq(used, out.len);
	ck_assert_uint_eq(exported_servers(c) + exported_proofs(c), 0);
	octets_free(again);
	octets_free(out);
	danepriv_records_free(records);
	proofs_free(&cases);
	danepriv_cache_free(a);
	danepriv_cache_free(b);
	danepriv_cache_free(c);
	danepriv_close(here);
	danepriv_close(there);
	danepriv_close(elsewhere);
}
END_TEST

/* Servers of each transport, as a lookup proves them, and what their proof says of them. */
static const struct {
	danepriv_server server;
	exported_chain chain;
	const char *label;
} transports[] = {
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOT }, THE_KEY, "_tcp" },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOH }, THE_KEY, "_tcp" },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOQ }, OF_QUIC, "_quic" },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOQ, DANEPRIV_ALIASES_REFUSE, "_tcp" },
	    THE_KEY, "_tcp" },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DTLS }, OF_DTLS, "_udp" },
	{ { "ns1.example.net", 53, DANEPRIV_TRANSPORT_IPSEC }, OF_IPSEC, "" },
	{ { EXPORTED_FOUR, 53, DANEPRIV_TRANSPORT_IPSEC }, OF_FOUR, "" },
	{ { EXPORTED_SIX, 53, DANEPRIV_TRANSPORT_IPSEC }, OF_SIX, "" },
	{ { "_tcp.ns1.example.net", 853, DANEPRIV_TRANSPORT_IPSEC }, IPSECA_AT_TLS, "" },
	{ { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOH3 }, OF_QUIC, "_quic" },
};

START_TEST(travels_by_transport)
{
	const danepriv_server *server = &transports[_i].server;
	test_octets chain = exported_chain_of(transports[_i].chain);
	danepriv_cache *a = exported_cache(), *b = exported_cache();
	size_t label = strlen(transports[_i].label), used;

	ck_assert_int_eq(exported_put(a, server, octets_span(chain), NOW), DANEPRIV_OK);
	test_octets out = exported_only(a, NOW);
	/* Behind frame and times: port, transport, view and label. */
	ck_assert_uint_eq((unsigned)out.data[24] << 8 | out.data[25], server->port);
	ck_assert_int_eq(out.data[26], server->transport);
	ck_assert_int_eq(out.data[27], 0);
	ck_assert_uint_eq(out.data[28], label);
	ck_assert_mem_eq(out.data + 29, transports[_i].label, label);
	ck_assert_int_eq(
	    danepriv_cache_import(b, exported_ctx, octets_span(out), NOW + 1, &used), DANEPRIV_OK);
	ck_assert_uint_eq(used, out.len);
	check_same(a, b, server, NOW + 1);
	test_octets again = exported_only(b, NOW + 1);
	ck_assert_uint_eq(again.len, out.len);
	ck_assert_mem_eq(again.data, out.data, out.len);
	octets_free(again);
	octets_free(out);
	octets_free(chain);
	danepriv_cache_free(a);
	danepriv_cache_free(b);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("import_travels");
	TCase *tc = tcase_create("import_travels");

	tcase_add_checked_fixture(tc, exported_open, exported_close);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, travels, 0, ROWS(travellers));
	tcase_add_loop_test(tc, travels_by_transport, 0, ROWS(transports));
	suite_add_tcase(suite, tc);
	return suite;
}
