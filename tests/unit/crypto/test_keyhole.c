/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/keyhole: may a library see this key of a stranger's?  And do those that it may not see
 * come to a clean end in a judgement? */
#include "crypto/keyhole.h"
#include "base/buffer.h"
#include "support/credentials.h"
#include "support/octets.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <string.h>

#define OK DANEPRIV_OK
#define BAD DANEPRIV_EMALFORMED
#define KIND DANEPRIV_EINVAL
#define SIZE DANEPRIV_ELIMIT

/* ---- DER ---- */

/* A tag, a length in the fewest octets, and the content. */
static void
write_element(dp_buffer *b, uint8_t tag, danepriv_span content)
{
	dp_write_u8(b, tag);
	if (content.len >= 0x100)
		dp_write_u8(b, 0x82);
	else if (content.len >= 0x80)
		dp_write_u8(b, 0x81);
	if (content.len >= 0x100)
		dp_write_u8(b, (uint8_t)(content.len >> 8));
	dp_write_u8(b, (uint8_t)content.len);
	dp_write_span(b, content);
}

/* Wraps all that is in `b` so far. */
static void
wrap(dp_buffer *b, uint8_t tag)
{
	dp_buffer whole = dp_buffer_growing(65535);

	write_element(&whole, tag, dp_buffer_span(b));
	dp_buffer_free(b);
	*b = whole;
}

static void
write_hex(dp_buffer *b, const char *hex)
{
	test_octets octets = octets_from_hex(hex);

	dp_write_span(b, octets_span(octets));
	octets_free(octets);
}

/* ---- RSA ---- */

typedef struct rsa_row {
	const char *name;
	size_t modulus;	  /* octets, with what stands in front */
	const char *head; /* of the modulus */
	uint8_t last;
	const char *exponent; /* with tag and length */
	danepriv_status wanted;
} rsa_row;

static const rsa_row rsas[] = {
	{ "2048 bits", 257, "00c5", 1, "0203010001", OK },
	{ "1024 bits", 129, "00c5", 1, "0203010001", OK },
	{ "1023 bits", 128, "7f", 1, "0203010001", SIZE },
	{ "512 bits", 65, "00c5", 1, "0203010001", SIZE },
	{ "8192 bits", 1025, "00c5", 1, "0203010001", OK },
	{ "8193 bits", 1025, "01", 1, "0203010001", SIZE },
	{ "8192 octets", 8193, "00c5", 1, "0203010001", SIZE },
	{ "exponent 3", 257, "00c5", 1, "020103", OK },
	{ "exponent of 64 bits", 513, "00c5", 1, "020900ffffffffffffffff", OK },
	{ "exponent of 65 bits", 257, "00c5", 1, "0209010000000000000001", SIZE },
	{ "exponent of 33 bits, 4097 bits", 513, "01", 1, "02050100000001", SIZE },
	{ "exponent of 32 bits, 8192 bits", 1025, "00c5", 1, "020500ffffffff", OK },
	{ "even modulus", 257, "00c5", 2, "0203010001", BAD },
	{ "modulus ends in zeros", 257, "00c5", 0, "0203010001", BAD },
	{ "negative modulus", 256, "c5", 1, "0203010001", BAD },
	{ "modulus with a zero too many", 258, "0000c5", 1, "0203010001", BAD },
	{ "modulus with a needless zero", 257, "0045", 1, "0203010001", BAD },
	{ "modulus 0", 1, "00", 0, "0203010001", BAD },
	{ "modulus without octets", 0, "", 0, "0203010001", BAD },
	{ "exponent 0", 257, "00c5", 1, "020100", BAD },
	{ "exponent 1", 257, "00c5", 1, "020101", BAD },
	{ "even exponent", 257, "00c5", 1, "0203010000", BAD },
	{ "negative exponent", 257, "00c5", 1, "0201ff", BAD },
	{ "exponent with a needless zero", 257, "00c5", 1, "020400010001", BAD },
	{ "exponent without octets", 257, "00c5", 1, "0200", BAD },
	{ "no exponent", 257, "00c5", 1, "", BAD },
	{ "three numbers", 257, "00c5", 1, "0203010001020103", BAD },
};

