/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this certificate is its key?  (X.690 sections 8 and 10.1, RFC 5280 section 4.1)
 *
 * Only what leads to the key is looked into.  What a field says (names, dates, serial number) is not
 * asked here: DANE-EE ignores all of it (RFC 7671 section 5.1). */
#include "crypto/der.h"

#include "base/reader.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_VERSION = 0xA0, /* [0] EXPLICIT */
	TAG_NUMBER_LONG = 0x1F
};

/* Four octets say more than any input has; X.690 section 10.1 wants the fewest that do. */
#define LENGTH_OCTETS_MAX 4

static size_t
read_length(dp_reader *r)
{
	uint8_t first = dp_read_u8(r);
	unsigned count = first & 0x7F;
	uint32_t len = 0;

	if (first < 0x80)
		return first;
	/* count 0: the indefinite form of BER. */
	if (count == 0 || count > LENGTH_OCTETS_MAX) {
		dp_reader_fail(r);
		return 0;
	}
	for (unsigned i = 0; i < count; i++)
		len = len << 8 | dp_read_u8(r);
	if (len < 0x80 || len >> 8 * (count - 1) == 0)
		dp_reader_fail(r);
	return len;
}

/* The content of the next element, which must have this tag. */
static danepriv_span
read_element(dp_reader *r, uint8_t tag)
{
	if (dp_read_u8(r) != tag)
		dp_reader_fail(r);
	return dp_read_span(r, read_length(r));
}

static uint8_t
next_tag(const dp_reader *r)
{
	dp_reader ahead = *r;

	return dp_read_u8(&ahead);
}

/* Any element.  No type of RFC 5280 has a tag of more than one octet where this is used. */
static void
skip_element(dp_reader *r)
{
	uint8_t tag = next_tag(r);

	if ((tag & TAG_NUMBER_LONG) == TAG_NUMBER_LONG)
		dp_reader_fail(r);
	(void)read_element(r, tag);
}

/* A reader over the inside of the next element; it fails with the outer one. */
static dp_reader
enter(dp_reader *r, uint8_t tag)
{
	dp_reader inner = dp_reader_over(read_element(r, tag));

	inner.failed = !dp_reader_ok(r);
	return inner;
}

/* The inside is read: the outer reader fails unless all of it was. */
static void
leave(dp_reader *r, const dp_reader *inner)
{
	if (!dp_reader_done(inner))
		dp_reader_fail(r);
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
static void
read_algorithm(dp_reader *r)
{
	dp_reader in = enter(r, TAG_SEQUENCE);

	if (read_element(&in, TAG_OID).len == 0)
		dp_reader_fail(&in);
	if (dp_reader_left(&in) > 0)
		skip_element(&in);
	leave(r, &in);
}

/* The first octet counts unused bits at the end, which are zero (X.690 sections 8.6.2 and 11.2.1). */
static void
read_bit_string(dp_reader *r)
{
	danepriv_span bits = read_element(r, TAG_BIT_STRING);

	if (bits.len == 0 || bits.data[0] > 7 || (bits.len == 1 && bits.data[0] != 0) ||
	    (bits.data[bits.len - 1] & ((1 << bits.data[0]) - 1)) != 0)
		dp_reader_fail(r);
}

/* SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }, handed out as found. */
static danepriv_span
read_spki(dp_reader *r)
{
	size_t start = r->at;
	dp_reader in = enter(r, TAG_SEQUENCE);

	read_algorithm(&in);
	read_bit_string(&in);
	leave(r, &in);
	danepriv_span spki = { r->data + start, r->at - start };
	return spki;
}

/* Certificates of version 1 have no such field, and some that have it name version 1. */
static void
read_version(dp_reader *r)
{
	if (next_tag(r) != TAG_VERSION)
		return;
	dp_reader in = enter(r, TAG_VERSION);
	if (read_element(&in, TAG_INTEGER).len == 0)
		dp_reader_fail(&in);
	leave(r, &in);
}

/* TBSCertificate, up to the key, and then what may follow. */
static danepriv_span
read_tbs(dp_reader *r)
{
	dp_reader in = enter(r, TAG_SEQUENCE);

	read_version(&in);
	/* Serial numbers that are negative or padded with zeros are out there; none is refused. */
	if (read_element(&in, TAG_INTEGER).len == 0)
		dp_reader_fail(&in);
	read_algorithm(&in);
	(void)read_element(&in, TAG_SEQUENCE); /* issuer */
	(void)read_element(&in, TAG_SEQUENCE); /* validity */
	(void)read_element(&in, TAG_SEQUENCE); /* subject */
	danepriv_span spki = read_spki(&in);
	/* Unique identifiers and extensions: each takes two octets or more, so this ends. */
	while (dp_reader_left(&in) > 0)
		skip_element(&in);
	leave(r, &in);
	return spki;
}

danepriv_status
dp_der_certificate_spki(danepriv_span certificate, danepriv_span *out)
{
	dp_reader r = dp_reader_over(certificate);
	dp_reader in = enter(&r, TAG_SEQUENCE);
	danepriv_span spki = read_tbs(&in);
	danepriv_span none = { NULL, 0 };

	read_algorithm(&in);
	read_bit_string(&in);
	leave(&r, &in);
	*out = dp_reader_done(&r) ? spki : none;
	return out->len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_der_spki_check(danepriv_span spki)
{
	dp_reader r = dp_reader_over(spki);

	(void)read_spki(&r);
	return dp_reader_done(&r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}
