/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/publish: which record would name this credential?  That the data is right, test_match
 * shows: its vectors were not made by us. */
#include "support/credentials.h"
#include "support/suite.h"

#include <string.h>

typedef struct publish_row {
	const char *name, *peer;
	uint8_t usage, selector, matching;
	danepriv_status status;
	size_t len; /* 0: as long as the item */
} publish_row;

static const publish_row publishes[] = {
	{ "3 1 1", "ee", 3, 1, 1, DANEPRIV_OK, 35 },
	{ "3 1 2", "ee", 3, 1, 2, DANEPRIV_OK, 67 },
	{ "3 0 0", "ee", 3, 0, 0, DANEPRIV_OK, 0 },
	{ "2 0 1", "ca", 2, 0, 1, DANEPRIV_OK, 35 },
	{ "0 1 2", "ca", 0, 1, 2, DANEPRIV_OK, 67 },
	{ "raw 3 1 0", "raw:ee-key", 3, 1, 0, DANEPRIV_OK, 0 },
	{ "usage 4", "ee", 4, 1, 1, DANEPRIV_EINVAL, 0 },
	{ "usage 255", "ee", 255, 1, 1, DANEPRIV_EINVAL, 0 },
	{ "selector 2", "ee", 3, 2, 1, DANEPRIV_EINVAL, 0 },
	{ "matching 3", "ee", 3, 1, 3, DANEPRIV_EINVAL, 0 },
	{ "raw 3 0 1", "raw:ee-key", 3, 0, 1, DANEPRIV_EINVAL, 0 },
	{ "raw 2 1 1", "raw:ee-key", 2, 1, 1, DANEPRIV_EINVAL, 0 },
	{ "raw 1 1 1", "raw:ee-key", 1, 1, 1, DANEPRIV_EINVAL, 0 },
	{ "two raw keys", "raw:ee-key,other-key", 3, 1, 1, DANEPRIV_EINVAL, 0 },
	{ "key as certificate", "ee-key", 3, 1, 1, DANEPRIV_EMALFORMED, 0 },
	{ "certificate as key", "raw:ee", 3, 1, 1, DANEPRIV_EMALFORMED, 0 },
};

START_TEST(publish)
{
	const publish_row *row = &publishes[_i];
	uint8_t rdata[2048];
	size_t needed = 99;
	test_peer peer;

	peer_open(&peer, row->peer);
	size_t len = row->len ? row->len : peer.items[0].len + 3;
	memset(rdata, 0x55, sizeof rdata);
	danepriv_status status = danepriv_credential_record(
	    &peer.credential, row->usage, row->selector, row->matching, rdata, len, &needed);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	if (status == DANEPRIV_OK) {
		ck_assert_msg(needed == len && rdata[len] == 0x55, "%s", row->name);
		ck_assert_int_eq(danepriv_credential_record(&peer.credential, row->usage,
				     row->selector, row->matching, rdata, len - 1, &needed),
		    DANEPRIV_ELIMIT);
		ck_assert_int_eq(danepriv_credential_record(&peer.credential, row->usage,
				     row->selector, row->matching, NULL, 0, &needed),
		    DANEPRIV_ELIMIT);
		ck_assert_uint_eq(needed, len);
	} else {
		ck_assert_msg(needed == 0 && rdata[0] == 0x55, "%s", row->name);
	}
	peer_close(&peer);
}
END_TEST

/* A key that is sound, and too large for any record. */
START_TEST(too_large)
{
	static uint8_t key[70000] = { 0x30, 0x83, 0x01, 0x11, 0x6B, 0x30, 0x03, 0x06, 0x01, 0x2A,
		0x03, 0x83, 0x01, 0x11, 0x61 };
	static uint8_t rdata[80000];
	danepriv_span item = { key, sizeof key };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_RAW_KEY, &item, 1 };
	size_t needed;

	ck_assert_int_eq(
	    danepriv_credential_record(&credential, 3, 1, 1, rdata, sizeof rdata, &needed),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_credential_record(&credential, 3, 1, 0, rdata, sizeof rdata, &needed),
	    DANEPRIV_ELIMIT);
}
END_TEST

/* What is published is what matches. */
START_TEST(published_matches)
{
	const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records;
	danepriv *ctx;
	test_peer peer;

	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
	peer_open(&peer, _i < 6 ? "ee" : "raw:ee-key");
	test_octets rdata = rdata_of_peer(&peer, 3, _i < 3 || _i >= 6 ? 1 : 0, (uint8_t)(_i % 3));
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, 1, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, 1, &verdict), DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
	danepriv_records_free(records);
	octets_free(rdata);
	peer_close(&peer);
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("publish");
	TCase *tc = tcase_create("publish");

	tcase_add_loop_test(tc, publish, 0, ROWS(publishes));
	tcase_add_test(tc, too_large);
	tcase_add_loop_test(tc, published_matches, 0, 9);
	suite_add_tcase(suite, tc);
	return suite;
}
