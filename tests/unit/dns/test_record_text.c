/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dns/record_read and record_write: which RDATA is meant by what somebody wrote, and how is it
 * written? */
#include "base/bounds.h"
#include "support/octets.h"
#include "support/suite.h"

#include <danepriv/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 64
#define DIGEST "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d"
#define UPPER "8D02536C887482BC34FF54E41D2BA659BF85B341A0A20AFADB5813DCFBCF286D"
#define HALF "8d02536c887482bc34ff54e41d2ba659"
#define REST "bf85b341a0a20afadb5813dcfbcf286d"
#define OWNER "_853._tcp.ns1.example."
#define THIS "030101" DIGEST

/* ---- one record ---- */

typedef struct good_row {
	const char *name, *text, *rdata;
} good_row;

static const good_row good[] = {
	{ "fields", "3 1 1 " DIGEST, THIS },
	{ "capital letters", "3 1 1 " UPPER, THIS },
	{ "two words of hex", "3 1 1 " HALF " " REST, THIS },
	{ "zeros in front", "003 0001 0000001 " DIGEST, THIS },
	{ "largest numbers", "255 255 255 00", "ffffff00" },
	{ "one octet", "0 0 0 ab", "000000ab" },
	{ "blanks around", " \t3 1\t1   ab \t", "030101ab" },
	{ "line end", "3 1 1 ab\n", "030101ab" },
	{ "line end of elsewhere", "3 1 1 ab\r\n", "030101ab" },
	{ "type", "TLSA 3 1 1 ab", "030101ab" },
	{ "owner and type", OWNER " TLSA 3 1 1 ab", "030101ab" },
	{ "owner, TTL, class, type", OWNER "\t3600\tIN\tTLSA\t3 1 1 ab", "030101ab" },
	{ "owner, class, TTL, type", OWNER " IN 3600 TLSA 3 1 1 ab", "030101ab" },
	{ "small letters", OWNER " in tlsa 3 1 1 ab", "030101ab" },
	{ "TTL in words", "@ 1w2d TLSA 3 1 1 ab", "030101ab" },
	{ "owner of digits", "853 3600 TLSA 3 1 1 ab", "030101ab" },
	{ "owner called IN", "IN 3600 IN TLSA 3 1 1 ab", "030101ab" },
	{ "by number", OWNER " CLASS1 TYPE52 3 1 1 ab", "030101ab" },
	{ "ipseca", OWNER " IN IPSECA 3 1 1 ab", "030101ab" },
	{ "ipseca by number", OWNER " IN TYPE65347 \\# 4 030101ab", "030101ab" },
	{ "no owner", "\t3600 IN TLSA 3 1 1 ab", "030101ab" },
	{ "comment", "3 1 1 ab ; (\" and so on", "030101ab" },
	{ "comment at once", "3 1 1 ab;and so on", "030101ab" },
	{ "comments before", "; ours\n\n ;\n3 1 1 ab", "030101ab" },
	{ "comment and line end", "3 1 1 ab ; ours\n; and more", "030101ab" },
	{ "dig", OWNER " 300 IN TLSA 3 1 1 " HALF " " REST, THIS },
	{ "dig +multi", OWNER " 300 IN TLSA 3 1 1 (\n\t" HALF "\n\t" REST " )", THIS },
	{ "parentheses at once", "TLSA(3 1 1(ab))", "030101ab" },
	{ "comment in parentheses", "3 1 1 ( ab ; )\n cd )", "030101abcd" },
	{ "quotes", "3 1 1 \"ab\"", "030101ab" },
	{ "quotes around parts", "TLSA 3 1 1\"ab\"\"cd\"", "030101abcd" },
	{ "acronyms", "DANE-EE SPKI SHA2-256 ab", "030101ab" },
	{ "acronyms in small letters", "dane-ta cert full ab", "020000ab" },
	{ "acronyms of old", "PKIX-TA Cert SHA2-512 ab", "000002ab" },
	{ "acronyms and numbers", "PKIX-EE 1 SHA2-256 ab", "010101ab" },
	{ "acronyms for private use", "PrivCert PrivSel PrivMatch ab", "ffffffab" },
	{ "generic", "\\# 35 " THIS, THIS },
	{ "generic, in parts", "TYPE52 \\# 35 ( 030101" HALF "\n " REST " )", THIS },
	{ "generic, type by name", OWNER " IN TLSA \\# 4 030101ab", "030101ab" },
	{ "generic, two octets", "\\# 2 0301", "0301" },
	{ "generic, no octets", "\\# 0", "-" },
	{ "generic, a digit at a time", "\\# 2 0 3 0 1", "0301" },
	{ "wrapped", "3 1\n1 ab\ncd", "030101abcd" },
	{ "wrapped, owner", OWNER "\nIN TLSA 3 1 1 ab", "030101ab" },
	{ "wrapped in the digits", "3 1 1\n" HALF "\n" REST "\n", THIS },
};

