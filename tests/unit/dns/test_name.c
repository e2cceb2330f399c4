/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dns/name: what is a domain name, and how do two of them stand to each other? */
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "support/names.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

#define L10 "aaaaaaaaaa"
#define L61 L10 L10 L10 L10 L10 L10 "a"
#define L63 L61 "aa"
#define HEX16 "61616161616161616161616161616161"
#define WIRE63 "3f" HEX16 HEX16 HEX16 "616161616161616161616161616161"
#define WIRE62 "3e" HEX16 HEX16 HEX16 "6161616161616161616161616161"
#define WIRE61 "3d" HEX16 HEX16 HEX16 "61616161616161616161616161"

/* Text to wire */

typedef struct text_row {
	const char *name, *text;
	const char *wire; /* hexadecimal; NULL: refused */
	const char *back; /* as written again; NULL: as `text` */
} text_row;

static const text_row texts[] = {
	{ "root", ".", "00", NULL },
	{ "final dot", "a.bc.", "0161 026263 00", NULL },
	{ "no final dot", "a.bc", "0161 026263 00", "a.bc." },
	{ "case is kept", "AbC.", "03 416243 00", NULL },
	{ "wildcard", "*.a.", "012a 0161 00", NULL },
	{ "underscore", "_853._tcp.a.", "045f383533 045f746370 0161 00", NULL },
	{ "escaped dot", "a\\.b.c.", "03612e62 0163 00", NULL },
	{ "escaped backslash", "a\\\\.", "02615c 00", NULL },
	{ "escaped letter", "\\a.", "0161 00", "a." },
	{ "decimal escape", "\\097\\000\\255.", "03 61 00 ff 00", "a\\000\\255." },
	{ "decimal escape of a dot", "a\\046b.", "03612e62 00", "a\\.b." },
	{ "three digits, then another", "\\0971.", "026131 00", "a1." },
	{ "what zone files need escaped", "\\\"\\$\\(\\)\\;\\@.", "06 22 24 28 29 3b 40 00", NULL },
	{ "space", "a b.", "03 61 20 62 00", "a\\032b." },
	{ "label of 63", L63 ".", WIRE63 "00", NULL },
	{ "empty", "", NULL, NULL },
	{ "two dots", "..", NULL, NULL },
	{ "empty first label", ".a.", NULL, NULL },
	{ "empty label within", "a..b.", NULL, NULL },
	{ "two final dots", "a..", NULL, NULL },
	{ "label of 64", L63 "d.", NULL, NULL },
	{ "label of 64 by escapes", L63 "\\000.", NULL, NULL },
	{ "backslash at the end", "a\\", NULL, NULL },
	{ "one digit", "a\\1.", NULL, NULL },
	{ "two digits", "a\\12.", NULL, NULL },
	{ "two digits at the end", "a\\12", NULL, NULL },
	{ "digits, then a letter", "a\\12x.", NULL, NULL },
	{ "256", "\\256.", NULL, NULL },
	{ "999", "\\999.", NULL, NULL },
	{ "256 octets", L63 "." L63 "." L63 "." L61 "b.", NULL, NULL },
	{ "256 octets, no final dot", L63 "." L63 "." L63 "." L61 "b", NULL, NULL },
	{ "four full labels", L63 "." L63 "." L63 "." L63 ".", NULL, NULL },
	{ "far too long", L63 "." L63 "." L63 "." L63 "." L63 "." L63 ".", NULL, NULL },
	{ "128 labels",
	    "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
	    "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
	    "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
	    "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.",
	    NULL, NULL },
};

