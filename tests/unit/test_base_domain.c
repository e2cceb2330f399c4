/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/base.c: under which name are a server's keys published?  Small worlds of aliases, asked
 * in every order, and with answers that get lost. */
#include "dane/base.h"
#include "dns/rr.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static proof_cases cases;

#define RANDOM_ORDERS 3
/* Of the questions of a lookup so many are lost in pairs. */
#define PAIRED_MAX 24

static danepriv_server
server_of(const proof_case *c)
{
	danepriv_server server = { .name = c->qname, .role = c->role };

	return server;
}

static asking *
begin(const proof_case *c)
{
	danepriv_server server = server_of(c);

	return asking_begin(c->anchors, NULL, &server);
}

/* Is this the RDATA of a record in the chain, at an owner that goes with this base domain, if there
 * is one at all? */
static bool
is_published(const proof_case *c, danepriv_span rdata)
{
	dp_reader r = dp_reader_over(octets_span(c->chain));
	dp_rr rr;

	while (dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr))
		if (rr.type == DP_TYPE_TLSA && rr.rdata.len == rdata.len &&
		    memcmp(rr.rdata.data, rdata.data, rdata.len) == 0)
			return true;
	return false;
}

static void
check(const proof_case *c, const danepriv_records *records, const char *how)
{
	danepriv_proof proof = danepriv_records_proof(records);
	danepriv_reason reason = danepriv_records_reason(records);
	const char *base = danepriv_records_base(records);
	size_t count = danepriv_records_count(records);
	long long until, expiry;

	ck_assert_msg(proof == c->proof && reason == c->reason && strcmp(base, c->base) == 0,
	    "%s, %s: %s, %s, base %s", c->name, how, danepriv_proof_text(proof),
	    danepriv_reason_text(reason), base);
	ck_assert_msg((count > 0) == (proof == DANEPRIV_PROOF_SECURE), "%s", c->name);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(is_published(c, danepriv_records_rdata(records, i)), "%s", c->name);
	if (!proofs_times(c, &until, &expiry))
		return;
	ck_assert_msg(danepriv_records_until(records) - c->now == until, "%s, %s: until %lld",
	    c->name, how, (long long)(danepriv_records_until(records) - c->now));
	ck_assert_msg(danepriv_records_expiry(records) - c->now == expiry, "%s, %s: expiry %lld",
	    c->name, how, (long long)(danepriv_records_expiry(records) - c->now));
}

/* A resolver that answers with one step of an alias, one that takes all steps, and one that says
 * all that it knows. */
static const asking_plan manners[] = { { NULL, 0, FAULT_NONE }, { NULL, 0, FAULT_FOLLOWS },
	{ NULL, 0, FAULT_EVERYTHING } };

START_TEST(in_any_order)
{
	const proof_case *c = &cases.list[_i];

	for (int manner = 0; manner < ROWS(manners); manner++)
		for (uint32_t order = 0; order < ASKING_BACKWARD + 1 + RANDOM_ORDERS; order++) {
			char how[64];
			(void)snprintf(how, sizeof how, "manner %d, order %u", manner, order);
			asking *a = begin(c);
			a->plans = &manners[manner];
			a->plan_count = 1;
			danepriv_records *records = asking_run(a, c, order);
			check(c, records, how);
			asking_end(a, records);
		}
}
END_TEST

/* What may come of a lookup that lost answers: a failure; the whole truth; or secure records of the
 * server's own name, which its owner published, too.  So no loss makes keys of one base into keys
 * of another than the own, none makes records look denied or unsigned, and none makes up a base. */
static void
check_loss(const proof_case *c, const danepriv_records *records, const danepriv_question *lost)
{
	danepriv_proof proof = danepriv_records_proof(records);
	const char *base = danepriv_records_base(records);

	if (proof == DANEPRIV_PROOF_BOGUS || proof == DANEPRIV_PROOF_INDETERMINATE)
		return;
	bool truth = proof == c->proof && strcmp(base, c->base) == 0;
	bool own = proof == DANEPRIV_PROOF_SECURE && strcmp(base, c->qname) == 0;
	ck_assert_msg(truth || own, "%s without %s %u: %s, base %s", c->name, lost->name,
	    lost->type, danepriv_proof_text(proof), base);
}

