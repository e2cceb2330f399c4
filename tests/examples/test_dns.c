/* SPDX-License-Identifier: BSD-2-Clause
 * examples/dns: what do two programs ask, and what do they take for the answer? */
#include "../../examples/dns/message.h"
#include "../../examples/dns/query.h"
#include "support/octets.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define L10 "aaaaaaaaaa"
#define L63 L10 L10 L10 L10 L10 L10 "aaa"
#define L61 L10 L10 L10 L10 L10 L10 "a"

/* ---- names ---- */

static const struct {
	const char *text;
	const char *normal; /* NULL: refused */
} texts[] = {
	{ ".", "." },
	{ "a.bc", "a.bc." },
	{ "A.Bc.", "a.bc." },
	{ "_853._tcp.a.", "_853._tcp.a." },
	{ "a\\.b.c", "a\\.b.c." },
	{ "a\\\\", "a\\\\." },
	{ "\\097\\065\\000.", "aa\\000." },
	{ "a\\046b", "a\\.b." },
	{ "a b", "a\\032b." },
	{ L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 "." },
	{ "", NULL },
	{ "..", NULL },
	{ ".a", NULL },
	{ "a..b", NULL },
	{ "a..", NULL },
	{ L63 "a", NULL },
	{ L63 "." L63 "." L63 "." L61 "a", NULL },
	{ L63 "." L63 "." L63 "." L63 "." L63, NULL },
	{ "a\\", NULL },
	{ "a\\1", NULL },
	{ "a\\12x", NULL },
	{ "\\256", NULL },
	{ "\\999.", NULL },
};

START_TEST(writes_names)
{
	uint8_t octets[DNS_NAME_OCTETS];
	char text[DNS_NAME_ROOM];
	const char *normal = texts[_i].normal;
	size_t len = dns_name_write(texts[_i].text, octets);

	ck_assert_msg((len > 0) == (normal != NULL), "%s", texts[_i].text);
	ck_assert_msg(dns_name_normal(texts[_i].text, text) == (len > 0), "%s", texts[_i].text);
	if (normal)
		ck_assert_str_eq(text, normal);
}
END_TEST

START_TEST(keeps_case_in_messages)
{
	uint8_t octets[DNS_NAME_OCTETS];

	ck_assert_uint_eq(dns_name_write("AbC", octets), 5);
	ck_assert_mem_eq(octets, "\3AbC", 5);
}
END_TEST

static const struct {
	const char *name, *message;
	size_t at;
	const char *text; /* NULL: refused */
	size_t end;
} wires[] = {
	{ "whole", "0161 0142 00 ff", 0, "a.b.", 5 },
	{ "root", "00", 0, ".", 1 },
	{ "a pointer", "0161 00 0162 c000 ff", 3, "b.a.", 7 },
	{ "a pointer alone", "0161 00 c000", 3, "a.", 5 },
	{ "pointers in a row", "0161 00 c000 c003", 5, "a.", 7 },
	{ "nothing", "", 0, NULL, 0 },
	{ "behind the end", "00", 1, NULL, 0 },
	{ "no end", "0161", 0, NULL, 0 },
	{ "a label cut short", "0361 62", 0, NULL, 0 },
	{ "half a pointer", "c0", 0, NULL, 0 },
	{ "a pointer to itself", "c000", 0, NULL, 0 },
	{ "a pointer behind the end", "c002", 0, NULL, 0 },
	{ "two that point at each other", "c002 c000", 0, NULL, 0 },
	{ "a label that goes round", "0161 c000", 0, NULL, 0 },
	{ "a label of another kind", "4161 00", 0, NULL, 0 },
};

START_TEST(reads_names)
{
	test_octets m = octets_from_hex(wires[_i].message);
	char text[DNS_NAME_ROOM];
	size_t end = dns_name_read((danepriv_span){ m.data, m.len }, wires[_i].at, text);

	ck_assert_msg(end == wires[_i].end, "%s: %zu", wires[_i].name, end);
	if (wires[_i].text)
		ck_assert_str_eq(text, wires[_i].text);
	octets_free(m);
}
END_TEST

/* ---- types ---- */

START_TEST(reads_each_type_as_it_is_written)
{
	uint16_t type;

	for (unsigned i = 0; i <= UINT16_MAX; i++) {
		assert_often(dns_type_read(dns_type_text((uint16_t)i), &type));
		assert_often(type == i);
	}
}
END_TEST

