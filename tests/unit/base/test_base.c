/* SPDX-License-Identifier: BSD-2-Clause
 * lib/base: are octets, bounds and memory kept as they should be? */
#include "base/alloc.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "base/span.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/version.h>
#include <stdio.h>
#include <string.h>

static danepriv_span
span_of(const char *text)
{
	danepriv_span s = { (const uint8_t *)text, strlen(text) };

	return s;
}

/* Reader */

START_TEST(reads_each_width)
{
	const uint8_t octets[] = { 0x01, 0x02, 0x03, 0xFF, 0xFE, 0xFD, 0xFC, 'a', 'b' };
	dp_reader r = dp_reader_over((danepriv_span){ octets, sizeof octets });

	ck_assert_uint_eq(dp_read_u8(&r), 0x01);
	ck_assert_uint_eq(dp_read_u16(&r), 0x0203);
	ck_assert_uint_eq(dp_read_u32(&r), 0xFFFEFDFC);
	ck_assert(!dp_reader_done(&r));
	ck_assert_uint_eq(dp_reader_left(&r), 2);
	danepriv_span rest = dp_read_rest(&r);
	ck_assert(dp_span_equal(rest, span_of("ab")));
	ck_assert_ptr_eq(rest.data, octets + 7);
	ck_assert(dp_reader_done(&r));
}
END_TEST

typedef struct short_read {
	const char *name;
	size_t have;
	size_t wanted;
} short_read;

static const short_read short_reads[] = {
	{ "octet of none", 0, 1 },
	{ "two octets of one", 1, 2 },
	{ "four octets of none", 0, 4 },
	{ "four octets of two", 2, 4 },
	{ "four octets of three", 3, 4 },
	{ "span of one more", 3, 9 },
	{ "span of all that there could be", 3, SIZE_MAX },
};

START_TEST(short_reads_stick)
{
	const short_read *row = &short_reads[_i];
	const uint8_t octets[4] = { 1, 2, 3, 4 };
	dp_reader r = dp_reader_over((danepriv_span){ octets, row->have });

	if (row->wanted == 1)
		ck_assert_msg(dp_read_u8(&r) == 0, "%s", row->name);
	else if (row->wanted == 2)
		ck_assert_msg(dp_read_u16(&r) == 0, "%s", row->name);
	else if (row->wanted == 4)
		(void)dp_read_u32(&r);
	else
		ck_assert_msg(dp_read_span(&r, row->wanted).len == 0, "%s", row->name);
	ck_assert_msg(!dp_reader_ok(&r) && !dp_reader_done(&r), "%s", row->name);
	ck_assert_msg(dp_reader_left(&r) == 0, "%s", row->name);
	ck_assert_msg(dp_read_u8(&r) == 0 && dp_read_rest(&r).len == 0, "%s", row->name);
	ck_assert_msg(!dp_reader_ok(&r), "%s", row->name);
}
END_TEST

START_TEST(reads_nothing)
{
	dp_reader r = dp_reader_over((danepriv_span){ NULL, 0 });

	ck_assert(dp_reader_done(&r));
	ck_assert_uint_eq(dp_read_rest(&r).len, 0);
	ck_assert_uint_eq(dp_read_span(&r, 0).len, 0);
	ck_assert(dp_reader_done(&r));
	/* A length without octets is no input. */
	r = dp_reader_over((danepriv_span){ NULL, 7 });
	ck_assert_uint_eq(dp_read_u8(&r), 0);
	ck_assert(!dp_reader_ok(&r));
}
END_TEST

START_TEST(fails_when_told)
{
	const uint8_t octet = 1;
	dp_reader r = dp_reader_over((danepriv_span){ &octet, 1 });

	dp_reader_fail(&r);
	ck_assert(!dp_reader_ok(&r));
	ck_assert_uint_eq(dp_read_u8(&r), 0);
	ck_assert_uint_eq(dp_reader_left(&r), 0);
}
END_TEST

/* Spans */

typedef struct span_pair {
	const char *name, *a, *b;
	int order;
} span_pair;

static const span_pair span_pairs[] = {
	{ "the same", "abc", "abc", 0 },
	{ "two empty ones", "", "", 0 },
	{ "a prefix comes first", "ab", "abc", -1 },
	{ "empty comes first", "", "a", -1 },
	{ "the first octet decides", "b", "abc", 1 },
	{ "octets have no sign", "\x7F", "\x80", -1 },
	{ "case matters", "A", "a", -1 },
};

