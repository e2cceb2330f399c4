/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/chain: which records did a server send in its handshake? */
#include "base/buffer.h"
#include "dnssec/chain.h"

#include "base/bounds.h"
#include "base/reader.h"
#include "base/span.h"
#include "dns/rr.h"
#include "support/failing_alloc.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

#define ROOT_RR "00 0034 0001 00000e10 0000"		   /* 11 octets, fewer there cannot be */
#define TLSA_RR "0161 00 0034 0001 00000e10 0004 03010100" /* 17 octets */
#define ROOT_OCTETS 11

/* What is read: nothing, all of it, or what comes after two octets. */
typedef enum reading { NOTHING = 0, ALL, AFTER_LENGTH } reading;

static const struct {
	const char *name, *wire;
	reading wanted;
} chains[] = {
	{ "one record", ROOT_RR, ALL },
	{ "two records", ROOT_RR TLSA_RR, ALL },
	{ "one record, prefixed", "000b" ROOT_RR, AFTER_LENGTH },
	{ "two records, prefixed", "001c" ROOT_RR TLSA_RR, AFTER_LENGTH },
	{ "prefixed; the first record could be a prefix", "000d 00 0b00 0001 00000000 0002 0000",
	    AFTER_LENGTH },
	{ "records that are also a prefix and records: TLS comes first",
	    "00 0b00 0001 00000000 0002 0000", AFTER_LENGTH },
	{ "the first record is a length, and no records come after",
	    "00 0b00 0001 00000000 0002 0001", ALL },
	{ "nothing", "", NOTHING },
	{ "one octet", "00", NOTHING },
	{ "a length of nothing", "0000", NOTHING },
	{ "half a length", "0b", NOTHING },
	{ "a length alone", "000b", NOTHING },
	{ "two lengths", "000d 000b" ROOT_RR, NOTHING },
	{ "length is one short", "000a" ROOT_RR, NOTHING },
	{ "length is one more", "000c" ROOT_RR, NOTHING },
	{ "length in the other order", "0b00" ROOT_RR, NOTHING },
	{ "length of four octets", "0000000b" ROOT_RR, NOTHING },
	{ "length counts itself", "000d" ROOT_RR, NOTHING },
	{ "length of the first record alone", "000b" ROOT_RR TLSA_RR, NOTHING },
	{ "one octet more", ROOT_RR "00", NOTHING },
	{ "one octet more, prefixed", "000b" ROOT_RR "00", NOTHING },
	{ "one octet more, counted", "000c" ROOT_RR "00", NOTHING },
	{ "half a record more", ROOT_RR "00 0034 0001", NOTHING },
	{ "half a record more, prefixed", "0010" ROOT_RR "00 0034 0001", NOTHING },
	{ "RDATA is cut", "00 0034 0001 00000e10 0001", NOTHING },
	{ "compressed name", TLSA_RR "c000 0034 0001 00000e10 0000", NOTHING },
	{ "compressed name, prefixed", "001d" TLSA_RR "c000 0034 0001 00000e10 0000", NOTHING },
	{ "a message, and not its records", "1234 8400 0000 0001 0000 0000" ROOT_RR, NOTHING },
};

/* Exactly so, and empty where there is nothing. */
static void
check_read(const char *name, danepriv_span octets, reading wanted)
{
	danepriv_span out = { octets.data, 1 };
	size_t skipped = wanted == AFTER_LENGTH ? 2 : 0;

	danepriv_status status = dp_chain_read(octets, &out);
	ck_assert_msg(status == (wanted ? DANEPRIV_OK : DANEPRIV_EMALFORMED), "%s", name);
	if (wanted)
		ck_assert_msg(out.data == octets.data + skipped && out.len == octets.len - skipped,
		    "%s: %zu octets", name, out.len);
	else
		ck_assert_msg(out.data == NULL && out.len == 0, "%s", name);
}

START_TEST(reads_chains)
{
	test_octets wire = octets_from_hex(chains[_i].wire);

	check_read(chains[_i].name, octets_span(wire), chains[_i].wanted);
	octets_free(wire);
}
END_TEST