static dp_buffer
rsa_spki(const rsa_row *row, const char *algorithm)
{
	dp_buffer numbers = dp_buffer_growing(65535), spki = dp_buffer_growing(65535);

	write_hex(&numbers, row->head);
	while (dp_buffer_span(&numbers).len + 1 < row->modulus)
		dp_write_u8(&numbers, 0xA5);
	if (dp_buffer_span(&numbers).len < row->modulus)
		dp_write_u8(&numbers, row->last);
	wrap(&numbers, 0x02);
	write_hex(&numbers, row->exponent);
	wrap(&numbers, 0x30);
	write_hex(&spki, algorithm);
	dp_buffer bits = dp_buffer_growing(65535);
	dp_write_u8(&bits, 0);
	dp_write_span(&bits, dp_buffer_span(&numbers));
	write_element(&spki, 0x03, dp_buffer_span(&bits));
	dp_buffer_free(&bits);
	dp_buffer_free(&numbers);
	wrap(&spki, 0x30);
	return spki;
}

START_TEST(rsa_numbers)
{
	const rsa_row *row = &rsas[_i];
	dp_buffer spki = rsa_spki(row, "300d06092a864886f70d0101010500");
	dp_key key;

	ck_assert_msg(dp_keyhole_spki(dp_buffer_span(&spki), &key) == row->wanted, "%s", row->name);
	ck_assert_msg((key.kind == DP_KEY_RSA) == (row->wanted == OK), "%s", row->name);
	dp_buffer_free(&spki);
}
END_TEST

typedef struct parameters_row {
	const char *name, *algorithm;
	danepriv_status wanted;
} parameters_row;

#define SHA1 "06052b0e03021a"
#define SHA256 "0609608648016503040201"
#define SHA384 "0609608648016503040202"
#define MGF1 "06092a864886f70d010108"
#define PSS "06092a864886f70d01010a"

static const parameters_row parameters[] = {
	{ "RSA without parameters", "300b06092a864886f70d010101", OK },
	{ "RSA with a NULL that holds something", "300e06092a864886f70d010101050100", KIND },
	{ "RSA with two NULLs", "300f06092a864886f70d01010105000500", KIND },
	{ "RSA with a SEQUENCE", "300d06092a864886f70d0101013000", KIND },
	{ "PSS of any hash", "300b" PSS, OK },
	{ "PSS of SHA-1, by what is left out", "300d" PSS "3000", KIND },
	{ "PSS with NULL", "300d" PSS "0500", KIND },
	{ "PSS of SHA-256, with octets behind it",
	    "303d" PSS "302ea00d300b" SHA256 "a11a3018" MGF1 "300b" SHA256 "a203020120", KIND },
	{ "PSS of SHA-256, whole",
	    "303d" PSS "3030a00d300b" SHA256 "a11a3018" MGF1 "300b" SHA256 "a203020120", OK },
	{ "PSS of SHA-256, a salt of 33",
	    "303d" PSS "3030a00d300b" SHA256 "a11a3018" MGF1 "300b" SHA256 "a203020121", KIND },
	{ "PSS of SHA-256, a mask of SHA-384",
	    "303d" PSS "3030a00d300b" SHA256 "a11a3018" MGF1 "300b" SHA384 "a203020120", KIND },
	{ "PSS of SHA-256, trailer 2",
	    "303d" PSS "3030a00d300b" SHA256 "a11a3018" MGF1 "300b" SHA256 "a303020102", KIND },
};

START_TEST(rsa_parameters)
{
	const parameters_row *row = &parameters[_i];
	dp_buffer spki = rsa_spki(&rsas[0], row->algorithm);
	dp_key key;

	danepriv_status status = dp_keyhole_spki(dp_buffer_span(&spki), &key);
	ck_assert_msg((status == OK) == (row->wanted == OK), "%s: %d", row->name, status);
	ck_assert_msg((key.kind != DP_KEY_NONE) == (row->wanted == OK), "%s", row->name);
	dp_buffer_free(&spki);
}
END_TEST

/* ---- other kinds ---- */

typedef struct other_row {
	const char *name, *algorithm;
	size_t octets; /* of the key */
	uint8_t first;
	danepriv_status wanted;
} other_row;

#define EC "06072a8648ce3d0201"
#define P256 "301306072a8648ce3d020106082a8648ce3d030107"

