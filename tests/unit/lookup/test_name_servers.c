/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/name_servers.c: which name servers does the owner of this zone name?  The chains of
 * proofs/zone.txt, taken apart into answers, in any order, and with faults. */
#include "dns/rr.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/chain.h>
#include <danepriv/zone.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURE DANEPRIV_SECURITY_SECURE
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define DENIED DANEPRIV_SECURITY_DENIED
#define REASON(r) DANEPRIV_REASON_##r
#define PROVEN DANEPRIV_PROVENANCE_SECURE
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define ANSWER_MAX 65535

static proof_cases cases;

/* The names of a zone with commas between, as a file has them. */
static void
write_names(const danepriv_zone *zone, char *text, size_t room)
{
	size_t at = 0;

	(void)snprintf(text, room, "-");
	for (size_t i = 0; i < danepriv_zone_count(zone); i++) {
		at += (size_t)snprintf(
		    text + at, room - at, "%s%s", i > 0 ? "," : "", danepriv_zone_name(zone, i));
		ck_assert_uint_lt(at, room);
	}
}

static void
check_provenance(const danepriv_zone *zone, danepriv_time now)
{
	for (size_t i = 0; i < danepriv_zone_count(zone); i++) {
		const char *name = danepriv_zone_name(zone, i);
		danepriv_time end = danepriv_zone_valid_until(zone);
		ck_assert_int_eq(danepriv_zone_provenance(zone, name, now), PROVEN);
		ck_assert_int_eq(danepriv_zone_provenance(zone, name, end), PROVEN);
		ck_assert_int_eq(danepriv_zone_provenance(zone, name, end + 1), UNPROVEN);
	}
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns.evil.", now), UNPROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, ".", now), UNPROVEN);
}

/* All that an answer says, with nothing said that is not proven. */
static void
check_zone(const danepriv_zone *zone, const proof_case *c)
{
	char names[8192];
	long long until, expiry;

	write_names(zone, names, sizeof names);
	ck_assert_msg(
	    danepriv_zone_security(zone) == c->security && danepriv_zone_reason(zone) == c->reason,
	    "%s: %s, %s", c->name,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_zone_security(zone)),
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_zone_reason(zone)));
	ck_assert_msg(strcmp(names, c->base) == 0, "%s: %s", c->name, names);
	ck_assert_ptr_null(danepriv_zone_name(zone, danepriv_zone_count(zone)));
	if (proofs_times(c, &until, &expiry))
		ck_assert_msg(danepriv_zone_valid_until(zone) == c->now + until, "%s: %lld",
		    c->name, (long long)(danepriv_zone_valid_until(zone) - c->now));
	check_provenance(zone, c->now);
}

/* Every chain, asked for piece by piece. */
START_TEST(security)
{
	const proof_case *c = &cases.list[_i];

	for (uint32_t seed = 0; seed < 3; seed++) {
		asking *a = asking_begin_zone(c->anchors, c->qname);
		danepriv_zone *zone = asking_run_zone(a, c, seed);
		check_zone(zone, c);
		danepriv_zone_free(zone);
		asking_end(a, NULL);
	}
}
END_TEST

/* The same when every answer brings all of it, forged NS records included. */
START_TEST(everything)
{
	const proof_case *c = &cases.list[_i];
	const asking_plan all = { NULL, 0, FAULT_EVERYTHING };
	asking *a = asking_begin_zone(c->anchors, c->qname);

	a->plans = &all;
	a->plan_count = 1;
	danepriv_zone *zone = asking_run_zone(a, c, 0);
	check_zone(zone, c);
	danepriv_zone_free(zone);
	asking_end(a, NULL);
}
END_TEST

typedef struct fault_row {
	const char *name, *chain;
	asking_plan plan;
	danepriv_security security;
	danepriv_reason reason;
} fault_row;

