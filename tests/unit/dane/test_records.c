/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/records: what did the owner publish, and how sure are we? */
#include "dane/records.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>

#define UNTIL 1000
#define SECURE DANEPRIV_SECURITY_SECURE
#define EINVAL_ DANEPRIV_EINVAL
#define MALFORMED DANEPRIV_EMALFORMED

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
static uint8_t octets[70000]; /* of no meaning: records takes them as they are */

typedef struct vouch_row {
	const char *name;
	danepriv_server server;
	const char *base;
	danepriv_security security;
	size_t count, len; /* RDATAs, and the octets of each */
	danepriv_status status;
} vouch_row;

static const vouch_row vouches[] = {
	/* good */
	{ "secure", { "a.b", 0, 0 }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "secure, other base", { "a.b", 0, 0 }, "c.d.", SECURE, 2, 35, DANEPRIV_OK },
	{ "denied", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_DENIED, 0, 0, DANEPRIV_OK },
	{ "insecure", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_INSECURE, 0, 0, DANEPRIV_OK },
	{ "bogus", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_BOGUS, 0, 0, DANEPRIV_OK },
	{ "indeterminate", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_INDETERMINATE, 0, 0,
	    DANEPRIV_OK },
	{ "empty record", { "a.b", 0, 0 }, NULL, SECURE, 1, 0, DANEPRIV_OK },
	{ "512 records", { "a.b", 0, 0 }, NULL, SECURE, 512, 35, DANEPRIV_OK },
	{ "512 records, 64 KiB", { "a.b", 0, 0 }, NULL, SECURE, 512, 127, DANEPRIV_OK },
	{ "65535 octets", { "a.b", 0, 0 }, NULL, SECURE, 1, 65535, DANEPRIV_OK },
	/* bad */
	{ "513 records", { "a.b", 0, 0 }, NULL, SECURE, 513, 35, DANEPRIV_ELIMIT },
	{ "512 records, 65536 octets", { "a.b", 0, 0 }, NULL, SECURE, 512, 128, DANEPRIV_ELIMIT },
	{ "1,000 records", { "a.b", 0, 0 }, NULL, SECURE, 1000, 35, DANEPRIV_ELIMIT },
	{ "1,000 empty records", { "a.b", 0, 0 }, NULL, SECURE, 1000, 0, DANEPRIV_ELIMIT },
	{ "65536 octets", { "a.b", 0, 0 }, NULL, SECURE, 1, 65536, DANEPRIV_ELIMIT },
	{ "65536 octets in two", { "a.b", 0, 0 }, NULL, SECURE, 2, 32768, DANEPRIV_ELIMIT },
	{ "secure without records", { "a.b", 0, 0 }, NULL, SECURE, 0, 0, EINVAL_ },
	{ "nobody asked", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_UNKNOWN, 0, 0, EINVAL_ },
	{ "nobody asked, records", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_UNKNOWN, 1, 35,
	    EINVAL_ },
	{ "denied, records", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_DENIED, 1, 35, EINVAL_ },
	{ "insecure, records", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_INSECURE, 1, 35, EINVAL_ },
	{ "bogus, records", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_BOGUS, 1, 35, EINVAL_ },
	{ "indeterminate, records", { "a.b", 0, 0 }, NULL, DANEPRIV_SECURITY_INDETERMINATE, 1, 35,
	    EINVAL_ },
	{ "proof after the last", { "a.b", 0, 0 }, NULL, (danepriv_security)6, 1, 35, EINVAL_ },
	{ "proof below zero", { "a.b", 0, 0 }, NULL, (danepriv_security)-1, 0, 0, EINVAL_ },
	{ "no server's name", { NULL, 0, 0 }, NULL, SECURE, 1, 35, EINVAL_ },
	{ "address", { "192.0.2.1", 0, 0 }, NULL, SECURE, 1, 35, EINVAL_ },
	{ "transport", { "a.b", 0, (danepriv_transport)9 }, NULL, SECURE, 1, 35, EINVAL_ },
	{ "malformed server", { "a..b", 0, 0 }, NULL, SECURE, 1, 35, MALFORMED },
	{ "malformed base", { "a.b", 0, 0 }, "c..d", SECURE, 1, 35, MALFORMED },
	{ "empty base", { "a.b", 0, 0 }, "", SECURE, 1, 35, MALFORMED },
	{ "root as base", { "a.b", 0, 0 }, ".", SECURE, 1, 35, MALFORMED },
	{ "address as base", { "a.b", 0, 0 }, "::1", SECURE, 1, 35, MALFORMED },
};

