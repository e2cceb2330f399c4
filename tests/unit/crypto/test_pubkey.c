/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/pubkey: did this DNSSEC key sign these octets? */
#include "crypto/pubkey.h"
#include "base/buffer.h"
#include "support/failing_alloc.h"
#include "support/signed.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

static const danepriv_span none = { NULL, 0 };

/* Signatures that somebody else made */

/* Imports and verifies; false, too, when the key is refused. */
static bool
verifies(uint8_t algorithm, danepriv_span field, danepriv_span data, danepriv_span signature)
{
	dp_pubkey *key;
	danepriv_status status = dp_pubkey_from_dnskey(NULL, algorithm, field, &key);

	ck_assert(
	    status == DANEPRIV_OK ? key != NULL : key == NULL && status == DANEPRIV_EMALFORMED);
	bool verified = key && dp_pubkey_verify(key, data, signature);
	dp_pubkey_free(key);
	return verified;
}

START_TEST(verifies_what_was_signed)
{
	signing s = signing_open(_i);
	dp_pubkey *key;

	ck_assert_msg(
	    dp_pubkey_from_dnskey(NULL, s.algorithm, octets_span(s.key), &key) == DANEPRIV_OK, "%s",
	    s.name);
	for (int twice = 0; twice < 2; twice++)
		ck_assert_msg(dp_pubkey_verify(key, octets_span(s.data), octets_span(s.signature)),
		    "%s", s.name);
	dp_pubkey_free(key);
	signing_close(&s);
}
END_TEST

START_TEST(no_bit_of_the_signature_may_differ)
{
	signing s = signing_open(_i);

	signing_assert_no_bit(&s, s.signature, "signature", verifies);
	signing_close(&s);
}
END_TEST

START_TEST(no_bit_of_the_data_may_differ)
{
	signing s = signing_open(_i);

	signing_assert_no_bit(&s, s.data, "data", verifies);
	ck_assert(s.data.len == 0 ||
		  !verifies(s.algorithm, octets_span(s.key), none, octets_span(s.signature)));
	signing_close(&s);
}
END_TEST

START_TEST(no_bit_of_the_key_may_differ)
{
	signing s = signing_open(_i);

	signing_assert_no_bit(&s, s.key, "key", verifies);
	signing_close(&s);
}
END_TEST

START_TEST(no_length_may_differ)
{
	signing s = signing_open(_i);
	uint8_t longer[1024] = { 0 };

	for (size_t len = 0; len < s.signature.len; len++)
		ck_assert_msg(!verifies(s.algorithm, octets_span(s.key), octets_span(s.data),
				  (danepriv_span){ s.signature.data, len }),
		    "%s: signature of %zu", s.name, len);
	for (size_t len = 0; len < s.key.len; len++)
		ck_assert_msg(!verifies(s.algorithm, (danepriv_span){ s.key.data, len },
				  octets_span(s.data), octets_span(s.signature)),
		    "%s: key of %zu", s.name, len);
	memcpy(longer, s.signature.data, s.signature.len);
	ck_assert_msg(!verifies(s.algorithm, octets_span(s.key), octets_span(s.data),
			  (danepriv_span){ longer, s.signature.len + 1 }),
	    "%s", s.name);
	memcpy(longer + 1, s.signature.data, s.signature.len);
	longer[0] = 0; /* the same number, for RSA */
	ck_assert_msg(!verifies(s.algorithm, octets_span(s.key), octets_span(s.data),
			  (danepriv_span){ longer, s.signature.len + 1 }),
	    "%s", s.name);
	memcpy(longer, s.key.data, s.key.len);
	longer[s.key.len] = 0;
	ck_assert_msg(!verifies(s.algorithm, (danepriv_span){ longer, s.key.len + 1 },
			  octets_span(s.data), octets_span(s.signature)),
	    "%s", s.name);
	signing_close(&s);
}
END_TEST

