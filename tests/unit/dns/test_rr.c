/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dns/rr: what is a resource record? */
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "base/span.h"
#include "support/names.h"
#include "support/octets.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

static bool
span_is(danepriv_span s, const char *hex)
{
	test_octets wanted = octets_from_hex(hex);
	bool is = dp_span_equal(s, octets_span(wanted));

	octets_free(wanted);
	return is;
}

static bool
name_is(dp_name name, const char *text)
{
	dp_name_store wanted = name_from(text);

	return dp_name_equal(name, dp_name_of(&wanted));
}

/* Records */

typedef struct rr_row {
	const char *name, *wire;
	bool ok;
} rr_row;

static const rr_row rrs[] = {
	{ "TLSA", "0161 00 0034 0001 00000e10 0004 03010100", true },
	{ "empty RDATA", "00 0001 0001 00000000 0000", true },
	{ "more follows", "00 0001 0001 00000000 0000 ff", true },
	{ "nothing", "", false },
	{ "owner is cut", "0261", false },
	{ "compressed owner", "c000 0034 0001 00000e10 0004 03010100", false },
	{ "no type", "00 00", false },
	{ "no class", "00 0034 00", false },
	{ "TTL is cut", "00 0034 0001 000000", false },
	{ "RDLENGTH is cut", "00 0034 0001 00000e10 00", false },
	{ "RDATA is cut", "00 0034 0001 00000e10 0004 030101", false },
};

START_TEST(reads_records)
{
	const rr_row *row = &rrs[_i];
	test_octets wire = octets_from_hex(row->wire);
	dp_reader r = dp_reader_over(octets_span(wire));
	dp_rr rr;

	ck_assert_msg(dp_rr_read(&r, &rr) == row->ok, "%s", row->name);
	ck_assert_msg(dp_reader_ok(&r) == row->ok, "%s", row->name);
	octets_free(wire);
}
END_TEST

START_TEST(reads_each_field)
{
	test_octets wire = octets_from_hex("0161 00 ff43 0003 80000e10 0002 abcd");
	dp_reader r = dp_reader_over(octets_span(wire));
	dp_rr rr;

	ck_assert(dp_rr_read(&r, &rr) && dp_reader_done(&r));
	ck_assert(name_is(rr.owner, "a.") && rr.type == DP_TYPE_IPSECA && rr.class == 3);
	ck_assert(rr.ttl == 0x80000e10 && span_is(rr.rdata, "abcd"));
	ck_assert_ptr_eq(rr.owner.octets, wire.data);
	ck_assert_ptr_eq(rr.rdata.data, wire.data + wire.len - 2);
	octets_free(wire);
}
END_TEST

static const uint16_t understood[] = { 1, 2, 5, 6, 28, 39, 43, 45, 46, 47, 48, 50, 52, 65347 };

START_TEST(understands_these_types_only)
{
	int count = 0;

	for (uint32_t type = 0; type <= UINT16_MAX; type++)
		count += dp_rr_type_is_understood((uint16_t)type);
	ck_assert_int_eq(count, ROWS(understood));
	for (int i = 0; i < ROWS(understood); i++)
		ck_assert(dp_rr_type_is_understood(understood[i]));
}
END_TEST

/* RDATA: whether each parser takes it */

static bool
parses(uint16_t type, danepriv_span rdata)
{
	union {
		dp_dnskey dnskey;
		dp_ds ds;
		dp_rrsig rrsig;
		dp_nsec nsec;
		dp_nsec3 nsec3;
		dp_name target;
		uint32_t minimum;
	} out;

	switch (type) {
	case DP_TYPE_DNSKEY:
		return dp_dnskey_parse(rdata, &out.dnskey) == DANEPRIV_OK;
	case DP_TYPE_DS:
		return dp_ds_parse(rdata, &out.ds) == DANEPRIV_OK;
	case DP_TYPE_RRSIG:
		return dp_rrsig_parse(rdata, &out.rrsig) == DANEPRIV_OK;
	case DP_TYPE_NSEC:
		return dp_nsec_parse(rdata, &out.nsec) == DANEPRIV_OK;
	case DP_TYPE_NSEC3:
		return dp_nsec3_parse(rdata, &out.nsec3) == DANEPRIV_OK;
	case DP_TYPE_SOA:
		return dp_rr_soa_minimum(rdata, &out.minimum) == DANEPRIV_OK;
	default:
		return dp_rr_target_parse(rdata, &out.target) == DANEPRIV_OK;
	}
}