static const struct {
	const char *word;
	int type; /* -1: refused */
} types[] = {
	{ "A", 1 },
	{ "aaaa", 28 },
	{ "TLSA", 52 },
	{ "https", 65 },
	{ "TYPE1", 1 },
	{ "type65535", 65535 },
	{ "TYPE00028", 28 },
	{ "", -1 },
	{ "AA", -1 },
	{ "TYPE", -1 },
	{ "TYPE-1", -1 },
	{ "TYPE 1", -1 },
	{ "TYPE1x", -1 },
	{ "TYPE65536", -1 },
	{ "TYPE99999999999999999999", -1 },
};

START_TEST(reads_types)
{
	uint16_t type = 0;
	bool is_read = dns_type_read(types[_i].word, &type);

	ck_assert_msg(is_read == (types[_i].type >= 0), "%s", types[_i].word);
	if (is_read)
		ck_assert_int_eq(type, types[_i].type);
}
END_TEST

/* ---- what is asked ---- */

static const struct {
	dns_query query;
	const char *message;
} queries[] = {
	{ { "A.b", DNS_TYPE_A, 0x1234 },
	    "1234 0000 0001 0000 0000 0001 0141 0162 00 0001 0001 00 0029 04d0 00000000 0000" },
	{ { ".", DNS_TYPE_NS, 0, .is_for_resolver = true },
	    "0000 0100 0001 0000 0000 0001 00 0002 0001 00 0029 04d0 00000000 0000" },
	{ { ".", DNS_TYPE_NS, 0, .validates = true },
	    "0000 0010 0001 0000 0000 0001 00 0002 0001 00 0029 04d0 00008000 0000" },
};

START_TEST(writes_queries)
{
	test_octets wanted = octets_from_hex(queries[_i].message);
	uint8_t message[DNS_QUERY_MAX];

	ck_assert_uint_eq(dns_query_write(&queries[_i].query, message), wanted.len);
	ck_assert_mem_eq(message, wanted.data, wanted.len);
	octets_free(wanted);
}
END_TEST

/* Each is a whole number of blocks, and what is in front of the padding says where it ends. */
START_TEST(pads_queries_of_every_length)
{
	char name[] = L63 "." L63 "." L63 "." L61;
	uint8_t plain[DNS_QUERY_MAX], padded[DNS_QUERY_MAX];

	for (char *from = name + strlen(name) - 1; from >= name; from--) {
		if (*from == '.')
			continue;
		dns_query query = { from, DNS_TYPE_A, 1 };
		size_t len = dns_query_write(&query, plain);
		query.is_padded = true;
		size_t all = dns_query_write(&query, padded);
		ck_assert_uint_gt(len, 0);
		ck_assert_uint_eq(all % 128, 0);
		ck_assert_uint_lt(all - len - 4, 128);
		ck_assert_uint_eq((size_t)padded[len - 1], all - len);
		ck_assert_uint_eq((size_t)padded[len + 3], all - len - 4);
	}
}
END_TEST

START_TEST(asks_for_no_bad_name)
{
	uint8_t message[DNS_QUERY_MAX];
	dns_query query = { "a..b", DNS_TYPE_A, 1 };

	ck_assert_uint_eq(dns_query_write(&query, message), 0);
}
END_TEST

/* ---- which message answers ---- */

#define ID "1234 "
#define FLAGS "8000 "
#define COUNTS "0001 0000 0000 0000 "
#define NAME "0161 0142 00 "
#define TYPE "001c 0001"

static const struct {
	const char *name, *message;
	bool is_answer;
} answers[] = {
	{ "the answer", ID FLAGS COUNTS NAME TYPE, true },
	{ "in another case", ID FLAGS COUNTS "0141 0162 00 " TYPE, true },
	{ "more behind it", ID FLAGS "0001 0001 0000 0000" NAME TYPE "ff", true },
	{ "another ID", "1235 " FLAGS COUNTS NAME TYPE, false },
	{ "a question", ID "0000 " COUNTS NAME TYPE, false },
	{ "no question", ID FLAGS "0000 0000 0000 0000 " NAME TYPE, false },
	{ "two questions", ID FLAGS "0002 0000 0000 0000 " NAME TYPE, false },
	{ "another name", ID FLAGS COUNTS "0161 0143 00 " TYPE, false },
	{ "a longer name", ID FLAGS COUNTS "0161 0142 0163 00 " TYPE, false },
	{ "a shorter name", ID FLAGS COUNTS "0142 00 " TYPE, false },
	{ "one label with a dot", ID FLAGS COUNTS "03612e62 00 " TYPE, false },
	{ "another type", ID FLAGS COUNTS NAME "0001 0001", false },
	{ "another class", ID FLAGS COUNTS NAME "001c 0003", false },
	{ "a name that cannot be read", ID FLAGS COUNTS "c00c " TYPE, false },
};