START_TEST(no_other_algorithm_verifies)
{
	signing s = signing_open(_i);
	uint8_t its_own = s.algorithm;

	for (unsigned algorithm = 0; algorithm < 256; algorithm++) {
		dp_pubkey *key;
		s.algorithm = (uint8_t)algorithm;
		if (algorithm == its_own || !dp_pubkey_knows(s.algorithm)) {
			danepriv_status status =
			    dp_pubkey_from_dnskey(NULL, s.algorithm, octets_span(s.key), &key);
			ck_assert(status == (key ? DANEPRIV_OK : DANEPRIV_EINVAL));
			dp_pubkey_free(key);
			continue;
		}
		ck_assert_msg(!signing_verified(&s, verifies), "%s as %u", s.name, algorithm);
	}
	signing_close(&s);
}
END_TEST

START_TEST(zeros_sign_nothing)
{
	signing s = signing_open(_i);
	size_t half = s.signature.len / 2;
	uint8_t first = s.signature.data[0], *spoilt = s.signature.data;

	/* r zero, then s zero, then both; for RSA and EdDSA as good as any other wrong octets. */
	test_octets whole = octets_copy(octets_span(s.signature));
	memset(spoilt, 0, half);
	ck_assert_msg(!signing_verified(&s, verifies), "%s: r", s.name);
	memset(spoilt + half, 0, s.signature.len - half);
	ck_assert_msg(!signing_verified(&s, verifies), "%s: r and s", s.name);
	memcpy(spoilt, whole.data, half);
	ck_assert_msg(!signing_verified(&s, verifies), "%s: s", s.name);
	memset(spoilt, 0xFF, s.signature.len);
	ck_assert_msg(!signing_verified(&s, verifies), "%s: all ones", s.name);
	memcpy(spoilt, whole.data, whole.len);
	ck_assert(signing_verified(&s, verifies) && spoilt[0] == first);
	octets_free(whole);
	signing_close(&s);
}
END_TEST

START_TEST(survives_a_failing_allocation)
{
	signing s = signing_open(_i);
	dp_pubkey *key;

	for (long n = 0;; n++) {
		dp_fail_allocation_at(n);
		danepriv_status status =
		    dp_pubkey_from_dnskey(NULL, s.algorithm, octets_span(s.key), &key);
		bool spent = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_msg(status == (spent ? DANEPRIV_ENOMEM : DANEPRIV_OK), "%s", s.name);
		ck_assert_msg((key == NULL) == spent, "%s", s.name);
		dp_pubkey_free(key);
		ck_assert_int_eq(dp_blocks(), 0);
		if (!spent)
			break;
	}
	signing_close(&s);
}
END_TEST

/* RSA key fields */

typedef struct rsa_row {
	const char *name;
	uint8_t algorithm;
	const char *exponent; /* with its length, as in the field */
	size_t modulus;	      /* octets */
	uint8_t first, last;  /* of the modulus; what is between is 0xA5 */
	danepriv_status wanted;
} rsa_row;

#define OK DANEPRIV_OK
#define BAD DANEPRIV_EMALFORMED

