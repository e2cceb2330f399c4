/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/budget.c: what does a lookup cost, in whatever order the answers come, and whatever
 * is in them?  All of it is counted, so that no clock is needed here. */
#include "base/bounds.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/validator.h"
#include "lookup/lookup.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define SERVICE "_853._tcp."
#define ORDERS 4
/* What is looked at before and after each answer, however little there is to see. */
#define LEAST (DP_WORK_UNIT / 2)

static proof_cases cases;

static uint64_t
work_of(const asking *a)
{
	return a->lookup->validator.budget.work;
}

/* The lookup of what a case is about. */
static asking *
begin(const proof_case *c, const asking_plan *plan)
{
	danepriv_server server = { c->qname + strlen(SERVICE), 853, DANEPRIV_TRANSPORT_DOT };
	asking *a = asking_begin(c->anchors, NULL, &server);

	a->plans = plan;
	a->plan_count = plan ? 1 : 0;
	return a;
}

static bool
is_limit(danepriv_reason reason)
{
	return reason == DANEPRIV_REASON_LIMIT_QUESTIONS ||
	       (reason >= DANEPRIV_REASON_LIMIT_WORK && reason <= DANEPRIV_REASON_LIMIT_OCTETS);
}

/* Those of the cases whose names begin so, and that are about a server's TLSA records. */
static int
choose(proof_cases *of, const char *prefix)
{
	size_t count = 0;

	for (size_t i = 0; i < of->count; i++) {
		proof_case c = of->list[i];
		dp_name_store name;
		bool fits = strncmp(c.name, prefix, strlen(prefix)) == 0 &&
			    c.type == DP_TYPE_TLSA &&
			    strncmp(c.qname, SERVICE, strlen(SERVICE)) == 0 &&
			    dp_name_from_text(c.qname + strlen(SERVICE), &name) == DANEPRIV_OK &&
			    dp_server_name_check(dp_name_of(&name)) == DANEPRIV_OK;
		if (!fits)
			continue;
		of->list[i] = of->list[count];
		of->list[count++] = c;
	}
	return (int)count;
}

/* ---- honest lookups ---- */

static const asking_plan closest = { NULL, 0, FAULT_CLOSEST };

/* A verdict after each answer costs at most twice what one costs after all of them, and is the
 * same; both stay under a quarter of what is allowed. */
START_TEST(honest)
{
	const proof_case *c = &cases.list[_i];

	for (uint32_t order = 0; order < ORDERS; order++) {
		asking *once = begin(c, &closest), *often = begin(c, &closest);
		danepriv_records *at_once = asking_run_at_once(once, c, order);
		danepriv_records *one_by_one = asking_run(often, c, order);
		ck_assert_msg(danepriv_records_security(at_once) == c->security &&
				  danepriv_records_security(one_by_one) == c->security,
		    "%s, order %u: %s, %s", c->name, order,
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(at_once)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(one_by_one)));
		ck_assert_msg(work_of(often) <= 2 * work_of(once) + LEAST,
		    "%s, order %u: %llu, at once %llu", c->name, order,
		    (unsigned long long)work_of(often), (unsigned long long)work_of(once));
		const dp_validator *v = &often->lookup->validator;
		ck_assert_uint_le(v->budget.work, (uint64_t)DP_WORK_MAX * DP_WORK_UNIT / 4);
		ck_assert_uint_le(v->hashes, DP_NSEC3_HASHES_MAX / 4);
		ck_assert_uint_le(v->digests, DP_DS_DIGESTS_MAX / 4);
		asking_close(once, at_once);
		asking_close(often, one_by_one);
	}
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- all kinds ---- */

static proof_cases all;

/* The same of every chain there is, right or wrong: in any order one verdict, at twice the cost. */
START_TEST(in_any_order)
{
	const proof_case *c = &all.list[_i];

	for (uint32_t order = 0; order < ORDERS; order++) {
		asking *once = begin(c, NULL), *often = begin(c, NULL);
		danepriv_records *at_once = asking_run_at_once(once, c, order);
		danepriv_records *one_by_one = asking_run(often, c, order);
		danepriv_reason reason = danepriv_records_reason(at_once);
		/* Which bound is passed first depends on what comes first. */
		ck_assert_msg((is_limit(danepriv_records_reason(one_by_one)) && is_limit(reason)) ||
				  (danepriv_records_security(at_once) ==
					  danepriv_records_security(one_by_one) &&
				      danepriv_records_reason(one_by_one) == reason),
		    "%s, order %u: %s, %s", c->name, order,
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(at_once)),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(one_by_one)));
		ck_assert_msg(is_limit(reason) || work_of(often) <= 2 * work_of(once) + LEAST,
		    "%s, order %u: %llu, at once %llu", c->name, order,
		    (unsigned long long)work_of(often), (unsigned long long)work_of(once));
		asking_close(once, at_once);
		asking_close(often, one_by_one);
	}
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- made to cost ---- */

static proof_cases dear;
static const asking_plan everything = { NULL, 0, FAULT_EVERYTHING };

