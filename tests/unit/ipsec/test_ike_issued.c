/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer with usages 0 to 2, and below it the purposes of certificates (lib/crypto/profile,
 * path_rules; lib/dane/issuer): which certificates are for IKE?  (RFC 4945 section 5.1.3)  The rows
 * are in tests/vectors/dane/ike.txt.  Each is judged as a server of TLS, too, for which nothing
 * is to change; and as a peer where serverAuth will do. */
#include "support/failing_alloc.h"
#include "support/ike.h"
#include "support/issued.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IKE_FILE "dane/ike.txt"

typedef struct issued_ike {
	test_vectors *vectors;
	test_vector line;
	const char *name;
	danepriv *ctx, *loose; /* with the same roots: where serverAuth will do */
	danepriv_time now;
	danepriv_server server; /* with a name of its own */
	char text[256];
	danepriv_span rdata;
	test_octets rdata_octets;
	test_peer shown;
	ike_identity identity;
	danepriv_ike_certificate certificates[PEER_ITEMS_MAX];
	danepriv_ike_peer peer;
} issued_ike;

static void
open_row(issued_ike *r, int index)
{
	memset(r, 0, sizeof *r);
	r->vectors = vectors_at(IKE_FILE, index, &r->line);
	r->name = r->line.fields[0];
	peer_open(&r->shown, r->line.fields[1]);
	ike_identity_open(&r->identity, r->line.fields[2]);
	r->ctx = context_open(r->line.fields[3]);
	r->loose =
	    context_open_with(r->line.fields[3], (danepriv_settings){ .ike_takes_server_auth = 1 });
	r->now = strtoll(r->line.fields[4], NULL, 10);
	r->rdata_octets = octets_from_hex(r->line.fields[5]);
	r->rdata = octets_span(r->rdata_octets);
	ck_assert_int_eq(
	    danepriv_ike_name(&r->identity.id, r->text, sizeof r->text, NULL), DANEPRIV_OK);
	r->server = (danepriv_server){ r->text, 0, DANEPRIV_TRANSPORT_IPSEC };
	bool is_raw = r->shown.credential.type == DANEPRIV_CREDENTIAL_RAW_KEY;
	for (size_t i = 0; i < r->shown.credential.count; i++)
		r->certificates[i] =
		    (danepriv_ike_certificate){ r->shown.items[i], is_raw ? 15 : 4 };
	r->peer = (danepriv_ike_peer){ .size = sizeof r->peer,
		.id = r->identity.id,
		.certificates = r->certificates,
		.count = r->shown.credential.count,
		.auth = 14 };
}

static void
close_row(issued_ike *r)
{
	octets_free(r->rdata_octets);
	danepriv_close(r->loose);
	danepriv_close(r->ctx);
	ike_identity_close(&r->identity);
	peer_close(&r->shown);
	vectors_close(r->vectors);
}

static danepriv_records *
vouch(const issued_ike *r, danepriv_transport transport)
{
	danepriv_server server = r->server;
	danepriv_records *records;

	server.transport = transport;
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &r->rdata, 1, ISSUED_UNTIL, &records),
	    DANEPRIV_OK);
	return records;
}

static void
check_record(
    const issued_ike *r, const char *by, const danepriv_record_verdict *each, const char *wanted)
{
	char got[64];

	issued_describe(each, got, sizeof got);
	ck_assert_msg(strcmp(got, wanted) == 0, "%s by %s: %s, not %s", r->name, by, got, wanted);
}