START_TEST(is_read)
{
	const good_row *row = &good[_i];
	test_octets wanted = octets_from_hex(row->rdata);
	uint8_t rdata[ROOM];
	size_t needed = 77;

	ck_assert_msg(danepriv_record_read(row->text, rdata, ROOM, &needed, NULL) == DANEPRIV_OK,
	    "%s", row->name);
	ck_assert_msg(needed == wanted.len, "%s: %zu octets", row->name, needed);
	ck_assert_msg(memcmp(rdata, wanted.data, needed) == 0, "%s", row->name);
	octets_free(wanted);
}
END_TEST

/* ---- what is no record ---- */

/* `at`: what stands where the fault is, or NULL for the end of the text. */
typedef struct bad_row {
	const char *name, *text, *at;
} bad_row;

static const bad_row bad[] = {
	{ "a number", "3", NULL },
	{ "three numbers", "3 1 1", NULL },
	{ "three numbers and blanks", "3 1 1 \t ", NULL },
	{ "no hex", "3 1 1 xy", "xy" },
	{ "no hex at the end", "3 1 1 abg", "g" },
	{ "no hex in the second word", "3 1 1 ab cx", "x" },
	{ "half an octet", "3 1 1 abc", NULL },
	{ "hex with 0x", "3 1 1 0xab", "xab" },
	{ "hex with colons", "3 1 1 ab:cd", ":cd" },
	{ "usage 256", "256 1 1 ab", "256" },
	{ "selector 256", "3 256 1 ab", "256" },
	{ "matching 256", "3 1 256 ab", "256" },
	{ "eight digits", "00000003 1 1 ab", "00000003" },
	{ "usage 4294967299", "4294967299 1 1 ab", "4294967299" },
	{ "negative", "-3 1 1 ab", "-3" },
	{ "plus", "+3 1 1 ab", "+3" },
	{ "fraction", "3.0 1 1 ab", "3.0" },
	{ "commas", "3,1,1,ab", "3,1,1" },
	{ "another type", "ns1.example. IN A 192.0.2.1", "ns1" },
	{ "another type by number", OWNER " IN TYPE45 \\# 4 030101ab", OWNER },
	{ "another class", OWNER " CH TLSA 3 1 1 ab", OWNER },
	{ "two classes", OWNER " IN IN TLSA 3 1 1 ab", OWNER },
	{ "two TTLs", OWNER " 60 60 TLSA 3 1 1 ab", OWNER },
	{ "two owners", OWNER " a.b TLSA 3 1 1 ab", OWNER },
	{ "TTL of letters", OWNER " x60 TLSA 3 1 1 ab", OWNER },
	{ "owner alone", OWNER, OWNER },
	{ "type alone", "TLSA", NULL },
	{ "owner and type", OWNER " IN TLSA", NULL },
	{ "no octets", OWNER " IN TLSA 3 1 1", NULL },
	{ "no octets but a comment", "3 1 1 ; ab", NULL },
	{ "type behind", "3 1 1 TLSA", "TLSA" },
	{ "text behind", "3 1 1 ab zz", "zz" },
	{ "acronym of another field", "SPKI SPKI SHA2-256 ab", "SPKI SPKI" },
	{ "acronym cut short", "DANE-E SPKI SHA2-256 ab", "DANE-E" },
	{ "acronym that runs on", "DANE-EEE SPKI SHA2-256 ab", "DANE-EEE" },
	{ "acronym for octets", "3 1 1 Full", "ull" },
	{ "generic, nothing", "\\#", NULL },
	{ "generic, no length", "\\# 030101ab", "030101ab" },
	{ "generic, no octets", "\\# 4", "\\#" },
	{ "generic, an octet less", "\\# 3 030101ab", "\\#" },
	{ "generic, an octet more", "\\# 5 030101ab", "\\#" },
	{ "generic, a length too large", "\\# 65540 030101ab", "65540" },
	{ "generic, a length of 65536", "\\# 65536 030101ab", "65536" },
	{ "generic, no hex", "\\# 4 0301zz", "zz" },
	{ "generic, half an octet", "\\# 4 030101a", NULL },
	{ "generic, the mark in one with the length", "\\#4 030101ab", "\\#4" },
	{ "generic, a backslash", "\\ 4 030101ab", "\\ 4" },
	{ "parenthesis too many", "3 1 1 ab )", ")" },
	{ "parenthesis too few", "3 1 1 ( ab", "( ab" },
	{ "parentheses, the outer one open", "3 1 ( 1 ( ab )", "( 1" },
	{ "parentheses turned", "3 1 1 ) ab (", ") ab" },
	{ "parenthesis alone", ")", ")" },
	{ "parenthesis that opens alone", "(", "(" },
	{ "parentheses around nothing, and one more", "(\n) ) ;x", ") ;x" },
	{ "quote open", "3 1 1 \"ab", "\"ab" },
	{ "quote over a line's end", "3 1 1 \"ab\ncd\"", "\"ab" },
	{ "quotes around nothing", "3 1 1 \"\"", NULL },
	{ "quotes alone", "\"\"", "\"\"" },
	{ "quotes around a bad number", "3 \"x\" 1 ab", "\"x" },
	{ "hex in another script", "3 1 1 \xef\xbc\x93", "\xef" },
	{ "escape", "3 1 1 \\097b", "\\097b" },
};

