/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/lookup.c: which questions prove what was published, and what do the answers say?  The
 * chains of the proof files, taken apart into answers, in any order, and with faults. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/rr.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/lookup.h>

#include <stdlib.h>
#include <string.h>

static const char *const files[] = { "proofs/keys.txt", "proofs/anchors.txt",
	"proofs/signatures.txt", "proofs/form.txt", "proofs/wildcards.txt", "proofs/nsec.txt",
	"proofs/nsec3.txt", "proofs/alias.txt" };
static proof_cases cases;

static const danepriv_server server = { "dns.example.", 853, DANEPRIV_TRANSPORT_DOT };

/* Every chain, asked for piece by piece. */
START_TEST(chain)
{
	const proof_case *c = &cases.list[_i];

	for (uint32_t seed = 0; seed < 3; seed++) {
		asking *a = asking_begin(c->anchors, NULL, &server);
		danepriv_records *records = asking_run(a, c, seed);
		danepriv_security security = danepriv_records_security(records);
		danepriv_reason reason = danepriv_records_reason(records);
		/* What does not parse does not even become evidence. */
		bool unread = c->security == DANEPRIV_SECURITY_BOGUS &&
			      security == DANEPRIV_SECURITY_INDETERMINATE &&
			      reason == DANEPRIV_REASON_QUERY_FAILED;
		ck_assert_msg(security == c->security || unread, "%s: %s, %s", c->name,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, security),
		    danepriv_sentence(DANEPRIV_KIND_REASON, reason));
		ck_assert((danepriv_records_count(records) > 0) ==
			  (security == DANEPRIV_SECURITY_SECURE));
		asking_end(a, records);
	}
}
END_TEST

static const char OWNER[] = "_853._tcp.dns.example.";

typedef struct fault_row {
	const char *name, *chain;
	asking_plan plan;
	danepriv_security security;
	danepriv_reason reason;
} fault_row;

#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define REASON(r) DANEPRIV_REASON_##r