START_TEST(vouch)
{
	const vouch_row *row = &vouches[_i];
	danepriv_span rdatas[1000];
	danepriv_records *records = (danepriv_records *)octets;

	for (size_t i = 0; i < 1000; i++)
		rdatas[i] = (danepriv_span){ row->len ? octets : NULL, row->len };
	danepriv_status status = danepriv_records_vouch(&row->server, row->base, row->security,
	    DANEPRIV_REASON_NONE, rdatas, row->count, UNTIL, &records);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg((records != NULL) == (status == DANEPRIV_OK), "%s", row->name);
	ck_assert_msg(
	    danepriv_records_count(records) == (records ? row->count : 0), "%s", row->name);
	if (records) {
		ck_assert_msg(danepriv_records_security(records) == row->security, "%s", row->name);
		ck_assert_str_eq(danepriv_records_base(records), row->base ? row->base : "a.b.");
	}
	danepriv_records_free(records);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What a reason speaks for; the bounds speak for two. */
typedef struct reason_row {
	danepriv_reason first, last;
	danepriv_security security, other;
} reason_row;

#define REASON(name) DANEPRIV_REASON_##name
#define IS(name) DANEPRIV_SECURITY_##name

static const reason_row reasons[] = {
	{ REASON(NO_DATA), REASON(NO_NAME), IS(DENIED), IS(DENIED) },
	{ REASON(DELEGATION_UNSIGNED), REASON(NEGATIVE_ANCHOR), IS(INSECURE), IS(INSECURE) },
	{ REASON(SIGNATURE_INVALID), REASON(ALIAS_LOOP), IS(BOGUS), IS(BOGUS) },
	{ REASON(LIMIT_WORK), REASON(LIMIT_OCTETS), IS(BOGUS), IS(INDETERMINATE) },
	{ REASON(MALFORMED), REASON(MALFORMED), IS(BOGUS), IS(BOGUS) },
	{ REASON(NO_ANCHOR), REASON(QUERY_STREAM), IS(INDETERMINATE), IS(INDETERMINATE) },
	{ REASON(SERVED_LOCALLY), REASON(SERVED_LOCALLY), IS(BOGUS), IS(BOGUS) },
};

/* All pairs, also of numbers that are none. */
START_TEST(vouch_with_reason)
{
	danepriv_security security = (danepriv_security)_i;
	danepriv_span rdata = { octets, 35 };
	size_t count = security == SECURE ? 1 : 0;

	for (int number = -1; number <= DANEPRIV_REASON_SERVED_LOCALLY + 1; number++) {
		danepriv_reason reason = (danepriv_reason)number;
		danepriv_records *records = (danepriv_records *)octets;
		bool fits = number == 0 && security >= SECURE && security <= IS(INDETERMINATE);
		for (size_t i = 0; i < ROWS(reasons); i++)
			fits =
			    fits ||
			    (number >= (int)reasons[i].first && number <= (int)reasons[i].last &&
				(security == reasons[i].security || security == reasons[i].other));
		danepriv_status status = danepriv_records_vouch(
		    &server, NULL, security, reason, &rdata, count, UNTIL, &records);
		ck_assert_msg(status == (fits ? DANEPRIV_OK : EINVAL_), "%d %d", _i, number);
		ck_assert((records != NULL) == fits);
		ck_assert(!fits || danepriv_records_reason(records) == reason);
		danepriv_records_free(records);
	}
}
END_TEST

START_TEST(getters)
{
	uint8_t first[] = { 3, 1, 1, 7 }, second[] = { 3, 1, 0, 8, 9 };
	danepriv_span rdatas[] = { { first, sizeof first }, { NULL, 0 },
		{ second, sizeof second } };
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, "Base.Example", SECURE,
			     DANEPRIV_REASON_NONE, rdatas, 3, UNTIL, &records),
	    DANEPRIV_OK);
	memset(first, 0, sizeof first); /* they were copied */
	memset(second, 0, sizeof second);
	ck_assert_int_eq(danepriv_records_security(records), SECURE);
	ck_assert_int_eq(danepriv_records_reason(records), DANEPRIV_REASON_NONE);
	ck_assert_int_eq(danepriv_records_valid_until(records), UNTIL);
	ck_assert_int_eq(danepriv_records_expiry(records), UNTIL);
	ck_assert_str_eq(danepriv_records_base(records), "Base.Example.");
	ck_assert_uint_eq(danepriv_records_count(records), 3);
	ck_assert_mem_eq(danepriv_records_rdata(records, 0).data, "\3\1\1\7", 4);
	ck_assert_uint_eq(danepriv_records_rdata(records, 1).len, 0);
	ck_assert_uint_eq(danepriv_records_rdata(records, 2).len, 5);
	ck_assert_mem_eq(danepriv_records_rdata(records, 2).data, "\3\1\0\10\11", 5);
	ck_assert_uint_eq(danepriv_records_rdata(records, 3).len, 0);
	ck_assert_ptr_null(danepriv_records_rdata(records, SIZE_MAX).data);
	ck_assert_uint_eq(dp_records_server(records)->port, 853);
	danepriv_records_free(records);
}
END_TEST