static const other_row others[] = {
	{ "P-256", P256, 65, 4, OK },
	{ "P-384", "3010" EC "06052b81040022", 97, 4, OK },
	{ "P-521", "3010" EC "06052b81040023", 133, 4, OK },
	{ "Ed25519", "300506032b6570", 32, 1, OK },
	{ "Ed448", "300506032b6571", 57, 1, OK },
	{ "P-256, compressed", P256, 33, 2, KIND },
	{ "P-256, hybrid", P256, 65, 6, KIND },
	{ "P-256, the point at infinity", P256, 1, 0, KIND },
	{ "P-256, an octet short", P256, 64, 4, BAD },
	{ "P-256, an octet too many", P256, 66, 4, BAD },
	{ "P-256, a point of P-384", P256, 97, 4, BAD },
	{ "P-256, no octets", P256, 0, 0, BAD },
	{ "P-224", "3010" EC "06052b81040021", 57, 4, KIND },
	{ "secp256k1", "3010" EC "06052b8104000a", 65, 4, KIND },
	{ "brainpoolP256r1", "3014" EC "06092b2403030208010107", 65, 4, KIND },
	{ "a curve by implicit parameters", "300b" EC "0500", 65, 4, KIND },
	{ "a curve by its parameters", "300b" EC "3000", 65, 4, KIND },
	{ "no curve", "3009" EC, 65, 4, KIND },
	{ "Ed25519 with NULL", "300706032b65700500", 32, 1, KIND },
	{ "Ed25519 of 57 octets", "300506032b6570", 57, 1, BAD },
	{ "Ed448 of 32 octets", "300506032b6571", 32, 1, BAD },
	{ "X25519", "300506032b656e", 32, 1, KIND },
	{ "DSA", "300906072a8648ce380401", 32, 2, KIND },
	{ "GOST", "300806062a8503020213", 66, 4, KIND },
	{ "no algorithm", "3000", 32, 1, BAD },
};

START_TEST(other_kinds)
{
	const other_row *row = &others[_i];
	dp_buffer spki = dp_buffer_growing(65535);
	uint8_t bits[256] = { 0 };
	dp_key key;

	bits[1] = row->first;
	write_hex(&spki, row->algorithm);
	write_element(&spki, 0x03, (danepriv_span){ bits, row->octets + 1 });
	wrap(&spki, 0x30);
	danepriv_span whole = dp_buffer_span(&spki);
	ck_assert_msg(dp_keyhole_spki(whole, &key) == row->wanted, "%s", row->name);
	ck_assert_msg((key.kind != DP_KEY_NONE) == (row->wanted == OK), "%s", row->name);
	for (size_t len = 0; len < whole.len; len++)
		ck_assert_msg(!dp_keyhole_is_fit((danepriv_span){ whole.data, len }), "%s: %zu",
		    row->name, len);
	dp_buffer_free(&spki);
}
END_TEST

/* ---- judgements ---- */

/* DSA with p = 0, and with a p of 8000 octets; RSA with modulus and exponent of so many octets. */
typedef struct hostile_row {
	const char *name;
	bool dsa;
	size_t modulus, exponent;
} hostile_row;

static const hostile_row hostile[] = {
	{ "DSA, p = 0", true, 1, 0 },
	{ "DSA of 8000 octets", true, 8000, 0 },
	{ "RSA of 4096 octets", false, 4096, 4096 },
	{ "RSA of 8192 octets", false, 8192, 8192 },
	{ "RSA of 512 octets, exponent of as many", false, 512, 512 },
};

static void
write_number(dp_buffer *b, size_t octets)
{
	dp_buffer number = dp_buffer_growing(65535);

	dp_write_u8(&number, octets > 1 ? 0x45 : 0);
	for (size_t i = 1; i < octets; i++)
		dp_write_u8(&number, 0xA5);
	write_element(b, 0x02, dp_buffer_span(&number));
	dp_buffer_free(&number);
}

static dp_buffer
hostile_spki(const hostile_row *row)
{
	dp_buffer spki = dp_buffer_growing(65535), bits = dp_buffer_growing(65535);
	dp_buffer numbers = dp_buffer_growing(65535);

	write_number(&numbers, row->modulus);
	if (row->dsa) {
		write_hex(&numbers, "0203040001020102");
		wrap(&numbers, 0x30);
		write_hex(&spki, "06072a8648ce380401");
		dp_write_span(&spki, dp_buffer_span(&numbers));
		wrap(&spki, 0x30);
		write_hex(&bits, "00020102");
	} else {
		write_number(&numbers, row->exponent);
		wrap(&numbers, 0x30);
		write_hex(&spki, "300d06092a864886f70d0101010500");
		write_hex(&bits, "00");
		dp_write_span(&bits, dp_buffer_span(&numbers));
	}
	write_element(&spki, 0x03, dp_buffer_span(&bits));
	wrap(&spki, 0x30);
	dp_buffer_free(&bits);
	dp_buffer_free(&numbers);
	return spki;
}