/* All of it in each answer: whatever is looked at is paid for. */
START_TEST(hostile)
{
	const proof_case *c = &dear.list[_i];

	for (uint32_t order = 0; order < ORDERS; order++) {
		asking *a = begin(c, &everything);
		danepriv_records *records = asking_run(a, c, order);
		ck_assert_msg(danepriv_records_security(records) != DANEPRIV_SECURITY_SECURE &&
				  is_limit(danepriv_records_reason(records)),
		    "%s: %s", c->name,
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
		ck_assert_uint_le(work_of(a), a->lookup->validator.budget.allowed);
		asking_end(a, records);
	}
}
END_TEST

/* What the first answer alone costs, when all others stay out and come in empty one by one. */
static uint64_t
cost_of_ladder(const char *name)
{
	static const asking_plan plans[] = { { "_853._tcp.dns.example.", DP_TYPE_TLSA,
						 FAULT_EVERYTHING },
		{ NULL, 0, FAULT_EMPTY } };
	const proof_case *c = proofs_find(&cases, name);
	asking *a = begin(c, plans);

	a->plan_count = 2;
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	uint64_t work = work_of(a);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	asking_end(a, records);
	return work;
}

/* Signatures whose keys are still asked for: six times as many cost at most six times as much, and
 * not their number to the power of the levels; all of it twice, as the empty answers are asked for
 * again over streams. */
START_TEST(ladder)
{
	uint64_t few = cost_of_ladder("ladder-2"), many = cost_of_ladder("ladder-12");

	ck_assert_uint_le(many, 6 * few);
	ck_assert_uint_le(many, 2 * 3 * DP_WORK_UNIT);
}
END_TEST

/* Answers that carry nothing are paid for as well, until nothing is read any more. */
START_TEST(junk)
{
	static uint8_t message[DP_MESSAGE_OCTETS_MAX];
	const proof_case *c = proofs_find(&cases, "labels-35-0");
	asking *a = begin(c, NULL);
	danepriv_records *records = NULL;
	danepriv_question question;
	uint64_t before = work_of(a);

	while (danepriv_lookup_finish(a->lookup, c->now, &records) == DANEPRIV_EAGAIN)
		while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK) {
			ck_assert_int_eq(danepriv_lookup_give_answer(a->lookup, question.id,
					     (danepriv_span){ message, sizeof message }),
			    DANEPRIV_OK);
			ck_assert(work_of(a) >= before + sizeof message / DP_OCTETS_PER_WORK ||
				  dp_budget_stopped(&a->lookup->validator.budget));
			before = work_of(a);
		}
	ck_assert_int_eq(danepriv_records_reason(records), DANEPRIV_REASON_LIMIT_WORK);
	asking_end(a, records);
}
END_TEST

/* ---- one after the other ---- */

/* Three resolvers, and the first two spend all that they may: the third is heard.  What all of them
 * cost stays under what one may. */
START_TEST(another)
{
	const proof_case *bad = proofs_find(&dear, "hostile-many"),
			 *good = proofs_find(&all, "digest-2");
	asking *a = begin(good, &everything);
	danepriv_records *records = NULL;
	danepriv_question question;
	uint64_t spent = 0;
	unsigned limits = 0;
	size_t upstream = 0;

	ck_assert_int_eq(danepriv_lookup_set_upstreams(a->lookup, DP_ATTEMPTS_MAX, 0), DANEPRIV_OK);
	while (danepriv_lookup_finish(a->lookup, good->now, &records) == DANEPRIV_EAGAIN) {
		ck_assert_int_eq(danepriv_lookup_next(a->lookup, &question), DANEPRIV_OK);
		if (question.upstream != upstream) {
			limits += is_limit(danepriv_records_reason(a->lookup->best.records));
			ck_assert_uint_gt(work_of(a), spent); /* by the one before */
			spent = work_of(a);
		}
		upstream = question.upstream;
		const proof_case *c = upstream + 1 == DP_ATTEMPTS_MAX ? good : bad;
		ck_assert_int_eq(
		    resolver_give(a->lookup, octets_span(c->chain), &question, everything.fault),
		    DANEPRIV_OK);
		ck_assert_uint_le(work_of(a), (uint64_t)DP_WORK_MAX * DP_WORK_UNIT);
	}
	ck_assert_uint_eq(limits, DP_ATTEMPTS_MAX - 1);
	ck_assert_uint_eq(danepriv_lookup_upstream(a->lookup), DP_ATTEMPTS_MAX - 1);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_SECURE);
	asking_end(a, records);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("account");
	TCase *tc = tcase_create("account");

	proofs_read(&dear, "proofs/costs.txt");
	proofs_read(&cases, "proofs/costs.txt");
	tcase_add_loop_test(tc, honest, 0, choose(&cases, "labels-"));
	tcase_add_loop_test(tc, hostile, 0, choose(&dear, "hostile-"));
	tcase_add_test(tc, ladder);
	tcase_add_test(tc, junk);
	tcase_add_test(tc, another);
	proofs_read_all(&all);
	tcase_add_loop_test(tc, in_any_order, 0, choose(&all, ""));
	suite_add_tcase(suite, tc);
	return suite;
}
