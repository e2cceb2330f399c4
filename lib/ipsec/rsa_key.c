/* SPDX-License-Identifier: BSD-2-Clause
 * Which SubjectPublicKeyInfo is this RSA key?  (RFC 7296 section 3.6, RFC 3279 section 2.3.1)
 *
 * CERT encoding 11 has the RSAPublicKey alone, and what is published is the whole. */
#include "ipsec/rsa_key.h"

#include "base/buffer.h"

enum { TAG_SEQUENCE = 0x30, TAG_BIT_STRING = 0x03 };

#define DER_SHORT_MAX 0x7F
#define DER_ONE_OCTET 0x81
#define DER_TWO_OCTETS 0x82

/* rsaEncryption, with the parameters that it has to have. */
static const uint8_t algorithm[] = { TAG_SEQUENCE, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
	0x0D, 0x01, 0x01, 0x01, 0x05, 0x00 };

/* Octets of a tag and the length behind it, as DER has it: the shortest. */
static size_t
head_octets(size_t len)
{
	if (len <= DER_SHORT_MAX)
		return 2;
	return len <= UINT8_MAX ? 3 : 4;
}

static void
write_head(dp_buffer *b, uint8_t tag, size_t len)
{
	dp_write_u8(b, tag);
	if (len <= DER_SHORT_MAX) {
		dp_write_u8(b, (uint8_t)len);
	} else if (len <= UINT8_MAX) {
		dp_write_u8(b, DER_ONE_OCTET);
		dp_write_u8(b, (uint8_t)len);
	} else {
		dp_write_u8(b, DER_TWO_OCTETS);
		dp_write_u16(b, (uint16_t)len);
	}
}

bool
dp_rsa_key_convert(danepriv_span rsa_key, uint8_t *octets, size_t room, danepriv_span *key)
{
	dp_buffer b = dp_buffer_over(octets, room);

	if (rsa_key.len == 0 || rsa_key.len > room)
		return false;
	size_t bits = 1 + rsa_key.len; /* none is unused */
	size_t inside = sizeof algorithm + head_octets(bits) + bits;
	write_head(&b, TAG_SEQUENCE, inside);
	dp_write(&b, algorithm, sizeof algorithm);
	write_head(&b, TAG_BIT_STRING, bits);
	dp_write_u8(&b, 0);
	dp_write_span(&b, rsa_key);
	*key = dp_buffer_span(&b);
	return b.status == DANEPRIV_OK;
}
