/* SPDX-License-Identifier: BSD-2-Clause
 * What does this certificate say of itself?  (RFC 5280 sections 4.1.2.5 and 4.2.1)
 *
 * Read here and not through GnuTLS: it takes a time with each list of purposes or names that is the
 * square of its length, and its times end with the machine's time_t. */
#include "crypto/certificate.h"

#include "base/span.h"

#include <string.h>

enum {
	TAG_BIT_STRING = 0x03,
	TAG_OCTET_STRING = 0x04,
	TAG_OID = 0x06,
	TAG_BOOLEAN = 0x01,
	TAG_UTC_TIME = 0x17,
	TAG_GENERALIZED_TIME = 0x18,
	TAG_SEQUENCE = 0x30,
	TAG_DNS_NAME = 0x82, /* [2] IMPLICIT IA5String */
	TAG_VERSION = 0xA0,
	CONSTRUCTED = 0x20 /* bit of a tag: there are elements inside */
};

/* Bits of the first octet of keyUsage (RFC 5280 section 4.2.1.3). */
enum { USAGE_DIGITAL_SIGNATURE = 0x80, USAGE_KEY_ENCIPHERMENT = 0x20, USAGE_KEY_AGREEMENT = 0x08 };

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}

static const danepriv_span key_usage = OID(0x55, 0x1D, 0x0F);
static const danepriv_span alternative_names = OID(0x55, 0x1D, 0x11);
static const danepriv_span name_constraints = OID(0x55, 0x1D, 0x1E);
static const danepriv_span extended_key_usage = OID(0x55, 0x1D, 0x25);
static const danepriv_span any_purpose = OID(0x55, 0x1D, 0x25, 0x00);
static const danepriv_span server_auth = OID(0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01);

typedef enum presence { ABSENT, PRESENT, BROKEN } presence;

/* The inside of the next element, which must have this tag; empty, and the reader failed, if not.
 */
static danepriv_span
inside(dp_reader *r, uint8_t tag)
{
	dp_der_element e = dp_der_read(r);
	danepriv_span none = { NULL, 0 };

	if (e.tag == tag)
		return e.content;
	dp_reader_fail(r);
	return none;
}

/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static bool
read_extension(dp_reader *r, danepriv_span *oid, danepriv_span *value)
{
	dp_reader in = dp_reader_over(inside(r, TAG_SEQUENCE));

	*oid = inside(&in, TAG_OID);
	dp_der_element e = dp_der_read(&in);
	*value = e.tag == TAG_BOOLEAN ? inside(&in, TAG_OCTET_STRING) : e.content;
	return dp_reader_ok(r) && dp_reader_done(&in) &&
	       (e.tag == TAG_BOOLEAN || e.tag == TAG_OCTET_STRING);
}

/* BROKEN: the list cannot be read, or has the same extension twice (RFC 5280 section 4.2). */
static presence
find_extension(const dp_certificate *certificate, danepriv_span wanted, danepriv_span *out)
{
	dp_reader r = dp_reader_over(certificate->extensions);
	presence found = ABSENT;
	danepriv_span oid, value;

	out->data = NULL;
	out->len = 0;
	if (certificate->extensions.len == 0)
		return ABSENT;
	dp_reader list = dp_reader_over(inside(&r, TAG_SEQUENCE));
	if (!dp_reader_done(&r))
		return BROKEN;
	while (dp_reader_left(&list) > 0) {
		if (!read_extension(&list, &oid, &value))
			return BROKEN;
		if (!dp_span_equal(oid, wanted))
			continue;
		if (found == PRESENT)
			return BROKEN;
		found = PRESENT;
		*out = value;
	}
	return found;
}

/* Dates */

/* Reads `count` decimal digits; fails the reader on anything else. */
static int
read_digits(dp_reader *r, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		uint8_t octet = dp_read_u8(r);
		if (octet < '0' || octet > '9')
			dp_reader_fail(r);
		value = value * 10 + (octet - '0');
	}
	return value;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Seconds since 1970, from a date that is known to be in range. */
static danepriv_time
seconds(int year, int month, int day, int hour, int minute, int second)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t past = year - 1;
	int64_t days = past * 365 + past / 4 - past / 100 + past / 400 - 719162;

	days += before[month - 1] + (month > 2 && is_leap(year) ? 1 : 0) + day - 1;
	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

static bool
date_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* UTCTime YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ, and no other form (RFC 5280 sections
 * 4.1.2.5.1 and 4.1.2.5.2).  Fails the reader. */
static danepriv_time
read_time(dp_reader *r)
{
	dp_der_element e = dp_der_read(r);
	dp_reader in = dp_reader_over(e.content);
	int year = read_digits(&in, e.tag == TAG_GENERALIZED_TIME ? 4 : 2);

	if (e.tag != TAG_GENERALIZED_TIME)
		year += year < 50 ? 2000 : 1900;
	int month = read_digits(&in, 2), day = read_digits(&in, 2), hour = read_digits(&in, 2);
	int minute = read_digits(&in, 2), second = read_digits(&in, 2);
	uint8_t zone = dp_read_u8(&in);
	if ((e.tag != TAG_UTC_TIME && e.tag != TAG_GENERALIZED_TIME) || !dp_reader_done(&in) ||
	    zone != 'Z' || !date_exists(year, month, day) || hour > 23 || minute > 59 ||
	    second > 59) {
		dp_reader_fail(r);
		return 0;
	}
	return seconds(year, month, day, hour, minute, second);
}