START_TEST(compares_spans)
{
	const span_pair *row = &span_pairs[_i];
	danepriv_span a = span_of(row->a), b = span_of(row->b);
	int there = dp_span_compare(a, b), back = dp_span_compare(b, a);

	ck_assert_msg((there > 0) - (there < 0) == row->order, "%s", row->name);
	ck_assert_msg((back < 0) - (back > 0) == row->order, "%s", row->name);
	ck_assert_msg(dp_span_equal(a, b) == (row->order == 0), "%s", row->name);
}
END_TEST

START_TEST(null_is_an_empty_span)
{
	danepriv_span none = { NULL, 0 };

	ck_assert(dp_span_equal(none, span_of("")));
	ck_assert(!dp_span_equal(none, span_of("a")));
	ck_assert_int_eq(dp_span_compare(none, none), 0);
	ck_assert_int_lt(dp_span_compare(none, span_of("a")), 0);
}
END_TEST

/* Buffer */

START_TEST(writes_what_the_reader_reads)
{
	dp_buffer b = dp_buffer_growing(4096);

	dp_write_u8(&b, 0xA1);
	dp_write_u16(&b, 0xB2C3);
	dp_write_u32(&b, 0xD4E5F607);
	dp_write_span(&b, span_of("end"));
	dp_write_span(&b, (danepriv_span){ NULL, 0 });
	dp_buffer_patch_u16(&b, 1, 0x1234);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	dp_reader r = dp_reader_over(dp_buffer_span(&b));
	ck_assert_uint_eq(dp_read_u8(&r), 0xA1);
	ck_assert_uint_eq(dp_read_u16(&r), 0x1234);
	ck_assert_uint_eq(dp_read_u32(&r), 0xD4E5F607);
	ck_assert(dp_span_equal(dp_read_rest(&r), span_of("end")));
	dp_buffer_free(&b);
	ck_assert_ptr_null(b.data);
}
END_TEST

typedef struct patch {
	const char *name;
	size_t len, at;
	bool lands;
} patch;

static const patch patches[] = {
	{ "at the start", 4, 0, true },
	{ "the last two", 4, 2, true },
	{ "half beyond the end", 4, 3, false },
	{ "at the end", 4, 4, false },
	{ "far beyond", 4, SIZE_MAX, false },
	{ "in an empty buffer", 0, 0, false },
	{ "in a buffer of one octet", 1, 0, false },
};

START_TEST(patches_only_what_is_there)
{
	const patch *row = &patches[_i];
	uint8_t memory[8] = { 0 }, before[8] = { 0 };
	dp_buffer b = dp_buffer_over(memory, sizeof memory);

	dp_write(&b, before, row->len);
	dp_buffer_patch_u16(&b, row->at, 0xFFFF);
	ck_assert_msg((memcmp(memory, before, sizeof memory) != 0) == row->lands, "%s", row->name);
	ck_assert_msg(b.len == row->len, "%s", row->name);
}
END_TEST

START_TEST(keeps_to_the_room_it_was_lent)
{
	uint8_t memory[6] = { 0, 0, 0, 0, 0xEE, 0xEE };
	dp_buffer b = dp_buffer_over(memory, 4);

	dp_write(&b, "abcd", 4);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	dp_write_u8(&b, 'e');
	ck_assert_int_eq(b.status, DANEPRIV_ELIMIT);
	ck_assert_uint_eq(b.len, 4);
	/* The first failure stays, and nothing is written after it. */
	dp_write(&b, "", 0);
	dp_write_u16(&b, 7);
	ck_assert_int_eq(b.status, DANEPRIV_ELIMIT);
	ck_assert_mem_eq(memory, "abcd\xEE\xEE", 6);
	dp_buffer_free(&b);
}
END_TEST

static const size_t bounds[] = { 1, 2, 511, 512, 513, 1024, 1500, 65535 };

START_TEST(grows_up_to_its_bound)
{
	dp_buffer b = dp_buffer_growing(bounds[_i]);

	for (size_t i = 0; i < bounds[_i]; i++)
		dp_write_u8(&b, (uint8_t)i);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	ck_assert_uint_eq(b.len, bounds[_i]);
	ck_assert_uint_le(b.room, bounds[_i]);
	for (size_t i = 0; i < b.len; i++)
		ck_assert_uint_eq(b.data[i], (uint8_t)i);
	dp_write_u8(&b, 0);
	ck_assert_int_eq(b.status, DANEPRIV_ELIMIT);
	ck_assert_uint_eq(b.len, bounds[_i]);
	dp_buffer_free(&b);
}
END_TEST

