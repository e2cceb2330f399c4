/* SPDX-License-Identifier: BSD-2-Clause
 * tests/support/tiny_zone: do its chains prove what tests take them for? */
#include "support/failing_alloc.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <danepriv/danepriv.h>
#include <string.h>

#define FROM 1700000000
#define TO 1700003600
#define OWNER "_853._tcp.ns1.example.net"

typedef enum saying { CHAIN, CHANGED, OTHER_KEY, DENIAL } saying;

static const struct {
	const char *name;
	saying what;
	danepriv_time now;
	const char *server;
	uint16_t port;
	danepriv_security security;
} rows[] = {
	{ "first second", CHAIN, FROM, "ns1.example.net", 853, DANEPRIV_SECURITY_SECURE },
	{ "last second", CHAIN, TO, "NS1.example.net", 853, DANEPRIV_SECURITY_SECURE },
	{ "too early", CHAIN, FROM - 1, "ns1.example.net", 853, DANEPRIV_SECURITY_BOGUS },
	{ "too late", CHAIN, TO + 1, "ns1.example.net", 853, DANEPRIV_SECURITY_BOGUS },
	{ "another port", CHAIN, FROM, "ns1.example.net", 443, DANEPRIV_SECURITY_BOGUS },
	{ "another name", CHAIN, FROM, "ns2.example.net", 853, DANEPRIV_SECURITY_BOGUS },
	{ "changed", CHANGED, FROM, "ns1.example.net", 853, DANEPRIV_SECURITY_BOGUS },
	{ "another zone's", OTHER_KEY, FROM, "ns1.example.net", 853, DANEPRIV_SECURITY_BOGUS },
	{ "denied", DENIAL, FROM, "ns1.example.net", 853, DANEPRIV_SECURITY_DENIED },
};

static test_octets
octets_of(const tiny_zone *zone, saying what)
{
	/* In the wrong order, and of two lengths. */
	static const uint8_t rdatas[][5] = { { 3, 1, 1, 9, 9 }, { 3, 1, 1, 8, 8 } };
	danepriv_span list[] = { { rdatas[0], 5 }, { rdatas[1], 5 }, { rdatas[0], 4 } };

	if (what == DENIAL)
		return tiny_zone_denial(zone, FROM, TO);
	return tiny_zone_chain(zone, OWNER, list, 3, FROM, TO);
}

START_TEST(proves)
{
	tiny_zone *zone = tiny_zone_new(), *other = tiny_zone_new();
	danepriv *ctx = tiny_zone_context(zone, NULL);
	danepriv_server server = { rows[_i].server, rows[_i].port, DANEPRIV_TRANSPORT_DOT };
	danepriv_records *records;

	test_octets chain = octets_of(rows[_i].what == OTHER_KEY ? other : zone, rows[_i].what);
	if (rows[_i].what == CHANGED)
		chain.data[40] ^= 1;
	for (int prefixed = 0; prefixed < 2; prefixed++) {
		test_octets extension = tiny_zone_extension(octets_span(chain), 7, prefixed);
		ck_assert_int_eq(danepriv_records_prove_extension(
				     ctx, &server, octets_span(extension), rows[_i].now, &records),
		    DANEPRIV_OK);
		ck_assert_msg(danepriv_records_security(records) == rows[_i].security, "%s: %s",
		    rows[_i].name,
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		if (rows[_i].security == DANEPRIV_SECURITY_SECURE)
			ck_assert_uint_eq(danepriv_records_count(records), 3);
		danepriv_records_free(records);
		octets_free(extension);
	}
	octets_free(chain);
	danepriv_close(ctx);
	tiny_zone_free(zone);
	tiny_zone_free(other);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("tiny_zone");
	TCase *tc = tcase_create("tiny_zone");

	tcase_add_loop_test(tc, proves, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
