/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dns/message: what does a DNS message say? */
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/message.h"
#include "base/span.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "support/failing_alloc.h"
#include "support/names.h"
#include "support/octets.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 65535

/* Messages of a real zone */

typedef struct whole {
	test_vectors *file;
	test_vector row;
	const char *name;
	test_octets message;
	test_octets records;
} whole;

static whole
whole_open(int index)
{
	whole w;

	w.file = vectors_at("messages.txt", index, &w.row);
	w.name = w.row.fields[0];
	w.message = octets_from_hex(w.row.fields[4]);
	w.records = octets_from_hex(w.row.fields[5]);
	return w;
}

static void
whole_close(whole *w)
{
	octets_free(w->message);
	octets_free(w->records);
	vectors_close(w->file);
}

START_TEST(reads_whole_messages)
{
	whole w = whole_open(_i);
	dp_name_store qname = name_from(w.row.fields[2]);
	dp_buffer records = dp_buffer_growing(ROOM);
	dp_message m;

	dp_write_u8(&records, 0xEE); /* what was there stays */
	ck_assert_msg(
	    dp_message_unpack(octets_span(w.message), &m, &records) == DANEPRIV_OK, "%s", w.name);
	ck_assert_msg(m.id == 0x1234 && m.is_response && !m.is_truncated, "%s", w.name);
	ck_assert_msg(m.rcode == atoi(w.row.fields[1]), "%s", w.name);
	ck_assert_msg(dp_name_equal(dp_name_of(&m.qname), dp_name_of(&qname)), "%s", w.name);
	ck_assert_msg(m.qtype == atoi(w.row.fields[3]) && m.qclass == DP_CLASS_IN, "%s", w.name);
	danepriv_span got = { records.data + 1, records.len - 1 };
	ck_assert_msg(dp_span_equal(got, octets_span(w.records)), "%s: other records", w.name);
	dp_reader r = dp_reader_over(got);
	for (dp_rr rr; dp_reader_left(&r) > 0;)
		ck_assert_msg(
		    dp_rr_read(&r, &rr) && dp_rr_type_is_understood(rr.type), "%s", w.name);
	dp_buffer_free(&records);
	whole_close(&w);
}
END_TEST

START_TEST(no_cut_message_is_read)
{
	whole w = whole_open(_i);
	dp_buffer records = dp_buffer_growing(ROOM);
	dp_message m;

	for (size_t len = 0; len < w.message.len; len++) {
		test_octets cut = octets_copy((danepriv_span){ w.message.data, len });
		ck_assert_msg(
		    dp_message_unpack(octets_span(cut), &m, &records) == DANEPRIV_EMALFORMED,
		    "%s cut at %zu", w.name, len);
		ck_assert_msg(records.len == 0, "%s cut at %zu left records", w.name, len);
		octets_free(cut);
	}
	dp_buffer_free(&records);
	whole_close(&w);
}
END_TEST

START_TEST(nothing_may_follow)
{
	whole w = whole_open(_i);
	dp_buffer longer = dp_buffer_growing(ROOM), records = dp_buffer_growing(ROOM);
	dp_message m;

	dp_write_span(&longer, octets_span(w.message));
	dp_write_u8(&longer, 0);
	ck_assert_msg(
	    dp_message_unpack(dp_buffer_span(&longer), &m, &records) == DANEPRIV_EMALFORMED, "%s",
	    w.name);
	ck_assert_msg(records.len == 0, "%s", w.name);
	dp_buffer_free(&longer);
	dp_buffer_free(&records);
	whole_close(&w);
}
END_TEST

/* Whatever is made of a spoilt message, it is made within its octets, and its records parse. */
START_TEST(survives_each_altered_octet)
{
	static const uint8_t masks[] = { 0xFF, 0x01, 0x80, 0xC0 };
	whole w = whole_open(_i);
	dp_buffer records = dp_buffer_growing(ROOM);
	dp_message m;

	for (size_t i = 0; i < 4 * w.message.len; i++) {
		w.message.data[i / 4] ^= masks[i % 4];
		records.len = 0;
		(void)!dp_message_unpack(octets_span(w.message), &m, &records);
		w.message.data[i / 4] ^= masks[i % 4];
		dp_reader r = dp_reader_over(dp_buffer_span(&records));
		for (dp_rr rr; dp_reader_left(&r) > 0;)
			ck_assert_msg(dp_rr_read(&r, &rr), "%s, octet %zu", w.name, i / 4);
	}
	dp_buffer_free(&records);
	whole_close(&w);
}
END_TEST

