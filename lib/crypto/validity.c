/* SPDX-License-Identifier: BSD-2-Clause
 * When is this certificate valid?  (RFC 5280 section 4.1.2.5)
 *
 * Read here and not through GnuTLS, whose times end with the machine's time_t. */
#include "crypto/validity.h"

#include "base/reader.h"
#include "crypto/der.h"

enum { TAG_UTC_TIME = 0x17, TAG_GENERALIZED_TIME = 0x18 };

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
dp_validity_read(danepriv_span validity, danepriv_time *from, danepriv_time *until)
{
	dp_reader r = dp_reader_over(validity);

	*from = read_time(&r);
	*until = read_time(&r);
	if (dp_reader_done(&r))
		return DANEPRIV_OK;
	*from = INT64_MAX;
	*until = INT64_MIN;
	return DANEPRIV_EMALFORMED;
}
