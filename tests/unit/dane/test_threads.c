/* SPDX-License-Identifier: BSD-2-Clause
 * Can two threads judge with one context and the same records?  The thread sanitizer looks on when
 * this runs under it. */
#include "support/credentials.h"
#include "support/suite.h"

#include <pthread.h>

#define NOW 1700000000
#define UNTIL 4102444800
#define ROUNDS 100

typedef struct threads_row {
	const char *name;
	const char *peer, *meant; /* what the peer presents, what the record means */
	uint8_t usage, selector, matching;
	danepriv_finding later; /* when the certificates have expired */
} threads_row;

/* Full data is looked into when the records are made; digests, and paths, in each thread. */
static const threads_row rows[] = {
	{ "3 1 1", "by-sub,sub,root", "by-sub", 3, 1, 1, DANEPRIV_FINDING_MATCH },
	{ "3 0 2", "by-sub,sub,root", "by-sub", 3, 0, 2, DANEPRIV_FINDING_MATCH },
	{ "3 1 0", "by-sub,sub,root", "by-sub", 3, 1, 0, DANEPRIV_FINDING_MATCH },
	{ "3 1 1, raw key", "raw:ee-key", "raw:ee-key", 3, 1, 1, DANEPRIV_FINDING_MATCH },
	{ "2 0 1", "by-sub,sub,root", "sub", 2, 0, 1, DANEPRIV_FINDING_MISMATCH },
	{ "2 1 1", "by-sub,sub,root", "root", 2, 1, 1, DANEPRIV_FINDING_MISMATCH },
	{ "2 0 0, not sent", "by-sub,sub", "root", 2, 0, 0, DANEPRIV_FINDING_MISMATCH },
	{ "2 1 0, key alone", "by-sub,sub", "root", 2, 1, 0, DANEPRIV_FINDING_MISMATCH },
	{ "1 1 1", "by-sub,sub,root", "by-sub", 1, 1, 1, DANEPRIV_FINDING_MISMATCH },
	{ "0 1 1", "by-sub,sub,root", "sub", 0, 1, 1, DANEPRIV_FINDING_MISMATCH },
	{ "0 0 1, the root", "by-sub,sub,root", "root", 0, 0, 1, DANEPRIV_FINDING_MISMATCH },
};

typedef struct job {
	const threads_row *row;
	const danepriv *ctx;
	const danepriv_records *records;
	const danepriv_credential *credential;
	int wrong;
} job;

static void *
judge_often(void *arg)
{
	job *j = arg;

	for (int i = 0; i < ROUNDS; i++) {
		danepriv_verdict verdict = { .size = sizeof verdict };
		danepriv_time now = i % 2 ? NOW : UNTIL;
		danepriv_finding wanted = i % 2 ? DANEPRIV_FINDING_MATCH : j->row->later;
		danepriv_status status =
		    danepriv_evaluate(j->ctx, j->records, j->credential, NULL, 0, now, &verdict);
		if (status != DANEPRIV_OK || verdict.finding != wanted)
			j->wrong++;
	}
	return NULL;
}

static danepriv_records *
records_of(const threads_row *row)
{
	const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_records *records;
	test_peer meant;

	peer_open(&meant, row->meant);
	test_octets rdata = rdata_of_peer(&meant, row->usage, row->selector, row->matching);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, UNTIL, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	peer_close(&meant);
	return records;
}

START_TEST(two_threads)
{
	const threads_row *row = &rows[_i];
	danepriv *ctx = context_open("other-root,root");
	danepriv_records *records = records_of(row);
	pthread_t threads[2];
	test_peer peer;

	peer_open(&peer, row->peer);
	job jobs[2] = { { row, ctx, records, &peer.credential, 0 },
		{ row, ctx, records, &peer.credential, 0 } };
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, judge_often, &jobs[i]), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_msg(jobs[i].wrong == 0, "%s: %d wrong", row->name, jobs[i].wrong);
	}
	danepriv_records_free(records);
	danepriv_close(ctx);
	peer_close(&peer);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("threads");
	TCase *tc = tcase_create("threads");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, two_threads, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