static const fault_row faults[] = {
	{ "owner-timeout", "digest-2", { OWNER, 52, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "owner-failed", "digest-2", { OWNER, 52, FAULT_FAILED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-cancelled", "digest-2", { OWNER, 52, FAULT_CANCELLED }, INDETERMINATE,
	    REASON(CANCELLED) },
	{ "owner-servfail", "digest-2", { OWNER, 52, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "owner-refused", "digest-2", { OWNER, 52, FAULT_REFUSED }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "owner-formerr", "digest-2", { OWNER, 52, FAULT_FORMERR }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "owner-truncated", "digest-2", { OWNER, 52, FAULT_TRUNCATED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-malformed", "digest-2", { OWNER, 52, FAULT_MALFORMED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-cut", "digest-2", { OWNER, 52, FAULT_CUT }, INDETERMINATE, REASON(QUERY_FAILED) },
	{ "owner-other-name", "digest-2", { OWNER, 52, FAULT_OTHER_NAME }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-other-type", "digest-2", { OWNER, 52, FAULT_OTHER_TYPE }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-other-class", "digest-2", { OWNER, 52, FAULT_OTHER_CLASS }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-no-question", "digest-2", { OWNER, 52, FAULT_NO_QUESTION }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-no-response", "digest-2", { OWNER, 52, FAULT_NO_RESPONSE }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "owner-empty", "digest-2", { OWNER, 52, FAULT_EMPTY }, BOGUS, REASON(DENIAL_MISSING) },
	{ "owner-name-error", "digest-2", { OWNER, 52, FAULT_NAME_ERROR }, BOGUS,
	    REASON(DENIAL_MISSING) },
	{ "owner-forged", "digest-2", { OWNER, 52, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	{ "keys-servfail", "digest-2", { "example.", 48, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "keys-timeout", "digest-2", { "example.", 48, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "keys-empty", "digest-2", { "example.", 48, FAULT_EMPTY }, BOGUS,
	    REASON(DNSKEY_MISSING) },
	{ "keys-forged", "digest-2", { "example.", 48, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	{ "ds-servfail", "digest-2", { "example.", 43, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "ds-timeout", "digest-2", { "example.", 43, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "ds-empty", "digest-2", { "example.", 43, FAULT_EMPTY }, BOGUS, REASON(DENIAL_MISSING) },
	{ "ds-forged", "digest-2", { "example.", 43, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	{ "root-servfail", "digest-2", { ".", 48, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "root-empty", "digest-2", { ".", 48, FAULT_EMPTY }, BOGUS, REASON(DNSKEY_MISSING) },
	{ "all-timeout", "digest-2", { NULL, 0, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "all-refused", "digest-2", { NULL, 0, FAULT_REFUSED }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "all-empty", "digest-2", { NULL, 0, FAULT_EMPTY }, BOGUS, REASON(DNSKEY_MISSING) },
	{ "all-everything", "digest-2", { NULL, 0, FAULT_EVERYTHING }, SECURE, REASON(NONE) },
	{ "ds-in-the-middle-servfail", "digest-2", { "dns.example.", 43, FAULT_SERVFAIL }, SECURE,
	    REASON(NONE) },
	{ "ds-in-the-middle-timeout", "digest-2", { "dns.example.", 0, FAULT_TIMEOUT }, SECURE,
	    REASON(NONE) },
	/* an unsigned delegation is proven from above, whatever becomes of the record's own
	   question */
	{ "insecure-owner-servfail", "cut-unsigned", { OWNER, 52, FAULT_SERVFAIL }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "insecure-owner-timeout", "cut-unsigned", { OWNER, 52, FAULT_TIMEOUT }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "insecure-owner-empty", "cut-unsigned", { OWNER, 52, FAULT_EMPTY }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "insecure-ds-servfail", "island-without-anchor", { "example.", 43, FAULT_SERVFAIL },
	    INSECURE, REASON(DELEGATION_UNSIGNED) },
	{ "insecure-all-forged", "cut-unsigned", { NULL, 43, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	/* this resolver says its denials with every answer: one that is not forged will do */
	{ "denied-owner-forged", "nodata", { OWNER, 52, FAULT_FORGED }, DENIED, REASON(NO_DATA) },
	{ "denied-all-forged", "nodata", { NULL, 0, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	{ "cname-target-timeout", "cname-across", { "_853._tcp.x.other.", 52, FAULT_TIMEOUT },
	    INDETERMINATE, REASON(QUERY_TIMEOUT) },
	{ "cname-target-empty", "cname-across", { "_853._tcp.x.other.", 52, FAULT_EMPTY }, BOGUS,
	    REASON(DENIAL_MISSING) },
	{ "cname-keys-servfail", "cname-across", { "other.", 48, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "cname-fine", "cname-across", { "x.other.", 0, FAULT_SERVFAIL }, SECURE, REASON(NONE) },
};

START_TEST(fault)
{
	const fault_row *row = &faults[_i];
	const proof_case *c = proofs_find(&cases, row->chain);

	for (uint32_t seed = 0; seed < 5; seed++) {
		asking *a = asking_begin(c->anchors, NULL, &server);
		a->plans = &row->plan;
		a->plan_count = 1;
		danepriv_records *records = asking_run(a, c, seed);
		ck_assert_msg(danepriv_records_security(records) == row->security &&
				  danepriv_records_reason(records) == row->reason,
		    "%s, order %u: %s, %s", row->name, seed,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		asking_end(a, records);
	}
}
END_TEST

/* Before anything is answered there is no verdict, and no answer without its question. */
START_TEST(contract)
{
	const proof_case *c = proofs_find(&cases, "digest-2");
	asking *a = asking_begin(c->anchors, NULL, &server);
	danepriv_records *records = NULL;
	danepriv_question first, question;
	danepriv_span none = { NULL, 0 };

	ck_assert_int_eq(resolver_give(a->lookup, octets_span(c->chain),
			     &(danepriv_question){ .name = "." }, FAULT_NONE),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_next(a->lookup, &first), DANEPRIV_OK);
	ck_assert_str_eq(first.name, OWNER);
	ck_assert_int_eq(first.type, 52);
	while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK)
		ck_assert_uint_ne(question.id, first.id);
	ck_assert_int_eq(danepriv_lookup_finish(a->lookup, c->now, &records), DANEPRIV_EAGAIN);
	ck_assert_ptr_null(records);
	ck_assert_int_eq(danepriv_lookup_next(a->lookup, &question), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(danepriv_lookup_give_answer(a->lookup, first.id, none), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_give_failure(a->lookup, first.id, DANEPRIV_REASON_NONE),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_lookup_give_failure(a->lookup, first.id, DANEPRIV_REASON_SIGNATURE_INVALID),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_lookup_give_failure(a->lookup, SIZE_MAX, DANEPRIV_REASON_QUERY_TIMEOUT),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    resolver_give(a->lookup, octets_span(c->chain), &first, FAULT_NONE), DANEPRIV_OK);
	ck_assert_int_eq(
	    resolver_give(a->lookup, octets_span(c->chain), &first, FAULT_NONE), DANEPRIV_EINVAL);
	ck_assert_int_eq(resolver_give(a->lookup, octets_span(c->chain), &first, FAULT_TIMEOUT),
	    DANEPRIV_EINVAL);
	asking_end(a, records);
}
END_TEST

START_TEST(arguments)
{
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);
	danepriv_server bad = { "a..b", 853, DANEPRIV_TRANSPORT_DOT };
	danepriv_lookup *lookup = (danepriv_lookup *)&bad;
	danepriv_records *records = NULL;
	danepriv_question question;

	ck_assert_int_ne(danepriv_lookup_new(ctx, &bad, &lookup), DANEPRIV_OK);
	ck_assert_ptr_null(lookup);
	ck_assert_int_eq(danepriv_lookup_new(ctx, &server, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_new(NULL, &server, &lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_new(ctx, NULL, &lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_next(NULL, &question), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_finish(NULL, 0, &records), DANEPRIV_EINVAL);
	danepriv_lookup_free(NULL);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* A name of many labels has more questions than are asked. */
START_TEST(question_bound)
{
	char name[256] = "";
	asking_plan nothing = { NULL, 0, FAULT_EMPTY };

	for (unsigned i = 0; i < 100; i++)
		strcat(name, "a.");
	danepriv_server deep = { name, 853, DANEPRIV_TRANSPORT_DOT, DANEPRIV_ALIASES_FOLLOW, NULL };
	asking *a = asking_begin("proofs/root.ds", NULL, &deep);
	a->plans = &nothing;
	a->plan_count = 1;
	danepriv_records *records = asking_run(a, proofs_find(&cases, "digest-2"), 1);
	ck_assert_uint_eq(a->asked, DP_QUESTIONS_MAX);
	ck_assert(danepriv_records_security(records) == BOGUS ||
		  danepriv_records_security(records) == INDETERMINATE);
	asking_end(a, records);
}
END_TEST

/* Every allocation fails once; what failed is done again. */
START_TEST(without_memory)
{
	static const char *const names[] = { "digest-2", "nodata", "cut-unsigned", "cname-across" };
	const proof_case *c = proofs_find(&cases, names[_i]);
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_lookup *lookup;
		danepriv_records *records = NULL;
		danepriv_question question;
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_lookup_new(ctx, &server, &lookup);
		for (unsigned round = 0; status == DANEPRIV_OK && round < 100; round++) {
			status = danepriv_lookup_finish(lookup, c->now, &records);
			if (status != DANEPRIV_EAGAIN)
				break;
			status = DANEPRIV_OK;
			while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK &&
			       status == DANEPRIV_OK) {
				status = resolver_give(
				    lookup, octets_span(c->chain), &question, FAULT_NONE);
				if (status == DANEPRIV_ENOMEM) /* not taken: once more */
					status = resolver_give(
					    lookup, octets_span(c->chain), &question, FAULT_NONE);
			}
		}
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		if (status == DANEPRIV_ENOMEM)
			ck_assert_ptr_null(records);
		else
			ck_assert_msg(status == DANEPRIV_OK &&
					  danepriv_records_security(records) == c->security,
			    "%s: allocation %ld", c->name, n);
		asking_leave(ctx, lookup, records);
	}
}
END_TEST

/* The server's signed address: proof that its name is no alias, without which there is no denial.
 */
static test_octets
read_address(void)
{
	static uint8_t room[1024];
	dp_buffer out = dp_buffer_over(room, sizeof room);
	proof_cases bases = { NULL, 0 };
	dp_rrsig sig;
	dp_rr rr;

	proofs_read(&bases, "proofs/base.txt");
	dp_reader r = dp_reader_over(octets_span(proofs_find(&bases, "address")->chain));
	while (dp_reader_left(&r) > 0) {
		danepriv_span whole = { r.data + r.at, r.at };
		if (!dp_rr_read(&r, &rr))
			break;
		whole.len = r.at - whole.len;
		if (rr.type == DP_TYPE_A ||
		    (rr.type == DP_TYPE_RRSIG && dp_rrsig_parse(rr.rdata, &sig) == DANEPRIV_OK &&
			sig.covered == DP_TYPE_A))
			dp_write_span(&out, whole);
	}
	proofs_free(&bases);
	return octets_copy(dp_buffer_span(&out));
}

/* Both, one after the other, in place of the first. */
static test_octets
join(test_octets first, test_octets second)
{
	first.data = realloc(first.data, first.len + second.len);
	if (!first.data)
		abort();
	memcpy(first.data + first.len, second.data, second.len);
	first.len += second.len;
	return first;
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("lookup");
	TCase *tc = tcase_create("lookup");

	for (int i = 0; i < ROWS(files); i++)
		proofs_read(&cases, files[i]);
	test_octets address = read_address();
	size_t kept = 0;
	for (size_t i = 0; i < cases.count; i++) {
		proof_case c = cases.list[i];
		if (c.type != DP_TYPE_TLSA || strcmp(c.qname, OWNER) != 0)
			continue;
		c.chain = join(c.chain, address);
		cases.list[i] = cases.list[kept];
		cases.list[kept++] = c;
	}
	octets_free(address);
	tcase_add_loop_test(tc, chain, 0, (int)kept);
	tcase_add_loop_test(tc, fault, 0, ROWS(faults));
	tcase_add_test(tc, contract);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, question_bound);
	tcase_add_loop_test(tc, without_memory, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