/* The same behind a lifetime. */
START_TEST(reads_extensions)
{
	const char *name = chains[_i].name;
	test_octets wire = octets_from_hex(chains[_i].wire);
	uint8_t room[64] = { 0x12, 0x34 };
	dp_extension out = { 1, { room, 1 } };

	ck_assert_uint_le(wire.len + 2, sizeof room);
	memcpy(room + 2, wire.data, wire.len);
	test_octets whole = octets_copy((danepriv_span){ room, wire.len + 2 });
	danepriv_status status = dp_chain_read_extension(octets_span(whole), &out);
	if (chains[_i].wanted) {
		size_t head = chains[_i].wanted == AFTER_LENGTH ? 4 : 2;
		ck_assert_msg(status == DANEPRIV_OK && out.lifetime == 0x1234, "%s", name);
		ck_assert_msg(
		    out.chain.data == whole.data + head && out.chain.len == whole.len - head, "%s",
		    name);
	} else {
		ck_assert_msg(status == DANEPRIV_EMALFORMED && out.lifetime == 0 &&
				  out.chain.data == NULL && out.chain.len == 0,
		    "%s", name);
	}
	octets_free(whole);
	octets_free(wire);
}
END_TEST

START_TEST(no_extension)
{
	static const uint8_t zeros[2] = { 0, 0 };
	dp_extension out = { 1, { zeros, 1 } };

	ck_assert_int_eq(dp_chain_read_extension((danepriv_span){ zeros, (size_t)_i }, &out),
	    DANEPRIV_EMALFORMED);
	ck_assert(out.lifetime == 0 && out.chain.data == NULL && out.chain.len == 0);
	ck_assert_int_eq(
	    dp_chain_read_extension((danepriv_span){ NULL, 0 }, &out), DANEPRIV_EMALFORMED);
}
END_TEST

/* The RFC's own extension: 18 records without a length in front (appendix A.1). */
static test_octets
rfc_extension(void)
{
	test_vector line;
	test_vectors *file = vectors_at("rfc9102/extension.txt", 0, &line);
	test_octets octets = octets_from_hex(line.fields[1]);

	vectors_close(file);
	return octets;
}

static bool
is_boundary(danepriv_span records, size_t len)
{
	dp_reader r = dp_reader_over(records);
	dp_rr rr;

	while (r.at < len && dp_rr_read(&r, &rr))
		continue;
	return dp_reader_ok(&r) && r.at == len;
}

START_TEST(rfc_vector)
{
	test_octets octets = rfc_extension();
	dp_extension out;

	ck_assert_uint_eq(octets.len, 1568);
	ck_assert_int_eq(dp_chain_read_extension(octets_span(octets), &out), DANEPRIV_OK);
	ck_assert(out.lifetime == 0 && out.chain.data == octets.data + 2 && out.chain.len == 1566);
	octets_free(octets);
}
END_TEST

/* Cut at every length: whole records, or nothing. */
START_TEST(cut_anywhere)
{
	test_octets octets = rfc_extension();
	danepriv_span records = { octets.data + 2, octets.len - 2 };

	for (size_t len = 0; len <= records.len; len++) {
		test_octets part = octets_copy((danepriv_span){ records.data, len });
		check_read(
		    "cut", octets_span(part), len > 0 && is_boundary(records, len) ? ALL : NOTHING);
		octets_free(part);
	}
	octets_free(octets);
}
END_TEST

/* Prefixed and cut: never what the length promised.  That the two octets and what follows can be
 * read as a name, and so as records, is nobody's fault; nothing signs such a name. */
START_TEST(cut_anywhere_prefixed)
{
	test_octets octets = rfc_extension();
	danepriv_span out;

	octets.data[0] = (uint8_t)((octets.len - 2) >> 8);
	octets.data[1] = (uint8_t)(octets.len - 2);
	check_read("whole", octets_span(octets), AFTER_LENGTH);
	for (size_t len = 0; len < octets.len; len++) {
		test_octets part = octets_copy((danepriv_span){ octets.data, len });
		if (dp_chain_read(octets_span(part), &out) == DANEPRIV_OK)
			ck_assert_msg(out.data == part.data && out.len == len, "cut at %zu", len);
		octets_free(part);
	}
	octets_free(octets);
}
END_TEST

/* One record of `len` octets, behind `skipped` zeros. */
static test_octets
record_of(size_t skipped, size_t len)
{
	static uint8_t room[2 * 65536];
	size_t first = len > 65535 ? 32768 : len;

	memset(room, 0, sizeof room);
	room[skipped + 2] = room[skipped + 4] = 1;
	room[skipped + 9] = (uint8_t)((first - ROOT_OCTETS) >> 8);
	room[skipped + 10] = (uint8_t)(first - ROOT_OCTETS);
	if (first < len) {
		size_t at = skipped + first;
		room[at + 2] = room[at + 4] = 1;
		room[at + 9] = (uint8_t)((len - first - ROOT_OCTETS) >> 8);
		room[at + 10] = (uint8_t)(len - first - ROOT_OCTETS);
	}
	return octets_copy((danepriv_span){ room, skipped + len });
}

