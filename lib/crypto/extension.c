/* SPDX-License-Identifier: BSD-2-Clause
 * What does this extension of a certificate say?  (RFC 5280 section 4.2.1) */
#include "crypto/extension.h"

#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"

enum {
	TAG_BOOLEAN = 0x01,
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_EXPLICIT_POLICY = 0x80 /* [0] requireExplicitPolicy */
};

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}

static const danepriv_span any_purpose = OID(0x55, 0x1D, 0x25, 0x00);
static const danepriv_span server_auth = OID(0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01);
static const danepriv_span ipsec_ike = OID(0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x11);
static const danepriv_span statement_uri = OID(0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01);
static const danepriv_span user_notice = OID(0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02);

static uint8_t
next_tag(const dp_reader *r)
{
	return dp_reader_left(r) > 0 ? r->data[r->at] : 0;
}

/* X.690 sections 11.1 and 11.5: TRUE has one encoding, and a DEFAULT has none. */
bool
dp_extension_read_true(dp_reader *r)
{
	if (next_tag(r) != TAG_BOOLEAN)
		return false;
	danepriv_span value = dp_der_inside(r, TAG_BOOLEAN);
	bool is_true = value.len == 1 && value.data[0] == 0xFF;
	if (!is_true)
		dp_reader_fail(r);
	return is_true;
}

/* Zeros at the end are left out, so that the last bit that counts is set, and those behind it are
 * not. */
bool
dp_extension_read_bits(dp_reader *r, uint8_t *out)
{
	danepriv_span bits = dp_der_inside(r, TAG_BIT_STRING);

	*out = 0;
	if (bits.len == 0)
		return false;
	uint8_t unused = bits.data[0], last = bits.data[bits.len - 1];
	if (bits.len == 1)
		return unused == 0;
	*out = bits.data[1];
	return unused <= 7 && (last & ((2u << unused) - 1)) == 1u << unused;
}

bool
dp_extension_read_number(dp_reader *r, uint32_t *out)
{
	danepriv_span digits = dp_der_inside(r, TAG_INTEGER);

	*out = UINT32_MAX;
	if (digits.len == 0 || digits.data[0] > 0x7F)
		return false;
	if (digits.len > 1 && digits.data[0] == 0 && digits.data[1] < 0x80)
		return false;
	if (digits.len > sizeof *out)
		return true;
	*out = 0;
	for (size_t i = 0; i < digits.len; i++)
		*out = *out << 8 | digits.data[i];
	return true;
}

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
bool
dp_extension_basic(danepriv_span value, bool *is_authority, uint32_t *path_len)
{
	dp_reader r = dp_reader_over(value);
	dp_reader in = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));

	*path_len = UINT32_MAX;
	*is_authority = dp_extension_read_true(&in);
	if (dp_reader_left(&in) > 0 && (!*is_authority || !dp_extension_read_number(&in, path_len)))
		return false;
	return dp_reader_done(&r) && dp_reader_done(&in);
}

bool
dp_extension_usage(danepriv_span value, uint8_t *bits)
{
	dp_reader r = dp_reader_over(value);

	return dp_extension_read_bits(&r, bits) && dp_reader_done(&r);
}

/* "Any" is the authority's word that it does for ours, too (section 4.2.1.12, where an application
 * may, but need not, want its own purpose by name; RFC 4945 section 5.1.3.12). */
static uint8_t
purpose_of(danepriv_span oid)
{
	if (dp_span_equal(oid, any_purpose))
		return DP_PURPOSE_ALL;
	if (dp_span_equal(oid, server_auth))
		return DP_PURPOSE_TLS | DP_PURPOSE_IKE_LOOSELY;
	return dp_span_equal(oid, ipsec_ike) ? DP_PURPOSE_IKE | DP_PURPOSE_IKE_LOOSELY : 0;
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
bool
dp_extension_purposes(danepriv_span value, uint8_t *purposes)
{
	dp_reader r = dp_reader_over(value);
	dp_reader list = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));

	*purposes = 0;
	if (dp_reader_left(&list) == 0)
		return false;
	while (dp_reader_left(&list) > 0)
		*purposes |= purpose_of(dp_der_inside(&list, TAG_OID));
	return dp_reader_done(&r) && dp_reader_done(&list);
}

/* GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName */
bool
dp_extension_names(danepriv_span value, danepriv_span *names, size_t *count)
{
	dp_reader r = dp_reader_over(value);

	*names = dp_der_inside(&r, TAG_SEQUENCE);
	dp_reader list = dp_reader_over(*names);
	for (*count = 0; dp_reader_left(&list) > 0; ++*count)
		(void)dp_der_read(&list);
	return dp_reader_done(&r) && dp_reader_done(&list) && *count > 0;
}

/* SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo, each SEQUENCE { OBJECT IDENTIFIER, ANY } */
static bool
are_known_qualifiers(danepriv_span qualifiers)
{
	dp_reader list = dp_reader_over(qualifiers);

	if (dp_reader_left(&list) == 0)
		return false;
	while (dp_reader_left(&list) > 0) {
		dp_reader in = dp_reader_over(dp_der_inside(&list, TAG_SEQUENCE));
		danepriv_span which = dp_der_inside(&in, TAG_OID);
		(void)dp_der_read(&in);
		if (!dp_reader_done(&in) ||
		    (!dp_span_equal(which, statement_uri) && !dp_span_equal(which, user_notice)))
			return false;
	}
	return dp_reader_done(&list);
}

/* SEQUENCE SIZE (1..MAX) OF PolicyInformation, each SEQUENCE { OBJECT IDENTIFIER, qualifiers } */
bool
dp_extension_policies(danepriv_span value)
{
	dp_reader r = dp_reader_over(value);
	dp_reader list = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));

	if (!dp_reader_done(&r) || dp_reader_left(&list) == 0)
		return false;
	while (dp_reader_left(&list) > 0) {
		dp_reader in = dp_reader_over(dp_der_inside(&list, TAG_SEQUENCE));
		(void)dp_der_inside(&in, TAG_OID);
		if (dp_reader_left(&in) > 0 &&
		    !are_known_qualifiers(dp_der_inside(&in, TAG_SEQUENCE)))
			return false;
		if (!dp_reader_done(&in))
			return false;
	}
	return dp_reader_done(&list);
}

/* PolicyConstraints ::= SEQUENCE { [0] requireExplicitPolicy, [1] inhibitPolicyMapping }, both
 * optional, and not both left out.  The second matters to who asks for a policy. */
bool
dp_extension_no_policy_required(danepriv_span value)
{
	dp_reader r = dp_reader_over(value);
	dp_reader in = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));

	if (dp_reader_left(&in) == 0 || next_tag(&in) == TAG_EXPLICIT_POLICY)
		return false;
	return dp_der_inside(&in, TAG_EXPLICIT_POLICY + 1).len > 0 && dp_reader_done(&in) &&
	       dp_reader_done(&r);
}