#define RRSIG18 "0034 0d 02 00000e10 00000000 00000000 1234 "
#define OCTETS32 "0000000000000000000000000000000000000000000000000000000000000001"
#define SERIALS "00000001 00000002 00000003 00000004 "

typedef struct rdata_row {
	const char *name;
	uint16_t type;
	const char *rdata;
	bool ok;
} rdata_row;

static const rdata_row rdatas[] = {
	{ "DNSKEY", DP_TYPE_DNSKEY, "0101 03 0d ff", true },
	{ "DNSKEY, no key", DP_TYPE_DNSKEY, "0101 03 0d", false },
	{ "DNSKEY, cut", DP_TYPE_DNSKEY, "0101 03", false },
	{ "DNSKEY, nothing", DP_TYPE_DNSKEY, "", false },
	{ "DS", DP_TYPE_DS, "1234 0d 02 ff", true },
	{ "DS, no digest", DP_TYPE_DS, "1234 0d 02", false },
	{ "DS, cut", DP_TYPE_DS, "12", false },
	{ "RRSIG", DP_TYPE_RRSIG, RRSIG18 "0161 00 ff", true },
	{ "RRSIG, signed by the root", DP_TYPE_RRSIG, RRSIG18 "00 ff", true },
	{ "RRSIG, no signature", DP_TYPE_RRSIG, RRSIG18 "0161 00", false },
	{ "RRSIG, no signer", DP_TYPE_RRSIG, RRSIG18, false },
	{ "RRSIG, compressed signer", DP_TYPE_RRSIG, RRSIG18 "c000 ffff", false },
	{ "RRSIG, signer is cut", DP_TYPE_RRSIG, RRSIG18 "05 61 00", false },
	{ "RRSIG, cut", DP_TYPE_RRSIG, "0034 0d 02", false },
	{ "NSEC", DP_TYPE_NSEC, "0161 00 0006 400000000003", true },
	{ "NSEC, 32 octets", DP_TYPE_NSEC, "00 0020" OCTETS32, true },
	{ "NSEC, two windows", DP_TYPE_NSEC, "00 000140 ff0101", true },
	{ "NSEC, no types", DP_TYPE_NSEC, "0161 00", true },
	{ "NSEC, no name", DP_TYPE_NSEC, "", false },
	{ "NSEC, compressed name", DP_TYPE_NSEC, "c000 000140", false },
	{ "NSEC, window without length", DP_TYPE_NSEC, "00 00", false },
	{ "NSEC, empty window", DP_TYPE_NSEC, "00 0000", false },
	{ "NSEC, empty window, then a good one", DP_TYPE_NSEC, "00 0000 010140", false },
	{ "NSEC, 33 octets", DP_TYPE_NSEC, "00 0021" OCTETS32 "01", false },
	{ "NSEC, window is cut", DP_TYPE_NSEC, "00 000240", false },
	{ "NSEC, the same window twice", DP_TYPE_NSEC, "00 000140 000140", false },
	{ "NSEC, windows descend", DP_TYPE_NSEC, "00 010140 000140", false },
	{ "NSEC, an octet is left", DP_TYPE_NSEC, "00 000140 ff", false },
	{ "NSEC3", DP_TYPE_NSEC3, "01 00 000a 02abcd 02ffff 000140", true },
	{ "NSEC3, no salt", DP_TYPE_NSEC3, "01 00 000a 00 02ffff 000140", true },
	{ "NSEC3, no types", DP_TYPE_NSEC3, "01 01 000a 00 02ffff", true },
	{ "NSEC3, no hash", DP_TYPE_NSEC3, "01 00 000a 00 00 000140", false },
	{ "NSEC3, salt is cut", DP_TYPE_NSEC3, "01 00 000a 03abcd", false },
	{ "NSEC3, hash is cut", DP_TYPE_NSEC3, "01 00 000a 00 14ffff", false },
	{ "NSEC3, bad window", DP_TYPE_NSEC3, "01 00 000a 00 02ffff 0000", false },
	{ "NSEC3, cut", DP_TYPE_NSEC3, "01 00 00", false },
	{ "CNAME", DP_TYPE_CNAME, "0161 00", true },
	{ "CNAME to the root", DP_TYPE_CNAME, "00", true },
	{ "CNAME, nothing", DP_TYPE_CNAME, "", false },
	{ "CNAME, more follows", DP_TYPE_CNAME, "0161 00 00", false },
	{ "CNAME, compressed", DP_TYPE_CNAME, "c000", false },
	{ "CNAME, cut", DP_TYPE_CNAME, "0161", false },
	{ "SOA", DP_TYPE_SOA, "00 0161 00" SERIALS "00000005", true },
	{ "SOA, one name", DP_TYPE_SOA, "0161 00" SERIALS "00000005", false },
	{ "SOA, cut", DP_TYPE_SOA, "00 00" SERIALS "000000", false },
	{ "SOA, more follows", DP_TYPE_SOA, "00 00" SERIALS "00000005 00", false },
};