static const fault_row faults[] = {
	{ "ns-timeout", "two", { "example.", 2, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "ns-failed", "two", { "example.", 2, FAULT_FAILED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "ns-cancelled", "two", { "example.", 2, FAULT_CANCELLED }, INDETERMINATE,
	    REASON(CANCELLED) },
	{ "ns-servfail", "two", { "example.", 2, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "ns-truncated", "two", { "example.", 2, FAULT_TRUNCATED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "ns-malformed", "two", { "example.", 2, FAULT_MALFORMED }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "ns-of-the-parent", "two", { "example.", 2, FAULT_OTHER_NAME }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "ns-other-type", "two", { "example.", 2, FAULT_OTHER_TYPE }, INDETERMINATE,
	    REASON(QUERY_FAILED) },
	{ "ns-empty", "two", { "example.", 2, FAULT_EMPTY }, BOGUS, REASON(DENIAL_MISSING) },
	{ "ns-name-error", "two", { "example.", 2, FAULT_NAME_ERROR }, BOGUS,
	    REASON(DENIAL_MISSING) },
	{ "ns-forged", "two", { "example.", 2, FAULT_FORGED }, BOGUS, REASON(SIGNATURE_INVALID) },
	{ "keys-timeout", "two", { "example.", 48, FAULT_TIMEOUT }, INDETERMINATE,
	    REASON(QUERY_TIMEOUT) },
	{ "keys-empty", "two", { "example.", 48, FAULT_EMPTY }, BOGUS, REASON(DNSKEY_MISSING) },
	{ "ds-servfail", "two", { "example.", 43, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "ds-empty", "two", { "example.", 43, FAULT_EMPTY }, BOGUS, REASON(DENIAL_MISSING) },
	{ "ds-forged", "two", { "example.", 43, FAULT_FORGED }, BOGUS, REASON(SIGNATURE_INVALID) },
	{ "root-keys-empty", "root", { ".", 48, FAULT_EMPTY }, BOGUS, REASON(DNSKEY_MISSING) },
	{ "root-ns-refused", "root", { ".", 2, FAULT_REFUSED }, INDETERMINATE,
	    REASON(QUERY_REFUSED) },
	{ "all-timeout", "two", { NULL, 0, FAULT_TIMEOUT }, INDETERMINATE, REASON(QUERY_TIMEOUT) },
	{ "all-forged", "two", { NULL, 0, FAULT_FORGED }, BOGUS, REASON(SIGNATURE_INVALID) },
	{ "open-ns-servfail", "open", { "example.", 2, FAULT_SERVFAIL }, INSECURE,
	    REASON(DELEGATION_UNSIGNED) },
	{ "open-all-forged", "open", { NULL, 0, FAULT_FORGED }, BOGUS, REASON(SIGNATURE_INVALID) },
	{ "denied-all-forged", "no-data", { NULL, 0, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
	{ "alias-followed", "alias", { NULL, 0, FAULT_FOLLOWS }, INDETERMINATE, REASON(ALIAS) },
	{ "alias-end-servfail", "alias", { "example.", 2, FAULT_SERVFAIL }, INDETERMINATE,
	    REASON(ALIAS) },
	{ "alias-forged", "alias", { "deep.example.", 0, FAULT_FORGED }, BOGUS,
	    REASON(SIGNATURE_INVALID) },
};

START_TEST(fault)
{
	const fault_row *row = &faults[_i];
	const proof_case *c = proofs_find(&cases, row->chain);

	for (uint32_t seed = 0; seed < 5; seed++) {
		asking *a = asking_begin_zone(c->anchors, c->qname);
		a->plans = &row->plan;
		a->plan_count = 1;
		danepriv_zone *zone = asking_run_zone(a, c, seed);
		ck_assert_msg(danepriv_zone_security(zone) == row->security &&
				  danepriv_zone_reason(zone) == row->reason,
		    "%s, order %u: %s, %s", row->name, seed,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, danepriv_zone_security(zone)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_zone_reason(zone)));
		ck_assert_uint_eq(danepriv_zone_count(zone), 0);
		danepriv_zone_free(zone);
		asking_end(a, NULL);
	}
}
END_TEST

/* A referral that comes with the answer to another question counts for nothing, whatever it says
 * and whether it comes before or after the zone's own records. */
static const char *const referrals[] = { "unsigned", "bent", "another-name", "by-another-key",
	"by-the-parent", "trailing" };

START_TEST(referral_beside)
{
	const proof_case *c = proofs_find(&cases, "two");
	const proof_case *forged = proofs_find(&cases, referrals[_i]);

	for (uint16_t type = DP_TYPE_DS; type <= DP_TYPE_DNSKEY;
	     type += DP_TYPE_DNSKEY - DP_TYPE_DS) {
		asking *a = asking_begin_zone(c->anchors, c->qname);
		danepriv_question question;
		danepriv_zone *zone;
		while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK)
			ck_assert_int_eq(
			    resolver_give(a->lookup,
				octets_span(question.type == type ? forged->chain : c->chain),
				&question, question.type == type ? FAULT_EVERYTHING : FAULT_NONE),
			    DANEPRIV_OK);
		ck_assert_int_eq(
		    danepriv_lookup_finish_zone(a->lookup, c->now, &zone), DANEPRIV_OK);
		if (danepriv_zone_security(zone) == SECURE)
			check_zone(zone, c);
		else /* signed by the zone itself, malformed as it is */
			ck_assert_str_eq(referrals[_i], "trailing");
		danepriv_zone_free(zone);
		asking_end(a, NULL);
	}
}
END_TEST

/* An answer that ends too early never proves anything. */
static danepriv_security
proof_with_cut(danepriv *ctx, const proof_case *c, size_t which, size_t len, bool *over)
{
	danepriv_lookup *lookup;
	danepriv_question question;
	danepriv_zone *zone = NULL;
	danepriv_status status;

	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, c->qname, &lookup), DANEPRIV_OK);
	/* Also when it is asked for again, over a stream. */
	while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
		test_octets message = resolver_answer(octets_span(c->chain), &question, FAULT_NONE);
		danepriv_span span = octets_span(message);
		if (question.id == which)
			*over = len >= span.len;
		if (question.id == which && !*over)
			span.len = len;
		ck_assert_int_eq(
		    danepriv_lookup_give_answer(lookup, question.id, span), DANEPRIV_OK);
		octets_free(message);
	}
	status = danepriv_lookup_finish_zone(lookup, c->now, &zone);
	danepriv_security found = danepriv_zone_security(zone);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_EAGAIN);
	danepriv_zone_free(zone);
	danepriv_lookup_free(lookup);
	return found;
}

START_TEST(cut)
{
	const proof_case *c = proofs_find(&cases, "two");
	danepriv *ctx = proofs_open(c->anchors, NULL);
	bool over = false;
	size_t len;

	for (len = 0; len < ANSWER_MAX; len++) {
		danepriv_security with_cut = proof_with_cut(ctx, c, (size_t)_i, len, &over);
		if (over)
			break;
		ck_assert_msg(with_cut != SECURE, "answer %d cut at %zu", _i, len);
	}
	ck_assert(over && len > 100);
	ck_assert_int_eq(proof_with_cut(ctx, c, (size_t)_i, len, &over), SECURE);
	danepriv_close(ctx);
}
END_TEST

typedef struct provenance_row {
	const char *name; /* of a server of the zone `two` */
	long long late;	  /* seconds past the end */
	danepriv_provenance provenance;
} provenance_row;

static const provenance_row provenances[] = {
	{ "ns1.example.", 0, PROVEN },
	{ "ns1.example", 0, PROVEN },
	{ "NS1.Example", 0, PROVEN },
	{ "ns2.OTHER.", 0, PROVEN },
	{ "n\\s1.example.", 0, PROVEN },
	{ "ns1.example.", -100000, PROVEN },
	{ "ns1.example.", 1, UNPROVEN },
	{ "ns1.example.", INT64_MAX / 2, UNPROVEN },
	{ "s1.example.", 0, UNPROVEN },
	{ "xns1.example.", 0, UNPROVEN },
	{ "a.ns1.example.", 0, UNPROVEN },
	{ "ns1.example.net.", 0, UNPROVEN },
	{ "ns1\\.example.", 0, UNPROVEN },
	{ "ns1", 0, UNPROVEN },
	{ "example.", 0, UNPROVEN },
	{ ".", 0, UNPROVEN },
	{ "", 0, UNPROVEN },
	{ "ns1..example.", 0, UNPROVEN },
	{ "ns1.example..", 0, UNPROVEN },
	{ " ns1.example.", 0, UNPROVEN },
	{ NULL, 0, UNPROVEN },
};

START_TEST(provenance)
{
	const provenance_row *row = &provenances[_i];
	const proof_case *c = proofs_find(&cases, "two");
	asking *a = asking_begin_zone(c->anchors, c->qname);
	danepriv_zone *zone = asking_run_zone(a, c, 0);
	danepriv_time at = danepriv_zone_valid_until(zone) + row->late;

	ck_assert_msg(danepriv_zone_provenance(zone, row->name, at) == row->provenance, "%s",
	    row->name ? row->name : "NULL");
	ck_assert_int_eq(danepriv_zone_provenance(NULL, row->name, at), UNPROVEN);
	/* Before its end, and no time. */
	for (danepriv_time none = -1; none <= 0; none++)
		ck_assert_int_eq(danepriv_zone_provenance(zone, row->name, none), UNPROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, row->name, INT64_MIN), UNPROVEN);
	danepriv_zone_free(zone);
	asking_end(a, NULL);
}
END_TEST