START_TEST(reads_text)
{
	const text_row *row = &texts[_i];
	dp_name_store name = { .len = 7 };
	char text[DP_NAME_TEXT_MAX];
	danepriv_status status = dp_name_from_text(row->text, &name);

	if (!row->wire) {
		ck_assert_msg(status == DANEPRIV_EMALFORMED, "%s", row->name);
		ck_assert_msg(name.len == 0, "%s: left a name behind", row->name);
		return;
	}
	ck_assert_msg(status == DANEPRIV_OK, "%s", row->name);
	test_octets wire = octets_from_hex(row->wire);
	ck_assert_msg(
	    wire.len == name.len && memcmp(wire.data, name.octets, wire.len) == 0, "%s", row->name);
	octets_free(wire);
	size_t len = dp_name_to_text(dp_name_of(&name), text, sizeof text);
	ck_assert_msg(len == strlen(text), "%s", row->name);
	ck_assert_msg(
	    strcmp(text, row->back ? row->back : row->text) == 0, "%s: %s", row->name, text);
}
END_TEST

START_TEST(takes_no_text_for_no_name)
{
	dp_name_store name = { .len = 7 };

	ck_assert_int_eq(dp_name_from_text(NULL, &name), DANEPRIV_EMALFORMED);
	ck_assert_uint_eq(name.len, 0);
	ck_assert_ptr_null(dp_name_of(&name).octets);
}
END_TEST

START_TEST(longest_name_fits_as_text)
{
	dp_name_store name = name_from(L63 "." L63 "." L63 "." L61);
	char text[DP_NAME_TEXT_MAX], again[DP_NAME_TEXT_MAX];

	ck_assert_uint_eq(name.len, 255);
	/* The longest text of all: nothing but escapes. */
	for (size_t i = 0; i < name.len; i++)
		if (name.octets[i] >= 'a')
			name.octets[i] = 0;
	size_t len = dp_name_to_text(dp_name_of(&name), text, sizeof text);
	ck_assert_uint_lt(len, sizeof text);
	ck_assert_uint_eq(len, 4 * 250 + 4);
	dp_name_store back = name_from(text);
	ck_assert(back.len == name.len && memcmp(back.octets, name.octets, name.len) == 0);
	ck_assert_uint_eq(dp_name_to_text(dp_name_of(&back), again, sizeof again), len);
}
END_TEST

static const size_t rooms[] = { 0, 1, 2, 5, 6, 7, 100 };

START_TEST(writes_text_like_snprintf)
{
	dp_name_store name = name_from("ab.cd.");
	char text[101];
	size_t room = rooms[_i];

	memset(text, 'x', sizeof text);
	ck_assert_uint_eq(dp_name_to_text(dp_name_of(&name), text, room), 6);
	ck_assert_int_eq(text[room], 'x');
	if (room > 0) {
		ck_assert_uint_eq(strlen(text), room - 1 < 6 ? room - 1 : 6);
		ck_assert_int_eq(strncmp(text, "ab.cd.", room - 1), 0);
	}
}
END_TEST

/* From the wire */

typedef struct wire_row {
	const char *name, *wire;
	int len; /* octets of the name; -1: malformed */
} wire_row;

static const wire_row wires[] = {
	{ "root", "00", 1 },
	{ "two labels", "0161 026263 00", 6 },
	{ "what follows is left", "0161 00 ffff", 3 },
	{ "255 octets", WIRE63 WIRE63 WIRE63 WIRE61 "00", 255 },
	{ "nothing", "", -1 },
	{ "no root label", "0161", -1 },
	{ "label cut", "0261", -1 },
	{ "256 octets", WIRE63 WIRE63 WIRE63 WIRE62 "00", -1 },
	{ "257 octets", WIRE63 WIRE63 WIRE63 WIRE63 "00", -1 },
	{ "label type 01", "40 00", -1 },
	{ "label type 10", "80 00", -1 },
	{ "pointer", "c000", -1 },
	{ "name, then a pointer", "0161 c000", -1 },
};

START_TEST(reads_uncompressed)
{
	const wire_row *row = &wires[_i];
	test_octets wire = octets_from_hex(row->wire);
	dp_reader r = dp_reader_over(octets_span(wire));
	dp_name name = dp_name_read(&r);

	if (row->len < 0) {
		ck_assert_msg(!name.octets && name.len == 0 && !dp_reader_ok(&r), "%s", row->name);
	} else {
		ck_assert_msg(name.octets == wire.data, "%s", row->name);
		ck_assert_msg((int)name.len == row->len && (int)r.at == row->len, "%s", row->name);
	}
	octets_free(wire);
}
END_TEST

