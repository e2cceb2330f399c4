/* SPDX-License-Identifier: BSD-2-Clause
 * May a library see this key of a stranger's?  (RFC 3110, 3279, 4055, 5480, 8410) */
#include "crypto/keyhole.h"

#include "base/bounds.h"
#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"

#include <string.h>

enum {
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_NULL = 0x05,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_HASH = 0xA0, /* [0] to [3] EXPLICIT, of RSASSA-PSS-params */
	TAG_MASK = 0xA1,
	TAG_SALT = 0xA2,
	TAG_TRAILER = 0xA3
};

/* SEC 1 section 2.3.3: x and y follow.  Other forms need a root to be drawn, or are the point at
 * infinity. */
#define UNCOMPRESSED 0x04
/* RFC 4055 section 3.1: octets of salt where nothing is said. */
#define PSS_SALT_DEFAULT 20

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}

static const danepriv_span rsa_encryption = OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1);
static const danepriv_span rsassa_pss = OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10);
static const danepriv_span mgf1 = OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8);
static const danepriv_span ec_public_key = OID(0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1);

typedef struct curve {
	dp_key_kind kind;
	danepriv_span oid;
	size_t octets; /* of a point, without the octet that says its form */
	unsigned bits;
} curve;

static const curve named_curves[] = {
	{ DP_KEY_P256, OID(0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7), 64, 256 },
	{ DP_KEY_P384, OID(0x2B, 0x81, 4, 0, 34), 96, 384 },
	{ DP_KEY_P521, OID(0x2B, 0x81, 4, 0, 35), 132, 521 },
};
static const curve edwards_curves[] = {
	{ DP_KEY_ED25519, OID(0x2B, 0x65, 0x70), 32, 255 },
	{ DP_KEY_ED448, OID(0x2B, 0x65, 0x71), 57, 448 },
};

typedef struct hash {
	unsigned bits;
	danepriv_span oid;
} hash;

static const hash hashes[] = {
	{ 256, OID(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1) },
	{ 384, OID(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2) },
	{ 512, OID(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3) },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool
next_is(const dp_reader *r, uint8_t tag)
{
	return dp_reader_left(r) > 0 && r->data[r->at] == tag;
}

/* Nothing is left, or a NULL alone (RFC 4055 sections 1.2 and 2.1). */
static bool
is_null_or_absent(dp_reader *r)
{
	if (dp_reader_left(r) > 0 && dp_der_inside(r, TAG_NULL).len > 0)
		return false;
	return dp_reader_done(r);
}

/* Without leading zeros. */
static size_t
bits_of(danepriv_span number)
{
	size_t bits = 8 * number.len;

	for (unsigned top = number.data[0]; top < 0x80; top <<= 1)
		bits--;
	return bits;
}

danepriv_status
dp_keyhole_rsa(
    danepriv_span modulus, danepriv_span exponent, unsigned shortest, unsigned longest, dp_key *out)
{
	const dp_key none = { DP_KEY_NONE };

	*out = none;
	if (modulus.len == 0 || exponent.len == 0 || modulus.data[0] == 0 || exponent.data[0] == 0)
		return DANEPRIV_EMALFORMED;
	/* A product of two odd primes. */
	if ((modulus.data[modulus.len - 1] & 1) == 0)
		return DANEPRIV_EMALFORMED;
	uint8_t lowest = exponent.data[exponent.len - 1];
	if ((lowest & 1) == 0 || (exponent.len == 1 && lowest == 1))
		return DANEPRIV_EMALFORMED;
	size_t bits = bits_of(modulus);
	unsigned most =
	    bits <= DP_RSA_LONG_EXPONENT_BITS ? DP_RSA_EXPONENT_MAX : DP_RSA_EXPONENT_MAX / 2;
	out->bits = bits < UINT16_MAX ? (unsigned)bits : UINT16_MAX;
	if (bits < shortest || bits > longest || exponent.len > most)
		return DANEPRIV_ELIMIT;
	out->kind = DP_KEY_RSA;
	out->modulus = modulus;
	out->exponent = exponent;
	return DANEPRIV_OK;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static danepriv_status
read_rsa(danepriv_span bits, dp_key *out)
{
	dp_reader r = dp_reader_over(bits);
	dp_reader numbers = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));
	danepriv_span modulus = dp_der_read_positive(&numbers),
		      exponent = dp_der_read_positive(&numbers);

	if (!dp_reader_done(&r) || !dp_reader_done(&numbers))
		return DANEPRIV_EMALFORMED;
	return dp_keyhole_rsa(modulus, exponent, DP_RSA_BITS_MIN, DP_RSA_BITS_MAX, out);
}

