/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/cut.c: a zone has signed what it had delegated away.  Is that seen, in whatever order
 * the answers come? */
#include "dns/rr.h"
#include "support/asking.h"
#include "support/suite.h"

#include <string.h>

#define HOST "dns.example."
#define OWNER "_853._tcp." HOST
/* Of the seven questions for it, and how many of them one test takes. */
#define ORDERS 5040
#define ORDERS_AT_ONCE 720
#define PARTS (ORDERS / ORDERS_AT_ONCE)

#define SECURE DANEPRIV_SECURITY_SECURE
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define REASON(r) DANEPRIV_REASON_##r

static const danepriv_server server = { HOST, 853, DANEPRIV_TRANSPORT_DOT };
static proof_cases cases;

/* What is wrong with the answers. */
#define NOTHING                                                                                    \
	{                                                                                          \
		NULL, 0, FAULT_NONE                                                                \
	}
/* Denials come with those for DS alone, as from resolvers. */
#define DENIALS_APART                                                                              \
	{ NULL, DP_TYPE_DS, FAULT_NONE },                                                          \
	{                                                                                          \
		NULL, 0, FAULT_NO_DENIAL                                                           \
	}
#define CUT(fault) { HOST, DP_TYPE_DS, fault }, DENIALS_APART

typedef struct cut_row {
	const char *name, *chain;
	asking_plan plans[3];
	danepriv_security security;
	danepriv_reason reason;
} cut_row;

static const cut_row rows[] = {
	{ "signed", "cut-parent-signs", { NOTHING }, BOGUS, REASON(SIGNER_ABOVE_CUT) },
	{ "signed, ds alone", "cut-parent-signs-ds-alone", { NOTHING }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "signed, from far above", "cut-grandparent-signs", { NOTHING }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "signed, by both", "cut-both-sign", { NOTHING }, SECURE, REASON(NONE) },
	{ "signed, by the child", "cut-child-signs", { NOTHING }, SECURE, REASON(NONE) },
	{ "nsec", "cut-unsigned-parent-signs", { DENIALS_APART }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "nsec everywhere", "cut-unsigned-parent-signs", { NOTHING }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "nsec3", "cut-nsec3-unsigned-parent-signs", { DENIALS_APART }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "nsec3 with ds", "cut-nsec3-parent-signs", { DENIALS_APART }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "denied from above", "cut-denied-from-above", { NOTHING }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "opt-out from above", "cut-opt-out-from-above", { NOTHING }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "iterations from above", "cut-iterations-from-above", { NOTHING }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
	{ "no cut, apex", "cut-not-by-apex-nsec", { DENIALS_APART }, SECURE, REASON(NONE) },
	{ "no cut, forged", "cut-not-by-forged-ds", { NOTHING }, SECURE, REASON(NONE) },
	{ "no cut, sibling", "cut-not-by-sibling", { NOTHING }, SECURE, REASON(NONE) },
	/* what nobody shows, nobody sees */
	{ "signed, lost", "cut-parent-signs", { CUT(FAULT_TIMEOUT) }, SECURE, REASON(NONE) },
	{ "signed, refused", "cut-parent-signs", { CUT(FAULT_REFUSED) }, SECURE, REASON(NONE) },
	{ "signed, empty", "cut-parent-signs", { CUT(FAULT_EMPTY) }, SECURE, REASON(NONE) },
	{ "signed, forged", "cut-parent-signs", { CUT(FAULT_FORGED) }, SECURE, REASON(NONE) },
	{ "signed, cut off", "cut-parent-signs", { CUT(FAULT_TRUNCATED) }, SECURE, REASON(NONE) },
	{ "nsec, lost", "cut-unsigned-parent-signs", { CUT(FAULT_TIMEOUT) }, SECURE, REASON(NONE) },
	{ "nsec3, lost", "cut-nsec3-parent-signs", { CUT(FAULT_TIMEOUT) }, SECURE, REASON(NONE) },
	/* beside the record itself it is seen */
	{ "signed, lost, but beside it", "cut-parent-signs",
	    { { HOST, DP_TYPE_DS, FAULT_TIMEOUT }, { OWNER, DP_TYPE_TLSA, FAULT_EVERYTHING } },
	    BOGUS, REASON(SIGNER_ABOVE_CUT) },
	{ "nsec, lost, but beside it", "cut-unsigned-parent-signs",
	    { { HOST, DP_TYPE_DS, FAULT_TIMEOUT } }, INSECURE, REASON(DELEGATION_UNSIGNED) },
	/* and elsewhere it is not, whenever that comes */
	{ "signed, lost, but elsewhere", "cut-parent-signs",
	    { { HOST, DP_TYPE_DS, FAULT_TIMEOUT }, { HOST, DP_TYPE_DNSKEY, FAULT_EVERYTHING } },
	    SECURE, REASON(NONE) },
	{ "signed, over a stream", "cut-parent-signs",
	    { { HOST, DP_TYPE_DS, FAULT_TRUNCATED, true, FAULT_NONE } }, BOGUS,
	    REASON(SIGNER_ABOVE_CUT) },
};

static asking *
begin(const cut_row *row, const proof_case *c)
{
	asking *a = asking_begin(c->anchors, NULL, &server);

	a->plans = row->plans;
	for (a->plan_count = 0; a->plan_count < ROWS(row->plans); a->plan_count++)
		if (row->plans[a->plan_count].fault == FAULT_NONE &&
		    !row->plans[a->plan_count].type)
			break;
	a->is_numbered = true;
	return a;
}

/* The same anew, with what the context knows by now: verified again it would take minutes. */
static void
restart(asking *a)
{
	danepriv_lookup_free(a->lookup);
	assert_often(danepriv_lookup_new(a->ctx, &server, &a->lookup) == DANEPRIV_OK);
	a->asked = a->open_count = a->streams = 0;
}

/* One verdict, in all orders. */
START_TEST(order)
{
	const cut_row *row = &rows[_i / PARTS];
	uint32_t first = (uint32_t)(_i % PARTS) * ORDERS_AT_ONCE;
	const proof_case *c = proofs_find(&cases, row->chain);
	asking *a = begin(row, c);

	for (uint32_t number = first; number < first + ORDERS_AT_ONCE; number++) {
		danepriv_records *records = asking_run(a, c, number);
		assert_often_msg(danepriv_records_security(records) == row->security &&
				     danepriv_records_reason(records) == row->reason,
		    "%s, order %u: %s, %s", row->name, number,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		danepriv_records_free(records);
		restart(a);
	}
	asking_end(a, NULL);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cut");
	TCase *tc = tcase_create("cut");

	proofs_read(&cases, "proofs/signatures.txt");
	tcase_add_loop_test(tc, order, 0, ROWS(rows) * PARTS);
	suite_add_tcase(suite, tc);
	return suite;
}