START_TEST(getters_of_nothing)
{
	ck_assert_int_eq(danepriv_records_security(NULL), DANEPRIV_SECURITY_UNKNOWN);
	ck_assert_int_eq(danepriv_records_reason(NULL), DANEPRIV_REASON_NONE);
	ck_assert_int_eq(danepriv_records_valid_until(NULL), INT64_MIN);
	ck_assert_int_eq(danepriv_records_expiry(NULL), INT64_MIN);
	ck_assert_str_eq(danepriv_records_base(NULL), "");
	ck_assert_uint_eq(danepriv_records_count(NULL), 0);
	ck_assert_uint_eq(danepriv_records_rdata(NULL, 0).len, 0);
	ck_assert_int_eq(danepriv_records_has_raw_key(NULL), 0);
	danepriv_records_free(NULL);
}
END_TEST

START_TEST(vouch_refuses_no_arguments)
{
	danepriv_span rdata = { NULL, 4 };
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(
			     &server, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata, 1, UNTIL, NULL),
	    EINVAL_);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata,
			     1, UNTIL, &records),
	    EINVAL_);
	ck_assert_int_eq(danepriv_records_vouch(
			     &server, NULL, SECURE, DANEPRIV_REASON_NONE, NULL, 1, UNTIL, &records),
	    EINVAL_);
	rdata.data = octets;
	ck_assert_int_eq(danepriv_records_vouch(
			     NULL, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata, 1, UNTIL, &records),
	    EINVAL_);
	ck_assert_ptr_null(records);
}
END_TEST

START_TEST(references)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_DENIED,
			     DANEPRIV_REASON_NONE, NULL, 0, UNTIL, &records),
	    DANEPRIV_OK);
	ck_assert_ptr_eq(danepriv_records_ref(records), records);
	ck_assert_ptr_null(danepriv_records_ref(NULL));
	danepriv_records_free(records);
	ck_assert_int_eq(dp_blocks(), 1);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_DENIED);
	danepriv_records_free(records);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(unproven_records_are_not_kept)
{
	danepriv_span rdata = { octets, 35 };
	dp_proven proven = { (danepriv_security)_i, DANEPRIV_REASON_NONE, { 0 }, UNTIL, 2 * UNTIL };
	danepriv_records *records;
	dp_server read;

	ck_assert_int_eq(dp_server_read(&server, &read), DANEPRIV_OK);
	ck_assert_int_eq(dp_records_new(&read, dp_name_of(&read.name), proven, &rdata, 1, &records),
	    DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_records_count(records), _i == SECURE);
	ck_assert_int_eq(danepriv_records_valid_until(records), UNTIL);
	ck_assert_int_eq(danepriv_records_expiry(records), 2 * UNTIL);
	danepriv_records_free(records);
}
END_TEST

START_TEST(memory_runs_out)
{
	danepriv_span rdata = { octets, 35 };
	danepriv_records *records = (danepriv_records *)octets;

	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata,
			     1, UNTIL, &records),
	    DANEPRIV_ENOMEM);
	ck_assert_ptr_null(records);
	dp_fail_allocation_at(1);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata,
			     1, UNTIL, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(dp_allocations(), 1);
	dp_fail_allocation_at(-1);
	danepriv_records_free(records);
}
END_TEST

typedef struct raw_row {
	const char *name;
	uint8_t usage, selector, matching;
	size_t cut;
	int wanted;
} raw_row;