START_TEST(parses_exactly_the_fields)
{
	const rdata_row *row = &rdatas[_i];
	test_octets rdata = octets_from_hex(row->rdata);

	ck_assert_msg(parses(row->type, octets_span(rdata)) == row->ok, "%s", row->name);
	octets_free(rdata);
}
END_TEST

START_TEST(gives_each_field)
{
	test_octets key = octets_from_hex("0181 03 0d abcd"),
		    ds = octets_from_hex("1234 0d 02 abcd");
	test_octets sig =
	    octets_from_hex("0034 0d 02 00000e10 80000001 80000000 1234 0161 00 abcd");
	test_octets nsec3 = octets_from_hex("01 03 012c 02abcd 03efefef 000140");
	test_octets soa = octets_from_hex("00 00" SERIALS "80000005");
	dp_dnskey k;
	dp_ds d;
	dp_rrsig s;
	dp_nsec3 n;
	uint32_t minimum;

	ck_assert_int_eq(dp_dnskey_parse(octets_span(key), &k), DANEPRIV_OK);
	ck_assert(k.flags == 0x0181 && k.protocol == 3 && k.algorithm == 13);
	ck_assert(span_is(k.key, "abcd") && dp_span_equal(k.rdata, octets_span(key)));
	ck_assert_int_eq(dp_ds_parse(octets_span(ds), &d), DANEPRIV_OK);
	ck_assert(d.tag == 0x1234 && d.algorithm == 13 && d.digest_type == 2);
	ck_assert(span_is(d.digest, "abcd"));
	ck_assert_int_eq(dp_rrsig_parse(octets_span(sig), &s), DANEPRIV_OK);
	ck_assert(s.covered == 52 && s.algorithm == 13 && s.labels == 2 && s.original_ttl == 3600);
	ck_assert(s.expiration == 0x80000001 && s.inception == 0x80000000 && s.tag == 0x1234);
	ck_assert(name_is(s.signer, "a.") && span_is(s.signature, "abcd"));
	ck_assert(s.head.data == sig.data && s.head.len == 18);
	ck_assert_int_eq(dp_nsec3_parse(octets_span(nsec3), &n), DANEPRIV_OK);
	ck_assert(n.algorithm == 1 && n.flags == 3 && n.iterations == 300);
	ck_assert(
	    span_is(n.salt, "abcd") && span_is(n.next, "efefef") && span_is(n.types, "000140"));
	ck_assert_int_eq(dp_rr_soa_minimum(octets_span(soa), &minimum), DANEPRIV_OK);
	ck_assert_uint_eq(minimum, 0x80000005);
	octets_free(key);
	octets_free(ds);
	octets_free(sig);
	octets_free(nsec3);
	octets_free(soa);
}
END_TEST

/* Key tags */

START_TEST(tags_keys_as_published)
{
	test_vector row;
	test_vectors *file = vectors_at("dnskeys.txt", _i, &row);
	test_octets rdata = octets_from_hex(row.fields[4]);
	dp_dnskey key;

	ck_assert_msg(
	    dp_dnskey_tag(octets_span(rdata)) == atoi(row.fields[2]), "%s", row.fields[0]);
	ck_assert_msg(
	    dp_dnskey_parse(octets_span(rdata), &key) == DANEPRIV_OK, "%s", row.fields[0]);
	bool revoked = strstr(row.fields[0], "revoked") != NULL;
	ck_assert_msg((key.flags & DP_DNSKEY_REVOKE) == (revoked ? DP_DNSKEY_REVOKE : 0), "%s",
	    row.fields[0]);
	ck_assert_msg((key.flags & DP_DNSKEY_ZONE) != 0, "%s", row.fields[0]);
	octets_free(rdata);
	vectors_close(file);
}
END_TEST

typedef struct tag_row {
	const char *name, *rdata;
	uint16_t tag;
} tag_row;

static const tag_row tags[] = {
	{ "nothing", "", 0 },
	{ "an odd octet counts as the high one", "01", 0x0100 },
	{ "two words", "0102 0304", 0x0406 },
	{ "the carry is added once", "ffff 0002", 0x0002 },
	{ "a carry out of the carry is lost", "ffff ffff 0001 ffff ffff", 0 },
};