static size_t
place_of(const bad_row *row)
{
	const char *at = row->at ? strstr(row->text, row->at) : NULL;

	return at ? (size_t)(at - row->text) : strlen(row->text);
}

START_TEST(is_refused)
{
	const bad_row *row = &bad[_i];
	uint8_t rdata[ROOM], untouched[ROOM];
	size_t needed = 77, used = 77;

	memset(rdata, 'x', ROOM);
	memset(untouched, 'x', ROOM);
	danepriv_status status = danepriv_record_read(row->text, rdata, ROOM, &needed, &used);
	ck_assert_msg(status == DANEPRIV_EMALFORMED, "%s: %d", row->name, status);
	ck_assert_msg(needed == 0, "%s", row->name);
	ck_assert_msg(used == place_of(row), "%s: at '%s'", row->name, row->text + used);
	ck_assert_msg(
	    danepriv_record_read(row->text, rdata, ROOM, &needed, NULL) == DANEPRIV_EMALFORMED,
	    "%s", row->name);
	ck_assert_msg(memcmp(rdata, untouched, ROOM) == 0, "%s", row->name);
}
END_TEST

/* ---- several ---- */

/* What becomes of each call in turn: `o`k, `n`o more, `m`alformed. */
static const struct {
	const char *name, *text, *calls;
	danepriv_status alone; /* where there is to be one record */
} several[] = {
	{ "nothing", "", "n", DANEPRIV_ENOTFOUND },
	{ "blanks", " \n\t\r\n", "n", DANEPRIV_ENOTFOUND },
	{ "comments", "; 3 1 1 ab\n;", "n", DANEPRIV_ENOTFOUND },
	{ "parentheses around nothing", "()", "n", DANEPRIV_ENOTFOUND },
	{ "one", "3 1 1 ab", "on", DANEPRIV_OK },
	{ "two", "3 1 1 ab\n3 1 1 cd", "oon", DANEPRIV_EMALFORMED },
	{ "two of a zone file", OWNER " TLSA 3 1 1 ab\n\n ; next\n TLSA (3 1 1\nab);\n", "oon",
	    DANEPRIV_EMALFORMED },
	{ "one and a bad one", "3 1 1 ab\n3 1 1 xy", "om", DANEPRIV_EMALFORMED },
	{ "one, the rest wrapped", "3 1 1 ab\ncd", "om", DANEPRIV_EMALFORMED },
	{ "one and an open parenthesis", "3 1 1 ab\n(", "om", DANEPRIV_EMALFORMED },
	{ "wrapped alone", "3 1 1\nab", "m", DANEPRIV_OK },
	{ "wrapped, and bad", "3 1 1\nax", "m", DANEPRIV_EMALFORMED },
	{ "another type between", "3 1 1 ab\na. A 192.0.2.1\n3 1 1 ab", "om", DANEPRIV_EMALFORMED },
};

START_TEST(one_after_the_other)
{
	const char *text = several[_i].text, *at = text;
	size_t end = strlen(text), needed;
	uint8_t rdata[ROOM];

	for (const char *call = several[_i].calls; *call != '\0'; call++) {
		danepriv_status wanted = *call == 'o'	? DANEPRIV_OK
					 : *call == 'n' ? DANEPRIV_ENOTFOUND
							: DANEPRIV_EMALFORMED;
		size_t used;
		danepriv_status status = danepriv_record_read(at, rdata, ROOM, &needed, &used);
		ck_assert_msg(status == wanted, "%s: %d", several[_i].name, status);
		at += used;
		ck_assert_msg((size_t)(at - text) <= end, "%s", several[_i].name);
	}
	ck_assert_msg(danepriv_record_read(text, rdata, ROOM, &needed, NULL) == several[_i].alone,
	    "%s, alone", several[_i].name);
}
END_TEST