typedef struct name_row {
	const char *zone;
	danepriv_status status;
} name_row;

static const name_row zone_names[] = {
	{ "example.", DANEPRIV_OK },
	{ ".", DANEPRIV_OK },
	{ "1.168.192.in-addr.arpa", DANEPRIV_OK },
	{ "192.0.2.1", DANEPRIV_OK }, /* a name like any other */
	{ NULL, DANEPRIV_EINVAL },
	{ "", DANEPRIV_EMALFORMED },
	{ "a..b", DANEPRIV_EMALFORMED },
	{ "..", DANEPRIV_EMALFORMED },
	{ "\\256.", DANEPRIV_EMALFORMED },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.",
	    DANEPRIV_EMALFORMED },
};

START_TEST(zone_name)
{
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);
	danepriv_lookup *lookup = (danepriv_lookup *)ctx;

	ck_assert_msg(
	    danepriv_lookup_new_zone(ctx, zone_names[_i].zone, &lookup) == zone_names[_i].status,
	    "%s", zone_names[_i].zone);
	ck_assert((lookup != NULL) == (zone_names[_i].status == DANEPRIV_OK));
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* Each kind of lookup ends in its own way, and no other. */
START_TEST(kinds)
{
	const danepriv_server server = { "dns.example.", 853, DANEPRIV_TRANSPORT_DOT,
		DANEPRIV_ALIASES_FOLLOW, NULL };
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);
	danepriv_zone *zone = (danepriv_zone *)ctx;
	danepriv_records *records = (danepriv_records *)ctx;
	danepriv_chain *chain = (danepriv_chain *)ctx;
	danepriv_lookup *lookup, *of_zone;

	ck_assert_int_eq(danepriv_lookup_new(ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, "example.", &of_zone), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_finish_zone(lookup, 1, &zone), DANEPRIV_EINVAL);
	ck_assert_ptr_null(zone);
	ck_assert_int_eq(danepriv_lookup_finish(of_zone, 1, &records), DANEPRIV_EINVAL);
	ck_assert_ptr_null(records);
	ck_assert_int_eq(danepriv_lookup_chain(of_zone, 1, &chain), DANEPRIV_EINVAL);
	ck_assert_ptr_null(chain);
	danepriv_lookup_free(lookup);
	danepriv_lookup_free(of_zone);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(arguments)
{
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);
	danepriv_lookup *lookup = (danepriv_lookup *)ctx;
	danepriv_zone *zone = (danepriv_zone *)ctx;

	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, ".", NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_new_zone(NULL, ".", &lookup), DANEPRIV_EINVAL);
	ck_assert_ptr_null(lookup);
	ck_assert_int_eq(danepriv_lookup_finish_zone(NULL, 0, &zone), DANEPRIV_EINVAL);
	ck_assert_ptr_null(zone);
	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, ".", &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_finish_zone(lookup, 0, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_finish_zone(lookup, 1700000000, &zone), DANEPRIV_EAGAIN);
	ck_assert_ptr_null(zone);
	danepriv_zone_free(NULL);
	ck_assert_int_eq(danepriv_zone_security(NULL), DANEPRIV_SECURITY_UNKNOWN);
	ck_assert_int_eq(danepriv_zone_reason(NULL), DANEPRIV_REASON_NONE);
	ck_assert(danepriv_zone_valid_until(NULL) == INT64_MIN);
	ck_assert_uint_eq(danepriv_zone_count(NULL), 0);
	ck_assert_ptr_null(danepriv_zone_name(NULL, 0));
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What is asked, and that all of it is asked at once. */
START_TEST(questions)
{
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);
	danepriv_lookup *lookup;
	danepriv_question question;
	size_t count = 0;

	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, "Example", &lookup), DANEPRIV_OK);
	while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
		if (count++ > 0)
			continue;
		ck_assert_str_eq(question.name, "Example.");
		ck_assert_int_eq(question.type, DP_TYPE_NS);
	}
	ck_assert_uint_eq(count, 4); /* NS; DS and DNSKEY of the zone; DNSKEY of the root */
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
}
END_TEST

