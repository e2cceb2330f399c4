/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/keyed: in which place of a table does this belong? */
#include "crypto/keyed.h"
#include "support/octets.h"
#include "support/suite.h"

#include <string.h>

/* Key 000102..0f, message 000102.. of each length: the example of the SipHash paper's appendix
 * (15 octets) and the first of its authors' test vectors. */
static const struct {
	const char *message, *hash;
} known[] = {
	{ "-", "310e0edd47db6f72" },
	{ "00", "fd67dc93c539f874" },
	{ "000102030405060708090a0b0c0d0e", "e545be4961ca29a1" },
};

static const uint8_t secret[DP_KEYED_SECRET_OCTETS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	13, 14, 15 };

START_TEST(hashes_as_its_authors_do)
{
	test_octets message = octets_from_hex(known[_i].message);
	test_octets wanted = octets_from_hex(known[_i].hash);
	uint64_t hash = dp_keyed_hash(secret, octets_span(message));

	ck_assert_uint_eq(wanted.len, sizeof hash);
	ck_assert_mem_eq(&hash, wanted.data, sizeof hash);
	octets_free(message);
	octets_free(wanted);
}
END_TEST

START_TEST(takes_nothing)
{
	danepriv_span nothing = { NULL, 0 }, empty = { secret, 0 };

	ck_assert_uint_eq(dp_keyed_hash(secret, nothing), dp_keyed_hash(secret, empty));
}
END_TEST

/* Each octet of the secret and of what is hashed counts. */
START_TEST(every_octet_counts)
{
	uint8_t other[DP_KEYED_SECRET_OCTETS], octets[DP_KEYED_SECRET_OCTETS];
	danepriv_span span = { secret, sizeof secret }, changed = { octets, sizeof octets };
	uint64_t hash = dp_keyed_hash(secret, span);

	memcpy(other, secret, sizeof other);
	memcpy(octets, secret, sizeof octets);
	other[_i] ^= 1;
	octets[_i] ^= 1;
	ck_assert_uint_ne(dp_keyed_hash(other, span), hash);
	ck_assert_uint_ne(dp_keyed_hash(secret, changed), hash);
	span.len = (size_t)_i;
	ck_assert_uint_ne(dp_keyed_hash(secret, span), hash);
}
END_TEST

START_TEST(secrets_differ)
{
	static const uint8_t none[DP_KEYED_SECRET_OCTETS];
	uint8_t one[DP_KEYED_SECRET_OCTETS], two[DP_KEYED_SECRET_OCTETS];

	ck_assert(dp_keyed_secret(one) && dp_keyed_secret(two));
	ck_assert_mem_ne(one, two, sizeof one);
	ck_assert_mem_ne(one, none, sizeof one);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("keyed");
	TCase *tc = tcase_create("keyed");

	tcase_add_loop_test(tc, hashes_as_its_authors_do, 0, ROWS(known));
	tcase_add_test(tc, takes_nothing);
	tcase_add_loop_test(tc, every_octet_counts, 0, DP_KEYED_SECRET_OCTETS);
	tcase_add_test(tc, secrets_differ);
	suite_add_tcase(suite, tc);
	return suite;
}
