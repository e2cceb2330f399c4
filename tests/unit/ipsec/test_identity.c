/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/identity: whom does an ID payload name? */
#include "ipsec/identity.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

#define MALFORMED DANEPRIV_EMALFORMED
#define LABEL61 "a234567890123456789012345678901234567890123456789012345678901"
#define LABEL63 LABEL61 "23"
/* 253 octets of text are 255 on the wire, the most that there is. */
#define TEXT192 LABEL63 "." LABEL63 "." LABEL63 "."
#define TEXT253 TEXT192 LABEL61

enum { IPV4_ADDR = 1, FQDN = 2, RFC822_ADDR = 3, IPV6_ADDR = 5, DN = 9, KEY_ID = 11, NONE = 13 };

/* ---- names ---- */

typedef struct host_row {
	const char *name, *octets;
	size_t len; /* 0: up to the NUL */
	danepriv_status status;
	const char *text;
} host_row;

#define GOOD(name, octets, text)                                                                   \
	{                                                                                          \
		name, octets, 0, DANEPRIV_OK, text                                                 \
	}
#define BAD(name, octets)                                                                          \
	{                                                                                          \
		name, octets, 0, MALFORMED, ""                                                     \
	}
/* With an octet of zero in it. */
#define BAD_WITH_ZERO(name, octets)                                                                \
	{                                                                                          \
		name, octets, sizeof(octets) - 1, MALFORMED, ""                                    \
	}

static const host_row hosts[] = {
	GOOD("a name", "ns1.example.net", "ns1.example.net."),
	GOOD("final dot", "ns1.example.net.", "ns1.example.net."),
	GOOD("letter case is kept", "NS1.Example.NET", "NS1.Example.NET."),
	GOOD("underscore", "_x.ns1.example", "_x.ns1.example."),
	GOOD("a-label", "xn--bcher-kva.example", "xn--bcher-kva.example."),
	GOOD("hyphen", "a-b.example", "a-b.example."),
	GOOD("one label", "localhost", "localhost."),
	GOOD("digits in front", "1.2.3.example", "1.2.3.example."),
	GOOD("place of an address", "1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa."),
	GOOD("label of 63", LABEL63 ".example", LABEL63 ".example."),
	GOOD("253 octets", TEXT253, TEXT253 "."),
	GOOD("253 octets, final dot", TEXT253 ".", TEXT253 "."),
	{ "empty", "", 0, MALFORMED, "" },
	BAD("root", "."),
	BAD("two final dots", "ns1.example.net.."),
	BAD("two dots inside", "ns1..example.net"),
	BAD("dot in front", ".ns1.example.net"),
	BAD("dots alone", ".."),
	BAD("label of 64", LABEL63 "4.example"),
	BAD("254 octets", TEXT192 LABEL61 "2"),
	BAD("254 octets, final dot", TEXT192 LABEL61 "2."),
	BAD("255 octets", TEXT192 LABEL61 "23"),
	BAD("256 octets", TEXT192 LABEL63 "."),
	BAD("much longer", TEXT192 TEXT192 TEXT192 LABEL61),
	BAD_WITH_ZERO("octet of zero inside", "ns1.example.net\0.evil.example"),
	BAD_WITH_ZERO("octet of zero behind", "ns1.example.net\0"),
	BAD_WITH_ZERO("octet of zero in front", "\0ns1.example.net"),
	BAD_WITH_ZERO("octet of zero alone", "\0"),
	BAD("star", "*.example.net"),
	BAD("star alone", "*"),
	BAD("star inside", "ns*.example.net"),
	BAD("star as last label", "ns1.example.*"),
	BAD("space inside", "ns1 .example.net"),
	BAD("space behind", "ns1.example.net "),
	BAD("space in front", " ns1.example.net"),
	BAD("tab", "ns1\t.example.net"),
	BAD("newline", "ns1.example.net\n"),
	BAD("newline inside", "ns1.example.net\nconn other"),
	BAD("carriage return", "ns1.example.net\r"),
	BAD("backslash", "ns1\\.example.net"),
	BAD("escape of a letter", "\\110s1.example.net"),
	BAD("backslash behind", "ns1.example.net\\"),
	BAD("braces", "ns1.example.net{}"),
	BAD("opening brace", "ns1{.example.net"),
	BAD("quotation mark", "\"ns1.example.net\""),
	BAD("apostrophe", "ns1'.example.net"),
	BAD("hash", "ns1.example.net#"),
	BAD("equals", "ns1=x.example.net"),
	BAD("percent", "%any"),
	BAD("at", "@ns1.example.net"),
	BAD("slash", "ns1/24.example.net"),
	BAD("comma", "ns1,example.net"),
	BAD("semicolon", "ns1;example.net"),
	BAD("dollar", "$ns1.example.net"),
	BAD("brackets", "[ns1.example.net]"),
	BAD("tilde", "~.example.net"),
	BAD("delete", "ns1\x7F.example.net"),
	BAD("an octet above 127", "b\xFC"
				  "cher.example"),
	BAD("utf-8", "b\xC3\xBC"
		     "cher.example"),
	BAD("colon", "ns1.example.net:53"),
	BAD("colon alone", ":"),
	BAD("ipv4 literal", "192.0.2.1"),
	BAD("ipv4 literal, final dot", "192.0.2.1."),
	BAD("ipv4 literal of three numbers", "1.2.3"),
	BAD("ipv4 literal of one number", "3221225985"),
	BAD("ipv4 literal, hexadecimal", "0x7f.0.0.0x1"),
	BAD("last label a number", "ns1.example.53"),
	BAD("ipv6 literal", "2001:db8::1"),
	BAD("ipv6 literal, none", "::"),
	BAD("ipv6 literal in brackets", "[2001:db8::1]"),
	BAD("ipv4 in ipv6", "::ffff:192.0.2.1"),
};