START_TEST(takes_back_what_did_not_fit)
{
	whole w = whole_open(_i);
	dp_message m;

	for (size_t bound = 1; bound < w.records.len; bound++) {
		dp_buffer records = dp_buffer_growing(bound);
		ck_assert_msg(
		    dp_message_unpack(octets_span(w.message), &m, &records) == DANEPRIV_ELIMIT,
		    "%s in %zu octets", w.name, bound);
		ck_assert_msg(records.len == 0, "%s in %zu octets", w.name, bound);
		dp_buffer_free(&records);
	}
	whole_close(&w);
}
END_TEST

START_TEST(survives_each_failing_allocation)
{
	whole w = whole_open(_i);
	dp_message m;

	for (long n = 0;; n++) {
		dp_buffer records = dp_buffer_growing(ROOM);
		dp_fail_allocation_at(n);
		danepriv_status status = dp_message_unpack(octets_span(w.message), &m, &records);
		bool spent = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_msg(status == (spent ? DANEPRIV_ENOMEM : DANEPRIV_OK), "%s", w.name);
		ck_assert_msg(!spent || records.len == 0, "%s", w.name);
		dp_buffer_free(&records);
		ck_assert_int_eq(dp_blocks(), 0);
		if (!spent)
			break;
	}
	whole_close(&w);
}
END_TEST

/* Messages made by hand */

#define ID "1234 8180 "
#define COUNTS(answer, authority, additional) "0001 " answer " " authority " " additional " "
#define QUESTION "0161 00 0034 0001 " /* a. TLSA, at 12; the next octet is at 19 */
#define ONE ID COUNTS("0001", "0000", "0000") QUESTION
#define NONE ID COUNTS("0000", "0000", "0000") QUESTION
#define EXTRA ID COUNTS("0000", "0000", "0001") QUESTION
#define RR(type, len) "c00c " type " 0001 00000e10 " len " "
#define OUT(type, len) "0161 00 " type " 0001 00000e10 " len " "
#define RRSIG18 "0034 0d 02 00000e10 00000000 00000000 1234 "

typedef struct hand_row {
	const char *name, *message;
	const char *records; /* NULL: malformed */
	unsigned rcode;
} hand_row;