/* The questions that come up when all goes well. */
typedef struct questions {
	danepriv_question list[DP_QUESTIONS_MAX];
	size_t count;
} questions;

static void
run_well(const proof_case *c, questions *out)
{
	asking *a = begin(c);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);

	memcpy(out->list, a->all, sizeof out->list);
	out->count = a->asked;
	asking_end(a, records);
}

static void
lose(const proof_case *c, const asking_plan *plans, size_t count, uint32_t order,
    const danepriv_question *lost)
{
	asking *a = begin(c);

	a->plans = plans;
	a->plan_count = count;
	danepriv_records *records = asking_run(a, c, order);
	check_loss(c, records, lost);
	asking_end(a, records);
}

START_TEST(one_lost)
{
	static const resolver_fault faults[] = { FAULT_TIMEOUT, FAULT_SERVFAIL, FAULT_EMPTY,
		FAULT_NAME_ERROR, FAULT_FORGED };
	const proof_case *c = &cases.list[_i];
	static questions well;

	run_well(c, &well);
	for (size_t i = 0; i < well.count; i++)
		for (int fault = 0; fault < ROWS(faults); fault++) {
			asking_plan plan = { well.list[i].name, well.list[i].type, faults[fault] };
			lose(c, &plan, 1, ASKING_FORWARD, &well.list[i]);
			lose(c, &plan, 1, ASKING_BACKWARD, &well.list[i]);
		}
}
END_TEST

START_TEST(two_lost)
{
	const proof_case *c = &cases.list[_i];
	static questions well;

	run_well(c, &well);
	for (size_t i = 0; i < well.count; i++)
		for (size_t k = 0; k < i && i < PAIRED_MAX; k++) {
			const asking_plan plans[] = {
				{ well.list[i].name, well.list[i].type, FAULT_TIMEOUT },
				{ well.list[k].name, well.list[k].type, FAULT_EMPTY },
			};
			lose(c, plans, 2, ASKING_FORWARD, &well.list[i]);
		}
}
END_TEST

/* All that is asked about the server's own name, its records apart, is lost: no alias is seen, and
 * nothing but its own secure records will do. */
START_TEST(all_about_alias_lost)
{
	const proof_case *c = &cases.list[_i];
	const asking_plan plans[] = { { c->qname, 0, FAULT_TIMEOUT } };
	danepriv_question lost = { .name = "anything" };

	lose(c, plans, 1, ASKING_FORWARD, &lost);
	lose(c, plans, 1, ASKING_BACKWARD, &lost);
}
END_TEST

/* How many signatures the verdict takes; also: the judgement of a heap of records is the same. */
static unsigned
count_signatures(const proof_case *c, bool base)
{
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_validator *v = malloc(sizeof *v);
	danepriv_server server = server_of(c);
	dp_name_store owner;
	dp_server read;
	dp_based based;

	ck_assert_ptr_nonnull(v);
	dp_validator_init(v, ctx);
	v->questions.closed = true;
	ck_assert_int_eq(dp_validator_add(v, octets_span(c->chain)), DANEPRIV_OK);
	ck_assert_int_eq(dp_server_read(&server, &read), DANEPRIV_OK);
	ck_assert_int_eq(dp_server_owner(&read, &owner), DANEPRIV_OK);
	if (base) {
		ck_assert_int_eq(dp_base_find(v, &read, DP_TYPE_TLSA, c->now, &based), DANEPRIV_OK);
		ck_assert_msg(based.found.proven.proof == c->proof, "%s", c->name);
	} else
		ck_assert_int_eq(
		    dp_validate(v, dp_name_of(&owner), DP_TYPE_TLSA, c->now, &based.found),
		    DANEPRIV_OK);
	unsigned verified = v->verified;
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	return verified;
}

typedef struct work_row {
	const char *name;
	unsigned more; /* signatures than for the records of the server's own name */
} work_row;

