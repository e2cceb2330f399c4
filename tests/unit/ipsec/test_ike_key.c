/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer: which keys are known before the peer speaks? */
#include "support/ike.h"
#include "support/suite.h"

#include <string.h>

#define KEYS_MAX 3

typedef struct key_row {
	const char *name, *published;
	danepriv_time now;
	const char *keys[KEYS_MAX]; /* whose they are */
	size_t records[KEYS_MAX];
} key_row;

static const key_row rows[] = {
	{ "3 1 0", "310:ee", IKE_NOW, { "ee" }, { 0 } },
	{ "3 0 0", "300:ee", IKE_NOW, { "ee" }, { 0 } },
	{ "rsa", "310:rsa", IKE_NOW, { "rsa" }, { 0 } },
	{ "several", "311:ca,310:ee,301:ee,300:other", IKE_NOW, { "ee", "other" }, { 1, 3 } },
	{ "three", "310:ee,310:other,310:rsa", IKE_NOW, { "ee", "other", "rsa" }, { 0, 1, 2 } },
	{ "behind one that nobody knows", "410:other,310:ee", IKE_NOW, { "ee" }, { 1 } },
	{ "the last second", "310:ee", IKE_UNTIL, { "ee" }, { 0 } },
	{ "over", "310:ee", IKE_UNTIL + 1, { NULL }, { 0 } },
	{ "3 1 1", "311:ee", IKE_NOW, { NULL }, { 0 } },
	{ "3 1 2", "312:ee", IKE_NOW, { NULL }, { 0 } },
	{ "3 0 1", "301:ee", IKE_NOW, { NULL }, { 0 } },
	{ "2 1 0", "210:ca", IKE_NOW, { NULL }, { 0 } },
	{ "2 0 0", "200:ca", IKE_NOW, { NULL }, { 0 } },
	{ "1 1 0", "110:ee", IKE_NOW, { NULL }, { 0 } },
	{ "0 1 0", "010:ca", IKE_NOW, { NULL }, { 0 } },
	{ "4 1 0", "410:ee", IKE_NOW, { NULL }, { 0 } },
	{ "denied", "denied", IKE_NOW, { NULL }, { 0 } },
	{ "insecure", "insecure", IKE_NOW, { NULL }, { 0 } },
	{ "bogus", "bogus", IKE_NOW, { NULL }, { 0 } },
	{ "indeterminate", "indeterminate", IKE_NOW, { NULL }, { 0 } },
};

/* One that excludes nothing. */
static danepriv *trusting;

static void
open_trusting(void)
{
	trusting = context_open("-");
}

static void
close_trusting(void)
{
	danepriv_close(trusting);
}

static void
check_none(const danepriv_records *records, size_t index, danepriv_time now, danepriv_status wanted)
{
	static const uint8_t before = 0;
	danepriv_span key = { &before, 1 };
	size_t record = 99;

	ck_assert_int_eq(danepriv_ike_key(trusting, records, index, now, &key, &record), wanted);
	ck_assert(!key.data && key.len == 0);
	ck_assert_uint_eq(record, SIZE_MAX);
}

START_TEST(known_keys)
{
	const key_row *row = &rows[_i];
	danepriv_records *records = ike_records(&ike_server, NULL, row->published);
	size_t count = 0, record;
	danepriv_span key;

	for (; count < KEYS_MAX && row->keys[count]; count++) {
		test_octets wanted = ike_key_of(row->keys[count]);
		ck_assert_msg(danepriv_ike_key(trusting, records, count, row->now, &key, &record) ==
				  DANEPRIV_OK,
		    "%s, %zu", row->name, count);
		ck_assert_msg(key.len == wanted.len && memcmp(key.data, wanted.data, key.len) == 0,
		    "%s", row->name);
		ck_assert_msg(record == row->records[count], "%s: %zu", row->name, record);
		ck_assert_int_eq(
		    danepriv_ike_key(trusting, records, count, row->now, &key, NULL), DANEPRIV_OK);
		octets_free(wanted);
	}
	check_none(records, count, row->now, DANEPRIV_ENOTFOUND);
	check_none(records, count + 1, row->now, DANEPRIV_ENOTFOUND);
	check_none(records, SIZE_MAX, row->now, DANEPRIV_ENOTFOUND);
	danepriv_records_free(records);
}
END_TEST

/* RDATA that is no key, cut or longer than one. */
START_TEST(no_key)
{
	test_octets whole = ike_key_of("ee");
	uint8_t octets[256] = { 3, 1, 0 };
	danepriv_records *records;

	memcpy(octets + 3, whole.data, whole.len);
	for (size_t len = 4; len < 3 + whole.len + 3; len++) {
		if (len == 3 + whole.len)
			continue;
		const danepriv_span rdata = { octets, len };
		ck_assert_int_eq(danepriv_records_vouch(&ike_server, NULL, DANEPRIV_SECURITY_SECURE,
				     DANEPRIV_REASON_NONE, &rdata, 1, IKE_UNTIL, &records),
		    DANEPRIV_OK);
		check_none(records, 0, IKE_NOW, DANEPRIV_ENOTFOUND);
		danepriv_records_free(records);
	}
	octets_free(whole);
}
END_TEST

START_TEST(invalid)
{
	danepriv_records *records = ike_records(&ike_server, NULL, "310:ee");
	danepriv_span key;
	size_t record = 99;

	check_none(NULL, 0, IKE_NOW, DANEPRIV_EINVAL);
	check_none(records, 0, 0, DANEPRIV_EINVAL);
	check_none(records, 0, -1, DANEPRIV_EINVAL);
	check_none(records, 0, INT64_MIN, DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_ike_key(trusting, records, 0, IKE_NOW, NULL, &record), DANEPRIV_EINVAL);
	ck_assert_uint_eq(record, SIZE_MAX);
	ck_assert_int_eq(
	    danepriv_ike_key(NULL, records, 0, IKE_NOW, &key, &record), DANEPRIV_EINVAL);
	ck_assert(!key.data && key.len == 0 && record == SIZE_MAX);
	danepriv_records_free(records);
}
END_TEST

/* Each usage that may be excluded: a key is given where it is another than 3. */
START_TEST(excluded)
{
	danepriv_records *records = ike_records(&ike_server, NULL, "310:ee,300:other");
	danepriv *ctx =
	    context_open_with("-", (danepriv_settings){ .excluded_usages = (uint32_t)_i });
	danepriv_span key;
	size_t record;

	for (size_t index = 0; index < 2; index++) {
		danepriv_status status =
		    danepriv_ike_key(ctx, records, index, IKE_NOW, &key, &record);
		ck_assert_int_eq(status, (_i & 8) ? DANEPRIV_ENOTFOUND : DANEPRIV_OK);
		ck_assert((key.len == 0) == (status != DANEPRIV_OK));
		ck_assert_uint_eq(record, (_i & 8) ? SIZE_MAX : index);
	}
	danepriv_close(ctx);
	danepriv_records_free(records);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_key");
	TCase *tc = tcase_create("ike_key");

	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_checked_fixture(tc, open_trusting, close_trusting);
	tcase_add_loop_test(tc, known_keys, 0, ROWS(rows));
	tcase_add_test(tc, no_key);
	tcase_add_test(tc, invalid);
	tcase_add_loop_test(tc, excluded, 0, 16);
	suite_add_tcase(suite, tc);
	return suite;
}