static const hand_row hands[] = {
	{ "no records", NONE, "", 0 },
	{ "an address", ONE RR("0001", "0004") "c0000201", OUT("0001", "0004") "c0000201", 0 },
	{ "alias, compressed", ONE RR("0005", "0004") "0162 c00c",
	    OUT("0005", "0005") "0162 0161 00", 0 },
	{ "alias to the root", ONE RR("0005", "0001") "00", OUT("0005", "0001") "00", 0 },
	{ "two names in SOA",
	    ONE RR("0006", "0018") "c00c c00c"
				   "00000001 00000002 00000003 00000004 00000005",
	    OUT("0006", "001a") "0161 00 0161 00"
				"00000001 00000002 00000003 00000004 00000005",
	    0 },
	{ "signer, compressed", ONE RR("002e", "0016") RRSIG18 "c00c ffee",
	    OUT("002e", "0017") RRSIG18 "0161 00 ffee", 0 },
	{ "next name, compressed", ONE RR("002f", "0005") "c00c 000140",
	    OUT("002f", "0006") "0161 00 000140", 0 },
	{ "DNAME, compressed", ONE RR("0027", "0002") "c00c", OUT("0027", "0003") "0161 00", 0 },
	{ "a pointer's octets in TLSA are data", ONE RR("0034", "0005") "030101 c00c",
	    OUT("0034", "0005") "030101 c00c", 0 },
	{ "empty RDATA is no affair of this room", ONE RR("0034", "0000"), OUT("0034", "0000"), 0 },
	{ "unknown type", ONE RR("ff00", "0003") "c0ffff", "", 0 },
	{ "unknown type, no RDATA", ONE RR("000c", "0000"), "", 0 },
	{ "another class", ONE "c00c 0034 0003 00000e10 0004 03010100", "", 0 },
	{ "OPT in the answer section", ONE "00 0029 04d0 01008000 0000", "", 0 },
	{ "upper bits of rcode", EXTRA "00 0029 04d0 01008000 0000", "", 16 },
	{ "all bits of rcode",
	    "1234 818f " COUNTS("0000", "0000", "0001") QUESTION "00 0029 04d0 ff008000 0000", "",
	    4095 },
	{ "OPT with an option", EXTRA "00 0029 04d0 00008000 0006 000f 0002 0006", "", 0 },
	{ "additional records are passed over", EXTRA RR("0001", "0004") "c0000201", "", 0 },
	{ "nothing", "", NULL, 0 },
	{ "half a header", "1234 8180 0001", NULL, 0 },
	{ "no question", ID "0000 0000 0000 0000", NULL, 0 },
	{ "two questions", ID "0002 0000 0000 0000" QUESTION QUESTION, NULL, 0 },
	{ "65535 questions", ID "ffff 0000 0000 0000" QUESTION, NULL, 0 },
	{ "another opcode", "1234 a180 " COUNTS("0000", "0000", "0000") QUESTION, NULL, 0 },
	{ "question without class", ID COUNTS("0000", "0000", "0000") "0161 00 0034", NULL, 0 },
	{ "pointer in the question to itself", ID COUNTS("0000", "0000", "0000") "c00c 0034 0001",
	    NULL, 0 },
	{ "answer announced, none there", ONE, NULL, 0 },
	{ "65535 answers announced",
	    ID COUNTS("ffff", "0000", "0000") QUESTION RR("0001", "0004") "c0000201", NULL, 0 },
	{ "65535 of each announced",
	    ID COUNTS("ffff", "ffff", "ffff") QUESTION RR("0001", "0004") "c0000201", NULL, 0 },
	{ "answer there, none announced", NONE RR("0001", "0004") "c0000201", NULL, 0 },
	{ "owner points forward", ONE "c015 0001 0001 00000e10 0004 c0000201", NULL, 0 },
	{ "owner is cut", ONE "05 61", NULL, 0 },
	{ "RDLENGTH beyond the end", ONE RR("0001", "0005") "c0000201", NULL, 0 },
	{ "RDLENGTH beyond the end, unknown type", ONE RR("ff00", "0005") "c0000201", NULL, 0 },
	{ "RDLENGTH too short for the name", ONE RR("0005", "0001") "c00c", NULL, 0 },
	{ "RDLENGTH 0 for a name", ONE RR("0005", "0000"), NULL, 0 },
	{ "RDLENGTH 0 for a name, one more record",
	    ID COUNTS("0001", "0001", "0000") QUESTION RR("0005", "0000") RR("0005", "0001") "00",
	    NULL, 0 },
	{ "name runs out of its RDATA",
	    ID COUNTS("0001", "0001", "0000")
		QUESTION RR("0005", "0002") "0162"
					    "00 0001 0001 00000e10 0004 c0000201",
	    NULL, 0 },
	{ "one name in SOA", ONE RR("0006", "0002") "c00c", NULL, 0 },
	{ "RRSIG ends before the signer", ONE RR("002e", "0012") RRSIG18, NULL, 0 },
	{ "RRSIG ends within its head", ONE RR("002e", "0004") "0034 0d02", NULL, 0 },
	{ "target points to itself", ONE RR("0005", "0002") "c01f", NULL, 0 },
	{ "target points into its own record", ONE RR("0005", "0004") "0162 c01f", NULL, 0 },
	{ "additional record is cut", EXTRA "00 0029 04d0 0100", NULL, 0 },
	{ "RDATA of OPT is cut", EXTRA "00 0029 04d0 01008000 0001", NULL, 0 },
};

START_TEST(reads_what_is_made_by_hand)
{
	const hand_row *row = &hands[_i];
	test_octets message = octets_from_hex(row->message);
	dp_buffer records = dp_buffer_growing(ROOM);
	dp_message m;
	danepriv_status status = dp_message_unpack(octets_span(message), &m, &records);

	if (row->records) {
		test_octets wanted = octets_from_hex(row->records);
		ck_assert_msg(status == DANEPRIV_OK, "%s", row->name);
		ck_assert_msg(
		    dp_span_equal(dp_buffer_span(&records), octets_span(wanted)), "%s", row->name);
		ck_assert_msg(m.rcode == row->rcode, "%s", row->name);
		octets_free(wanted);
	} else {
		ck_assert_msg(status == DANEPRIV_EMALFORMED && records.len == 0, "%s", row->name);
	}
	dp_buffer_free(&records);
	octets_free(message);
}
END_TEST

START_TEST(tells_the_flags)
{
	static const char *const flags[] = { "0000", "8000", "0200", "8200" };
	char text[64] = "";
	dp_buffer records = dp_buffer_growing(ROOM);
	dp_message m;

	strcat(strcat(strcat(text, "1234 "), flags[_i]), "0001 0000 0000 0000 0161 00 0034 0001");
	test_octets message = octets_from_hex(text);
	ck_assert_int_eq(dp_message_unpack(octets_span(message), &m, &records), DANEPRIV_OK);
	ck_assert(m.is_response == (_i % 2 == 1) && m.is_truncated == (_i >= 2));
	octets_free(message);
}
END_TEST

