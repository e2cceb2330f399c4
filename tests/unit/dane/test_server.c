/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/server: which server, and under which name does its owner publish keys? */
#include "dane/server.h"
#include "dane/transport.h"
#include "dns/name.h"
#include "support/suite.h"

#include <string.h>

#define LABEL63 "a23456789012345678901234567890123456789012345678901234567890123"
#define LABEL62 "a2345678901234567890123456789012345678901234567890123456789012"
/* 4 labels of 61, 61, 61 and 59 octets make a name of 247, which `_853._tcp.` brings to 257. */
#define LABEL61 "a234567890123456789012345678901234567890123456789012345678901"
#define LABEL50 "a2345678901234567890123456789012345678901234567890"

typedef struct owner_row {
	const char *name;
	danepriv_server server;
	danepriv_status status;
	const char *owner;
	uint16_t type;
} owner_row;

static const owner_row owners[] = {
	/* good */
	{ "dot", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT }, 0, "_853._tcp.ns1.example.net.",
	    52 },
	{ "doh", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOH }, 0, "_443._tcp.ns1.example.net.",
	    52 },
	{ "doq", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOQ }, 0, "_853._quic.ns1.example.net.",
	    52 },
	{ "dtls", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DTLS }, 0,
	    "_853._udp.ns1.example.net.", 52 },
	{ "ipsec", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC }, 0, "_53.ns1.example.net.",
	    65347 },
	{ "final dot", { "ns1.example.net.", 0, 0 }, 0, "_853._tcp.ns1.example.net.", 52 },
	{ "port of one digit", { "a.b", 1, 0 }, 0, "_1._tcp.a.b.", 52 },
	{ "last port", { "a.b", 65535, 0 }, 0, "_65535._tcp.a.b.", 52 },
	{ "port with zeros inside", { "a.b", 10010, 0 }, 0, "_10010._tcp.a.b.", 52 },
	{ "one label", { "localhost", 0, 0 }, 0, "_853._tcp.localhost.", 52 },
	{ "case is kept", { "NS1.Example", 0, 0 }, 0, "_853._tcp.NS1.Example.", 52 },
	{ "underscore", { "_x.example", 0, 0 }, 0, "_853._tcp._x.example.", 52 },
	{ "a-label", { "xn--bcher-kva.example", 0, 0 }, 0, "_853._tcp.xn--bcher-kva.example.", 52 },
	{ "digits in front", { "1.2.3.example", 0, 0 }, 0, "_853._tcp.1.2.3.example.", 52 },
	{ "reverse name", { "53.2.0.192.in-addr.arpa", 0, DANEPRIV_TRANSPORT_IPSEC }, 0,
	    "_53.53.2.0.192.in-addr.arpa.", 65347 },
	{ "doh over http/3", { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOH3 }, 0,
	    "_443._quic.ns1.example.net.", 52 },
	{ "aliases", { "ns1.example.net", 0, 0, DANEPRIV_ALIASES_FOLLOW }, 0,
	    "_853._tcp.ns1.example.net.", 52 },
	{ "other label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_udp" }, 0, "_853._udp.a.b.", 52 },
	{ "other label, http/3", { "a.b", 8443, DANEPRIV_TRANSPORT_DOH3, 0, "_x-3" }, 0,
	    "_8443._x-3.a.b.", 52 },
	{ "longest other label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_" LABEL62 }, 0,
	    "_853._" LABEL62 ".a.b.", 52 },
	{ "longest label", { LABEL63 ".example", 0, 0 }, 0, "_853._tcp." LABEL63 ".example.", 52 },
	/* no name of a server */
	{ "no name", { NULL, 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "rule after the last", { "a.b", 0, 0, (danepriv_aliases)2 }, DANEPRIV_EINVAL, "", 52 },
	{ "rule below zero", { "a.b", 0, 0, (danepriv_aliases)-1 }, DANEPRIV_EINVAL, "", 52 },
	{ "label for dot", { "a.b", 0, DANEPRIV_TRANSPORT_DOT, 0, "_tcp" }, DANEPRIV_EINVAL, "",
	    52 },
	{ "label for doh", { "a.b", 0, DANEPRIV_TRANSPORT_DOH, 0, "_quic" }, DANEPRIV_EINVAL, "",
	    52 },
	{ "label for dtls", { "a.b", 0, DANEPRIV_TRANSPORT_DTLS, 0, "_udp" }, DANEPRIV_EINVAL, "",
	    52 },
	{ "label for ipsec", { "a.b", 0, DANEPRIV_TRANSPORT_IPSEC, 0, "_udp" }, DANEPRIV_EINVAL, "",
	    65347 },
	{ "transport after the last", { "a.b", 0, (danepriv_transport)6 }, DANEPRIV_EINVAL, "", 0 },
	{ "transport below zero", { "a.b", 0, (danepriv_transport)-1 }, DANEPRIV_EINVAL, "", 0 },
	{ "root", { ".", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4", { "192.0.2.1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4, final dot", { "192.0.2.1.", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4, short form", { "127.1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4, one number", { "3221225985", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4, hex", { "0x7f.0.0.0x1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv4, upper-case hex", { "0XC0000201", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "last label a number", { "example.853", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv6", { "::1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv6 in full", { "2001:db8:0:0:0:0:0:1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv6 with zone", { "fe80::1%lo", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv6 with ipv4", { "::ffff:192.0.2.1", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "ipv6 in brackets", { "[::1]", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	{ "name with port", { "a.b:853", 0, 0 }, DANEPRIV_EINVAL, "", 52 },
	/* no label */
	{ "label: empty", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "" }, DANEPRIV_EMALFORMED, "",
	    52 },
	{ "label: bare underscore", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_" },
	    DANEPRIV_EMALFORMED, "", 52 },
	{ "label: no underscore", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "quic" },
	    DANEPRIV_EMALFORMED, "", 52 },
	{ "label: two", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_a.b" }, DANEPRIV_EMALFORMED, "",
	    52 },
	{ "label: underscore inside", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_a_" },
	    DANEPRIV_EMALFORMED, "", 52 },
	{ "label: line end", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_a\n" }, DANEPRIV_EMALFORMED,
	    "", 52 },
	{ "label of 64", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_" LABEL63 }, DANEPRIV_EMALFORMED,
	    "", 52 },
	/* no domain name */
	{ "empty", { "", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "empty label", { "a..b", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "leading dot", { ".a.b", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "two final dots", { "a.b..", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "blank", { "a b.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "line end", { "a.example\n", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "wildcard", { "*.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "escaped dot", { "a\\.b.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "escaped nul", { "a\\000.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "escaped colon", { "\\058\\0581.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "u-label",
	    { "b\xc3\xbc"
	      "cher.example",
		0, 0 },
	    DANEPRIV_EMALFORMED, "", 52 },
	{ "slash", { "a/b.example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "label of 64", { "x" LABEL63 ".example", 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
	{ "name of 257", { LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, 0, 0 }, DANEPRIV_EMALFORMED,
	    "", 52 },
	{ "too long with the labels in front",
	    { LABEL61 "." LABEL61 "." LABEL61 "." LABEL61, 0, 0 }, DANEPRIV_EMALFORMED, "", 52 },
};

START_TEST(owner)
{
	const owner_row *row = &owners[_i];
	char text[DP_NAME_TEXT_MAX];
	size_t needed = 77;

	memset(text, 'x', sizeof text);
	danepriv_status status = danepriv_server_owner(&row->server, text, sizeof text, &needed);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg(strcmp(text, row->owner) == 0, "%s: %s", row->name, text);
	ck_assert_msg(needed == strlen(row->owner), "%s", row->name);
	ck_assert_msg(danepriv_server_type(&row->server) == row->type, "%s", row->name);
}
END_TEST

START_TEST(owner_in_any_room)
{
	const danepriv_server server = { "ns.example", 0, DANEPRIV_TRANSPORT_DOT };
	const char *whole = "_853._tcp.ns.example.";
	size_t len = strlen(whole), room = (size_t)_i, needed = 0;
	char text[64];

	memset(text, 'x', sizeof text);
	danepriv_status status = danepriv_server_owner(&server, room ? text : NULL, room, &needed);
	ck_assert_int_eq(status, room > len ? DANEPRIV_OK : DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, len);
	ck_assert_msg(text[room] == 'x', "wrote past the end");
	if (room > 0) {
		ck_assert_uint_eq(strlen(text), room > len ? len : room - 1);
		ck_assert(strncmp(text, whole, room - 1) == 0);
	}
}
END_TEST

START_TEST(owner_refuses_no_arguments)
{
	const danepriv_server server = { "ns.example", 0, DANEPRIV_TRANSPORT_DOT };
	char text[64];

	ck_assert_int_eq(danepriv_server_owner(NULL, text, sizeof text, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_server_owner(&server, NULL, 9, NULL), DANEPRIV_EINVAL);
	ck_assert_uint_eq(danepriv_server_type(NULL), 0);
	ck_assert_uint_eq(danepriv_server_port(NULL), 0);
}
END_TEST

typedef struct reverse_row {
	const char *name;
	size_t len;
	uint8_t address[17];
	danepriv_status status;
	const char *text;
} reverse_row;

static const reverse_row reverses[] = {
	{ "ipv4", 4, { 192, 168, 1, 2 }, 0, "2.1.168.192.in-addr.arpa." },
	{ "ipv4, no leading zeros", 4, { 255, 0, 10, 7 }, 0, "7.10.0.255.in-addr.arpa." },
	{ "ipv6", 16, { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x53 }, 0,
	    "3.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa." },
	{ "nothing", 0, { 0 }, DANEPRIV_EINVAL, "" },
	{ "3 octets", 3, { 192, 168, 1 }, DANEPRIV_EINVAL, "" },
	{ "5 octets", 5, { 192, 168, 1, 2, 3 }, DANEPRIV_EINVAL, "" },
	{ "15 octets", 15, { 0x20 }, DANEPRIV_EINVAL, "" },
	{ "17 octets", 17, { 0x20 }, DANEPRIV_EINVAL, "" },
};

START_TEST(reverse)
{
	const reverse_row *row = &reverses[_i];
	danepriv_span address = { row->address, row->len };
	char text[DP_NAME_TEXT_MAX], whole[DP_NAME_TEXT_MAX];
	size_t needed = 77, len = strlen(row->text);

	memset(text, 'x', sizeof text);
	ck_assert_int_eq(danepriv_server_reverse(address, text, sizeof text, &needed), row->status);
	ck_assert_str_eq(text, row->text);
	ck_assert_uint_eq(needed, len);
	if (row->status != DANEPRIV_OK)
		return;
	/* It is a server's name. */
	danepriv_server server = { .name = text, .transport = DANEPRIV_TRANSPORT_IPSEC };
	ck_assert_int_eq(danepriv_server_owner(&server, whole, sizeof whole, NULL), 0);
	ck_assert(strncmp(whole, "_53.", 4) == 0);
	ck_assert_str_eq(whole + 4, row->text);
	ck_assert_int_eq(danepriv_server_reverse(address, text, len, &needed), DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, len);
	ck_assert_uint_eq(strlen(text), len - 1);
	ck_assert_int_eq(danepriv_server_reverse(address, NULL, 0, &needed), DANEPRIV_ELIMIT);
	ck_assert_int_eq(danepriv_server_reverse(address, NULL, 9, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_server_reverse((danepriv_span){ NULL, 4 }, text, 9, NULL), DANEPRIV_EINVAL);
}
END_TEST

START_TEST(port)
{
	const uint16_t own[] = { 853, 443, 853, 853, 53, 443 };
	const int chains[] = { 1, 1, 0, 1, 0, 0 };
	danepriv_server server = { "ns.example", 0, (danepriv_transport)_i };
	bool known = _i >= 0 && _i < 6;

	ck_assert_uint_eq(danepriv_server_port(&server), known ? own[_i] : 0);
	ck_assert_int_eq(dp_transport_has_chains(server.transport), known ? chains[_i] : 0);
	server.port = 8853;
	ck_assert_uint_eq(danepriv_server_port(&server), known ? 8853 : 0);
}
END_TEST

START_TEST(failure_leaves_no_name)
{
	const owner_row *row = &owners[_i];
	dp_server server;

	memset(&server, 0x55, sizeof server);
	if (dp_server_read(&row->server, &server) != DANEPRIV_OK)
		ck_assert_msg(server.name.len == 0, "%s", row->name);
	else
		ck_assert_msg(server.port > 0, "%s", row->name);
}
END_TEST

typedef struct equal_row {
	const char *name;
	danepriv_server a, b;
	bool equal;
} equal_row;

static const equal_row equals[] = {
	{ "same", { "a.b", 853, 0 }, { "a.b", 853, 0 }, true },
	{ "case, dot, the transport's own port", { "A.b.", 0, 0 }, { "a.B", 853, 0 }, true },
	{ "name", { "a.b", 0, 0 }, { "a.c", 0, 0 }, false },
	{ "name above", { "a.b", 0, 0 }, { "b", 0, 0 }, false },
	{ "port", { "a.b", 853, 0 }, { "a.b", 854, 0 }, false },
	{ "transport, same port", { "a.b", 0, DANEPRIV_TRANSPORT_DOT },
	    { "a.b", 0, DANEPRIV_TRANSPORT_DOQ }, false },
	{ "the transport's own label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ },
	    { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_quic" }, true },
	{ "label", { "a.b", 0, DANEPRIV_TRANSPORT_DOQ },
	    { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_udp" }, false },
	{ "aliases", { "a.b", 0, 0 }, { "a.b", 0, 0, DANEPRIV_ALIASES_FOLLOW }, true },
};

START_TEST(equal)
{
	const equal_row *row = &equals[_i];
	dp_server a, b;

	ck_assert_int_eq(dp_server_read(&row->a, &a), DANEPRIV_OK);
	ck_assert_int_eq(dp_server_read(&row->b, &b), DANEPRIV_OK);
	ck_assert_msg(dp_server_equal(&a, &b) == row->equal, "%s", row->name);
	ck_assert_msg(dp_server_equal(&b, &a) == row->equal, "%s", row->name);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("server");
	TCase *tc = tcase_create("server");

	tcase_add_loop_test(tc, owner, 0, ROWS(owners));
	tcase_add_loop_test(tc, owner_in_any_room, 0, 30);
	tcase_add_test(tc, owner_refuses_no_arguments);
	tcase_add_loop_test(tc, reverse, 0, ROWS(reverses));
	tcase_add_loop_test(tc, port, -1, 8);
	tcase_add_loop_test(tc, failure_leaves_no_name, 0, ROWS(owners));
	tcase_add_loop_test(tc, equal, 0, ROWS(equals));
	suite_add_tcase(suite, tc);
	return suite;
}