START_TEST(tags_as_rfc_4034_appendix_b)
{
	test_octets rdata = octets_from_hex(tags[_i].rdata);

	ck_assert_msg(dp_dnskey_tag(octets_span(rdata)) == tags[_i].tag, "%s: %x", tags[_i].name,
	    dp_dnskey_tag(octets_span(rdata)));
	octets_free(rdata);
}
END_TEST

START_TEST(the_largest_key_has_a_tag)
{
	test_octets rdata = { malloc(65535), 65535 };
	uint64_t sum = 0;

	ck_assert_ptr_nonnull(rdata.data);
	memset(rdata.data, 0xFF, rdata.len);
	for (size_t i = 0; i < rdata.len; i++)
		sum += i % 2 ? 0xFFu : 0xFF00u;
	sum += sum >> 16 & 0xFFFF;
	ck_assert_uint_eq(dp_dnskey_tag(octets_span(rdata)), sum & 0xFFFF);
	octets_free(rdata);
}
END_TEST

/* Type bitmaps */

typedef struct bit_row {
	const char *name, *types;
	uint16_t type;
	bool has;
} bit_row;

static const bit_row bits[] = {
	{ "A", "000140", 1, true },
	{ "NS, CNAME and SOA", "000126", 2, true },
	{ "TLSA", "000700000000000008", 52, true },
	{ "type 0", "000180", 0, true },
	{ "the last of a window", "0020" OCTETS32, 255, true },
	{ "in a second window", "000140 010140", 257, true },
	{ "IPSECA", "ff09 000000000000000010", 65347, true },
	{ "in no window", "000140", 257, false },
	{ "before the first window", "010140", 1, false },
	{ "between two windows", "000140 020140", 257, false },
	{ "the bit beside it", "000140", 2, false },
	{ "beyond the octets that are there", "000140", 52, false },
	{ "first bit beyond them", "0001ff", 8, false },
	{ "no types at all", "", 1, false },
	{ "the same bit, another window", "000140", 513, false },
	{ "high window", "000140", 65347, false },
};

START_TEST(finds_types)
{
	test_octets types = octets_from_hex(bits[_i].types);

	ck_assert_msg(dp_rr_types_have(octets_span(types), bits[_i].type) == bits[_i].has, "%s",
	    bits[_i].name);
	octets_free(types);
}
END_TEST

/* RRSIG and NSEC are 0x03 in octet 5, NXNAME is 0x80 in octet 16. */
static const struct {
	const char *name, *types;
	bool denied;
} name_rows[] = {
	{ "RRSIG, NSEC and NXNAME", "0011 0000000000030000000000000000000080", true },
	{ "NXNAME and RRSIG", "0011 0000000000020000000000000000000080", true },
	{ "NXNAME alone", "0011 0000000000000000000000000000000080", true },
	{ "zeros behind it", "0013 00000000000300000000000000000000800000", true },
	{ "RRSIG and NSEC", "0006 000000000003", false },
	{ "no types at all", "", false },
	{ "A beside it", "0011 4000000000030000000000000000000080", false },
	{ "NS beside it", "0011 2000000000030000000000000000000080", false },
	{ "DNSKEY beside it", "0011 0000000000030080000000000000000080", false },
	{ "type 129 beside it", "0011 00000000000300000000000000000000c0", false },
	{ "type 136 beside it", "0012 000000000003000000000000000000008080", false },
	{ "another window beside it", "0011 0000000000030000000000000000000080 010140", false },
	{ "in another window", "0111 0000000000030000000000000000000080", false },
	{ "an octet early", "0010 00000000000300000000000000000080", false },
};

START_TEST(denies_names)
{
	test_octets types = octets_from_hex(name_rows[_i].types);

	ck_assert_msg(dp_rr_types_deny_name(octets_span(types)) == name_rows[_i].denied, "%s",
	    name_rows[_i].name);
	octets_free(types);
}
END_TEST

/* Canonical RDATA */

typedef struct canonical_row {
	const char *name;
	uint16_t type;
	const char *rdata, *wanted;
} canonical_row;