static const rsa_row rsas[] = {
	{ "exponent 3", 8, "0103", 128, 0x80, 1, OK },
	{ "exponent 65537", 8, "03010001", 128, 0x80, 1, OK },
	{ "largest exponent", 8, "04ffffffff", 128, 0x80, 1, OK },
	{ "smallest modulus", 8, "03010001", 64, 0x80, 1, OK },
	{ "smallest modulus for SHA-512", 10, "03010001", 128, 0x80, 1, OK },
	{ "largest modulus", 8, "03010001", 512, 0xFF, 0xFF, OK },
	{ "first octet 1", 8, "03010001", 128, 0x01, 1, OK },
	{ "nothing", 8, "", 0, 0, 0, BAD },
	{ "only a length", 8, "03", 0, 0, 0, BAD },
	{ "exponent is cut", 8, "030100", 0, 0, 0, BAD },
	{ "no modulus", 8, "03010001", 0, 0, 0, BAD },
	{ "no exponent", 8, "00", 128, 0x80, 1, BAD },
	{ "length in three octets", 8, "000003010001", 128, 0x80, 1, BAD },
	{ "length in three octets, which takes them", 8, "00010000", 400, 0x80, 1, BAD },
	{ "exponent 0", 8, "0100", 128, 0x80, 1, BAD },
	{ "exponent 1", 8, "0101", 128, 0x80, 1, BAD },
	{ "exponent 2", 8, "0102", 128, 0x80, 1, BAD },
	{ "even exponent", 8, "03010000", 128, 0x80, 1, BAD },
	{ "exponent begins with zero", 8, "0400010001", 128, 0x80, 1, BAD },
	{ "exponent of 33 bits", 8, "050100000001", 128, 0x80, 1, OK },
	{ "exponent of 33 bits, large modulus", 8, "050100000001", 512, 0x80, 1, OK },
	{ "exponent of 64 bits", 8, "08ffffffffffffffff", 512, 0x80, 1, OK },
	{ "exponent of 65 bits", 8, "09010000000000000001", 128, 0x80, 1, BAD },
	{ "exponent of 64 bits, even", 8, "08fffffffffffffffe", 128, 0x80, 1, BAD },
	{ "exponent as long as can be", 8, "ff010000000000000001", 400, 0x80, 1, BAD },
	{ "modulus of 63 octets", 8, "03010001", 63, 0x80, 1, BAD },
	{ "modulus of 513 octets", 8, "03010001", 513, 0x80, 1, BAD },
	{ "modulus of 513 octets, the first zero", 8, "03010001", 513, 0, 1, BAD },
	{ "modulus of 127 octets for SHA-512", 10, "03010001", 127, 0x80, 1, BAD },
	{ "modulus of 60000 octets", 8, "03010001", 60000, 0x80, 1, BAD },
	{ "modulus begins with zero", 8, "03010001", 128, 0, 1, BAD },
	{ "even modulus", 8, "03010001", 128, 0x80, 2, BAD },
};

START_TEST(takes_rsa_within_its_bounds)
{
	const rsa_row *row = &rsas[_i];
	test_octets exponent = octets_from_hex(row->exponent);
	dp_buffer field = dp_buffer_growing(65535);
	dp_pubkey *key;

	dp_write_span(&field, octets_span(exponent));
	for (size_t i = 0; i < row->modulus; i++)
		dp_write_u8(&field, i == 0 ? row->first : i + 1 == row->modulus ? row->last : 0xA5);
	danepriv_span span = dp_buffer_span(&field);
	ck_assert_msg(dp_pubkey_from_dnskey(NULL, row->algorithm, span, &key) == row->wanted, "%s",
	    row->name);
	ck_assert_msg((key != NULL) == (row->wanted == OK), "%s", row->name);
	ck_assert_msg(dp_pubkey_cost(row->algorithm, span) >= 1, "%s", row->name);
	dp_pubkey_free(key);
	dp_buffer_free(&field);
	octets_free(exponent);
}
END_TEST

/* Points */

typedef struct point_row {
	const char *name;
	uint8_t algorithm;
	size_t len;
	uint8_t fill;
} point_row;

static const point_row points[] = {
	{ "P-256, x and y zero", 13, 64, 0x00 },
	{ "P-256, x and y beyond the field", 13, 64, 0xFF },
	{ "P-256, not on the curve", 13, 64, 0x11 },
	{ "P-256, one octet short", 13, 63, 0x11 },
	{ "P-256, SEC 1 form", 13, 65, 0x04 },
	{ "P-256, compressed", 13, 33, 0x02 },
	{ "P-384, x and y zero", 14, 96, 0x00 },
	{ "P-384, x and y beyond the field", 14, 96, 0xFF },
	{ "P-384, not on the curve", 14, 96, 0x11 },
	{ "P-384, key of P-256", 14, 64, 0x11 },
	{ "Ed25519, nothing", 15, 0, 0 },
	{ "Ed25519, one octet short", 15, 31, 0x11 },
	{ "Ed25519, key of Ed448", 15, 57, 0x11 },
	{ "Ed448, nothing", 16, 0, 0 },
	{ "Ed448, key of Ed25519", 16, 32, 0x11 },
	{ "Ed448, without its last octet", 16, 56, 0x11 },
};