static void
check_by_ike(const issued_ike *r, const danepriv *ctx, const char *by, const char *wanted)
{
	danepriv_record_verdict each;
	danepriv_verdict why = {
		.size = sizeof why, .each = &each, .each_size = sizeof each, .each_room = 1
	};
	danepriv_ike_found found = { .size = sizeof found };

	danepriv_records *records = vouch(r, DANEPRIV_TRANSPORT_IPSEC);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(ctx, records, &r->peer, r->now, &found, &why), DANEPRIV_OK);
	check_record(r, by, &each, wanted);
	ck_assert_int_eq(found.finding, why.finding);
	bool is_match = strcmp(wanted, "match") == 0;
	ck_assert_msg((found.finding == DANEPRIV_FINDING_MATCH) == is_match, "%s", r->name);
	ck_assert_msg((found.key.len > 0) == is_match, "%s", r->name);
	ck_assert_msg(found.needs_pkix == (is_match && r->rdata.data[0] < 2), "%s", r->name);
	ck_assert_int_eq(
	    found.valid_until, is_match ? strtoll(r->line.fields[8], NULL, 10) : ISSUED_UNTIL);
	danepriv_records_free(records);
}

START_TEST(by_ike)
{
	issued_ike r;

	open_row(&r, _i);
	check_by_ike(&r, r.ctx, "ike", r.line.fields[6]);
	check_by_ike(&r, r.loose, "ike where serverAuth will do", r.line.fields[9]);
	close_row(&r);
}
END_TEST

START_TEST(by_tls)
{
	danepriv_record_verdict each;
	danepriv_verdict why = {
		.size = sizeof why, .each = &each, .each_size = sizeof each, .each_room = 1
	};
	issued_ike r;

	open_row(&r, _i);
	danepriv_records *records = vouch(&r, DANEPRIV_TRANSPORT_DOT);
	ck_assert_int_eq(
	    danepriv_evaluate(r.ctx, records, &r.shown.credential, NULL, 0, r.now, &why),
	    DANEPRIV_OK);
	check_record(&r, "tls", &each, r.line.fields[7]);
	danepriv_records_free(records);
	close_row(&r);
}
END_TEST

/* The setting is of IKE's, and none of TLS's. */
START_TEST(by_tls_loosely)
{
	danepriv_verdict why = { .size = sizeof why };
	issued_ike r;

	open_row(&r, _i);
	danepriv_records *records = vouch(&r, DANEPRIV_TRANSPORT_DOT);
	ck_assert_int_eq(
	    danepriv_evaluate(r.loose, records, &r.shown.credential, NULL, 0, r.now, &why),
	    DANEPRIV_OK);
	ck_assert_msg(
	    (why.finding == DANEPRIV_FINDING_MATCH) == (strcmp(r.line.fields[7], "match") == 0),
	    "%s", r.name);
	danepriv_records_free(records);
	close_row(&r);
}
END_TEST

/* Every row with the nth allocation failing: an honest ENOMEM, and no answer. */
START_TEST(failing_allocations)
{
	danepriv_status status = DANEPRIV_ENOMEM;
	danepriv_ike_found found = { .size = sizeof found };
	issued_ike r;

	open_row(&r, _i);
	danepriv_records *records = vouch(&r, DANEPRIV_TRANSPORT_IPSEC);
	for (long n = 0; status == DANEPRIV_ENOMEM; n++) {
		ck_assert(n < 100);
		dp_fail_allocation_at(n);
		status = danepriv_ike_evaluate(r.ctx, records, &r.peer, r.now, &found, NULL);
		if (status != DANEPRIV_ENOMEM)
			break;
		ck_assert_msg(found.finding == DANEPRIV_FINDING_UNJUDGED && found.key.len == 0 &&
				  r.rdata.data[0] != 3,
		    "%s, %ld", r.name, n);
	}
	dp_fail_allocation_at(-1);
	ck_assert_msg(status == DANEPRIV_OK, "%s", r.name);
	danepriv_records_free(records);
	close_row(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_issued");
	TCase *tc = tcase_create("ike_issued");
	int rows = vectors_count(IKE_FILE);

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, by_ike, 0, rows);
	tcase_add_loop_test(tc, by_tls, 0, rows);
	tcase_add_loop_test(tc, by_tls_loosely, 0, rows);
	tcase_add_loop_test(tc, failing_allocations, 0, rows);
	suite_add_tcase(suite, tc);
	return suite;
}