/* One lookup with its nth allocation failing; what was not taken is given again. */
static danepriv_status
run_without(danepriv *ctx, const proof_case *c, long n, bool *failed, danepriv_zone **zone)
{
	danepriv_question question;
	danepriv_lookup *lookup;

	dp_fail_allocation_at(n);
	danepriv_status status = danepriv_lookup_new_zone(ctx, c->qname, &lookup);
	for (unsigned round = 0; status == DANEPRIV_OK && round < 100; round++) {
		status = danepriv_lookup_finish_zone(lookup, c->now, zone);
		if (status != DANEPRIV_EAGAIN)
			break;
		status = DANEPRIV_OK;
		while (status == DANEPRIV_OK &&
		       danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
			danepriv_span chain = octets_span(c->chain);
			status = resolver_give(lookup, chain, &question, FAULT_NONE);
			if (status == DANEPRIV_ENOMEM)
				status = resolver_give(lookup, chain, &question, FAULT_NONE);
		}
	}
	*failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	danepriv_lookup_free(lookup);
	return status;
}

START_TEST(without_memory)
{
	static const char *const names[] = { "two", "no-data", "open", "alias" };
	const proof_case *c = proofs_find(&cases, names[_i]);
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_zone *zone = NULL;
		danepriv_status status = run_without(ctx, c, n, &failed, &zone);
		if (status == DANEPRIV_OK)
			check_zone(zone, c);
		else
			ck_assert_msg(status == DANEPRIV_ENOMEM && !zone, "%s: %ld", c->name, n);
		danepriv_zone_free(zone);
		danepriv_close(ctx);
		ck_assert_int_eq(dp_blocks(), 0);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zone");
	TCase *tc = tcase_create("zone");

	proofs_read(&cases, "proofs/zone.txt");
	tcase_add_loop_test(tc, security, 0, (int)cases.count);
	tcase_add_loop_test(tc, everything, 0, (int)cases.count);
	tcase_add_loop_test(tc, fault, 0, ROWS(faults));
	tcase_add_loop_test(tc, referral_beside, 0, ROWS(referrals));
	tcase_add_loop_test(tc, cut, 0, 4);
	tcase_add_loop_test(tc, provenance, 0, ROWS(provenances));
	tcase_add_loop_test(tc, zone_name, 0, ROWS(zone_names));
	tcase_add_test(tc, kinds);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, questions);
	tcase_add_loop_test(tc, without_memory, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
