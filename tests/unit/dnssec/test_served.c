/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/served: for which addresses do resolvers answer by themselves?  (RFC 6303, RFC 7793)
 */
#include "base/buffer.h"
#include "dns/rr.h"
#include "dnssec/served.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <stdio.h>

#define ZEROS "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa"

static const struct {
	const char *name;
	bool is_served;
} rows[] = {
	{ "168.192.in-addr.arpa", true },
	{ "168.192.IN-ADDR.ARPA.", true },
	{ "2.1.168.192.in-addr.arpa", true },
	{ "_53.2.1.168.192.in-addr.arpa", true },
	{ "10.in-addr.arpa", true },
	{ "3.2.1.10.in-addr.arpa", true },
	{ "16.172.in-addr.arpa", true },
	{ "31.172.in-addr.arpa", true },
	{ "64.100.in-addr.arpa", true },
	{ "127.100.in-addr.arpa", true },
	{ "127.in-addr.arpa", true },
	{ "0.in-addr.arpa", true },
	{ "254.169.in-addr.arpa", true },
	{ "2.0.192.in-addr.arpa", true },
	{ "100.51.198.in-addr.arpa", true },
	{ "113.0.203.in-addr.arpa", true },
	{ "255.255.255.255.in-addr.arpa", true },
	{ "d.f.ip6.arpa", true },
	{ "1.D.F.ip6.arpa", true },
	{ "8.e.f.ip6.arpa", true },
	{ "B.e.f.ip6.arpa", true },
	{ "8.b.d.0.1.0.0.2.ip6.arpa", true },
	{ "3.5.8.b.d.0.1.0.0.2.ip6.arpa", true },
	{ "0." ZEROS, true },
	{ "1." ZEROS, true },
	{ ".", false },
	{ "arpa", false },
	{ "in-addr.arpa", false },
	{ "192.in-addr.arpa", false },
	{ "172.in-addr.arpa", false },
	{ "167.192.in-addr.arpa", false },
	{ "169.192.in-addr.arpa", false },
	{ "9.in-addr.arpa", false },
	{ "11.in-addr.arpa", false },
	{ "010.in-addr.arpa", false },
	{ "1.in-addr.arpa", false },
	{ "15.172.in-addr.arpa", false },
	{ "32.172.in-addr.arpa", false },
	{ "63.100.in-addr.arpa", false },
	{ "128.100.in-addr.arpa", false },
	{ "3.0.192.in-addr.arpa", false },
	{ "2.1.192.in-addr.arpa", false },
	{ "101.51.198.in-addr.arpa", false },
	{ "255.255.255.in-addr.arpa", false },
	{ "256.in-addr.arpa", false },
	{ "a.in-addr.arpa", false },
	{ "1266.in-addr.arpa", false },
	{ "10.in-addr.arpa.example", false },
	{ "10.x-in-addr.arpa", false },
	{ "192.168.in-addr.arpa", false },
	{ "ip6.arpa", false },
	{ "f.ip6.arpa", false },
	{ "c.f.ip6.arpa", false },
	{ "e.f.ip6.arpa", false },
	{ "7.e.f.ip6.arpa", false },
	{ "c.e.f.ip6.arpa", false },
	{ "9.b.d.0.1.0.0.2.ip6.arpa", false },
	{ "b.d.0.1.0.0.2.ip6.arpa", false },
	{ "0d.f.ip6.arpa", false },
	{ "g.f.ip6.arpa", false },
	{ ZEROS, false },
	{ "2." ZEROS, false },
};

START_TEST(served)
{
	dp_name_store name;

	ck_assert_int_eq(dp_name_from_text(rows[_i].name, &name), DANEPRIV_OK);
	ck_assert_msg(
	    dp_served_locally(dp_name_of(&name)) == rows[_i].is_served, "%s", rows[_i].name);
}
END_TEST

#define DS " IN DS 1 13 2 " DIGEST "\n"
#define DIGEST "e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"
#define SIX "1." ZEROS_OF_HOST "8.b.d.0.1.0.0.2.ip6.arpa"
#define ZEROS_OF_HOST "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
#define REASON(r) DANEPRIV_REASON_##r