#define CN_CA "300d310b300906035504030c024341"
#define CN_NS1 "300e310c300a06035504030c036e7331"
#define VALIDITY "3020170d3230303130313030303030305a180f32303439303130313030303030305a"
#define DSA_SHA256 "300b0609608648016503040302"
#define RSA_SHA256 "300d06092a864886f70d01010b0500"
#define A_P256_KEY                                                                                 \
	"3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f2"   \
	"77037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb640"   \
	"6837bf51f5"

static dp_buffer
certificate(const hostile_row *row, const char *subject, danepriv_span key, const char *extensions)
{
	const char *algorithm = row->dsa ? DSA_SHA256 : RSA_SHA256;
	dp_buffer b = dp_buffer_growing(65535);
	uint8_t signature[65] = { 0, 1 };

	write_hex(&b, "a003020102020102");
	write_hex(&b, algorithm);
	write_hex(&b, CN_CA VALIDITY);
	write_hex(&b, subject);
	dp_write_span(&b, key);
	write_hex(&b, extensions);
	wrap(&b, 0x30);
	write_hex(&b, algorithm);
	write_element(&b, 0x03, (danepriv_span){ signature, sizeof signature });
	wrap(&b, 0x30);
	return b;
}

/* The authority meant by `selector`, sent along or published alone. */
static void
judge_hostile(const hostile_row *row, uint8_t selector, bool sent)
{
	danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_record_verdict each[1];
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = each, .each_size = sizeof *each, .each_room = 1
	};
	test_octets p256 = octets_from_hex(A_P256_KEY);
	dp_buffer spki = hostile_spki(row), rdata = dp_buffer_growing(65535);
	dp_buffer authority = certificate(
	    row, CN_CA, dp_buffer_span(&spki), "a3133011300f0603551d130101ff040530030101ff");
	dp_buffer leaf = certificate(row, CN_NS1, octets_span(p256),
	    "a31e301c301a0603551d1104133011820f6e73312e6578616d706c652e6e6574");
	danepriv_span items[] = { dp_buffer_span(&leaf), dp_buffer_span(&authority) };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, items, sent ? 2 : 1 };
	danepriv_records *records;
	danepriv *ctx = context_open("-");

	dp_write_u8(&rdata, 2);
	dp_write_u8(&rdata, selector);
	dp_write_u8(&rdata, 0);
	dp_write_span(&rdata, selector ? dp_buffer_span(&spki) : items[1]);
	danepriv_span list[] = { dp_buffer_span(&rdata) };
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, list, 1, 4102444800, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &credential, NULL, 0, 1700000000, &verdict),
	    DANEPRIV_OK);
	ck_assert_msg(
	    verdict.finding == DANEPRIV_FINDING_UNUSABLE, "%s: %d", row->name, verdict.finding);
	ck_assert_int_eq(each[0].judgement, DANEPRIV_JUDGEMENT_UNUSABLE);
	ck_assert_int_eq(each[0].reason, DANEPRIV_RECORD_REASON_KEY);
	danepriv_records_free(records);
	danepriv_close(ctx);
	dp_buffer_free(&leaf);
	dp_buffer_free(&authority);
	dp_buffer_free(&rdata);
	dp_buffer_free(&spki);
	octets_free(p256);
}

START_TEST(authorities_that_hurt)
{
	for (uint8_t selector = 0; selector < 2; selector++) {
		judge_hostile(&hostile[_i], selector, true);
		judge_hostile(&hostile[_i], selector, false);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("keyhole");
	TCase *tc = tcase_create("keyhole");

	tcase_add_loop_test(tc, rsa_numbers, 0, ROWS(rsas));
	tcase_add_loop_test(tc, rsa_parameters, 0, ROWS(parameters));
	tcase_add_loop_test(tc, other_kinds, 0, ROWS(others));
	tcase_add_loop_test(tc, authorities_that_hurt, 0, ROWS(hostile));
	suite_add_tcase(s, tc);
	return s;
}