/* An AlgorithmIdentifier of a hash; 0: none of ours. */
static unsigned
read_hash(danepriv_span algorithm)
{
	dp_reader r = dp_reader_over(algorithm);
	danepriv_span oid = dp_der_inside(&r, TAG_OID);

	if (!is_null_or_absent(&r))
		return 0;
	for (size_t i = 0; i < COUNT(hashes); i++)
		if (dp_span_equal(oid, hashes[i].oid))
			return hashes[i].bits;
	return 0;
}

/* maskGenAlgorithm: MGF1 with this hash. */
static bool
is_mask_of(danepriv_span algorithm, unsigned hash_bits)
{
	dp_reader r = dp_reader_over(algorithm);
	danepriv_span oid = dp_der_inside(&r, TAG_OID);
	unsigned bits = read_hash(dp_der_inside(&r, TAG_SEQUENCE));

	return dp_reader_done(&r) && dp_span_equal(oid, mgf1) && bits == hash_bits;
}

/* Enters an explicit tag, which holds one element with the second tag. */
static danepriv_span
inside_both(dp_reader *r, uint8_t outer, uint8_t inner)
{
	dp_reader in = dp_reader_over(dp_der_inside(r, outer));
	danepriv_span content = dp_der_inside(&in, inner);

	if (!dp_reader_done(&in))
		dp_reader_fail(r);
	return content;
}

bool
dp_keyhole_read_pss(danepriv_span parameters, unsigned *hash_bits, unsigned *salt)
{
	dp_reader r = dp_reader_over(parameters);
	unsigned trailer = 1;

	*salt = PSS_SALT_DEFAULT;
	/* What is left out stands for SHA-1. */
	*hash_bits = read_hash(inside_both(&r, TAG_HASH, TAG_SEQUENCE));
	if (*hash_bits == 0 || !is_mask_of(inside_both(&r, TAG_MASK, TAG_SEQUENCE), *hash_bits))
		return false;
	if (next_is(&r, TAG_SALT)) {
		danepriv_span n = inside_both(&r, TAG_SALT, TAG_INTEGER);
		if (n.len != 1 || n.data[0] > *hash_bits / 8)
			return false;
		*salt = n.data[0];
	}
	if (next_is(&r, TAG_TRAILER)) {
		danepriv_span n = inside_both(&r, TAG_TRAILER, TAG_INTEGER);
		trailer = n.len == 1 ? n.data[0] : 0;
	}
	return dp_reader_done(&r) && trailer == 1;
}

/* RFC 4055 section 1.2: without parameters, any will do. */
static danepriv_status
read_rsa_pss(dp_reader *parameters, danepriv_span bits, dp_key *out)
{
	unsigned hash_bits = 0, salt = 0;

	if (dp_reader_left(parameters) > 0 &&
	    (!dp_keyhole_read_pss(dp_der_inside(parameters, TAG_SEQUENCE), &hash_bits, &salt) ||
		!dp_reader_done(parameters)))
		return DANEPRIV_EINVAL;
	danepriv_status status = read_rsa(bits, out);
	if (status != DANEPRIV_OK)
		return status;
	out->kind = DP_KEY_RSA_PSS;
	out->pss_hash = hash_bits;
	out->pss_salt = salt;
	return DANEPRIV_OK;
}

