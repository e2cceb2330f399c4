/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this certificate is its key?  (X.690 sections 8 and 10.1, RFC 5280 section 4.1)
 *
 * Only what leads to the key is looked into.  What a field says (names, dates, serial number) is
 * not asked here: DANE-EE ignores all of it (RFC 7671 section 5.1).  profile.c asks. */
#include "crypto/der.h"

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

/* A length of more than one octet, and the *head that ends with it; SIZE_MAX if it is not DER:
 * nothing is left that is so long. */
static inline size_t
read_long_length(danepriv_span left, size_t *head)
{
	size_t octets = left.data[1] & 0x7F, len = 0;

	/* None: the indefinite form of BER. */
	if (octets == 0 || octets > LENGTH_OCTETS_MAX || octets > left.len - 2)
		return SIZE_MAX;
	for (size_t i = 0; i < octets; i++)
		len = len << 8 | left.data[2 + i];
	*head = 2 + octets;
	return len < 0x80 || left.data[2] == 0 ? SIZE_MAX : len;
}

/* What is in the next element; without data: it is malformed, or there is none.  In one step, and
 * in registers: this runs in every handshake, and octet by octet takes three times as long. */
static inline danepriv_span
look_inside(danepriv_span left)
{
	const danepriv_span none = { NULL, 0 };
	size_t head = 2;

	if (left.len < 2)
		return none;
	size_t len = left.data[1] < 0x80 ? left.data[1] : read_long_length(left, &head);
	if (left.len - head < len)
		return none;
	danepriv_span content = { left.data + head, len };
	return content;
}

/* Takes the next element off what is left. */
static inline bool
take_element(danepriv_span *left, danepriv_span *content)
{
	*content = look_inside(*left);
	if (!content->data)
		return false;
	const uint8_t *end = content->data + content->len;
	left->len -= (size_t)(end - left->data);
	left->data = end;
	return true;
}

/* The same, and it must have this tag. */
static inline bool
take(danepriv_span *left, uint8_t tag, danepriv_span *content)
{
	return left->len > 0 && left->data[0] == tag && take_element(left, content);
}

/* The same, and it must not be empty. */
static inline bool
take_filled(danepriv_span *left, uint8_t tag, danepriv_span *content)
{
	return take(left, tag, content) && content->len > 0;
}

/* The next element, whatever it is.  Tags of more than one octet occur nowhere that this room looks
 * (RFC 5280). */
static inline bool
take_any(danepriv_span *left, danepriv_span *content)
{
	return left->len > 0 && left->data[0] != 0 &&
	       (left->data[0] & TAG_NUMBER_LONG) != TAG_NUMBER_LONG && take_element(left, content);
}

/* The next element, a SEQUENCE, with its tag and length. */
static inline bool
take_whole(danepriv_span *left, danepriv_span *whole)
{
	danepriv_span before = *left, content;

	if (!take(left, TAG_SEQUENCE, &content))
		return false;
	whole->data = before.data;
	whole->len = before.len - left->len;
	return true;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
static inline bool
is_algorithm(danepriv_span left)
{
	danepriv_span content;

	return take_filled(&left, TAG_OID, &content) &&
	       (left.len == 0 || take_any(&left, &content)) && left.len == 0;
}

/* The first octet counts unused bits at the end, which are zero (X.690 sections 8.6.2, 11.2.1). */
static inline bool
is_bit_string(danepriv_span content)
{
	if (content.len == 0)
		return false;
	uint8_t unused = content.data[0], last = content.data[content.len - 1];

	return unused <= 7 && (content.len > 1 || unused == 0) && (last & ((1 << unused) - 1)) == 0;
}

/* What both a certificate and a key end with: an algorithm, and the bits of a signature or a key.
 * Nothing may follow. */
static inline bool
is_algorithm_and_bits(danepriv_span left)
{
	danepriv_span algorithm, bits;

	return take(&left, TAG_SEQUENCE, &algorithm) && is_algorithm(algorithm) &&
	       take(&left, TAG_BIT_STRING, &bits) && is_bit_string(bits) && left.len == 0;
}

/* Certificates of version 1 have no such field, and some that have it name version 1. */
static inline bool
take_version(danepriv_span *left)
{
	danepriv_span version, number;

	if (left->len == 0 || left->data[0] != TAG_VERSION)
		return true;
	return take_element(left, &version) && take_filled(&version, TAG_INTEGER, &number) &&
	       version.len == 0;
}

/* Unique identifiers and extensions: each takes two octets or more, so this ends. */
static inline bool
are_elements(danepriv_span left)
{
	danepriv_span content;

	while (left.len > 0)
		if (!take_any(&left, &content))
			return false;
	return true;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }, handed out as found. */
static inline bool
take_spki(danepriv_span *left, danepriv_span *spki)
{
	danepriv_span before = *left, content;

	if (!take(left, TAG_SEQUENCE, &content) || !is_algorithm_and_bits(content))
		return false;
	spki->data = before.data;
	spki->len = before.len - left->len;
	return true;
}

/* TBSCertificate: the fields up to the key, and then what may follow. */
static inline bool
read_tbs(danepriv_span left, dp_certificate *out)
{
	danepriv_span serial, algorithm;

	/* Serial numbers that are negative or padded with zeros are out there; none is refused. */
	return take_version(&left) && take_filled(&left, TAG_INTEGER, &serial) &&
	       take(&left, TAG_SEQUENCE, &algorithm) && is_algorithm(algorithm) &&
	       take_whole(&left, &out->issuer) && take(&left, TAG_SEQUENCE, &out->validity) &&
	       take_whole(&left, &out->subject) && take_spki(&left, &out->spki) &&
	       are_elements(left);
}

danepriv_status
dp_der_certificate(danepriv_span certificate, dp_certificate *out)
{
	const dp_certificate none = { 0 };
	danepriv_span left = certificate, content, tbs;

	*out = none;
	if (!certificate.data || !take(&left, TAG_SEQUENCE, &content) || left.len > 0 ||
	    !take(&content, TAG_SEQUENCE, &tbs) || !read_tbs(tbs, out) ||
	    !is_algorithm_and_bits(content)) {
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
	const dp_der_element none = { 0, { NULL, 0 }, { NULL, 0 } };
	danepriv_span left = { r->data + r->at, dp_reader_left(r) }, content;
	const uint8_t *at = left.data;

	if (!take_any(&left, &content)) {
		dp_reader_fail(r);
		return none;
	}
	r->at = r->len - left.len;
	dp_der_element e = { at[0], { at, (size_t)(left.data - at) }, content };
	return e;
}

danepriv_span
dp_der_inside(dp_reader *r, uint8_t tag)
{
	const danepriv_span none = { NULL, 0 };
	dp_der_element e = dp_der_read(r);

	if (e.tag == tag)
		return e.content;
	dp_reader_fail(r);
	return none;
}

danepriv_span
dp_der_read_positive(dp_reader *r)
{
	danepriv_span n = dp_der_inside(r, TAG_INTEGER), none = { NULL, 0 };

	if (n.len > 1 && n.data[0] == 0 && (n.data[1] & 0x80) != 0) {
		n.data++;
		n.len--;
	} else if (n.len == 0 || n.data[0] == 0 || (n.data[0] & 0x80) != 0) {
		dp_reader_fail(r);
		return none;
	}
	return n;
}

danepriv_status
dp_der_spki_check(danepriv_span spki)
{
	danepriv_span whole;

	return spki.data && take_spki(&spki, &whole) && spki.len == 0 ? DANEPRIV_OK
								      : DANEPRIV_EMALFORMED;
}