static const raw_row raws[] = {
	{ "3 1 1", 3, 1, 1, 0, 1 },
	{ "3 1 2", 3, 1, 2, 0, 1 },
	{ "3 1 0", 3, 1, 0, 0, 1 },
	{ "3 1 1, short", 3, 1, 1, 1, 0 },
	{ "3 1 2, short", 3, 1, 2, 1, 0 },
	{ "3 1 0, short", 3, 1, 0, 1, 0 },
	{ "3 0 0", 3, 0, 0, 0, 0 },
	{ "3 0 1", 3, 0, 1, 0, 0 },
	{ "2 1 1", 2, 1, 1, 0, 0 },
	{ "1 1 1", 1, 1, 1, 0, 0 },
	{ "0 1 1", 0, 1, 1, 0, 0 },
};

START_TEST(raw_key)
{
	const raw_row *row = &raws[_i];
	danepriv_records *records;
	test_peer peer;

	peer_open(&peer, "ee");
	test_octets rdata = rdata_of_peer(&peer, row->usage, row->selector, row->matching);
	danepriv_span spans[] = { { octets, 3 }, { rdata.data, rdata.len - row->cut } };
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, SECURE, DANEPRIV_REASON_NONE, spans,
			     2, UNTIL, &records),
	    DANEPRIV_OK);
	ck_assert_msg(danepriv_records_has_raw_key(records) == row->wanted, "%s", row->name);
	danepriv_records_free(records);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

typedef struct ede_row {
	danepriv_reason reason;
	int ede;
} ede_row;

static const ede_row edes[] = {
	{ DANEPRIV_REASON_NONE, -1 },
	{ DANEPRIV_REASON_NO_DATA, -1 },
	{ DANEPRIV_REASON_NO_NAME, -1 },
	{ DANEPRIV_REASON_DELEGATION_UNSIGNED, -1 },
	{ DANEPRIV_REASON_OPT_OUT, -1 },
	{ DANEPRIV_REASON_ALGORITHM_UNSUPPORTED, 1 },
	{ DANEPRIV_REASON_DIGEST_UNSUPPORTED, 2 },
	{ DANEPRIV_REASON_NSEC3_ITERATIONS, 27 },
	{ DANEPRIV_REASON_NEGATIVE_ANCHOR, -1 },
	{ DANEPRIV_REASON_SIGNATURE_INVALID, 6 },
	{ DANEPRIV_REASON_SIGNATURE_EXPIRED, 7 },
	{ DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID, 8 },
	{ DANEPRIV_REASON_SIGNATURE_DATES_CROSSED, 25 },
	{ DANEPRIV_REASON_SIGNATURE_MISSING, 10 },
	{ DANEPRIV_REASON_DNSKEY_MISSING, 9 },
	{ DANEPRIV_REASON_SERVED_LOCALLY, 9 },
	{ DANEPRIV_REASON_NO_ZONE_KEY, 11 },
	{ DANEPRIV_REASON_DENIAL_MISSING, 12 },
	{ DANEPRIV_REASON_WILDCARD_UNPROVEN, 12 },
	{ DANEPRIV_REASON_SIGNER_ABOVE_CUT, 6 },
	{ DANEPRIV_REASON_LIMIT_WORK, 0 },
	{ DANEPRIV_REASON_MALFORMED, 24 },
	{ DANEPRIV_REASON_NO_ANCHOR, 5 },
	{ DANEPRIV_REASON_QUERY_FAILED, 23 },
	{ DANEPRIV_REASON_QUERY_TIMEOUT, 23 },
	{ DANEPRIV_REASON_QUERY_REFUSED, 22 },
	{ DANEPRIV_REASON_CANCELLED, 0 },
	{ DANEPRIV_REASON_ALIAS, 0 },
	{ (danepriv_reason)999, -1 },
	{ (danepriv_reason)-1, -1 },
};

START_TEST(ede)
{
	ck_assert_msg(danepriv_reason_ede(edes[_i].reason) == edes[_i].ede, "reason %d",
	    (int)edes[_i].reason);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("records");
	TCase *tc = tcase_create("records");

	tcase_add_loop_test(tc, vouch, 0, ROWS(vouches));
	tcase_add_loop_test(tc, vouch_with_reason, -1, 8);
	tcase_add_test(tc, getters);
	tcase_add_test(tc, getters_of_nothing);
	tcase_add_test(tc, vouch_refuses_no_arguments);
	tcase_add_test(tc, references);
	tcase_add_loop_test(tc, unproven_records_are_not_kept, 0, 6);
	tcase_add_test(tc, memory_runs_out);
	tcase_add_loop_test(tc, raw_key, 0, ROWS(raws));
	tcase_add_loop_test(tc, ede, 0, ROWS(edes));
	suite_add_tcase(suite, tc);
	return suite;
}