/* A resolver has neither names nor keys of the zone, and nothing is signed. */
static const struct {
	const char *name, *anchors, *server;
	danepriv_reason reason;
} lookups[] = {
	{ "private", "168.192.in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "within a private one", "1.168.192.in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "one address", "2.1.168.192.in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "documentation", "2.0.192.in-addr.arpa" DS, "1.2.0.192.in-addr.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "documentation, IPv6", "8.b.d.0.1.0.0.2.ip6.arpa" DS, SIX, REASON(SERVED_LOCALLY) },
	{ "unique local, IPv6", "0.0.d.f.ip6.arpa" DS, "1.0.0.d.f.ip6.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "beside the root", "." DS "168.192.in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(SERVED_LOCALLY) },
	{ "anybody's", "8.8.in-addr.arpa" DS, "8.8.8.8.in-addr.arpa", REASON(DNSKEY_MISSING) },
	{ "above private ones", "192.in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(DNSKEY_MISSING) },
	{ "the root alone", "." DS, "2.1.168.192.in-addr.arpa", REASON(DNSKEY_MISSING) },
	{ "all reverse names", "in-addr.arpa" DS, "2.1.168.192.in-addr.arpa",
	    REASON(DNSKEY_MISSING) },
	{ "a name", "example" DS, "ns1.example", REASON(DNSKEY_MISSING) },
	{ "a name that looks like one", "168.192.in-addr.arpa.example" DS,
	    "1.168.192.in-addr.arpa.example", REASON(DNSKEY_MISSING) },
};

/* Owner, type, class and TTL. */
static void
write_head(dp_buffer *b, dp_name owner, uint16_t type, uint16_t len)
{
	dp_name_write(b, owner, false);
	dp_write_u16(b, type);
	dp_write_u16(b, 1);
	dp_write_u32(b, 300);
	dp_write_u16(b, len);
}

/* An NSEC that has nothing but itself, and a signature that nobody made. */
static void
write_denial(dp_buffer *b, dp_name name)
{
	const uint8_t types[] = { 0, 6, 0, 0, 0, 0, 0, 3 }, nothing[64] = { 0 };

	write_head(b, name, DP_TYPE_NSEC, (uint16_t)(name.len + sizeof types));
	dp_name_write(b, name, false);
	dp_write(b, types, sizeof types);
	write_head(b, name, DP_TYPE_RRSIG, (uint16_t)(18 + name.len + sizeof nothing));
	dp_write_u16(b, DP_TYPE_NSEC);
	dp_write_u8(b, 13);
	dp_write_u8(b, (uint8_t)dp_name_labels(name));
	dp_write_u32(b, 300);
	dp_write_u32(b, 1700000000 + 1000);
	dp_write_u32(b, 1700000000 - 1000);
	dp_write_u16(b, 1);
	dp_name_write(b, name, false);
	dp_write(b, nothing, sizeof nothing);
}

/* NXDOMAIN, and nothing else; or a denial that is made up. */
static void
answer(danepriv_lookup *lookup, const danepriv_question *question, bool is_denied)
{
	uint8_t octets[512];
	dp_buffer b = dp_buffer_over(octets, sizeof octets);
	dp_name_store name;

	ck_assert_int_eq(dp_name_from_text(question->name, &name), DANEPRIV_OK);
	dp_write_u16(&b, 1);
	dp_write_u16(&b, is_denied ? 0x8180 : 0x8183);
	dp_write_u16(&b, 1);
	dp_write_u16(&b, 0);
	dp_write_u16(&b, is_denied ? 2 : 0);
	dp_write_u16(&b, 0);
	dp_name_write(&b, dp_name_of(&name), false);
	dp_write_u16(&b, question->type);
	dp_write_u16(&b, 1);
	if (is_denied)
		write_denial(&b, dp_name_of(&name));
	ck_assert_int_eq(
	    danepriv_lookup_give_answer(lookup, question->id, dp_buffer_span(&b)), DANEPRIV_OK);
}

START_TEST(looked_up)
{
	const danepriv_settings settings = {
		.size = sizeof settings, .anchors = lookups[_i].anchors, .earliest = 1
	};
	const danepriv_server server = { .name = lookups[_i].server,
		.transport = DANEPRIV_TRANSPORT_IPSEC };
	const danepriv_time now = 1700000000;
	danepriv_records *records;
	danepriv_lookup *lookup;
	danepriv_question question;
	danepriv_status status;
	danepriv *ctx;

	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_new(ctx, &server, &lookup), DANEPRIV_OK);
	while ((status = danepriv_lookup_finish(lookup, now, &records)) == DANEPRIV_EAGAIN)
		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK)
			answer(lookup, &question, false);
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	ck_assert_msg(danepriv_records_reason(records) == lookups[_i].reason, "%s: %s",
	    lookups[_i].name,
	    danepriv_word(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* Who has made a denial up may have a place in the way of UDP alone: the keys are asked for again,
 * over a stream. */
static const char *const denied[] = { "2.1.168.192.in-addr.arpa", SIX, "8.8.8.8.in-addr.arpa",
	"ns1.example" };

START_TEST(asked_again)
{
	char anchors[256];
	const danepriv_settings settings = {
		.size = sizeof settings, .anchors = anchors, .earliest = 1
	};
	const danepriv_server server = { .name = denied[_i],
		.transport = DANEPRIV_TRANSPORT_IPSEC };
	danepriv_records *records;
	danepriv_lookup *lookup;
	danepriv_question question;
	bool has_stream = false;
	danepriv_status status;
	danepriv *ctx;

	(void)snprintf(anchors, sizeof anchors, "%s" DS, denied[_i]);
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_new(ctx, &server, &lookup), DANEPRIV_OK);
	while ((status = danepriv_lookup_finish(lookup, 1700000000, &records)) == DANEPRIV_EAGAIN)
		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
			has_stream |= question.stream && question.type == DP_TYPE_DNSKEY;
			answer(lookup, &question, question.type == DP_TYPE_DNSKEY);
		}
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	ck_assert_msg(has_stream, "%s: %s", denied[_i],
	    danepriv_word(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("served");
	TCase *tc = tcase_create("served");

	tcase_add_loop_test(tc, served, 0, ROWS(rows));
	tcase_add_loop_test(tc, looked_up, 0, ROWS(lookups));
	tcase_add_loop_test(tc, asked_again, 0, ROWS(denied));
	suite_add_tcase(suite, tc);
	return suite;
}
