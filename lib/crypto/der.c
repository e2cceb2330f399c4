/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this certificate is its key?  (X.690 sections 8 and 10.1, RFC 5280 section 4.1)
 *
 * Only what leads to the key is looked into.  What a field says (names, dates, serial number) is
 * not asked here: DANE-EE ignores all of it (RFC 7671 section 5.1).  certificate.c asks. */
#include "crypto/der.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_VERSION = 0xA0,    /* [0] EXPLICIT */
	TAG_EXTENSIONS = 0xA3, /* [3] EXPLICIT */
	TAG_NUMBER_LONG = 0x1F
};

/* Four octets say more than any input has; X.690 section 10.1 wants the fewest that do. */
#define LENGTH_OCTETS_MAX 4

static dp_der_element
no_element(dp_reader *r)
{
	dp_der_element none = { 0, { NULL, 0 }, { NULL, 0 } };

	r->failed = true;
	return none;
}

/* The next element, in one step: this runs in every handshake, and octet by octet takes twice as
 * long.  Tags of more than one octet occur nowhere that this room looks (RFC 5280). */
static dp_der_element
read_element(dp_reader *r)
{
	if (r->failed || r->len - r->at < 2)
		return no_element(r);
	const uint8_t *at = r->data + r->at;
	size_t left = r->len - r->at, head = 2, len = at[1];
	if (at[0] == 0 || (at[0] & TAG_NUMBER_LONG) == TAG_NUMBER_LONG)
		return no_element(r);
	if (len >= 0x80) {
		head += len & 0x7F;
		/* head 2: the indefinite form of BER. */
		if (head == 2 || head > 2 + LENGTH_OCTETS_MAX || left < head)
			return no_element(r);
		len = 0;
		for (size_t i = 2; i < head; i++)
			len = len << 8 | at[i];
		if (len < 0x80 || at[2] == 0)
			return no_element(r);
	}
	if (left - head < len)
		return no_element(r);
	r->at += head + len;
	dp_der_element e = { at[0], { at, head + len }, { at + head, len } };
	return e;
}

/* The next element, which must have this tag. */
static dp_der_element
expect(dp_reader *r, uint8_t tag)
{
	dp_der_element e = read_element(r);

	return e.tag == tag ? e : no_element(r);
}

/* The same, and it must not be empty. */
static dp_der_element
expect_filled(dp_reader *r, uint8_t tag)
{
	dp_der_element e = expect(r, tag);

	return e.content.len > 0 ? e : no_element(r);
}

/* A reader over the inside of an element; it has failed if there is none. */
static dp_reader
enter(dp_der_element e)
{
	dp_reader inner = { e.content.data, e.content.len, 0, e.tag == 0 };

	return inner;
}

/* The inside is read: the outer reader fails unless all of it was. */
static void
leave(dp_reader *r, const dp_reader *inner)
{
	if (inner->failed || inner->at < inner->len)
		r->failed = true;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
static void
read_algorithm(dp_reader *r)
{
	dp_reader in = enter(expect(r, TAG_SEQUENCE));

	(void)expect_filled(&in, TAG_OID);
	if (in.at < in.len)
		(void)read_element(&in);
	leave(r, &in);
}

/* The first octet counts unused bits at the end, which are zero (X.690 sections 8.6.2, 11.2.1). */
static void
read_bit_string(dp_reader *r)
{
	danepriv_span bits = expect_filled(r, TAG_BIT_STRING).content;

	if (bits.len == 0 || bits.data[0] > 7 || (bits.len == 1 && bits.data[0] != 0) ||
	    (bits.data[bits.len - 1] & ((1 << bits.data[0]) - 1)) != 0)
		dp_reader_fail(r);
}

/* SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }, handed out as found. */
static danepriv_span
read_spki(dp_reader *r)
{
	dp_der_element spki = expect(r, TAG_SEQUENCE);
	dp_reader in = enter(spki);

	read_algorithm(&in);
	read_bit_string(&in);
	leave(r, &in);
	return spki.whole;
}

/* Certificates of version 1 have no such field, and some that have it name version 1. */
static void
read_version(dp_reader *r)
{
	if (r->at == r->len || r->data[r->at] != TAG_VERSION)
		return;
	dp_reader in = enter(read_element(r));
	(void)expect_filled(&in, TAG_INTEGER);
	leave(r, &in);
}

/* TBSCertificate: the fields up to the key, and then what may follow. */
static void
read_tbs(dp_reader *r, dp_certificate *out)
{
	dp_reader in = enter(expect(r, TAG_SEQUENCE));

	read_version(&in);
	/* Serial numbers that are negative or padded with zeros are out there; none is refused. */
	(void)expect_filled(&in, TAG_INTEGER);
	read_algorithm(&in);
	out->issuer = expect(&in, TAG_SEQUENCE).whole;
	out->validity = expect(&in, TAG_SEQUENCE).content;
	out->subject = expect(&in, TAG_SEQUENCE).whole;
	out->spki = read_spki(&in);
	/* Unique identifiers and extensions: each takes two octets or more, so this ends. */
	while (!in.failed && in.at < in.len) {
		dp_der_element e = read_element(&in);
		if (e.tag == TAG_EXTENSIONS)
			out->extensions = e.content;
	}
	leave(r, &in);
}

danepriv_status
dp_der_certificate(danepriv_span certificate, dp_certificate *out)
{
	dp_reader r = dp_reader_over(certificate);
	dp_reader in = enter(expect(&r, TAG_SEQUENCE));
	const dp_certificate none = { 0 };

	*out = none;
	read_tbs(&in, out);
	read_algorithm(&in);
	read_bit_string(&in);
	leave(&r, &in);
	if (!dp_reader_done(&r)) {
		*out = none;
		return DANEPRIV_EMALFORMED;
	}
	out->whole = certificate;
	return DANEPRIV_OK;
}

danepriv_status
dp_der_certificate_spki(danepriv_span certificate, danepriv_span *out)
{
	dp_certificate fields;
	danepriv_status status = dp_der_certificate(certificate, &fields);

	*out = fields.spki;
	return status;
}

dp_der_element
dp_der_read(dp_reader *r)
{
	return read_element(r);
}

danepriv_status
dp_der_spki_check(danepriv_span spki)
{
	dp_reader r = dp_reader_over(spki);

	(void)read_spki(&r);
	return dp_reader_done(&r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}