danepriv_status
dp_certificate_dates(const dp_certificate *certificate, danepriv_time *from, danepriv_time *until)
{
	dp_reader r = dp_reader_over(certificate->validity);

	*from = read_time(&r);
	*until = read_time(&r);
	if (dp_reader_done(&r))
		return DANEPRIV_OK;
	*from = INT64_MAX;
	*until = INT64_MIN;
	return DANEPRIV_EMALFORMED;
}

/* Purposes */

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
static bool
lists_server_auth(danepriv_span value)
{
	dp_reader r = dp_reader_over(value);
	dp_reader list = dp_reader_over(inside(&r, TAG_SEQUENCE));
	bool found = false;

	while (dp_reader_ok(&list) && dp_reader_left(&list) > 0) {
		danepriv_span purpose = inside(&list, TAG_OID);
		/* "Any" is the authority's word that it does for servers, too (section 4.2.1.12,
		 * where an application may, but need not, want its own purpose by name). */
		if (dp_span_equal(purpose, server_auth) || dp_span_equal(purpose, any_purpose))
			found = true;
	}
	return found && dp_reader_done(&r) && dp_reader_done(&list);
}

/* One of the usages that a key exchange of TLS needs (RFC 5280 section 4.2.1.12 at serverAuth). */
static bool
allows_handshake(danepriv_span value)
{
	dp_reader r = dp_reader_over(value);
	danepriv_span bits = inside(&r, TAG_BIT_STRING);

	return dp_reader_done(&r) && bits.len >= 2 &&
	       (bits.data[1] &
		   (USAGE_DIGITAL_SIGNATURE | USAGE_KEY_ENCIPHERMENT | USAGE_KEY_AGREEMENT)) != 0;
}

bool
dp_certificate_is_for_servers(const dp_certificate *certificate, bool end_entity)
{
	danepriv_span value;

	/* An authority's purposes bind what it issues: common practice, if not RFC 5280. */
	presence purposes = find_extension(certificate, extended_key_usage, &value);
	if (purposes == BROKEN || (purposes == PRESENT && !lists_server_auth(value)))
		return false;
	if (!end_entity)
		return true;
	presence usage = find_extension(certificate, key_usage, &value);
	return usage == ABSENT || (usage == PRESENT && allows_handshake(value));
}

/* Names */

dp_reader
dp_certificate_names(const dp_certificate *certificate)
{
	danepriv_span value, none = { NULL, 0 };

	if (find_extension(certificate, alternative_names, &value) != PRESENT)
		return dp_reader_over(none);
	dp_reader r = dp_reader_over(value);
	dp_reader names = dp_reader_over(inside(&r, TAG_SEQUENCE));
	return dp_reader_done(&r) ? names : dp_reader_over(none);
}

bool
dp_certificate_next_name(dp_reader *names, danepriv_span *dns_name)
{
	danepriv_span none = { NULL, 0 };

	*dns_name = none;
	if (dp_reader_left(names) == 0)
		return false;
	dp_der_element e = dp_der_read(names);
	if (e.tag == TAG_DNS_NAME)
		*dns_name = e.content;
	return e.tag != 0;
}

size_t
dp_certificate_name_count(const dp_certificate *certificate)
{
	dp_reader names = dp_certificate_names(certificate);
	danepriv_span name;
	size_t count = 0;

	while (dp_certificate_next_name(&names, &name))
		count++;
	return count;
}

/* Sizes */

/* Elements at all depths.  Those that hold others are entered, and not jumped over. */
static size_t
count_elements(danepriv_span der)
{
	dp_reader r = dp_reader_over(der);
	size_t count = 0;

	while (dp_reader_left(&r) > 0) {
		dp_der_element e = dp_der_read(&r);
		if ((e.tag & CONSTRUCTED) != 0)
			r.at -= e.content.len;
		count++;
	}
	return count;
}

size_t
dp_certificate_element_count(const dp_certificate *certificate)
{
	danepriv_span constraints;

	(void)find_extension(certificate, name_constraints, &constraints);
	/* Of what is wrapped in an OCTET STRING only this is kept for longer than a look. */
	return count_elements(certificate->whole) + count_elements(constraints);
}

/* Certificate, then TBSCertificate, then [0] version, which version 1 leaves out. */
bool
dp_certificate_is_version_3(const dp_certificate *certificate)
{
	static const uint8_t version_3[] = { 0x02, 0x01, 0x02 };
	const danepriv_span wanted = { version_3, sizeof version_3 };
	dp_reader r = dp_reader_over(certificate->whole);
	dp_reader outer = dp_reader_over(inside(&r, TAG_SEQUENCE));
	dp_reader tbs = dp_reader_over(inside(&outer, TAG_SEQUENCE));

	return dp_span_equal(inside(&tbs, TAG_VERSION), wanted);
}