static danepriv_status
take_point(const curve *c, danepriv_span point, dp_key *out)
{
	if (point.len != c->octets)
		return DANEPRIV_EMALFORMED;
	out->kind = c->kind;
	out->point = point;
	out->bits = c->bits;
	return DANEPRIV_OK;
}

/* RFC 5480 section 2.1.1: a curve by its name; by its parameters it could be any group at all. */
static danepriv_status
read_ec(dp_reader *parameters, danepriv_span point, dp_key *out)
{
	danepriv_span name = dp_der_inside(parameters, TAG_OID);

	if (!dp_reader_done(parameters))
		return DANEPRIV_EINVAL;
	for (size_t i = 0; i < COUNT(named_curves); i++) {
		if (!dp_span_equal(name, named_curves[i].oid))
			continue;
		if (point.len == 0 || point.data[0] != UNCOMPRESSED)
			return DANEPRIV_EINVAL;
		point.data++;
		point.len--;
		return take_point(&named_curves[i], point, out);
	}
	return DANEPRIV_EINVAL;
}

/* RFC 8410 section 3: parameters are absent. */
static danepriv_status
read_edwards(danepriv_span oid, const dp_reader *parameters, danepriv_span point, dp_key *out)
{
	for (size_t i = 0; i < COUNT(edwards_curves); i++)
		if (dp_span_equal(oid, edwards_curves[i].oid))
			return dp_reader_left(parameters) > 0
				   ? DANEPRIV_EINVAL
				   : take_point(&edwards_curves[i], point, out);
	return DANEPRIV_EINVAL;
}

danepriv_status
dp_keyhole_spki(danepriv_span spki, dp_key *out)
{
	const dp_key none = { DP_KEY_NONE };
	dp_reader r = dp_reader_over(spki);

	*out = none;
	if (!spki.data)
		return DANEPRIV_EMALFORMED;
	dp_reader whole = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));
	dp_reader algorithm = dp_reader_over(dp_der_inside(&whole, TAG_SEQUENCE));
	danepriv_span bits = dp_der_inside(&whole, TAG_BIT_STRING),
		      oid = dp_der_inside(&algorithm, TAG_OID);
	/* Octets, all of whose bits are used. */
	if (!dp_reader_done(&r) || !dp_reader_done(&whole) || !dp_reader_ok(&algorithm) ||
	    bits.len < 2 || bits.data[0] != 0)
		return DANEPRIV_EMALFORMED;
	bits.data++;
	bits.len--;
	if (dp_span_equal(oid, rsa_encryption))
		return is_null_or_absent(&algorithm) ? read_rsa(bits, out) : DANEPRIV_EINVAL;
	if (dp_span_equal(oid, rsassa_pss))
		return read_rsa_pss(&algorithm, bits, out);
	if (dp_span_equal(oid, ec_public_key))
		return read_ec(&algorithm, bits, out);
	return read_edwards(oid, &algorithm, bits, out);
}

bool
dp_keyhole_is_fit(danepriv_span spki)
{
	dp_key key;

	return dp_keyhole_spki(spki, &key) == DANEPRIV_OK;
}

/* Whatever the key, in thousandths: that a key and its signature are read. */
#define RSA_COST_LEAST 100

unsigned
dp_keyhole_rsa_cost(const dp_key *key)
{
	if (key->exponent.len == 0)
		return RSA_COST_LEAST;
	/* 2048 bits are eight of these. */
	unsigned size = (key->bits + 255) / 256;
	unsigned cost = size * size * (unsigned)bits_of(key->exponent) / 2;

	/* Longer numbers are multiplied by better ways. */
	return RSA_COST_LEAST + (key->bits > DP_RSA_LONG_EXPONENT_BITS ? cost * 7 / 10 : cost);
}
