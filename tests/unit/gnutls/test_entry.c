/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/entry: where in this Certificate message is the server's proof? */
#include "gnutls/entry.h"

#include "base/buffer.h"
#include "base/reader.h"
#include "base/span.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

#define WANTED 59
#define OTHER 5

#define CERTIFICATE "000003 30820a"
#define CHAIN "003b 0005 6162636465"
#define STAPLE "0005 0004 01000000"
#define STRANGE "fffe 0003 0a0b0c"
#define EMPTY "003b 0000"

static const struct {
	const char *name, *message;
	danepriv_status wanted;
	size_t block, at, len; /* of what is found */
} messages[] = {
	{ "alone", "00 000011" CERTIFICATE "0009" CHAIN, DANEPRIV_OK, 12, 12, 5 },
	{ "after another", "00 000019" CERTIFICATE "0011" STAPLE CHAIN, DANEPRIV_OK, 12, 20, 5 },
	{ "before another", "00 000019" CERTIFICATE "0011" CHAIN STAPLE, DANEPRIV_OK, 12, 12, 5 },
	{ "in the middle", "00 000020" CERTIFICATE "0018" STRANGE CHAIN STAPLE, DANEPRIV_OK, 12, 19,
	    5 },
	{ "holds nothing", "00 00000c" CERTIFICATE "0004" EMPTY, DANEPRIV_OK, 12, 12, 0 },
	{ "a context", "02 aabb 000011" CERTIFICATE "0009" CHAIN, DANEPRIV_OK, 14, 14, 5 },
	{ "a second certificate", "00 000019" CERTIFICATE "0009" CHAIN CERTIFICATE "0000",
	    DANEPRIV_OK, 12, 12, 5 },
	{ "one in each entry", "00 000022" CERTIFICATE "0009" CHAIN CERTIFICATE "0009" CHAIN,
	    DANEPRIV_OK, 12, 12, 5 },
	{ "no certificate in the entry", "00 00000e 000000 0009" CHAIN, DANEPRIV_OK, 9, 9, 5 },
	{ "what comes after the first entry is GnuTLS' affair",
	    "00 000012" CERTIFICATE "0009" CHAIN "ff", DANEPRIV_OK, 12, 12, 5 },
	{ "no extensions", "00 000008" CERTIFICATE "0000", DANEPRIV_ENOTFOUND, 0, 0, 0 },
	{ "others alone", "00 000010" CERTIFICATE "0008" STAPLE, DANEPRIV_ENOTFOUND, 0, 0, 0 },
	{ "in the second entry", "00 000019" CERTIFICATE "0000" CERTIFICATE "0009" CHAIN,
	    DANEPRIV_ENOTFOUND, 0, 0, 0 },
	{ "inside another", "00 000015" CERTIFICATE "000d fffe 0009" CHAIN, DANEPRIV_ENOTFOUND, 0,
	    0, 0 },
	{ "inside the certificate", "00 00000e 000009" CHAIN "0000", DANEPRIV_ENOTFOUND, 0, 0, 0 },
	{ "twice", "00 00001a" CERTIFICATE "0012" CHAIN CHAIN, DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "twice, apart", "00 000022" CERTIFICATE "001a" CHAIN STAPLE CHAIN, DANEPRIV_EMALFORMED, 0,
	    0, 0 },
	{ "twice, empty", "00 000010" CERTIFICATE "0008" EMPTY EMPTY, DANEPRIV_EMALFORMED, 0, 0,
	    0 },
	{ "three times", "00 000014" CERTIFICATE "000c" EMPTY EMPTY EMPTY, DANEPRIV_EMALFORMED, 0,
	    0, 0 },
	{ "nothing at all", "", DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "no list", "00", DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "an empty list", "00 000000", DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "the list is longer than the message", "00 000012" CERTIFICATE "0009" CHAIN,
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "the list is shorter than the message", "00 000010" CERTIFICATE "0009" CHAIN,
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "octets after the list", "00 000011" CERTIFICATE "0009" CHAIN "00", DANEPRIV_EMALFORMED,
	    0, 0, 0 },
	{ "the context goes past the end", "ff 000011" CERTIFICATE "0009" CHAIN,
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "the certificate goes past the list", "00 000011 0000ff 30820a 0009" CHAIN,
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "the certificate takes 2^24-1", "00 000011 ffffff 30820a 0009" CHAIN, DANEPRIV_EMALFORMED,
	    0, 0, 0 },
	{ "no block of extensions", "00 000006" CERTIFICATE, DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "the block goes past the list", "00 000011" CERTIFICATE "000a" CHAIN, DANEPRIV_EMALFORMED,
	    0, 0, 0 },
	{ "the block ends within", "00 000011" CERTIFICATE "0008" CHAIN, DANEPRIV_EMALFORMED, 0, 0,
	    0 },
	{ "the block ends within the head", "00 000011" CERTIFICATE "0003" CHAIN,
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "it goes past its block", "00 000011" CERTIFICATE "0009 003b 0006 6162636465",
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "another goes past the block", "00 000019" CERTIFICATE "0011" CHAIN "0005 0005 01000000",
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
	{ "half a head after it", "00 000014" CERTIFICATE "000c" CHAIN "0005 00",
	    DANEPRIV_EMALFORMED, 0, 0, 0 },
};

START_TEST(finds)
{
	const char *name = messages[_i].name;
	test_octets message = octets_from_hex(messages[_i].message);
	dp_entry entry = { 1, 1, { message.data, 1 } };

	danepriv_status status = dp_entry_find(octets_span(message), WANTED, &entry);
	ck_assert_msg(status == messages[_i].wanted, "%s: %d", name, status);
	ck_assert_msg(entry.block == messages[_i].block && entry.at == messages[_i].at &&
			  entry.data.len == messages[_i].len,
	    "%s: %zu %zu %zu", name, entry.block, entry.at, entry.data.len);
	if (status == DANEPRIV_OK)
		ck_assert_msg(entry.data.data == message.data + entry.at + 4, "%s", name);
	else
		ck_assert_msg(entry.data.data == NULL, "%s", name);
	octets_free(message);
}
END_TEST

/* A Certificate message of one entry. */
static test_octets
wrap(danepriv_span certificate, danepriv_span extensions)
{
	dp_buffer b = dp_buffer_growing(1 << 18);
	size_t list = 3 + certificate.len + 2 + extensions.len;

	dp_write_u8(&b, 0);
	dp_write_u8(&b, (uint8_t)(list >> 16));
	dp_write_u16(&b, (uint16_t)list);
	dp_write_u8(&b, (uint8_t)(certificate.len >> 16));
	dp_write_u16(&b, (uint16_t)certificate.len);
	dp_write_span(&b, certificate);
	dp_write_u16(&b, (uint16_t)extensions.len);
	dp_write_span(&b, extensions);
	return octets_of_buffer(&b);
}

/* Cut, or with an octet twice, at any place: the lengths no longer agree. */
START_TEST(cut_and_doubled)
{
	test_octets message = octets_from_hex(messages[_i].message);
	uint8_t room[64];
	dp_entry entry;

	ck_assert_uint_lt(message.len, sizeof room);
	for (size_t at = 0; messages[_i].wanted != DANEPRIV_EMALFORMED && at < message.len; at++) {
		test_octets cut = octets_copy((danepriv_span){ message.data, at });
		ck_assert_msg(
		    dp_entry_find(octets_span(cut), WANTED, &entry) == DANEPRIV_EMALFORMED,
		    "%s, cut at %zu", messages[_i].name, at);
		octets_free(cut);
		memcpy(room, message.data, at + 1);
		memcpy(room + at + 1, message.data + at, message.len - at);
		test_octets doubled = octets_copy((danepriv_span){ room, message.len + 1 });
		ck_assert_msg(
		    dp_entry_find(octets_span(doubled), WANTED, &entry) == DANEPRIV_EMALFORMED,
		    "%s, doubled at %zu", messages[_i].name, at);
		octets_free(doubled);
	}
	octets_free(message);
}
END_TEST

/* A message within a message, as certificate and as extension: only the outer one counts. */
START_TEST(nested)
{
	test_octets inner = octets_from_hex(messages[0].message);
	test_octets chain = octets_from_hex(CHAIN);
	uint8_t head[64] = { 0xff, 0xfe, 0, (uint8_t)inner.len };
	danepriv_span none = { NULL, 0 }, strange = { head, 4 + inner.len };
	dp_entry entry;

	memcpy(head + 4, inner.data, inner.len);
	test_octets as_certificate = wrap(octets_span(inner), none);
	test_octets as_extension = wrap(none, strange);
	test_octets with_own = wrap(octets_span(inner), octets_span(chain));
	ck_assert_int_eq(
	    dp_entry_find(octets_span(as_certificate), WANTED, &entry), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(
	    dp_entry_find(octets_span(as_extension), WANTED, &entry), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(dp_entry_find(octets_span(with_own), WANTED, &entry), DANEPRIV_OK);
	ck_assert_uint_eq(entry.at, with_own.len - chain.len);
	octets_free(as_certificate);
	octets_free(as_extension);
	octets_free(with_own);
	octets_free(chain);
	octets_free(inner);
}
END_TEST

/* The extensions of a message's first entry but for one, one after the other. */
static void
collect_others(danepriv_span message, const dp_entry *entry, size_t leave_out, dp_buffer *out)
{
	danepriv_span block = { message.data + entry->block, 0 };
	dp_reader r = dp_reader_over((danepriv_span){ message.data + entry->block - 2, 2 });

	block.len = dp_read_u16(&r);
	r = dp_reader_over(block);
	while (dp_reader_left(&r) > 0) {
		size_t at = r.at;
		(void)dp_read_u16(&r);
		(void)dp_read_span(&r, dp_read_u16(&r));
		ck_assert(dp_reader_ok(&r));
		if (entry->block + at != leave_out)
			dp_write(out, block.data + at, r.at - at);
	}
}

START_TEST(relabels)
{
	const char *name = messages[_i].name;
	test_octets message = octets_from_hex(messages[_i].message);
	dp_buffer before = dp_buffer_growing(256), after = dp_buffer_growing(256);
	dp_entry entry, again;

	if (messages[_i].wanted == DANEPRIV_OK) {
		ck_assert_int_eq(dp_entry_find(octets_span(message), WANTED, &entry), DANEPRIV_OK);
		size_t len = entry.data.len;
		test_octets copy = octets_copy(octets_span(message));
		collect_others(octets_span(message), &entry, entry.at, &before);
		dp_entry_relabel(message.data, &entry, OTHER);
		/* At the front, as long as before, and nothing in it. */
		const uint8_t *at = message.data + entry.block;
		ck_assert_msg(
		    at[0] == 0 && at[1] == OTHER && at[2] == 0 && at[3] == len, "%s", name);
		for (size_t i = 0; i < len; i++)
			ck_assert_msg(at[4 + i] == 0, "%s", name);
		collect_others(octets_span(message), &entry, entry.block, &after);
		ck_assert_msg(dp_span_equal(dp_buffer_span(&before), dp_buffer_span(&after)),
		    "others of: %s", name);
		/* All else as it was. */
		ck_assert_msg(memcmp(copy.data, message.data, entry.block) == 0, "%s", name);
		size_t end = entry.at + 4 + len;
		end = end < entry.block + before.len + 4 + len ? entry.block + before.len + 4 + len
							       : end;
		ck_assert_msg(
		    memcmp(copy.data + end, message.data + end, copy.len - end) == 0, "%s", name);
		ck_assert_msg(
		    dp_entry_find(octets_span(message), WANTED, &again) == DANEPRIV_ENOTFOUND, "%s",
		    name);
		octets_free(copy);
	}
	dp_buffer_free(&before);
	dp_buffer_free(&after);
	octets_free(message);
}
END_TEST

/* As large as a block can be. */
START_TEST(largest)
{
	static uint8_t extension[65535] = { 0, WANTED, 0xff, 0xfb };
	danepriv_span none = { NULL, 0 };
	dp_entry entry;

	extension[65534] = 0xee;
	test_octets message = wrap(none, (danepriv_span){ extension, sizeof extension });
	ck_assert_int_eq(dp_entry_find(octets_span(message), WANTED, &entry), DANEPRIV_OK);
	ck_assert_uint_eq(entry.data.len, 65531);
	dp_entry_relabel(message.data, &entry, OTHER);
	ck_assert_uint_eq(message.data[message.len - 1], 0);
	octets_free(message);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("entry");
	TCase *tc = tcase_create("entry");

	tcase_add_loop_test(tc, finds, 0, ROWS(messages));
	tcase_add_loop_test(tc, cut_and_doubled, 0, ROWS(messages));
	tcase_add_test(tc, nested);
	tcase_add_loop_test(tc, relabels, 0, ROWS(messages));
	tcase_add_test(tc, largest);
	suite_add_tcase(suite, tc);
	return suite;
}