START_TEST(reads_127_labels_and_no_more)
{
	uint8_t wire[2 * 128 + 1];

	for (size_t labels = 126; labels <= 128; labels++) {
		memset(wire, 1, sizeof wire);
		wire[2 * labels] = 0;
		dp_reader r = dp_reader_over((danepriv_span){ wire, sizeof wire });
		dp_name name = dp_name_read(&r);
		ck_assert(
		    labels <= DP_NAME_LABELS_MAX ? dp_name_labels(name) == labels : !name.octets);
	}
}
END_TEST

typedef struct compressed_row {
	const char *name, *message;
	size_t at;	  /* where the name begins */
	const char *wire; /* NULL: malformed */
	size_t after;	  /* where the reader stands then */
} compressed_row;

static const compressed_row compressed[] = {
	{ "not compressed", "0161 00 ff", 0, "0161 00", 3 },
	{ "pointer only", "0161 00 c000", 3, "0161 00", 5 },
	{ "label, then pointer", "0161 00 0162 c000 ee", 3, "0162 0161 00", 7 },
	{ "pointer to a pointer", "0161 00 0162 c000 0163 c003 ee", 7, "0163 0162 0161 00", 11 },
	{ "pointer into a name", "0161 0162 00 c002", 5, "0162 00", 7 },
	{ "pointer to the root", "00 0161 c000", 1, "0161 00", 5 },
	{ "pointer to itself", "0161 00 c003", 3, NULL, 0 },
	{ "pointer into itself", "0161 00 c004", 3, NULL, 0 },
	{ "pointer forward", "c002 0161 00", 0, NULL, 0 },
	{ "label, then pointer back to it", "0161 c000", 0, NULL, 0 },
	{ "two pointers in a circle", "c002 c000", 2, NULL, 0 },
	{ "back, then forward again", "c003 00 0161 c000", 3, NULL, 0 },
	{ "back into a name that runs over us", "0161 0162 c000", 2, NULL, 0 },
	{ "pointer beyond the end", "0161 00 ffff", 3, NULL, 0 },
	{ "pointer cut in half", "0161 00 c0", 3, NULL, 0 },
	{ "target cut", "0461 c000", 2, NULL, 0 },
	{ "label type 01", "41 00", 0, NULL, 0 },
	{ "label type 10", "81 00", 0, NULL, 0 },
	{ "nothing", "", 0, NULL, 0 },
	{ "255 octets", WIRE63 WIRE63 WIRE63 "00" WIRE61 "c000", 193,
	    WIRE61 WIRE63 WIRE63 WIRE63 "00", 257 },
	{ "256 octets", WIRE63 WIRE63 WIRE63 "00" WIRE62 "c000", 193, NULL, 0 },
};

START_TEST(reads_compressed)
{
	const compressed_row *row = &compressed[_i];
	test_octets message = octets_from_hex(row->message);
	dp_reader r = dp_reader_over(octets_span(message));
	dp_name_store name = { .len = 9 };

	(void)dp_read_span(&r, row->at);
	danepriv_status status = dp_name_unpack(&r, &name);
	if (!row->wire) {
		ck_assert_msg(status == DANEPRIV_EMALFORMED && name.len == 0, "%s", row->name);
		ck_assert_msg(!dp_reader_ok(&r), "%s", row->name);
	} else {
		test_octets wire = octets_from_hex(row->wire);
		ck_assert_msg(status == DANEPRIV_OK && name.len == wire.len, "%s", row->name);
		ck_assert_msg(memcmp(name.octets, wire.data, wire.len) == 0, "%s", row->name);
		ck_assert_msg(r.at == row->after && dp_reader_ok(&r), "%s", row->name);
		octets_free(wire);
	}
	octets_free(message);
}
END_TEST