/* On the heap, so that a step beyond is seen. */
static danepriv_status
name_of(uint8_t type, const void *octets, size_t len, char *text, size_t room, size_t *needed)
{
	test_octets copy = octets_copy((danepriv_span){ octets, len });
	const danepriv_ike_id id = { octets_span(copy), type };
	danepriv_status status = danepriv_ike_name(&id, text, room, needed);

	octets_free(copy);
	return status;
}

START_TEST(host)
{
	const host_row *row = &hosts[_i];
	size_t len = row->len ? row->len : strlen(row->octets), needed = 99;
	char text[DP_NAME_TEXT_MAX] = "before";

	ck_assert_msg(name_of(FQDN, row->octets, len, text, sizeof text, &needed) == row->status,
	    "%s", row->name);
	ck_assert_msg(strcmp(text, row->text) == 0, "%s: %s", row->name, text);
	ck_assert_uint_eq(needed, strlen(row->text));
}
END_TEST

/* Every octet but those that a host may have, in the middle of a name. */
START_TEST(octet_in_name)
{
	static const char fine[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	char octets[] = "ns?1.example.net", text[DP_NAME_TEXT_MAX];
	bool is_fine = _i != 0 && strchr(fine, _i);

	octets[2] = (char)_i;
	danepriv_status status = name_of(FQDN, octets, sizeof octets - 1, text, sizeof text, NULL);
	ck_assert_msg(status == (is_fine ? DANEPRIV_OK : MALFORMED), "octet %d", _i);
}
END_TEST

/* ---- addresses ---- */

#define V4 "\xC0\0\2\1"
#define V6 "\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x53"
#define V4_TEXT "1.2.0.192.in-addr.arpa."
#define V6_TEXT "3.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."
#define ZERO10 "\0\0\0\0\0\0\0\0\0\0"

typedef struct address_row {
	const char *name;
	uint8_t type;
	const char *octets;
	size_t len;
	danepriv_status status;
	const char *text;
} address_row;

static const address_row addresses[] = {
	{ "ipv4", IPV4_ADDR, V4, 4, DANEPRIV_OK, V4_TEXT },
	{ "ipv4, none", IPV4_ADDR, ZERO10, 4, DANEPRIV_OK, "0.0.0.0.in-addr.arpa." },
	{ "ipv4, the last", IPV4_ADDR, "\xFF\xFF\xFF\xFF", 4, DANEPRIV_OK,
	    "255.255.255.255.in-addr.arpa." },
	{ "ipv6", IPV6_ADDR, V6, 16, DANEPRIV_OK, V6_TEXT },
	{ "ipv4 of no octets", IPV4_ADDR, "", 0, MALFORMED, "" },
	{ "ipv4 of 3", IPV4_ADDR, V4, 3, MALFORMED, "" },
	{ "ipv4 of 5", IPV4_ADDR, V4 "\0", 5, MALFORMED, "" },
	{ "ipv4 of 8, with a mask", IPV4_ADDR, V4 "\xFF\xFF\xFF\0", 8, MALFORMED, "" },
	{ "ipv4 of 15", IPV4_ADDR, V6, 15, MALFORMED, "" },
	{ "ipv4 of 16", IPV4_ADDR, V6, 16, MALFORMED, "" },
	{ "ipv4 of 17", IPV4_ADDR, V6 "\0", 17, MALFORMED, "" },
	{ "ipv4 in text", IPV4_ADDR, "192.0.2.1", 9, MALFORMED, "" },
	{ "ipv6 of no octets", IPV6_ADDR, "", 0, MALFORMED, "" },
	{ "ipv6 of 3", IPV6_ADDR, V6, 3, MALFORMED, "" },
	{ "ipv6 of 4", IPV6_ADDR, V4, 4, MALFORMED, "" },
	{ "ipv6 of 5", IPV6_ADDR, V6, 5, MALFORMED, "" },
	{ "ipv6 of 15", IPV6_ADDR, V6, 15, MALFORMED, "" },
	{ "ipv6 of 17", IPV6_ADDR, V6 "\x40", 17, MALFORMED, "" },
	{ "ipv6 of 32", IPV6_ADDR, V6 V6, 32, MALFORMED, "" },
	{ "ipv4 in ipv6", IPV6_ADDR, ZERO10 "\xFF\xFF" V4, 16, MALFORMED, "" },
	{ "ipv4 in ipv6, none", IPV6_ADDR, ZERO10 "\xFF\xFF\0\0\0\0", 16, MALFORMED, "" },
	{ "almost ipv4 in ipv6", IPV6_ADDR, ZERO10 "\xFF\xFE" V4, 16, DANEPRIV_OK,
	    "1.0.2.0.0.0.0.c.e.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa." },
	{ "almost ipv4 in ipv6, in front", IPV6_ADDR, "\1\0\0\0\0\0\0\0\0\0\xFF\xFF" V4, 16,
	    DANEPRIV_OK,
	    "1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.ip6.arpa." },
};

START_TEST(address_of)
{
	const address_row *row = &addresses[_i];
	char text[DP_NAME_TEXT_MAX] = "before";
	size_t needed = 99;
	danepriv_status status =
	    name_of(row->type, row->octets, row->len, text, sizeof text, &needed);

	ck_assert_msg(status == row->status, "%s: %d", row->name, status);
	ck_assert_msg(strcmp(text, row->text) == 0, "%s: %s", row->name, text);
	ck_assert_uint_eq(needed, strlen(row->text));
}
END_TEST

/* ---- others ---- */

/* Nobody else is named, whatever octets there are. */
START_TEST(type_names_nobody)
{
	static const struct {
		const char *octets;
		size_t len;
	} values[] = { { "", 0 }, { V4, 4 }, { V6, 16 }, { "ns1.example.net", 15 } };
	char text[DP_NAME_TEXT_MAX] = "before";
	size_t needed = 99;

	if (_i == IPV4_ADDR || _i == FQDN || _i == IPV6_ADDR)
		return;
	for (int i = 0; i < ROWS(values); i++) {
		ck_assert_int_eq(name_of((uint8_t)_i, values[i].octets, values[i].len, text,
				     sizeof text, &needed),
		    DANEPRIV_ENOTFOUND);
		ck_assert_str_eq(text, "");
		ck_assert_uint_eq(needed, 0);
	}
}
END_TEST

START_TEST(invalid)
{
	const danepriv_ike_id id = { { (const uint8_t *)"ns1.example.net", 15 }, FQDN };
	const danepriv_ike_id nowhere = { { NULL, 15 }, (uint8_t)_i };
	char text[64] = "before";
	size_t needed = 99;

	ck_assert_int_eq(danepriv_ike_name(&nowhere, text, sizeof text, &needed), DANEPRIV_EINVAL);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(needed, 0);
	strcpy(text, "before");
	ck_assert_int_eq(danepriv_ike_name(NULL, text, sizeof text, &needed), DANEPRIV_EINVAL);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(danepriv_ike_name(&id, NULL, 64, &needed), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_ike_name(&id, NULL, 64, NULL), DANEPRIV_EINVAL);
}
END_TEST

/* In the manner of snprintf. */
START_TEST(room)
{
	static const char wanted[] = "ns1.example.net.";
	const danepriv_ike_id id = { { (const uint8_t *)wanted, 15 }, FQDN };
	char text[sizeof wanted + 1];
	size_t needed = 99;

	memset(text, 'x', sizeof text);
	danepriv_status status = danepriv_ike_name(&id, text, (size_t)_i, &needed);
	bool fits = _i >= (int)sizeof wanted;
	ck_assert_int_eq(status, fits ? DANEPRIV_OK : DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, sizeof wanted - 1);
	ck_assert_int_eq(text[_i], 'x');
	if (fits)
		ck_assert_str_eq(text, wanted);
	ck_assert_int_eq(danepriv_ike_name(&id, NULL, 0, &needed), DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, sizeof wanted - 1);
}
END_TEST

/* ---- is it here? ---- */

static const struct {
	const char *name, *id; /* as a name */
	const char *address;
	size_t len;
	bool is_elsewhere;
} places[] = {
	{ "the place of it", "1.2.0.192.in-addr.arpa", V4, 4, false },
	{ "letter case", "1.2.0.192.IN-ADDR.Arpa", V4, 4, false },
	{ "the place of it, ipv6", V6_TEXT, V6, 16, false },
	{ "no place in the tree", "ns1.example.net", V4, 4, false },
	{ "a name that begins so", "1.2.0.192.in-addr.arpa.example", V4, 4, false },
	{ "a name that ends almost so", "1.2.0.192.xin-addr.arpa", V4, 4, false },
	{ "another", "2.2.0.192.in-addr.arpa", V4, 4, true },
	{ "above it", "2.0.192.in-addr.arpa", V4, 4, true },
	{ "below it", "0.1.2.0.192.in-addr.arpa", V4, 4, true },
	{ "the tree", "in-addr.arpa", V4, 4, true },
	{ "of ipv6", V6_TEXT, V4, 4, true },
	{ "of ipv4", "1.2.0.192.in-addr.arpa", V6, 16, true },
	{ "of ipv4 in ipv6", "1.2.0.192.in-addr.arpa", ZERO10 "\xFF\xFF" V4, 16, true },
	{ "none", "1.2.0.192.in-addr.arpa", "", 0, true },
};

START_TEST(elsewhere)
{
	const danepriv_span address = { (const uint8_t *)places[_i].address, places[_i].len };
	dp_name_store id;

	ck_assert_int_eq(dp_name_from_text(places[_i].id, &id), DANEPRIV_OK);
	ck_assert_msg(dp_identity_is_elsewhere(dp_name_of(&id), address) == places[_i].is_elsewhere,
	    "%s", places[_i].name);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("identity");
	TCase *tc = tcase_create("identity");

	tcase_add_loop_test(tc, host, 0, ROWS(hosts));
	tcase_add_loop_test(tc, octet_in_name, 0, 256);
	tcase_add_loop_test(tc, address_of, 0, ROWS(addresses));
	tcase_add_loop_test(tc, type_names_nobody, 0, 256);
	tcase_add_loop_test(tc, invalid, 0, 256);
	tcase_add_loop_test(tc, room, 0, 18);
	tcase_add_loop_test(tc, elsewhere, 0, ROWS(places));
	suite_add_tcase(suite, tc);
	return suite;
}