/* The largest message that there can be, of one SOA; its two names, uncompressed, may be too much.
 */
static danepriv_status
unpack_large(size_t message_len, unsigned labels)
{
	uint8_t *memory = calloc(1, message_len);
	dp_buffer b = dp_buffer_over(memory, message_len), records = dp_buffer_growing(2 * ROOM);
	dp_message m;

	ck_assert_ptr_nonnull(memory);
	dp_write(&b, "\x12\x34\x80\0\0\1\0\1\0\0\0\0", 12);
	for (unsigned i = 0; i < labels; i++)
		dp_write(&b, "\1a", 2);
	dp_write(&b, "\0\0\6\0\1", 5);
	dp_write(&b, "\0\0\6\0\1\0\0\0\0", 9);
	dp_write_u16(&b, (uint16_t)(message_len - b.len - 2));
	memcpy(memory + b.len, "\xC0\x0C\xC0\x0C", 4); /* twice the question's name */
	danepriv_span message = { memory, message_len };
	danepriv_status status = dp_message_unpack(message, &m, &records);
	dp_buffer_free(&records);
	free(memory);
	return status;
}

START_TEST(has_room_for_the_largest)
{
	ck_assert_int_eq(unpack_large(65535, 0), DANEPRIV_OK);
	ck_assert_int_eq(unpack_large(65535, 5), DANEPRIV_OK);
	/* More RDATA than a length of 16 bits can say, and more message than that. */
	ck_assert_int_eq(unpack_large(65535, 127), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(unpack_large(65536, 0), DANEPRIV_EMALFORMED);
}
END_TEST

/* Records of a type that nobody needs, each with the longest name, said by a pointer. */
static danepriv_status
unpack_names(unsigned records, bool additional, dp_message *m)
{
	uint8_t memory[8192];
	dp_buffer b = dp_buffer_over(memory, sizeof memory), kept = dp_buffer_growing(ROOM);

	dp_write(&b, "\x12\x34\x80\0\0\1", 6);
	dp_write_u16(&b, (uint16_t)(additional ? 0 : records));
	dp_write_u16(&b, 0);
	dp_write_u16(&b, (uint16_t)(additional ? records : 0));
	for (unsigned i = 0; i < DP_NAME_LABELS_MAX; i++)
		dp_write(&b, "\1a", 2);
	dp_write(&b, "\0\0\6\0\1", 5);
	for (unsigned i = 0; i < records; i++)
		dp_write(&b, "\xC0\x0C\0\x63\0\1\0\0\0\0\0\0", 12);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	danepriv_status status = dp_message_unpack(dp_buffer_span(&b), m, &kept);
	ck_assert_uint_eq(kept.len, 0);
	dp_buffer_free(&kept);
	return status;
}

/* With the question's own these are 257 names, 65535 octets: what few octets are unpacked to is
 * counted, and bounded. */
START_TEST(makes_no_more_of_few_octets)
{
	dp_message m;

	ck_assert_int_eq(unpack_names(256, _i, &m), DANEPRIV_OK);
	ck_assert_uint_eq(m.name_octets, 65535);
	ck_assert_int_eq(unpack_names(257, _i, &m), DANEPRIV_ELIMIT);
}
END_TEST

/* The longest name, a pointer after each of its labels. */
START_TEST(follows_a_pointer_after_each_label)
{
	uint8_t message[1 + 4 * DP_NAME_LABELS_MAX] = { 0 };
	dp_name_store name;

	for (size_t i = 0; i < DP_NAME_LABELS_MAX; i++) {
		uint8_t *at = message + 1 + 4 * i;
		size_t target = i == 0 ? 0 : 1 + 4 * (i - 1);
		at[0] = 1;
		at[1] = 'a';
		at[2] = (uint8_t)(0xC0 | target >> 8);
		at[3] = (uint8_t)target;
	}
	dp_reader r = dp_reader_over((danepriv_span){ message, sizeof message });
	(void)dp_read_span(&r, sizeof message - 4);
	ck_assert_int_eq(dp_name_unpack(&r, &name), DANEPRIV_OK);
	ck_assert_uint_eq(name.len, DP_NAME_OCTETS_MAX);
	ck_assert(dp_reader_done(&r));
}
END_TEST

/* Questions */

typedef struct question_row {
	const char *name;
	uint16_t type;
	size_t block;
} question_row;

static const question_row questions[] = {
	{ ".", DP_TYPE_DNSKEY, 0 },
	{ ".", DP_TYPE_DNSKEY, 128 },
	{ "_853._tcp.dns.example.", DP_TYPE_TLSA, 0 },
	{ "_853._tcp.dns.example.", DP_TYPE_TLSA, 1 },
	{ "_853._tcp.dns.example.", DP_TYPE_TLSA, 7 },
	{ "_853._tcp.dns.example.", DP_TYPE_TLSA, 128 },
	{ "_853._tcp.DNS.example.", DP_TYPE_IPSECA, 468 },
};

START_TEST(writes_questions)
{
	const question_row *row = &questions[_i];
	dp_name_store name = name_from(row->name);
	uint8_t memory[512];
	dp_buffer b = dp_buffer_over(memory, sizeof memory), records = dp_buffer_growing(ROOM);
	dp_message m;

	dp_message_write_question(&b, 0xBEEF, dp_name_of(&name), row->type, row->block);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	ck_assert_int_eq(dp_message_unpack(dp_buffer_span(&b), &m, &records), DANEPRIV_OK);
	ck_assert(m.id == 0xBEEF && !m.is_response && !m.is_truncated && m.rcode == 0);
	ck_assert(m.qtype == row->type && m.qclass == DP_CLASS_IN && records.len == 0);
	ck_assert(m.qname.len == name.len && memcmp(m.qname.octets, name.octets, name.len) == 0);
	/* RD and CD; OPT follows the question, with DO (RFC 3225). */
	ck_assert_mem_eq(memory + 2, "\x01\x10\0\1\0\0\0\0\0\1", 10);
	ck_assert_mem_eq(memory + 12 + name.len + 4, "\0\0\x29\x04\xd0\0\0\x80\0", 9);
	ck_assert_msg(row->block == 0 || b.len % row->block == 0, "%zu octets", b.len);
	if (row->block == 0)
		ck_assert_uint_eq(b.len, 12 + name.len + 4 + 11);
}
END_TEST

START_TEST(pads_names_of_each_length_to_blocks)
{
	for (size_t len = 1; len < 60; len++) {
		char text[64] = ".";
		memset(text, 'a', len);
		dp_name_store name = name_from(text);
		uint8_t memory[512];
		dp_buffer b = dp_buffer_over(memory, sizeof memory);
		dp_write_u16(&b, 0xFFFF); /* a length in front does not count */
		dp_message_write_question(&b, 1, dp_name_of(&name), 1, 128);
		ck_assert_uint_eq(b.len, 2 + 128);
	}
}
END_TEST

START_TEST(a_question_without_room_fails)
{
	dp_name_store name = name_from("dns.example.");
	uint8_t memory[129];

	for (size_t room = 0; room <= 128; room++) {
		dp_buffer b = dp_buffer_over(memory, room);
		memory[room] = 0xEE;
		dp_message_write_question(&b, 1, dp_name_of(&name), 1, 128);
		ck_assert(b.status == (room < 128 ? DANEPRIV_ELIMIT : DANEPRIV_OK));
		ck_assert_uint_eq(memory[room], 0xEE);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("message");
	TCase *zone = tcase_create("zone"), *hand = tcase_create("hand");
	TCase *question = tcase_create("question");
	int vectors = vectors_count("messages.txt");

	tcase_set_timeout(zone, 60);
	tcase_add_loop_test(zone, reads_whole_messages, 0, vectors);
	tcase_add_loop_test(zone, no_cut_message_is_read, 0, vectors);
	tcase_add_loop_test(zone, nothing_may_follow, 0, vectors);
	tcase_add_loop_test(zone, survives_each_altered_octet, 0, vectors);
	tcase_add_loop_test(zone, takes_back_what_did_not_fit, 0, vectors);
	tcase_add_loop_test(zone, survives_each_failing_allocation, 0, vectors);
	tcase_add_loop_test(hand, reads_what_is_made_by_hand, 0, ROWS(hands));
	tcase_add_loop_test(hand, tells_the_flags, 0, 4);
	tcase_add_test(hand, has_room_for_the_largest);
	tcase_add_loop_test(hand, makes_no_more_of_few_octets, 0, 2);
	tcase_add_test(hand, follows_a_pointer_after_each_label);
	tcase_add_loop_test(question, writes_questions, 0, ROWS(questions));
	tcase_add_test(question, pads_names_of_each_length_to_blocks);
	tcase_add_test(question, a_question_without_room_fails);
	suite_add_tcase(s, zone);
	suite_add_tcase(s, hand);
	suite_add_tcase(s, question);
	return s;
}