/* A chain of pointers, each to the one before it: bounded, though each of them goes backwards. */
START_TEST(follows_pointers_up_to_a_bound)
{
	uint8_t message[4096] = { 0 };
	dp_name_store name;

	for (size_t i = 1; i < 2047; i++) {
		size_t target = i == 1 ? 0 : 2 * (i - 1);
		message[2 * i] = (uint8_t)(0xC0 | target >> 8);
		message[2 * i + 1] = (uint8_t)target;
	}
	for (size_t i = 1; i < 2047; i++) {
		dp_reader r = dp_reader_over((danepriv_span){ message, sizeof message });
		(void)dp_read_span(&r, 2 * i);
		danepriv_status status = dp_name_unpack(&r, &name);
		ck_assert_int_eq(status, i < 8 ? DANEPRIV_OK : DANEPRIV_EMALFORMED);
	}
}
END_TEST

/* Relations */

/* RFC 4034 section 6.1 */
static const char *const canonical_order[] = {
	"example.",
	"a.example.",
	"yljkjljk.a.example.",
	"Z.a.example.",
	"zABC.a.EXAMPLE.",
	"z.example.",
	"\\001.z.example.",
	"*.z.example.",
	"\\200.z.example.",
};

START_TEST(orders_as_rfc_4034)
{
	for (int i = 0; i < ROWS(canonical_order); i++) {
		dp_name_store a = name_from(canonical_order[_i]), b = name_from(canonical_order[i]);
		int order = dp_name_compare(dp_name_of(&a), dp_name_of(&b));
		ck_assert_msg((order > 0) - (order < 0) == (_i > i) - (_i < i), "%s, %s",
		    canonical_order[_i], canonical_order[i]);
	}
}
END_TEST

typedef struct relation_row {
	const char *name, *a, *b;
	int order;
	unsigned shared;
	bool within; /* a is b or below it */
} relation_row;

static const relation_row relations[] = {
	{ "the same", "a.b.", "a.b.", 0, 2, true },
	{ "case does not count", "A.b.", "a.B.", 0, 2, true },
	{ "only letters have a case", "\\064.", "\\096.", -1, 0, false },
	{ "all are below the root", "a.", ".", 1, 0, true },
	{ "root and root", ".", ".", 0, 0, true },
	{ "the root is below none", ".", "a.", -1, 0, false },
	{ "child", "x.a.b.", "a.b.", 1, 2, true },
	{ "parent", "a.b.", "x.a.b.", -1, 2, false },
	{ "siblings", "x.a.b.", "y.a.b.", -1, 2, false },
	{ "end of the text, not of the labels", "xa.b.", "a.b.", 1, 1, false },
	{ "the ancestor's octets within a label", "x\\001a\\001b.", "a.b.", 1, 0, false },
	{ "same first label only", "a.b.", "a.c.", -1, 0, false },
	{ "a gap in between", "a.x.c.", "a.y.c.", -1, 1, false },
	{ "the last labels decide", "z.a.", "a.b.", -1, 0, false },
	{ "shorter label first", "a.", "aa.", -1, 0, false },
	{ "octets have no sign", "\\127.", "\\128.", -1, 0, false },
	{ "upper case counts as lower", "B.", "a.", 1, 0, false },
	{ "between the cases", "\\091.", "A.", -1, 0, false },
};

START_TEST(relates)
{
	const relation_row *row = &relations[_i];
	dp_name_store sa = name_from(row->a), sb = name_from(row->b);
	dp_name a = dp_name_of(&sa), b = dp_name_of(&sb);
	int order = dp_name_compare(a, b), back = dp_name_compare(b, a);

	ck_assert_msg((order > 0) - (order < 0) == row->order, "%s", row->name);
	ck_assert_msg((back < 0) - (back > 0) == row->order, "%s", row->name);
	ck_assert_msg(dp_name_equal(a, b) == (row->order == 0), "%s", row->name);
	ck_assert_msg(dp_name_shared(a, b) == row->shared, "%s", row->name);
	ck_assert_msg(dp_name_shared(b, a) == row->shared, "%s", row->name);
	ck_assert_msg(dp_name_within(a, b) == row->within, "%s", row->name);
	ck_assert_msg(dp_name_below(a, b) == (row->within && row->order != 0), "%s", row->name);
}
END_TEST

