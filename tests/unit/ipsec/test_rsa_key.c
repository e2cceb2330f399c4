/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/rsa_key: which SubjectPublicKeyInfo is an RSA key of CERT encoding 11? */
#include "ipsec/rsa_key.h"

#include "base/bounds.h"
#include "crypto/der.h"
#include "crypto/keyhole.h"
#include "support/ike.h"
#include "support/suite.h"

#include <string.h>

/* ---- keys that there are ---- */

static const char *const keys[] = { "k-rsa", "rsa" };

START_TEST(converted)
{
	test_octets whole = ike_key_of(keys[_i]);
	danepriv_span rsa_key = { whole.data + 24, whole.len - 24 }, key;
	uint8_t octets[DANEPRIV_IKE_KEY_MAX];

	ck_assert(dp_rsa_key_convert(rsa_key, octets, sizeof octets, &key));
	ck_assert_ptr_eq(key.data, octets);
	ck_assert_uint_eq(key.len, whole.len);
	ck_assert_mem_eq(key.data, whole.data, whole.len);
	ck_assert(dp_keyhole_is_fit(key));
	octets_free(whole);
}
END_TEST

/* ---- lengths ---- */

/* Lengths at which DER needs another octet for one of the two that are written, and those around
 * the most that has room. */
static const struct {
	const char *name;
	size_t len, head; /* octets in front of the key */
	bool fits;
} lengths[] = {
	{ "one octet", 1, 20, true },
	{ "the shortest lengths", 109, 20, true },
	{ "a longer outer one", 110, 21, true },
	{ "the last short inner one", 126, 21, true },
	{ "a longer inner one", 127, 22, true },
	{ "the last outer one of one octet", 236, 22, true },
	{ "an outer one of two octets", 237, 23, true },
	{ "the last inner one of one octet", 254, 23, true },
	{ "both of two octets", 255, 24, true },
	{ "2048 bits", 270, 24, true },
	{ "8192 bits", 1038, 24, true },
	{ "the longest", DANEPRIV_IKE_KEY_MAX - 24, 24, true },
	{ "one more", DANEPRIV_IKE_KEY_MAX - 23, 24, false },
	{ "as long as the room", DANEPRIV_IKE_KEY_MAX, 24, false },
	{ "longer than the room", DANEPRIV_IKE_KEY_MAX + 1, 24, false },
	{ "64 KiB", 65536, 24, false },
	{ "none", 0, 0, false },
};

START_TEST(length)
{
	static uint8_t input[65536];
	uint8_t octets[DANEPRIV_IKE_KEY_MAX + 1];
	danepriv_span key;

	memset(input, 0x5A, sizeof input);
	memset(octets, 0xA5, sizeof octets);
	bool fits = dp_rsa_key_convert(
	    (danepriv_span){ input, lengths[_i].len }, octets, DANEPRIV_IKE_KEY_MAX, &key);
	ck_assert_msg(fits == lengths[_i].fits, "%s", lengths[_i].name);
	ck_assert_uint_eq(octets[DANEPRIV_IKE_KEY_MAX], 0xA5);
	if (!fits)
		return;
	ck_assert_msg(
	    key.len == lengths[_i].head + lengths[_i].len, "%s: %zu", lengths[_i].name, key.len);
	ck_assert_mem_eq(key.data + lengths[_i].head, input, lengths[_i].len);
	/* Its lengths are DER's. */
	ck_assert_msg(dp_der_spki_check(key) == DANEPRIV_OK, "%s", lengths[_i].name);
}
END_TEST

/* Whatever RSA key the keyhole takes, there is room for it. */
START_TEST(room_for_every_key)
{
	size_t modulus = 1 + DP_RSA_BITS_MAX / 8, exponent = 1 + DP_RSA_EXPONENT_MAX;

	ck_assert_uint_le(24 + 4 + 4 + modulus + 2 + exponent, DANEPRIV_IKE_KEY_MAX);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("rsa_key");
	TCase *tc = tcase_create("rsa_key");

	tcase_add_loop_test(tc, converted, 0, ROWS(keys));
	tcase_add_loop_test(tc, length, 0, ROWS(lengths));
	tcase_add_test(tc, room_for_every_key);
	suite_add_tcase(suite, tc);
	return suite;
}
