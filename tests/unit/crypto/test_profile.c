/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/profile and extension: may a certificate stand on a path?  (RFC 5280 section 4)  Rows
 * change some octets of a good certificate, of which nobody asks here who signed it. */
#include "crypto/der.h"
#include "crypto/profile.h"
#include "crypto/extension.h"
#include "support/credentials.h"
#include "support/suite.h"

#include <string.h>

typedef struct row {
	const char *name, *certificate, *before, *after; /* octets, as many in both */
	dp_profile_standing wanted;
} row;

#define MALFORMED DP_STANDING_MALFORMED
#define CRITICAL DP_STANDING_CRITICAL
#define GOOD DP_STANDING_GOOD

static const row rows[] = {
	{ "authority", "sub-p0", "30", "30", GOOD },
	{ "server", "by-root", "30", "30", GOOD },
	{ "version 1", "root-v1", "30", "30", GOOD },
	{ "version 1 with extensions", "root-v1-ext", "30", "30", MALFORMED },
	{ "version 2", "sub-p0", "A003020102", "A003020101", MALFORMED },
	{ "version 4", "sub-p0", "A003020102", "A003020103", MALFORMED },
	{ "version 1, spelt out", "root-v2", "A003020101", "A003020100", MALFORMED },
	{ "version 0", "sub-p0", "A003020102", "A0030201FF", MALFORMED },
	{ "the signed algorithm is another", "sub-p0", "2A8648CE3D040302", "2A8648CE3D040303",
	    MALFORMED },
	{ "[1] in the place of [3]", "by-root", "A31E301C", "811E301C", MALFORMED },
	{ "[4] in the place of [3]", "by-root", "A31E301C", "A41E301C", MALFORMED },
	{ "critical with 01", "sub-p0", "551D130101FF", "551D13010101", MALFORMED },
	{ "not critical, spelt out", "sub-p0", "551D130101FF", "551D13010100", MALFORMED },
	{ "authority with 01", "sub-p0", "30060101FF020100", "3006010101020100", MALFORMED },
	{ "no authority, spelt out", "sub-p0", "30060101FF020100", "3006010100020100", MALFORMED },
	{ "negative length", "sub-p0", "0101FF020100", "0101FF0201FF", MALFORMED },
	{ "length of no octets", "root", "30030101FF", "3003020100", MALFORMED },
	{ "the same twice", "sub-p0", "551D0F", "551D13", MALFORMED },
	{ "keyUsage with zeros at its end", "sub-p0", "03020106", "03020006", MALFORMED },
	{ "keyUsage with too many zeros", "sub-p0", "03020106", "03020206", MALFORMED },
	{ "keyUsage, 8 unused bits", "sub-p0", "03020106", "03020806", MALFORMED },
	{ "keyUsage of no bits", "sub-p0", "03020106", "03020100", MALFORMED },
	{ "keyUsage is no bits", "sub-p0", "03020106", "04020106", MALFORMED },
	{ "a key with unused bits", "by-root", "034200", "034201", MALFORMED },
	{ "unknown and critical", "sub-p0", "551D0F", "551D7F", CRITICAL },
	{ "unknown and not critical", "by-root", "551D11", "551D7F", GOOD },
	{ "key identifier, critical", "sub-p0", "551D0F", "551D0E", CRITICAL },
	{ "mappings, critical", "sub-p0", "551D0F", "551D21", GOOD },
	{ "any policy inhibited, critical", "sub-p0", "551D0F", "551D36", GOOD },
	{ "policies that are none, critical", "sub-p0", "551D0F", "551D20", CRITICAL },
	{ "policies that are none, not critical", "by-root", "551D11", "551D20", GOOD },
	{ "constraints that are none, critical", "sub-p0", "551D0F", "551D1E", CRITICAL },
	{ "policy constraints that are none", "by-root", "551D11", "551D24", CRITICAL },
	{ "unknown and critical, as made", "root-critical", "30", "30", CRITICAL },
	{ "no date", "sub-p0", "3439", "3A39", MALFORMED },
	{ "a name that is no sequence", "sub-p0", "310D300B", "300D300B", MALFORMED },
};

static size_t
place_of(test_octets in, test_octets what)
{
	for (size_t at = 0; at + what.len <= in.len; at++)
		if (memcmp(in.data + at, what.data, what.len) == 0)
			return at;
	return SIZE_MAX;
}

static dp_profile_standing
standing_of(danepriv_span der, dp_profile *profile)
{
	dp_certificate certificate;

	if (dp_der_certificate(der, &certificate) != DANEPRIV_OK)
		return DP_STANDING_MALFORMED;
	dp_profile_read(&certificate, profile);
	return profile->standing;
}

START_TEST(changed)
{
	const row *test = &rows[_i];
	test_octets der = octets_of_credential(test->certificate);
	test_octets before = octets_from_hex(test->before), after = octets_from_hex(test->after);
	dp_profile profile;

	size_t at = place_of(der, before);
	ck_assert_msg(at != SIZE_MAX && before.len == after.len, "%s: not there", test->name);
	memcpy(der.data + at, after.data, after.len);
	dp_profile_standing got = standing_of(octets_span(der), &profile);
	ck_assert_msg(got == test->wanted, "%s: %d", test->name, got);
	octets_free(after);
	octets_free(before);
	octets_free(der);
}
END_TEST

START_TEST(what_is_read)
{
	test_octets der = octets_of_credential("sub-p0");
	dp_profile profile, none = { 0 };

	ck_assert_int_eq(standing_of(octets_span(der), &profile), DP_STANDING_GOOD);
	ck_assert(profile.is_authority && profile.may_sign && profile.may_lead == DP_PURPOSE_ALL);
	ck_assert(!profile.may_end && !profile.is_self_issued);
	ck_assert_uint_eq(profile.path_len, 0);
	ck_assert_uint_eq(profile.version, 3);
	ck_assert_int_eq(none.standing, DP_STANDING_MALFORMED);
	octets_free(der);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("profile");
	TCase *tc = tcase_create("profile");

	tcase_add_loop_test(tc, changed, 0, ROWS(rows));
	tcase_add_test(tc, what_is_read);
	suite_add_tcase(suite, tc);
	return suite;
}
