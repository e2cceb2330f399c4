/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/lookup, lib/dnssec/lacking: what is asked again over a stream, and what counts then? */
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <string.h>

#define OWNER "_853._tcp.dns.example."
#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define REASON(r) DANEPRIV_REASON_##r
#define STREAM(s) DANEPRIV_STREAM_##s

static proof_cases cases;
static const danepriv_server server = { "dns.example", 853, DANEPRIV_TRANSPORT_DOT };

typedef struct stream_row {
	const char *name, *chain;
	const char *asked; /* NULL: any */
	uint16_t type;	   /* 0: any */
	resolver_fault fault, over_stream;
	danepriv_security security;
	danepriv_reason reason;
	danepriv_stream stream;
	size_t streams; /* questions that were asked again; ANY: at least one */
} stream_row;

#define ANY 999

static const stream_row rows[] = {
	/* what is missing is asked for again */
	{ "signature", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "record", "digest-2", OWNER, 52, FAULT_EMPTY, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "keys' signature", "digest-2", "example.", 48, FAULT_UNSIGNED, FAULT_NONE, SECURE,
	    REASON(NONE), STREAM(ANSWERED), ANY },
	{ "keys", "digest-2", "example.", 48, FAULT_EMPTY, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "root's keys", "digest-2", ".", 48, FAULT_EMPTY, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "DS's signature", "digest-2", "example.", 43, FAULT_UNSIGNED, FAULT_NONE, SECURE,
	    REASON(NONE), STREAM(ANSWERED), ANY },
	{ "DS", "digest-2", "example.", 43, FAULT_EMPTY, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "all signatures", "digest-2", NULL, 0, FAULT_UNSIGNED, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "all", "digest-2", NULL, 0, FAULT_EMPTY, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "denial", "nodata", NULL, 0, FAULT_NO_DENIAL, FAULT_NONE, DENIED, REASON(NO_DATA),
	    STREAM(ANSWERED), ANY },
	{ "denial's signatures", "nodata", NULL, 0, FAULT_OPEN_DENIAL, FAULT_NONE, DENIED,
	    REASON(NO_DATA), STREAM(ANSWERED), ANY },
	{ "unsigned delegation", "cut-unsigned", NULL, 0, FAULT_OPEN_DENIAL, FAULT_NONE, INSECURE,
	    REASON(DELEGATION_UNSIGNED), STREAM(ANSWERED), ANY },
	{ "unsigned delegation, no denial", "cut-unsigned", NULL, 0, FAULT_NO_DENIAL, FAULT_NONE,
	    INSECURE, REASON(DELEGATION_UNSIGNED), STREAM(ANSWERED), ANY },
	{ "wildcard", "wildcard-nsec", NULL, 0, FAULT_NO_DENIAL, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "wildcard's signatures", "wildcard-nsec", NULL, 0, FAULT_OPEN_DENIAL, FAULT_NONE, SECURE,
	    REASON(NONE), STREAM(ANSWERED), ANY },
	{ "wildcard by NSEC3", "wildcard-nsec3", NULL, 0, FAULT_NO_DENIAL, FAULT_NONE, SECURE,
	    REASON(NONE), STREAM(ANSWERED), ANY },
	/* what came over it counts in place of what came before */
	{ "missing again", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_UNSIGNED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(ANSWERED), ANY },
	{ "forged there", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_FORGED, BOGUS,
	    REASON(SIGNATURE_INVALID), STREAM(ANSWERED), ANY },
	{ "nothing there", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_EMPTY, BOGUS,
	    REASON(DENIAL_MISSING), STREAM(ANSWERED), ANY },
	{ "all missing again", "digest-2", NULL, 0, FAULT_UNSIGNED, FAULT_UNSIGNED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(ANSWERED), ANY },
	{ "keys forged there", "digest-2", "example.", 48, FAULT_EMPTY, FAULT_FORGED, BOGUS,
	    REASON(SIGNATURE_INVALID), STREAM(ANSWERED), ANY },
	{ "a name error there", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_NAME_ERROR, BOGUS,
	    REASON(DENIAL_MISSING), STREAM(ANSWERED), ANY },
	/* nothing came over it: what came before counts */
	{ "no time", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_TIMEOUT, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	{ "no TCP", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_FAILED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	{ "cancelled", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_CANCELLED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(ANSWERED), ANY },
	{ "refused there", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_REFUSED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	{ "cut off there, too", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_TRUNCATED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	{ "another's answer there", "digest-2", OWNER, 52, FAULT_UNSIGNED, FAULT_OTHER_NAME, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	{ "keys, no TCP", "digest-2", "example.", 48, FAULT_EMPTY, FAULT_FAILED, BOGUS,
	    REASON(DNSKEY_MISSING), STREAM(FAILED), ANY },
	{ "denial, no TCP", "nodata", NULL, 0, FAULT_OPEN_DENIAL, FAULT_FAILED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(FAILED), ANY },
	/* what is cut off is asked for at once */
	{ "cut off", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), 1 },
	{ "ends too early", "digest-2", OWNER, 52, FAULT_CUT, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), 1 },
	{ "all cut off", "digest-2", NULL, 0, FAULT_TRUNCATED, FAULT_NONE, SECURE, REASON(NONE),
	    STREAM(ANSWERED), ANY },
	{ "cut off, no time", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_TIMEOUT, INDETERMINATE,
	    REASON(QUERY_STREAM), STREAM(FAILED), 1 },
	{ "cut off, no TCP", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_FAILED, INDETERMINATE,
	    REASON(QUERY_STREAM), STREAM(FAILED), 1 },
	{ "cut off, cancelled", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_CANCELLED,
	    INDETERMINATE, REASON(CANCELLED), STREAM(NONE), 1 },
	{ "cut off, refused there", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_SERVFAIL,
	    INDETERMINATE, REASON(QUERY_REFUSED), STREAM(FAILED), 1 },
	{ "cut off there, too", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_TRUNCATED,
	    INDETERMINATE, REASON(QUERY_FAILED), STREAM(FAILED), 1 },
	{ "keys cut off, no TCP", "digest-2", "example.", 48, FAULT_TRUNCATED, FAULT_FAILED,
	    INDETERMINATE, REASON(QUERY_STREAM), STREAM(FAILED), 1 },
	{ "cut off, unsigned there", "digest-2", OWNER, 52, FAULT_TRUNCATED, FAULT_UNSIGNED, BOGUS,
	    REASON(SIGNATURE_MISSING), STREAM(ANSWERED), ANY },
	/* what is wrong, refused or lost is not */
	{ "forged", "digest-2", OWNER, 52, FAULT_FORGED, FAULT_NONE, BOGUS,
	    REASON(SIGNATURE_INVALID), STREAM(NONE), 0 },
	{ "keys forged", "digest-2", "example.", 48, FAULT_FORGED, FAULT_NONE, BOGUS,
	    REASON(SIGNATURE_INVALID), STREAM(NONE), 0 },
	{ "all forged", "digest-2", NULL, 0, FAULT_FORGED, FAULT_NONE, BOGUS,
	    REASON(SIGNATURE_INVALID), STREAM(NONE), 0 },
	{ "refused", "digest-2", OWNER, 52, FAULT_REFUSED, FAULT_NONE, INDETERMINATE,
	    REASON(QUERY_REFUSED), STREAM(NONE), 0 },
	{ "lost", "digest-2", OWNER, 52, FAULT_TIMEOUT, FAULT_NONE, INDETERMINATE,
	    REASON(QUERY_TIMEOUT), STREAM(NONE), 0 },
	{ "another's answer", "digest-2", OWNER, 52, FAULT_OTHER_NAME, FAULT_NONE, INDETERMINATE,
	    REASON(QUERY_FAILED), STREAM(NONE), 0 },
	{ "no response", "digest-2", OWNER, 52, FAULT_NO_RESPONSE, FAULT_NONE, INDETERMINATE,
	    REASON(QUERY_FAILED), STREAM(NONE), 0 },
	/* nor what is fine as it is */
	{ "all well", "digest-2", NULL, 0, FAULT_NONE, FAULT_FORGED, SECURE, REASON(NONE),
	    STREAM(NONE), 0 },
	{ "denied well", "nodata", NULL, 0, FAULT_NONE, FAULT_FORGED, DENIED, REASON(NO_DATA),
	    STREAM(NONE), 0 },
	{ "not signed", "cut-unsigned", NULL, 0, FAULT_NONE, FAULT_FORGED, INSECURE,
	    REASON(DELEGATION_UNSIGNED), STREAM(NONE), 0 },
};

/* No question is asked more than once over anything. */
static void
check_asked(const char *name, const asking *a)
{
	for (size_t i = 0; i < a->asked; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(a->all[i].id != a->all[k].id ||
					  (a->all[i].stream == 1 && a->all[k].stream == 0),
			    "%s: %s %u is asked too often", name, a->all[i].name, a->all[i].type);
}

START_TEST(asked_again)
{
	const stream_row *row = &rows[_i];
	const proof_case *c = proofs_find(&cases, row->chain);
	const asking_plan plan = { row->asked, row->type, row->fault, true, row->over_stream };

	for (uint32_t seed = 0; seed < 6; seed++) {
		asking *a = asking_begin_chain(c->anchors, &server);
		a->plans = &plan;
		a->plan_count = 1;
		danepriv_records *records = asking_run(a, c, seed);
		ck_assert_msg(danepriv_records_security(records) == row->security &&
				  danepriv_records_reason(records) == row->reason,
		    "%s, order %u: %s, %s", row->name, seed,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		ck_assert_msg(danepriv_records_stream(records) == row->stream, "%s: stream %d",
		    row->name, danepriv_records_stream(records));
		ck_assert_msg(row->streams == ANY ? a->streams > 0 : a->streams == row->streams,
		    "%s, order %u: %zu streams", row->name, seed, a->streams);
		check_asked(row->name, a);
		asking_end(a, records);
	}
}
END_TEST

/* One lookup whose nth allocation fails: it never proves anything else. */
START_TEST(without_memory)
{
	const stream_row *row = &rows[_i];
	const proof_case *c = proofs_find(&cases, row->chain);
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_records *records = NULL;
		danepriv_lookup *lookup;
		danepriv_question q;
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_lookup_new_chain(ctx, &server, &lookup);
		for (int round = 0; status == DANEPRIV_OK && round < 50; round++) {
			status = danepriv_lookup_finish(lookup, c->now, &records);
			if (status != DANEPRIV_EAGAIN)
				break;
			status = DANEPRIV_OK;
			while (danepriv_lookup_next(lookup, &q) == DANEPRIV_OK) {
				bool hit = (!row->asked || strcmp(row->asked, q.name) == 0) &&
					   (row->type == 0 || row->type == q.type);
				resolver_fault fault = q.stream ? row->over_stream : row->fault;
				danepriv_span chain = octets_span(c->chain);
				if (resolver_give(lookup, chain, &q, hit ? fault : FAULT_NONE) ==
				    DANEPRIV_ENOMEM)
					ck_assert_int_eq(danepriv_lookup_give_failure(
							     lookup, q.id, REASON(QUERY_FAILED)),
					    DANEPRIV_OK);
			}
		}
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		danepriv_security security = danepriv_records_security(records);
		ck_assert_msg(security == row->security || security == BOGUS ||
				  security == INDETERMINATE ||
				  (status == DANEPRIV_ENOMEM && !records),
		    "%s without %ld: %s", row->name, n,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
		asking_leave(ctx, lookup, records);
	}
}
END_TEST

/* ---- what the resolver says of its own ---- */

static const struct {
	const char *name;
	resolver_fault fault;
	uint16_t first, then; /* errors of the first answer, and of those after it */
	int told;
} errors[] = {
	{ "with an answer", FAULT_NONE, 3, 4, 3 },
	{ "with a refusal", FAULT_SERVFAIL, 9, 10, 9 },
	{ "zero is one", FAULT_REFUSED, 0, 10, 0 },
	{ "the largest", FAULT_REFUSED, 65535, 10, 65535 },
};

START_TEST(upstream_error)
{
	const proof_case *c = proofs_find(&cases, "digest-2");
	danepriv *ctx = proofs_open(c->anchors, NULL);
	danepriv_records *records;
	danepriv_lookup *lookup;
	danepriv_question q;

	ck_assert_int_eq(danepriv_records_upstream_ede(NULL), -1);
	ck_assert_int_eq(danepriv_lookup_new_chain(ctx, &server, &lookup), DANEPRIV_OK);
	for (bool first = true; danepriv_lookup_next(lookup, &q) == DANEPRIV_OK; first = false) {
		test_octets message = resolver_answer_with(octets_span(c->chain), &q,
		    errors[_i].fault, first ? errors[_i].first : errors[_i].then);
		ck_assert_int_eq(
		    danepriv_lookup_give_answer(lookup, q.id, octets_span(message)), DANEPRIV_OK);
		octets_free(message);
	}
	ck_assert_int_eq(danepriv_lookup_finish(lookup, c->now, &records), DANEPRIV_OK);
	ck_assert_msg(danepriv_records_upstream_ede(records) == errors[_i].told, "%s: %d",
	    errors[_i].name, danepriv_records_upstream_ede(records));
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* Questions for DS are refused; `error`: -1: none is told. */
static void
answer_with(danepriv_lookup *lookup, const proof_case *c, const danepriv_question *q, int error)
{
	resolver_fault fault = q->type == 43 ? FAULT_SERVFAIL : FAULT_NONE;
	danepriv_span chain = octets_span(c->chain);
	test_octets message = error < 0 ? resolver_answer(chain, q, fault)
					: resolver_answer_with(chain, q, fault, (uint16_t)error);

	ck_assert_int_eq(
	    danepriv_lookup_give_answer(lookup, q->id, octets_span(message)), DANEPRIV_OK);
	octets_free(message);
}

/* A refusal's counts before those that came with answers; and where there is none, none is told. */
START_TEST(refusal_first)
{
	const proof_case *c = proofs_find(&cases, "digest-2");

	for (int says = 0; says < 2; says++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_records *records;
		danepriv_lookup *lookup;
		danepriv_question q;
		ck_assert_int_eq(danepriv_lookup_new_chain(ctx, &server, &lookup), DANEPRIV_OK);
		while (danepriv_lookup_finish(lookup, c->now, &records) == DANEPRIV_EAGAIN)
			while (danepriv_lookup_next(lookup, &q) == DANEPRIV_OK)
				answer_with(lookup, c, &q, says ? q.type : -1);
		ck_assert_int_eq(danepriv_records_reason(records), REASON(QUERY_REFUSED));
		ck_assert_int_eq(danepriv_records_upstream_ede(records), says ? 43 : -1);
		danepriv_records_free(records);
		danepriv_lookup_free(lookup);
		danepriv_close(ctx);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("stream");
	TCase *tc = tcase_create("stream");

	proofs_read_all(&cases);
	tcase_add_loop_test(tc, asked_again, 0, ROWS(rows));
	tcase_add_loop_test(tc, without_memory, 0, ROWS(rows));
	tcase_add_loop_test(tc, upstream_error, 0, ROWS(errors));
	tcase_add_test(tc, refusal_first);
	suite_add_tcase(suite, tc);
	return suite;
}