static const dns_query asked = { "a.B.", DNS_TYPE_AAAA, 0x1234 };

START_TEST(knows_answers)
{
	test_octets m = octets_from_hex(answers[_i].message);
	bool is_answer = dns_query_is_answered_by(&asked, (danepriv_span){ m.data, m.len });

	ck_assert_msg(is_answer == answers[_i].is_answer, "%s", answers[_i].name);
	octets_free(m);
}
END_TEST

/* ---- what an answer says ---- */

static const char full[] = ID "8583 0001 0001 0001 0001 " NAME TYPE
			      "c00c 0005 0001 00000e10 0003 0163 00 " /* a.b. CNAME c. */
			      "c00e 0002 0001 00010000 0002 c00c "    /* b. NS a.b. */
			      "00 0029 1000 00008000 0000";	      /* OPT */

START_TEST(reads_records)
{
	static const dns_record wanted[] = {
		{ DNS_SECTION_ANSWER, "a.b.", DNS_TYPE_CNAME, 3600, 33, 3 },
		{ DNS_SECTION_AUTHORITY, "b.", DNS_TYPE_NS, 65536, 48, 2 },
		{ DNS_SECTION_ADDITIONAL, ".", DNS_TYPE_OPT, 32768, 61, 0 },
	};
	test_octets octets = octets_from_hex(full);
	danepriv_span span = { octets.data, octets.len };
	dns_message m = dns_message_over(span);
	dns_record r;

	ck_assert(dns_message_is_authoritative(span) && !dns_message_is_cut(span));
	ck_assert_int_eq(dns_message_rcode(span), DNS_RCODE_NXDOMAIN);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		ck_assert_uint_eq(m.left[i], 1);
		ck_assert(dns_message_next(&m, &r));
		ck_assert_int_eq(r.section, wanted[i].section);
		ck_assert_str_eq(r.name, wanted[i].name);
		ck_assert_uint_eq(r.type, wanted[i].type);
		ck_assert_uint_eq(r.ttl, wanted[i].ttl);
		ck_assert_uint_eq(r.at, wanted[i].at);
		ck_assert_uint_eq(r.len, wanted[i].len);
	}
	ck_assert(!dns_message_next(&m, &r));
	octets_free(octets);
}
END_TEST

/* Wherever it is cut: what is read was there, and the rest is not made up. */
START_TEST(reads_no_record_that_is_cut)
{
	test_octets octets = octets_from_hex(full);

	for (size_t len = 0; len < octets.len; len++) {
		uint8_t *cut = malloc(len > 0 ? len : 1); /* its end is watched */
		ck_assert(cut != NULL);
		memcpy(cut, octets.data, len);
		danepriv_span span = { cut, len };
		if (dns_query_is_answered_by(&asked, span)) {
			dns_message m = dns_message_over(span);
			dns_record r;
			unsigned count = 0;
			for (; dns_message_next(&m, &r); count++)
				ck_assert_uint_le(r.at + r.len, len);
			ck_assert_uint_eq(count, (unsigned)(len >= 36) + (len >= 50));
		}
		free(cut);
	}
	octets_free(octets);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("examples/dns");
	TCase *tc = tcase_create("dns");

	tcase_add_loop_test(tc, writes_names, 0, ROWS(texts));
	tcase_add_test(tc, keeps_case_in_messages);
	tcase_add_loop_test(tc, reads_names, 0, ROWS(wires));
	tcase_add_test(tc, reads_each_type_as_it_is_written);
	tcase_add_loop_test(tc, reads_types, 0, ROWS(types));
	tcase_add_loop_test(tc, writes_queries, 0, ROWS(queries));
	tcase_add_test(tc, pads_queries_of_every_length);
	tcase_add_test(tc, asks_for_no_bad_name);
	tcase_add_loop_test(tc, knows_answers, 0, ROWS(answers));
	tcase_add_test(tc, reads_records);
	tcase_add_test(tc, reads_no_record_that_is_cut);
	suite_add_tcase(suite, tc);
	return suite;
}