START_TEST(refuses_what_can_never_fit)
{
	dp_buffer b = dp_buffer_growing(100);

	dp_write(&b, "x", 1);
	dp_write(&b, NULL, SIZE_MAX);
	ck_assert_int_eq(b.status, DANEPRIV_ELIMIT);
	ck_assert_uint_eq(b.len, 1);
	dp_buffer_free(&b);
}
END_TEST

/* Room is made for so much, at once; what was there is gone, and a failure is not. */
START_TEST(begins_with_the_room_it_is_told)
{
	dp_buffer b = dp_buffer_growing(2000);

	dp_buffer_begin(&b, 1500);
	ck_assert_uint_eq(b.room, 1500);
	dp_write_u16(&b, 1);
	dp_buffer_begin(&b, 2);
	ck_assert_uint_eq(b.room, 1500);
	ck_assert_uint_eq(b.len, 0);
	dp_fail_allocation_at(0);
	dp_buffer_begin(&b, 1600);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(b.status, DANEPRIV_ENOMEM);
	dp_buffer_begin(&b, 1);
	dp_write_u8(&b, 1);
	ck_assert_int_eq(b.status, DANEPRIV_ENOMEM);
	ck_assert_uint_eq(b.len, 0);
	dp_buffer_free(&b);
	b = dp_buffer_growing(2000);
	dp_buffer_begin(&b, 2001);
	ck_assert_int_eq(b.status, DANEPRIV_ELIMIT);
	dp_buffer_free(&b);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(survives_each_failing_allocation)
{
	long held = dp_blocks();

	for (long n = 0;; n++) {
		dp_buffer b = dp_buffer_growing(8192);
		dp_fail_allocation_at(n);
		for (int i = 0; i < 4096; i++)
			dp_write_u16(&b, 0x5A5A);
		dp_fail_allocation_at(-1);
		bool whole = b.status == DANEPRIV_OK;
		ck_assert(whole || (b.status == DANEPRIV_ENOMEM && b.len < 8192));
		dp_buffer_free(&b);
		ck_assert_int_eq(dp_blocks(), held);
		if (whole)
			break;
		ck_assert_int_lt(n, 100);
	}
}
END_TEST

/* Memory and status */

START_TEST(allocates_zeroed_and_never_wraps)
{
	uint8_t *block = dp_alloc(10, 3);

	ck_assert_ptr_nonnull(block);
	for (int i = 0; i < 30; i++)
		ck_assert_uint_eq(block[i], 0);
	ck_assert_ptr_null(dp_realloc(block, SIZE_MAX / 2, 3));
	block[29] = 1; /* still ours */
	dp_free(block);
	dp_free(NULL);
}
END_TEST

START_TEST(version_is_that_of_the_headers)
{
	char numbers[32];

	(void)snprintf(numbers, sizeof numbers, "%d.%d.%d", DANEPRIV_VERSION_MAJOR,
	    DANEPRIV_VERSION_MINOR, DANEPRIV_VERSION_PATCH);
	ck_assert_str_eq(danepriv_version(), numbers);
	ck_assert_str_eq(danepriv_version(), DANEPRIV_VERSION);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("base");
	TCase *reader = tcase_create("reader"), *span = tcase_create("span");
	TCase *buffer = tcase_create("buffer"), *memory = tcase_create("memory");

	tcase_add_test(reader, reads_each_width);
	tcase_add_loop_test(reader, short_reads_stick, 0, ROWS(short_reads));
	tcase_add_test(reader, reads_nothing);
	tcase_add_test(reader, fails_when_told);
	tcase_add_loop_test(span, compares_spans, 0, ROWS(span_pairs));
	tcase_add_test(span, null_is_an_empty_span);
	tcase_add_test(buffer, writes_what_the_reader_reads);
	tcase_add_loop_test(buffer, patches_only_what_is_there, 0, ROWS(patches));
	tcase_add_test(buffer, keeps_to_the_room_it_was_lent);
	tcase_add_loop_test(buffer, grows_up_to_its_bound, 0, ROWS(bounds));
	tcase_add_test(buffer, refuses_what_can_never_fit);
	tcase_add_test(buffer, begins_with_the_room_it_is_told);
	tcase_add_test(buffer, survives_each_failing_allocation);
	tcase_add_test(memory, allocates_zeroed_and_never_wraps);
	tcase_add_test(memory, version_is_that_of_the_headers);
	suite_add_tcase(s, reader);
	suite_add_tcase(s, span);
	suite_add_tcase(s, buffer);
	suite_add_tcase(s, memory);
	return s;
}
