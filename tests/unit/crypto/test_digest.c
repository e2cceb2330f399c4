/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/digest: what is the digest of these octets?  And are two compared in constant time? */
#include "crypto/digest.h"
#include "base/span.h"
#include "dns/name.h"
#include "support/names.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

static const danepriv_span none = { NULL, 0 };

typedef struct type_row {
	const char *name;
	dp_digest_type type;
	size_t len;
	int field; /* in digests.txt */
} type_row;

static const type_row types[] = {
	{ "SHA-1", DP_DIGEST_SHA1, 20, 2 },
	{ "SHA-256", DP_DIGEST_SHA256, 32, 3 },
	{ "SHA-384", DP_DIGEST_SHA384, 48, 4 },
	{ "SHA-512", DP_DIGEST_SHA512, 64, 5 },
};

/* Each vector in one piece, and cut in two at every place: a, then b. */
START_TEST(digests_what_was_published)
{
	test_vector row;
	test_vectors *file = vectors_at("digests.txt", _i, &row);
	test_octets input = octets_from_hex(row.fields[1]);
	uint8_t digest[DP_DIGEST_OCTETS_MAX + 1];

	for (int t = 0; t < ROWS(types); t++) {
		test_octets wanted = octets_from_hex(row.fields[types[t].field]);
		ck_assert_uint_eq(dp_digest_len(types[t].type), wanted.len);
		memset(digest, 0xEE, sizeof digest);
		ck_assert(dp_digest(types[t].type, octets_span(input), none, digest));
		ck_assert_msg(memcmp(digest, wanted.data, wanted.len) == 0, "%s of %s",
		    types[t].name, row.fields[0]);
		ck_assert_uint_eq(digest[wanted.len], 0xEE);
		for (size_t cut = 0; cut <= input.len; cut++) {
			danepriv_span a = { input.data, cut };
			danepriv_span b = { input.data + cut, input.len - cut };
			memset(digest, 0xEE, sizeof digest);
			ck_assert(dp_digest(types[t].type, a, b, digest));
			ck_assert_msg(memcmp(digest, wanted.data, wanted.len) == 0,
			    "%s of %s at %zu", types[t].name, row.fields[0], cut);
			ck_assert_uint_eq(digest[wanted.len], 0xEE);
		}
		octets_free(wanted);
	}
	octets_free(input);
	vectors_close(file);
}
END_TEST

START_TEST(nothing_has_a_digest_too)
{
	uint8_t of_null[DP_DIGEST_OCTETS_MAX], of_empty[DP_DIGEST_OCTETS_MAX];
	danepriv_span empty = { of_null, 0 };

	ck_assert(dp_digest(DP_DIGEST_SHA256, none, none, of_null));
	ck_assert(dp_digest(DP_DIGEST_SHA256, empty, empty, of_empty));
	ck_assert_mem_eq(of_null, of_empty, 32);
	ck_assert(
	    dp_digest(DP_DIGEST_SHA256, none, (danepriv_span){ (const uint8_t *)"a", 1 }, of_null));
	ck_assert(dp_digest(
	    DP_DIGEST_SHA256, (danepriv_span){ (const uint8_t *)"a", 1 }, none, of_empty));
	ck_assert_mem_eq(of_null, of_empty, 32);
}
END_TEST

static const int unknown_types[] = { DP_DIGEST_NONE, DP_DIGEST_SHA512 + 1, 255, -1 };

START_TEST(knows_no_other_digest)
{
	uint8_t digest[DP_DIGEST_OCTETS_MAX], before[DP_DIGEST_OCTETS_MAX];
	dp_digest_type type = (dp_digest_type)unknown_types[_i];

	memset(digest, 0xEE, sizeof digest);
	memset(before, 0xEE, sizeof before);
	ck_assert_uint_eq(dp_digest_len(type), 0);
	ck_assert(!dp_digest(type, none, none, digest));
	ck_assert(
	    !dp_digest(type, (danepriv_span){ before, 9 }, (danepriv_span){ before, 9 }, digest));
	ck_assert_mem_eq(digest, before, sizeof digest);
}
END_TEST

/* RFC 5155 section 5; the first is of its appendix A, the second is of the zone com. */
typedef struct nsec3_row {
	const char *name, *salt;
	unsigned iterations;
	const char *wanted;
} nsec3_row;

static const nsec3_row nsec3s[] = {
	{ "example.", "aabbccdd", 12, "065368abeed7ec6e9feba96b8c8bc3e8b791f716" },
	{ "com.", "-", 0, "65019c4ed041c959edcf3b9f741060d7e5d42f96" },
};

START_TEST(hashes_as_nsec3)
{
	const nsec3_row *row = &nsec3s[_i];
	dp_name_store name = name_from(row->name);
	test_octets salt = octets_from_hex(row->salt), wanted = octets_from_hex(row->wanted);
	uint8_t digest[DP_DIGEST_OCTETS_MAX];
	danepriv_span input = { name.octets, name.len };

	for (unsigned i = 0; i <= row->iterations; i++) {
		ck_assert(dp_digest(DP_DIGEST_SHA1, input, octets_span(salt), digest));
		input = (danepriv_span){ digest, 20 }; /* over itself, from now on */
	}
	ck_assert_msg(dp_span_equal(input, octets_span(wanted)), "%s", row->name);
	octets_free(salt);
	octets_free(wanted);
}
END_TEST

typedef struct equal_row {
	const char *name, *a, *b;
	bool equal;
} equal_row;

static const equal_row equals[] = {
	{ "the same", "00112233", "00112233", true },
	{ "one octet", "00", "00", true },
	{ "first bit", "80112233", "00112233", false },
	{ "last bit", "00112232", "00112233", false },
	{ "shorter", "001122", "00112233", false },
	{ "longer", "0011223300", "00112233", false },
	{ "an empty one", "-", "00", false },
	{ "two empty ones", "-", "-", false },
};

START_TEST(compares_in_constant_time)
{
	const equal_row *row = &equals[_i];
	test_octets a = octets_from_hex(row->a), b = octets_from_hex(row->b);

	ck_assert_msg(
	    dp_digest_equal(octets_span(a), octets_span(b)) == row->equal, "%s", row->name);
	ck_assert_msg(
	    dp_digest_equal(octets_span(b), octets_span(a)) == row->equal, "%s", row->name);
	ck_assert(!dp_digest_equal(none, octets_span(a)));
	ck_assert(!dp_digest_equal(none, none));
	octets_free(a);
	octets_free(b);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("digest");
	TCase *digest = tcase_create("digest"), *compare = tcase_create("compare");

	tcase_set_timeout(digest, 60);
	tcase_add_loop_test(digest, digests_what_was_published, 0, vectors_count("digests.txt"));
	tcase_add_test(digest, nothing_has_a_digest_too);
	tcase_add_loop_test(digest, knows_no_other_digest, 0, ROWS(unknown_types));
	tcase_add_loop_test(digest, hashes_as_nsec3, 0, ROWS(nsec3s));
	tcase_add_loop_test(compare, compares_in_constant_time, 0, ROWS(equals));
	suite_add_tcase(s, digest);
	suite_add_tcase(s, compare);
	return s;
}