/* ---- bounds ---- */

START_TEST(in_any_room)
{
	uint8_t rdata[8];
	size_t needed = 0, used = 0, room = (size_t)_i;

	memset(rdata, 'x', sizeof rdata);
	danepriv_status status =
	    danepriv_record_read("3 1 1 ab\n", room ? rdata : NULL, room, &needed, &used);
	ck_assert_int_eq(status, room >= 4 ? DANEPRIV_OK : DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, 4);
	ck_assert_uint_eq(used, 8);
	ck_assert_int_eq(rdata[room >= 4 ? 4 : 0], 'x');
}
END_TEST

START_TEST(bad_arguments)
{
	uint8_t rdata[8];
	size_t needed = 77, used = 77;

	ck_assert_int_eq(
	    danepriv_record_read(NULL, rdata, sizeof rdata, &needed, &used), DANEPRIV_EINVAL);
	ck_assert_uint_eq(needed + used, 0);
	needed = used = 77;
	ck_assert_int_eq(
	    danepriv_record_read("3 1 1 ab", NULL, 8, &needed, &used), DANEPRIV_EINVAL);
	ck_assert_uint_eq(needed + used, 0);
	ck_assert_int_eq(
	    danepriv_record_read("3 1 1 ab", rdata, sizeof rdata, NULL, NULL), DANEPRIV_OK);
}
END_TEST

/* `count` times `part` between the beginning and the end; to free. */
static char *
long_text(const char *begin, const char *part, size_t count, const char *end)
{
	size_t len = strlen(part), at = strlen(begin);
	char *text = malloc(at + count * len + strlen(end) + 1);

	ck_assert_ptr_nonnull(text);
	strcpy(text, begin);
	for (size_t i = 0; i < count; i++, at += len)
		memcpy(text + at, part, len);
	strcpy(text + at, end);
	return text;
}

static const struct {
	const char *name, *begin, *part;
	size_t count;
	const char *end;
	danepriv_status status;
	size_t needed;
} large[] = {
	{ "the most octets", "3 1 0 ", "ab", 65532, "", DANEPRIV_OK, 65535 },
	{ "an octet more", "3 1 0 ", "ab", 65533, "", DANEPRIV_ELIMIT, 0 },
	{ "generic, the most octets", "\\# 65535 ", "ab", 65535, "", DANEPRIV_OK, 65535 },
	{ "the most octets, spread", "3 1 0 ", "ab ", 65532, "", DANEPRIV_OK, 65535 },
	{ "many blanks", "3 1 0 ", " ", DP_RECORD_TEXT_MAX - 9, "ab", DANEPRIV_OK, 4 },
	{ "blanks without end", "3 1 0 ", " ", DP_RECORD_TEXT_MAX, "ab", DANEPRIV_ELIMIT, 0 },
	{ "a comment without end", "3 1 0 ab;", "x", DP_RECORD_TEXT_MAX, "", DANEPRIV_ELIMIT, 0 },
	{ "empty lines without end", "", "\n", DP_RECORD_TEXT_MAX, "3 1 1 ab", DANEPRIV_ELIMIT, 0 },
	{ "a word without end", "", "x", DP_RECORD_TEXT_MAX + 1, "", DANEPRIV_ELIMIT, 0 },
	{ "a quote without end", "3 1 1 \"", "a", DP_RECORD_TEXT_MAX, "", DANEPRIV_ELIMIT, 0 },
	{ "parentheses without end", "3 1 1 ", "(", DP_RECORD_TEXT_MAX, "", DANEPRIV_ELIMIT, 0 },
	{ "much text behind", "3 1 1 ab\n", "x", DP_RECORD_TEXT_MAX + 1, "", DANEPRIV_ELIMIT, 0 },
};

START_TEST(large_texts)
{
	static uint8_t rdata[65535];
	size_t needed = 77;
	char *text = long_text(large[_i].begin, large[_i].part, large[_i].count, large[_i].end);

	ck_assert_msg(
	    danepriv_record_read(text, rdata, sizeof rdata, &needed, NULL) == large[_i].status,
	    "%s", large[_i].name);
	ck_assert_msg(needed == large[_i].needed, "%s: %zu", large[_i].name, needed);
	free(text);
}
END_TEST