/* RFC 9102 section 2.2: AuthenticationChain<1..2^16-1>. */
START_TEST(longest)
{
	test_octets most = record_of(0, 65535), more = record_of(0, 65536);
	test_octets prefixed = record_of(2, 65535);

	check_read("65535", octets_span(most), ALL);
	check_read("65536", octets_span(more), NOTHING);
	prefixed.data[0] = prefixed.data[1] = 0xff;
	check_read("65535, prefixed", octets_span(prefixed), AFTER_LENGTH);
	octets_free(most);
	octets_free(more);
	octets_free(prefixed);
}
END_TEST

/* Writing */

static const struct {
	const char *name;
	size_t len;
	bool prefixed;
	danepriv_status wanted;
} writings[] = {
	{ "smallest", ROOT_OCTETS, false, DANEPRIV_OK },
	{ "smallest, prefixed", ROOT_OCTETS, true, DANEPRIV_OK },
	{ "longest", 65533, false, DANEPRIV_OK },
	{ "longest, prefixed", 65531, true, DANEPRIV_OK },
	{ "too long", 65534, false, DANEPRIV_ELIMIT },
	{ "too long, prefixed", 65532, true, DANEPRIV_ELIMIT },
	{ "much too long", 65536, false, DANEPRIV_ELIMIT },
	{ "much too long, prefixed", 65536, true, DANEPRIV_ELIMIT },
};

/* What is written is read again. */
START_TEST(writes)
{
	test_octets record = record_of(0, writings[_i].len);
	dp_extension extension = { 0x1234, octets_span(record) }, again;
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);

	ck_assert_msg(
	    dp_chain_write_extension(&b, &extension, writings[_i].prefixed) == writings[_i].wanted,
	    "%s", writings[_i].name);
	if (writings[_i].wanted == DANEPRIV_OK) {
		ck_assert_uint_eq(b.len, record.len + (writings[_i].prefixed ? 4 : 2));
		ck_assert_int_eq(dp_chain_read_extension(dp_buffer_span(&b), &again), DANEPRIV_OK);
		ck_assert(
		    again.lifetime == 0x1234 && dp_span_equal(again.chain, octets_span(record)));
	} else {
		ck_assert_uint_eq(b.len, 0);
	}
	dp_buffer_free(&b);
	octets_free(record);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* A server must not send what no client could read. */
START_TEST(writes_records_alone)
{
	test_octets wire = octets_from_hex(chains[_i].wire);
	dp_extension extension = { 1, octets_span(wire) };
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	bool records = wire.len > 0 && is_boundary(octets_span(wire), wire.len);

	for (int prefixed = 0; prefixed < 2; prefixed++)
		ck_assert_msg(dp_chain_write_extension(&b, &extension, prefixed) ==
				  (records ? DANEPRIV_OK : DANEPRIV_EMALFORMED),
		    "%s", chains[_i].name);
	ck_assert_uint_eq(b.len, records ? 2 * wire.len + 6 : 0);
	dp_buffer_free(&b);
	octets_free(wire);
}
END_TEST

START_TEST(no_room)
{
	test_octets record = record_of(0, ROOT_OCTETS);
	dp_extension extension = { 1, octets_span(record) };
	uint8_t room[16];

	for (size_t len = 0; len < ROOT_OCTETS + 4; len++) {
		dp_buffer b = dp_buffer_over(room, len);
		ck_assert_int_eq(dp_chain_write_extension(&b, &extension, true), DANEPRIV_ELIMIT);
	}
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	dp_fail_allocation_at(0);
	ck_assert_int_eq(dp_chain_write_extension(&b, &extension, true), DANEPRIV_ENOMEM);
	dp_fail_allocation_at(-1);
	dp_buffer_free(&b);
	octets_free(record);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("chain");
	TCase *tc = tcase_create("chain");

	tcase_add_loop_test(tc, reads_chains, 0, ROWS(chains));
	tcase_add_loop_test(tc, reads_extensions, 0, ROWS(chains));
	tcase_add_loop_test(tc, no_extension, 0, 3);
	tcase_add_test(tc, rfc_vector);
	tcase_add_test(tc, cut_anywhere);
	tcase_add_test(tc, cut_anywhere_prefixed);
	tcase_add_test(tc, longest);
	tcase_add_loop_test(tc, writes, 0, ROWS(writings));
	tcase_add_loop_test(tc, writes_records_alone, 0, ROWS(chains));
	tcase_add_test(tc, no_room);
	suite_add_tcase(suite, tc);
	return suite;
}