START_TEST(refuses_what_is_no_point)
{
	const point_row *row = &points[_i];
	uint8_t field[128];
	dp_pubkey *key;

	memset(field, row->fill, sizeof field);
	danepriv_span span = { row->len ? field : NULL, row->len };
	ck_assert_msg(
	    dp_pubkey_from_dnskey(NULL, row->algorithm, span, &key) == BAD, "%s", row->name);
	ck_assert_ptr_null(key);
}
END_TEST

/* Points of small order on Ed25519, and encodings of them: with some, a signature of zeros holds
 * for data of anybody's choice unless the verifier looks. */
static const char *const small_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
};

START_TEST(small_order_signs_nothing)
{
	test_octets field = octets_from_hex(small_order[_i]);
	uint8_t signature[64] = { 0 };
	danepriv_span span = { signature, sizeof signature };

	for (uint8_t i = 0; i < 64; i++) {
		danepriv_span data = { &i, 1 };
		memset(signature, 0, sizeof signature);
		ck_assert(!verifies(15, octets_span(field), data, span));
		memcpy(signature, field.data, 32);
		ck_assert(!verifies(15, octets_span(field), data, span));
		memset(signature, 0, 32);
		signature[0] = 1;
		ck_assert(!verifies(15, octets_span(field), data, span));
	}
	octets_free(field);
}
END_TEST

/* Algorithms */

typedef struct algorithm_row {
	uint8_t number;
	unsigned cost;
} algorithm_row;

static const algorithm_row supported[] = {
	{ 8, 1 },
	{ 10, 1 },
	{ 13, 1000 },
	{ 14, 5600 },
	{ 15, 900 },
	{ 16, 6000 },
};

START_TEST(supports_six_algorithms)
{
	const algorithm_row *row = NULL;
	dp_pubkey *key;

	for (int i = 0; i < ROWS(supported); i++)
		if (supported[i].number == _i)
			row = &supported[i];
	ck_assert(dp_pubkey_knows((uint8_t)_i) == (row != NULL));
	ck_assert_uint_eq(dp_pubkey_cost((uint8_t)_i, none), row ? row->cost : 1);
	ck_assert_int_eq(
	    dp_pubkey_from_dnskey(NULL, (uint8_t)_i, none, &key), row ? BAD : DANEPRIV_EINVAL);
	ck_assert_ptr_null(key);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("pubkey");
	TCase *good = tcase_create("signature"), *bad = tcase_create("key");
	int vectors = vectors_count("signatures.txt");

	tcase_set_timeout(good, 120);
	tcase_add_loop_test(good, verifies_what_was_signed, 0, vectors);
	tcase_add_loop_test(good, no_bit_of_the_signature_may_differ, 0, vectors);
	tcase_add_loop_test(good, no_bit_of_the_data_may_differ, 0, vectors);
	tcase_add_loop_test(good, no_bit_of_the_key_may_differ, 0, vectors);
	tcase_add_loop_test(good, no_length_may_differ, 0, vectors);
	tcase_add_loop_test(good, no_other_algorithm_verifies, 0, vectors);
	tcase_add_loop_test(good, zeros_sign_nothing, 0, vectors);
	tcase_add_loop_test(good, survives_a_failing_allocation, 0, vectors);
	tcase_add_loop_test(bad, takes_rsa_within_its_bounds, 0, ROWS(rsas));
	tcase_add_loop_test(bad, refuses_what_is_no_point, 0, ROWS(points));
	tcase_add_loop_test(bad, small_order_signs_nothing, 0, ROWS(small_order));
	tcase_add_loop_test(bad, supports_six_algorithms, 0, 256);
	suite_add_tcase(s, good);
	suite_add_tcase(s, bad);
	return s;
}