/* However it is cut, nothing is read beyond the end, and no other octets come of it. */
START_TEST(cut_at_every_length)
{
	const good_row *row = &good[_i];
	size_t len = strlen(row->text);
	test_octets whole = octets_from_hex(row->rdata);
	uint8_t rdata[ROOM];

	for (size_t cut = 0; cut < len; cut++) {
		char *text = malloc(cut + 1); /* so that sanitizers see a step beyond */
		size_t needed, used;
		ck_assert_ptr_nonnull(text);
		memcpy(text, row->text, cut);
		text[cut] = '\0';
		danepriv_status status = danepriv_record_read(text, rdata, ROOM, &needed, &used);
		ck_assert_msg(used <= cut, "%s at %zu", row->name, cut);
		if (status == DANEPRIV_OK)
			ck_assert_msg(needed <= whole.len && memcmp(rdata, whole.data, needed) == 0,
			    "%s at %zu", row->name, cut);
		free(text);
	}
	octets_free(whole);
}
END_TEST

/* ---- the other way ---- */

static const struct {
	const char *rdata;
	danepriv_record_form form;
	const char *text;
} written[] = {
	{ THIS, DANEPRIV_RECORD_FORM_FIELDS, "3 1 1 " DIGEST },
	{ THIS, DANEPRIV_RECORD_FORM_GENERIC, "\\# 35 " THIS },
	{ "ff0a6400", DANEPRIV_RECORD_FORM_FIELDS, "255 10 100 00" },
	{ "ff0a6400", DANEPRIV_RECORD_FORM_GENERIC, "\\# 4 ff0a6400" },
	{ "030101", DANEPRIV_RECORD_FORM_FIELDS, "\\# 3 030101" },
	{ "03", DANEPRIV_RECORD_FORM_FIELDS, "\\# 1 03" },
	{ "-", DANEPRIV_RECORD_FORM_FIELDS, "\\# 0" },
	{ "-", DANEPRIV_RECORD_FORM_GENERIC, "\\# 0" },
};

START_TEST(is_written)
{
	test_octets rdata = octets_from_hex(written[_i].rdata);
	const char *wanted = written[_i].text;
	size_t len = strlen(wanted), needed;
	char text[128];

	for (size_t room = 0; room <= len + 1; room++) {
		memset(text, 'x', sizeof text);
		danepriv_status status = danepriv_record_write(
		    octets_span(rdata), written[_i].form, room ? text : NULL, room, &needed);
		ck_assert_int_eq(status, room > len ? DANEPRIV_OK : DANEPRIV_ELIMIT);
		ck_assert_uint_eq(needed, len);
		ck_assert_msg(text[room] == 'x', "wrote past the end");
		if (room > 0)
			ck_assert_msg(
			    strlen(text) == room - 1 && strncmp(text, wanted, room - 1) == 0, "%s",
			    text);
	}
	ck_assert_int_eq(
	    danepriv_record_write(octets_span(rdata), written[_i].form, text, sizeof text, NULL),
	    DANEPRIV_OK);
	octets_free(rdata);
}
END_TEST

START_TEST(is_not_written)
{
	static uint8_t octets[65536];
	char text[8] = "x";
	size_t needed = 77;
	danepriv_span span = { octets, 4 }, missing = { NULL, 4 }, large_one = { octets, 65536 };

	ck_assert_int_eq(
	    danepriv_record_write(span, (danepriv_record_form)2, text, sizeof text, &needed),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_record_write(span, (danepriv_record_form)-1, text, sizeof text, &needed),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_record_write(missing, DANEPRIV_RECORD_FORM_FIELDS, text, sizeof text, &needed),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_record_write(span, DANEPRIV_RECORD_FORM_FIELDS, NULL, 8, &needed),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_record_write(
			     large_one, DANEPRIV_RECORD_FORM_FIELDS, text, sizeof text, &needed),
	    DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, 0);
	ck_assert_str_eq(text, "");
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("record_text");
	TCase *tc = tcase_create("record_text");

	tcase_add_loop_test(tc, is_read, 0, ROWS(good));
	tcase_add_loop_test(tc, is_refused, 0, ROWS(bad));
	tcase_add_loop_test(tc, one_after_the_other, 0, ROWS(several));
	tcase_add_loop_test(tc, in_any_room, 0, 7);
	tcase_add_test(tc, bad_arguments);
	tcase_add_loop_test(tc, large_texts, 0, ROWS(large));
	tcase_add_loop_test(tc, cut_at_every_length, 0, ROWS(good));
	tcase_add_loop_test(tc, is_written, 0, ROWS(written));
	tcase_add_test(tc, is_not_written);
	suite_add_tcase(suite, tc);
	return suite;
}
