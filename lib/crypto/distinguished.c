/* SPDX-License-Identifier: BSD-2-Clause
 * Are two distinguished names the same, or is one above the other?  (RFC 5280 section 7.1)
 *
 * PrintableString, UTF8String and IA5String (domainComponent, section 7.3) are taken for the same
 * kind of string, without regard to the case of ASCII letters and to how many spaces stand together
 * or at an end.  Section 7.1 would have letters beyond ASCII folded, too; those are compared as
 * they are, and so is every other kind of value, which it allows. */
#include "crypto/distinguished.h"

#include "base/buffer.h"
#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"
#include "dns/name.h"

enum {
	TAG_OID = 0x06,
	TAG_UTF8 = 0x0C,
	TAG_PRINTABLE = 0x13,
	TAG_IA5 = 0x16,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31
};

/* pkcs-9 emailAddress, whose value is a name of mail (RFC 5280 section 4.1.2.6). */
static const uint8_t mail[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01 };

/* A value that is folded, without spaces at its ends and with one for several between. */
static void
write_folded(dp_buffer *b, danepriv_span value)
{
	bool is_space_due = false, has_begun = false;
	size_t at = b->len;

	dp_write_u16(b, 0);
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] == ' ') {
			is_space_due = has_begun;
			continue;
		}
		if (is_space_due)
			dp_write_u8(b, ' ');
		is_space_due = false;
		has_begun = true;
		dp_write_u8(b, dp_name_octet_lower(value.data[i]));
	}
	if (b->status == DANEPRIV_OK)
		dp_buffer_patch_u16(b, at, (uint16_t)(b->len - at - 2));
}

/* Visible ASCII and spaces: what no preparation of strings (RFC 4518) turns into anything else. */
static bool
is_ascii(danepriv_span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] < 0x20 || value.data[i] > 0x7E)
			return false;
	return true;
}

/* AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }.  Writes no more octets
 * than it has. */
static bool
write_attribute(dp_buffer *b, dp_reader *r, dp_distinguished *about)
{
	dp_der_element e = dp_der_read(r);
	dp_reader in = dp_reader_over(e.content);
	dp_der_element type = dp_der_read(&in), value = dp_der_read(&in);
	const danepriv_span mail_type = { mail, sizeof mail };

	if (e.tag != TAG_SEQUENCE || type.tag != TAG_OID || type.content.len == 0 ||
	    type.content.len > UINT8_MAX || value.tag == 0 || !dp_reader_done(&in))
		return false;
	bool is_folded =
	    value.tag == TAG_UTF8 || value.tag == TAG_PRINTABLE || value.tag == TAG_IA5;
	if (!is_folded || !is_ascii(value.content))
		about->is_plain = false;
	if (dp_span_equal(type.content, mail_type))
		about->has_mail = true;
	dp_write_u8(b, (uint8_t)type.content.len);
	dp_write_span(b, type.content);
	dp_write_u8(b, is_folded ? TAG_UTF8 : value.tag);
	if (is_folded) {
		write_folded(b, value.content);
	} else {
		dp_write_u16(b, (uint16_t)value.content.len);
		dp_write_span(b, value.content);
	}
	return true;
}

/* As a set has no order, the forms are put into one. */
static void
sort(danepriv_span *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		danepriv_span moved = list[i];
		size_t at = i;
		for (; at > 0 && dp_span_compare(moved, list[at - 1]) < 0; at--)
			list[at] = list[at - 1];
		list[at] = moved;
	}
}

/* RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue */
static danepriv_status
write_rdn(dp_buffer *b, danepriv_span rdn, dp_distinguished *about)
{
	uint8_t room[DP_DISTINGUISHED_OCTETS_MAX];
	dp_buffer unsorted = dp_buffer_over(room, sizeof room);
	danepriv_span list[DP_RDN_ATTRIBUTES_MAX];
	dp_reader r = dp_reader_over(rdn);
	size_t count = 0;

	for (; dp_reader_left(&r) > 0; count++) {
		size_t at = unsorted.len;
		if (count == DP_RDN_ATTRIBUTES_MAX)
			return DANEPRIV_ELIMIT;
		if (!write_attribute(&unsorted, &r, about))
			return DANEPRIV_EMALFORMED;
		if (unsorted.status != DANEPRIV_OK)
			return unsorted.status;
		list[count].data = room + at;
		list[count].len = unsorted.len - at;
	}
	if (count == 0)
		return DANEPRIV_EMALFORMED;
	sort(list, count);
	dp_write_u8(b, (uint8_t)count);
	for (size_t i = 0; i < count; i++)
		dp_write_span(b, list[i]);
	return b->status;
}

danepriv_status
dp_distinguished_read(danepriv_span name, dp_distinguished *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);
	dp_reader r = dp_reader_over(name);
	dp_der_element sequence = dp_der_read(&r);
	dp_reader rdns = dp_reader_over(sequence.content);
	danepriv_status status = DANEPRIV_OK;

	out->len = 0;
	out->is_plain = true;
	out->has_mail = false;
	if (sequence.tag != TAG_SEQUENCE || !dp_reader_done(&r))
		return DANEPRIV_EMALFORMED;
	if (name.len > sizeof out->octets)
		return DANEPRIV_ELIMIT;
	while (status == DANEPRIV_OK && dp_reader_left(&rdns) > 0) {
		dp_der_element rdn = dp_der_read(&rdns);
		status = rdn.tag == TAG_SET ? write_rdn(&b, rdn.content, out) : DANEPRIV_EMALFORMED;
	}
	if (status == DANEPRIV_OK)
		out->len = b.len;
	return status;
}

danepriv_span
dp_distinguished_span(const dp_distinguished *name)
{
	danepriv_span form = { name->octets, name->len };

	return form;
}