static const canonical_row canonicals[] = {
	{ "NS", DP_TYPE_NS, "0141 0242 43 00", "0161 0262 63 00" },
	{ "CNAME", DP_TYPE_CNAME, "015a 00", "017a 00" },
	{ "DNAME", DP_TYPE_DNAME, "0141 00", "0161 00" },
	{ "SOA, both names and nothing else", DP_TYPE_SOA, "0141 00 0142 00 41414141",
	    "0161 00 0162 00 41414141" },
	{ "only A to Z", DP_TYPE_NS, "06 40 41 5a 5b c1 da 00", "06 40 61 7a 5b c1 da 00" },
	{ "not NSEC (RFC 6840 section 5.1)", DP_TYPE_NSEC, "0141 00 000141", "0141 00 000141" },
	{ "not TLSA", DP_TYPE_TLSA, "03010141", "03010141" },
	{ "not IPSECKEY", DP_TYPE_IPSECKEY, "0a0302 0141 00 41", "0a0302 0141 00 41" },
	{ "not DNSKEY", DP_TYPE_DNSKEY, "0141 00", "0141 00" },
	{ "not unknown ones", 65280, "0141 00", "0141 00" },
	{ "malformed: as it is", DP_TYPE_NS, "0541", "0541" },
	{ "compressed: as it is", DP_TYPE_NS, "0141 c000", "0141 c000" },
	{ "one name in SOA: the rest as it is", DP_TYPE_SOA, "0141 00 4141", "0161 00 4141" },
	{ "empty", DP_TYPE_NS, "", "" },
	{ "another NS, lower", DP_TYPE_NS, "0161 0162 00", "0161 0162 00" },
	{ "and one that is equal to it", DP_TYPE_NS, "0141 0142 00", "0161 0162 00" },
	{ "equal SOA, later letters apart", DP_TYPE_SOA, "0161 00 0142 00 61414141",
	    "0161 00 0162 00 61414141" },
};

START_TEST(writes_canonical_rdata)
{
	const canonical_row *row = &canonicals[_i];
	test_octets rdata = octets_from_hex(row->rdata);
	dp_buffer b = dp_buffer_growing(1024);

	dp_rr_rdata_write(&b, row->type, octets_span(rdata));
	ck_assert_msg(
	    b.status == DANEPRIV_OK && span_is(dp_buffer_span(&b), row->wanted), "%s", row->name);
	dp_buffer_free(&b);
	octets_free(rdata);
}
END_TEST

/* -1, 0 or 1. */
static int
sign_of(int order)
{
	return (order > 0) - (order < 0);
}

/* As what is written compares, whatever the two are. */
START_TEST(compares_as_written)
{
	const canonical_row *row = &canonicals[_i];
	test_octets rdata = octets_from_hex(row->rdata);

	for (int i = 0; i < ROWS(canonicals); i++) {
		test_octets other = octets_from_hex(canonicals[i].rdata);
		dp_buffer a = dp_buffer_growing(64), b = dp_buffer_growing(64);
		dp_rr_rdata_write(&a, row->type, octets_span(rdata));
		dp_rr_rdata_write(&b, row->type, octets_span(other));
		int wanted = dp_span_compare(dp_buffer_span(&a), dp_buffer_span(&b));
		int order = dp_rr_rdata_compare(row->type, octets_span(rdata), octets_span(other));
		ck_assert_msg(sign_of(order) == sign_of(wanted), "%s, %s: %d", row->name,
		    canonicals[i].name, order);
		dp_buffer_free(&a);
		dp_buffer_free(&b);
		octets_free(other);
	}
	octets_free(rdata);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("rr");
	TCase *record = tcase_create("record"), *rdata = tcase_create("rdata");

	tcase_add_loop_test(record, reads_records, 0, ROWS(rrs));
	tcase_add_test(record, reads_each_field);
	tcase_add_test(record, understands_these_types_only);
	tcase_add_loop_test(rdata, parses_exactly_the_fields, 0, ROWS(rdatas));
	tcase_add_test(rdata, gives_each_field);
	tcase_add_loop_test(rdata, tags_keys_as_published, 0, vectors_count("dnskeys.txt"));
	tcase_add_loop_test(rdata, tags_as_rfc_4034_appendix_b, 0, ROWS(tags));
	tcase_add_test(rdata, the_largest_key_has_a_tag);
	tcase_add_loop_test(rdata, finds_types, 0, ROWS(bits));
	tcase_add_loop_test(rdata, denies_names, 0, ROWS(name_rows));
	tcase_add_loop_test(rdata, writes_canonical_rdata, 0, ROWS(canonicals));
	tcase_add_loop_test(rdata, compares_as_written, 0, ROWS(canonicals));
	suite_add_tcase(s, record);
	suite_add_tcase(s, rdata);
	return s;
}