static const work_row works[] = {
	{ "address", 0 },	    /* not even looked at */
	{ "address-flipped", 0 },   /* the same */
	{ "reverse-4", 0 },	    /* no alias is followed */
	{ "records-elsewhere", 0 }, /* nor here */
	{ "denied", 1 },	    /* the address */
	{ "insecure", 0 },	    /* the same delegation */
	{ "forged-cname", 0 },	    /* without a signature */
	{ "forged-cname-beside-address", 1 },
	{ "ns-alias", 3 }, /* the way to its end: DS, keys, address */
};

START_TEST(work)
{
	const work_row *row = &works[_i];
	const proof_case *c = NULL;

	for (size_t i = 0; i < cases.count; i++)
		if (strcmp(cases.list[i].name, row->name) == 0)
			c = &cases.list[i];
	ck_assert_msg(c != NULL, "no case %s", row->name);
	unsigned own = count_signatures(c, false), all = count_signatures(c, true);
	ck_assert_msg(all == own + row->more, "%s: %u, then %u", row->name, own, all);
}
END_TEST

/* The heap of records at once, as far as it goes. */
START_TEST(heap)
{
	const proof_case *c = &cases.list[_i];

	ck_assert_uint_le(count_signatures(c, true), DP_WORK_MAX);
}
END_TEST

/* How many steps it takes: all that is known at the start is asked at the start. */
START_TEST(steps)
{
	static const struct {
		const char *name;
		unsigned rounds;
	} rows[] = { { "address", 1 }, { "denied", 1 }, { "alias-inside", 2 }, { "alias", 2 },
		{ "reverse-4", 1 } };

	for (int i = 0; i < ROWS(rows); i++)
		for (size_t k = 0; k < cases.count; k++) {
			proof_case *c = &cases.list[k];
			if (strcmp(c->name, rows[i].name) != 0)
				continue;
			asking *a = begin(c);
			danepriv_records *records = NULL;
			danepriv_question question;
			unsigned rounds = 0;
			while (danepriv_lookup_finish(a->lookup, c->now, &records) ==
			       DANEPRIV_EAGAIN) {
				ck_assert_int_lt(rounds++, 9);
				while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK)
					ck_assert_int_eq(
					    resolver_give(a->lookup, octets_span(c->chain),
						&question, FAULT_FOLLOWS),
					    DANEPRIV_OK);
			}
			ck_assert_msg(rounds == rows[i].rounds, "%s: %u rounds", c->name, rounds);
			asking_end(a, records);
		}
}
END_TEST

/* Every allocation fails once: no records, or the right ones. */
START_TEST(without_memory)
{
	const proof_case *c = &cases.list[_i];
	danepriv_server server = server_of(c);
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_lookup *lookup = NULL;
		danepriv_records *records = NULL;
		danepriv_question question;
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_lookup_new(&lookup, ctx, &server);
		while (status == DANEPRIV_OK) {
			status = danepriv_lookup_finish(lookup, c->now, &records);
			if (status != DANEPRIV_EAGAIN)
				break;
			status = danepriv_lookup_next(lookup, &question);
			if (status == DANEPRIV_OK)
				status = resolver_give(
				    lookup, octets_span(c->chain), &question, FAULT_NONE);
		}
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		if (status == DANEPRIV_OK)
			check(c, records, "short of memory");
		else
			ck_assert_msg(!records && status == DANEPRIV_ENOMEM,
			    "%s: allocation %ld: %s", c->name, n, danepriv_strerror(status));
		danepriv_records_free(records);
		danepriv_lookup_free(lookup);
		danepriv_close(ctx);
		ck_assert_int_eq(dp_blocks(), 0);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("base_domain");
	TCase *tc = tcase_create("base_domain");

	proofs_read(&cases, "proofs/base.txt");
	int count = (int)cases.count;
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, in_any_order, 0, count);
	tcase_add_loop_test(tc, one_lost, 0, count);
	tcase_add_loop_test(tc, two_lost, 0, count);
	tcase_add_loop_test(tc, all_about_alias_lost, 0, count);
	tcase_add_loop_test(tc, heap, 0, count);
	tcase_add_loop_test(tc, work, 0, ROWS(works));
	tcase_add_test(tc, steps);
	tcase_add_loop_test(tc, without_memory, 0, count);
	suite_add_tcase(suite, tc);
	return suite;
}
