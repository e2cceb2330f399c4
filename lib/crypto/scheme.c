/* SPDX-License-Identifier: BSD-2-Clause
 * How does this certificate say that it was signed?  (RFC 3279, 4055, 5758, 8410) */
#include "crypto/scheme.h"

#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"
#include "crypto/keyhole.h"

enum { TAG_NULL = 0x05, TAG_OID = 0x06, TAG_SEQUENCE = 0x30, TAG_HASH = 0xA0 };

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}
#define PKCS_1(number) OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, number)
#define X9_62(...) OID(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, __VA_ARGS__)

/* What stands behind the OID. */
typedef enum parameters { ABSENT, NULL_OR_ABSENT, PSS } parameters;

static const struct {
	danepriv_span oid;
	parameters parameters;
	danepriv_scheme scheme; /* NONE: too weak; of PSS: the parameters say */
} algorithms[] = {
	{ PKCS_1(11), NULL_OR_ABSENT, DANEPRIV_SCHEME_RSA_SHA256 },
	{ PKCS_1(12), NULL_OR_ABSENT, DANEPRIV_SCHEME_RSA_SHA384 },
	{ PKCS_1(13), NULL_OR_ABSENT, DANEPRIV_SCHEME_RSA_SHA512 },
	{ PKCS_1(10), PSS, DANEPRIV_SCHEME_NONE },
	{ X9_62(3, 2), ABSENT, DANEPRIV_SCHEME_ECDSA_SHA256 },
	{ X9_62(3, 3), ABSENT, DANEPRIV_SCHEME_ECDSA_SHA384 },
	{ X9_62(3, 4), ABSENT, DANEPRIV_SCHEME_ECDSA_SHA512 },
	{ OID(0x2B, 0x65, 0x70), ABSENT, DANEPRIV_SCHEME_ED25519 },
	{ OID(0x2B, 0x65, 0x71), ABSENT, DANEPRIV_SCHEME_ED448 },
	{ PKCS_1(4), NULL_OR_ABSENT, DANEPRIV_SCHEME_NONE }, /* MD5 */
	{ PKCS_1(5), NULL_OR_ABSENT, DANEPRIV_SCHEME_NONE }, /* SHA-1 */
	{ X9_62(1), ABSENT, DANEPRIV_SCHEME_NONE },	     /* SHA-1 */
};

/* RFC 4055 section 3.1: a hash that is left out is SHA-1. */
static danepriv_status
read_pss(danepriv_span sequence, danepriv_scheme *out)
{
	unsigned bits, salt;

	if (sequence.len == 0 || sequence.data[0] != TAG_HASH)
		return DANEPRIV_ELIMIT;
	if (!dp_keyhole_read_pss(sequence, &bits, &salt) || salt != bits / 8)
		return DANEPRIV_EINVAL;
	*out = bits == 256   ? DANEPRIV_SCHEME_PSS_SHA256
	       : bits == 384 ? DANEPRIV_SCHEME_PSS_SHA384
			     : DANEPRIV_SCHEME_PSS_SHA512;
	return DANEPRIV_OK;
}

static danepriv_status
read_parameters(dp_reader *r, parameters wanted, danepriv_scheme *out)
{
	if (wanted == PSS) {
		danepriv_span sequence = dp_der_inside(r, TAG_SEQUENCE);
		return dp_reader_done(r) ? read_pss(sequence, out) : DANEPRIV_EINVAL;
	}
	if (wanted == NULL_OR_ABSENT && dp_reader_left(r) > 0 && dp_der_inside(r, TAG_NULL).len > 0)
		return DANEPRIV_EINVAL;
	if (!dp_reader_done(r))
		return DANEPRIV_EINVAL;
	return *out == DANEPRIV_SCHEME_NONE ? DANEPRIV_ELIMIT : DANEPRIV_OK;
}

danepriv_status
dp_scheme_read(danepriv_span algorithm, danepriv_scheme *out)
{
	dp_reader whole = dp_reader_over(algorithm);
	dp_reader r = dp_reader_over(dp_der_inside(&whole, TAG_SEQUENCE));
	danepriv_span oid = dp_der_inside(&r, TAG_OID);
	danepriv_status status = DANEPRIV_EINVAL;

	*out = DANEPRIV_SCHEME_NONE;
	if (!dp_reader_done(&whole))
		return DANEPRIV_EINVAL;
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
		if (!dp_span_equal(oid, algorithms[i].oid))
			continue;
		*out = algorithms[i].scheme;
		status = read_parameters(&r, algorithms[i].parameters, out);
	}
	if (status != DANEPRIV_OK)
		*out = DANEPRIV_SCHEME_NONE;
	return status;
}

unsigned
dp_scheme_hash_bits(danepriv_scheme scheme)
{
	switch (scheme) {
	case DANEPRIV_SCHEME_RSA_SHA256:
	case DANEPRIV_SCHEME_PSS_SHA256:
	case DANEPRIV_SCHEME_ECDSA_SHA256:
		return 256;
	case DANEPRIV_SCHEME_RSA_SHA384:
	case DANEPRIV_SCHEME_PSS_SHA384:
	case DANEPRIV_SCHEME_ECDSA_SHA384:
		return 384;
	case DANEPRIV_SCHEME_RSA_SHA512:
	case DANEPRIV_SCHEME_PSS_SHA512:
	case DANEPRIV_SCHEME_ECDSA_SHA512:
		return 512;
	case DANEPRIV_SCHEME_NONE:
	case DANEPRIV_SCHEME_ED25519:
	case DANEPRIV_SCHEME_ED448:
		break;
	}
	return 0;
}