START_TEST(no_name_relates_to_none)
{
	dp_name none = { NULL, 0 }, root = dp_name_root();

	ck_assert(!dp_name_equal(none, none));
	ck_assert(!dp_name_equal(none, root));
	ck_assert(!dp_name_within(root, none));
	ck_assert(!dp_name_within(none, root));
	ck_assert(!dp_name_below(root, none));
	ck_assert(!dp_name_is_root(none));
	ck_assert(!dp_name_is_wildcard(none));
	ck_assert_uint_eq(dp_name_labels(none), 0);
}
END_TEST

START_TEST(walks_upwards)
{
	dp_name_store store = name_from("a.bc.def."), bc = name_from("bc.def.");
	dp_name name = dp_name_of(&store);

	ck_assert_uint_eq(dp_name_labels(name), 3);
	ck_assert(dp_name_equal(dp_name_parent(name), dp_name_of(&bc)));
	ck_assert(dp_name_equal(dp_name_tail(name, 2), dp_name_of(&bc)));
	ck_assert_ptr_eq(dp_name_tail(name, 2).octets, name.octets + 2);
	ck_assert(dp_name_is_root(dp_name_tail(name, 0)));
	ck_assert_uint_eq(dp_name_tail(name, 9).len, name.len);
	ck_assert(dp_name_is_root(dp_name_parent(dp_name_root())));
	ck_assert_uint_eq(dp_name_labels(dp_name_root()), 0);
}
END_TEST

typedef struct wildcard_row {
	const char *name, *text;
	bool is;
} wildcard_row;

static const wildcard_row wildcards[] = {
	{ "wildcard", "*.a.", true },
	{ "wildcard at the top", "*.", true },
	{ "star within", "a.*.b.", false },
	{ "longer label", "*a.b.", false },
	{ "two stars", "**.b.", false },
	{ "root", ".", false },
};

START_TEST(knows_wildcards)
{
	dp_name_store name = name_from(wildcards[_i].text);

	ck_assert_msg(
	    dp_name_is_wildcard(dp_name_of(&name)) == wildcards[_i].is, "%s", wildcards[_i].name);
}
END_TEST

typedef struct substitute_row {
	const char *name, *of, *from, *to;
	const char *wanted; /* NULL: too long */
} substitute_row;

static const substitute_row substitutes[] = {
	{ "one label below", "a.b.c.", "b.c.", "x.", "a.x." },
	{ "three labels below", "1.2.3.b.", "b.", "x.y.", "1.2.3.x.y." },
	{ "to the root", "a.b.", "b.", ".", "a." },
	{ "from the root", "a.b.", ".", "c.", "a.b.c." },
	{ "case is kept", "aB.C.", "c.", "D.", "aB.D." },
	{ "just fits", L63 "." L63 ".b.", "b.", L63 "." L61 ".", L63 "." L63 "." L63 "." L61 "." },
	{ "one too long", L63 "." L63 ".b.", "b.", L63 "." L61 "b.", NULL },
	{ "far too long", L63 "." L63 "." L63 ".b.", "b.", L63 "." L63 "." L63 ".", NULL },
};

START_TEST(substitutes_an_ancestor)
{
	const substitute_row *row = &substitutes[_i];
	dp_name_store of = name_from(row->of), from = name_from(row->from), to = name_from(row->to);
	dp_name_store out;
	danepriv_status status =
	    dp_name_substitute(dp_name_of(&of), dp_name_of(&from), dp_name_of(&to), &out);

	if (!row->wanted) {
		ck_assert_msg(status == DANEPRIV_EMALFORMED && out.len == 0, "%s", row->name);
		return;
	}
	dp_name_store wanted = name_from(row->wanted);
	ck_assert_msg(status == DANEPRIV_OK && out.len == wanted.len, "%s", row->name);
	ck_assert_msg(memcmp(out.octets, wanted.octets, wanted.len) == 0, "%s", row->name);
}
END_TEST

START_TEST(puts_a_star_in_front)
{
	dp_name_store parent = name_from("a.b."), wanted = name_from("*.a.b."), out;
	dp_name_store fits = name_from(L63 "." L63 "." L63 "." L10 L10 L10 L10 L10 "abcdefghi.");
	dp_name_store too_long = name_from(L63 "." L63 "." L63 "." L10 L10 L10 L10 L10 L10 ".");

	ck_assert_int_eq(dp_name_wildcard(dp_name_of(&parent), &out), DANEPRIV_OK);
	ck_assert(dp_name_equal(dp_name_of(&out), dp_name_of(&wanted)));
	ck_assert_int_eq(dp_name_wildcard(dp_name_of(&fits), &out), DANEPRIV_OK);
	ck_assert_uint_eq(out.len, 255);
	ck_assert_int_eq(dp_name_wildcard(dp_name_of(&too_long), &out), DANEPRIV_EMALFORMED);
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(keeps_and_writes)
{
	dp_name_store name = name_from("Ab\\001Z.\\064\\091."),
		      low = name_from("ab\\001z.\\064\\091.");
	dp_name_store kept;
	uint8_t memory[DP_NAME_OCTETS_MAX];
	dp_buffer b = dp_buffer_over(memory, sizeof memory);

	dp_name_keep(&kept, dp_name_of(&name));
	ck_assert(kept.len == name.len && memcmp(kept.octets, name.octets, name.len) == 0);
	dp_name_keep(&kept, dp_name_parent(dp_name_of(&kept))); /* onto itself */
	ck_assert(dp_name_equal(dp_name_of(&kept), dp_name_parent(dp_name_of(&name))));
	dp_name_write(&b, dp_name_of(&name), false);
	ck_assert_mem_eq(memory, name.octets, name.len);
	b.len = 0;
	dp_name_write(&b, dp_name_of(&name), true);
	ck_assert_mem_eq(memory, low.octets, low.len);
	dp_name_keep(&kept, (dp_name){ NULL, 0 });
	ck_assert_ptr_null(dp_name_of(&kept).octets);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("name");
	TCase *text = tcase_create("text"), *wire = tcase_create("wire");
	TCase *relation = tcase_create("relation");

	tcase_add_loop_test(text, reads_text, 0, ROWS(texts));
	tcase_add_test(text, takes_no_text_for_no_name);
	tcase_add_test(text, longest_name_fits_as_text);
	tcase_add_loop_test(text, writes_text_like_snprintf, 0, ROWS(rooms));
	tcase_add_loop_test(wire, reads_uncompressed, 0, ROWS(wires));
	tcase_add_test(wire, reads_127_labels_and_no_more);
	tcase_add_loop_test(wire, reads_compressed, 0, ROWS(compressed));
	tcase_add_loop_test(relation, orders_as_rfc_4034, 0, ROWS(canonical_order));
	tcase_add_loop_test(relation, relates, 0, ROWS(relations));
	tcase_add_test(relation, no_name_relates_to_none);
	tcase_add_test(relation, walks_upwards);
	tcase_add_loop_test(relation, knows_wildcards, 0, ROWS(wildcards));
	tcase_add_loop_test(relation, substitutes_an_ancestor, 0, ROWS(substitutes));
	tcase_add_test(relation, puts_a_star_in_front);
	tcase_add_test(relation, keeps_and_writes);
	tcase_add_test(wire, follows_pointers_up_to_a_bound);
	suite_add_tcase(s, text);
	suite_add_tcase(s, wire);
	suite_add_tcase(s, relation);
	return s;
}
