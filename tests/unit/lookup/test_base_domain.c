/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/base_domain.c: under which name are a server's keys published?  Small worlds of aliases, asked
 * in every order, and with answers that get lost. */
#include "base/bounds.h"
#include "base/reader.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/validator.h"
#include "lookup/base_domain.h"
#include "dns/rr.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/session.h>

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
	danepriv_server server = { .name = c->qname, .aliases = c->aliases };

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
	danepriv_security security = danepriv_records_security(records);
	danepriv_reason reason = danepriv_records_reason(records);
	const char *base = danepriv_records_base(records);
	size_t count = danepriv_records_count(records);
	long long until, expiry;

	ck_assert_msg(security == c->security && reason == c->reason && strcmp(base, c->base) == 0,
	    "%s, %s: %s, %s, base %s", c->name, how,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, reason), base);
	ck_assert_msg((count > 0) == (security == DANEPRIV_SECURITY_SECURE), "%s", c->name);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(is_published(c, danepriv_records_rdata(records, i)), "%s", c->name);
	if (!proofs_times(c, &until, &expiry))
		return;
	ck_assert_msg(danepriv_records_valid_until(records) - c->now == until, "%s, %s: until %lld",
	    c->name, how, (long long)(danepriv_records_valid_until(records) - c->now));
	ck_assert_msg(danepriv_records_expiry(records) - c->now == expiry, "%s, %s: expiry %lld",
	    c->name, how, (long long)(danepriv_records_expiry(records) - c->now));
}

/* A resolver that answers with one step of an alias, one that takes all steps, and one that says
 * all that it knows. */
static const struct {
	const char *name;
	asking_plan plan;
} manners[] = {
	{ "one step", { NULL, 0, FAULT_NONE } },
	{ "all steps", { NULL, 0, FAULT_FOLLOWS } },
	{ "everything", { NULL, 0, FAULT_EVERYTHING } },
};

/* The same verdict in every order; also when what shows an alias comes last. */
static void
run_orders(const proof_case *c, const asking_plan *plans, size_t count, const char *manner)
{
	for (uint32_t order = 0; order < ASKING_BACKWARD + 1 + RANDOM_ORDERS; order++)
		for (unsigned late = 0; late < 2; late++) {
			char how[64];
			(void)snprintf(how, sizeof how, "%s, order %u%s", manner, order,
			    late ? ", own name last" : "");
			asking *a = begin(c);
			a->plans = plans;
			a->plan_count = count;
			a->late = late ? c->qname : NULL;
			danepriv_records *records = asking_run(a, c, order);
			check(c, records, how);
			asking_end(a, records);
		}
}

START_TEST(in_any_order)
{
	for (int i = 0; i < ROWS(manners); i++)
		run_orders(&cases.list[_i], &manners[i].plan, 1, manners[i].name);
}
END_TEST

/* Every question for a name shows its alias: where the resolver will not give the address, the
 * others are waited for. */
START_TEST(address_refused)
{
	static const char *const names[] = { "address", "alias", "alias-alone", "end-denied",
		"end-flipped", "three-steps", "dname", "ns-alias", "reverse-4" };
	const proof_case *c = proofs_find(&cases, names[_i]);
	asking_plan plan = { c->qname, DP_TYPE_A, FAULT_REFUSED };

	run_orders(c, &plan, 1, "address refused");
}
END_TEST

/* What may come of a lookup that lost answers: a failure; the whole truth; or secure records of the
 * server's own name, which its owner published, too.  So no loss makes keys of one base into keys
 * of another than the own, none makes records look denied or unsigned, and none makes up a base. */
static void
check_loss(const proof_case *c, const danepriv_records *records, const danepriv_question *lost)
{
	danepriv_security security = danepriv_records_security(records);
	const char *base = danepriv_records_base(records);

	if (security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE)
		return;
	bool truth = security == c->security && strcmp(base, c->base) == 0;
	bool own = security == DANEPRIV_SECURITY_SECURE && strcmp(base, c->qname) == 0;
	ck_assert_msg(truth || own, "%s without %s %u: %s, base %s", c->name, lost->name,
	    lost->type, danepriv_sentence(DANEPRIV_KIND_SECURITY, security), base);
}

/* The questions that come up when all goes well. */
typedef struct questions {
	danepriv_question list[2 * DP_QUESTIONS_MAX];
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
	const proof_case *c = &cases.list[_i];
	static questions well;

	run_well(c, &well);
	for (size_t i = 0; i < well.count; i++) {
		const danepriv_question *lost = &well.list[i];
		asking_plan plan = { lost->name, lost->type, FAULT_TIMEOUT };
		lose(c, &plan, 1, ASKING_FORWARD, lost);
		lose(c, &plan, 1, ASKING_BACKWARD, lost);
		plan.fault = FAULT_EMPTY;
		lose(c, &plan, 1, ASKING_BACKWARD, lost);
		plan.fault = FAULT_FORGED;
		lose(c, &plan, 1, ASKING_FORWARD, lost);
	}
}
END_TEST

/* Can this question show or hide an alias? */
static bool
is_about_alias(const proof_case *c, const danepriv_question *question)
{
	return strcmp(question->name, c->qname) == 0 || question->type == DP_TYPE_TLSA;
}

START_TEST(two_lost)
{
	const proof_case *c = &cases.list[_i];
	static questions well;

	run_well(c, &well);
	for (size_t i = 0; i < well.count && i < PAIRED_MAX; i++)
		for (size_t k = 0; k < i; k++) {
			const danepriv_question *one = &well.list[i], *other = &well.list[k];
			const asking_plan plans[] = {
				{ one->name, one->type, FAULT_TIMEOUT },
				{ other->name, other->type, FAULT_EMPTY },
			};
			if (is_about_alias(c, one) || is_about_alias(c, other))
				lose(c, plans, 2, ASKING_FORWARD, one);
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
		ck_assert_msg(based.found.proven.security == c->security, "%s", c->name);
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
	const proof_case *c = proofs_find(&cases, row->name);

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

/* How often one has to wait: all that is known at the start is asked at the start. */
static unsigned
count_rounds(const proof_case *c)
{
	asking *a = begin(c);
	danepriv_records *records = NULL;
	danepriv_question question;
	unsigned rounds = 0;

	while (danepriv_lookup_finish(a->lookup, c->now, &records) == DANEPRIV_EAGAIN) {
		ck_assert_int_lt(rounds++, 9);
		while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK)
			ck_assert_int_eq(resolver_give(a->lookup, octets_span(c->chain), &question,
					     FAULT_FOLLOWS),
			    DANEPRIV_OK);
	}
	check(c, records, "in rounds");
	asking_end(a, records);
	return rounds;
}

typedef struct round_row {
	const char *name;
	unsigned rounds;
} round_row;

static const round_row rounds[] = { { "address", 1 }, { "denied", 1 }, { "reverse-4", 1 },
	{ "records-elsewhere", 2 }, { "alias-inside", 2 }, { "alias", 2 }, { "three-steps", 2 },
	{ "end-denied", 2 }, { "ns-alias", 1 } };

START_TEST(waiting)
{
	unsigned count = count_rounds(proofs_find(&cases, rounds[_i].name));

	ck_assert_msg(count == rounds[_i].rounds, "%s: %u rounds", rounds[_i].name, count);
}
END_TEST

/* What a session makes of the base domain: the SNI, and whether to connect once more. */
START_TEST(session)
{
	static const char *const names[] = { "alias", "end-denied", "dname", "denied", "ns-alias" };
	const proof_case *c = proofs_find(&cases, names[_i]);
	danepriv_server server = server_of(c);
	asking *a = begin(c);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	bool moved = strcmp(c->base, c->qname) != 0;
	danepriv_session *s;

	ck_assert_int_eq(
	    danepriv_session_new(a->ctx, &server, DANEPRIV_PROFILE_STRICT, &s), DANEPRIV_OK);
	ck_assert_str_eq(danepriv_session_sni(s), "dns.example");
	ck_assert_int_eq(danepriv_session_give_fetched_records(s, records), DANEPRIV_OK);
	/* Text without final dot. */
	ck_assert_int_eq(strncmp(danepriv_session_sni(s), c->base, strlen(c->base) - 1), 0);
	ck_assert_uint_eq(strlen(danepriv_session_sni(s)), strlen(c->base) - 1);
	const char *again = danepriv_session_reconnect_name(s);
	ck_assert_msg((again != NULL) == moved, "%s", c->name);
	ck_assert_int_eq(danepriv_session_give_sni(s, c->base), DANEPRIV_OK);
	ck_assert_ptr_null(danepriv_session_reconnect_name(s));
	danepriv_session_free(s);
	asking_end(a, records);
}
END_TEST

/* Every allocation fails once: no records, or the right ones. */
static const char *const short_of_memory[] = { "address", "denied", "alias",
	"alias-records-elsewhere", "end-denied", "end-flipped", "end-in-unsigned-zone",
	"three-steps", "dname", "forged-cname-denied", "ns-alias", "reverse-4" };

START_TEST(without_memory)
{
	const proof_case *c = proofs_find(&cases, short_of_memory[_i]);
	danepriv_server server = server_of(c);
	bool failed = true;

	for (long n = 0; failed; n++) {
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_lookup *lookup = NULL;
		danepriv_records *records = NULL;
		danepriv_question question;
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_lookup_new(ctx, &server, &lookup);
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
			    "%s: allocation %ld: %s", c->name, n,
			    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		asking_leave(ctx, lookup, records);
	}
}
END_TEST

/* Was an alias proven on the way?  Whatever came of it, then counts for those alone who follow it;
 * that it was refused, for those alone who do not; and all else for both. */
static const struct {
	const char *name;
	bool follows, refuses;
} counting[] = {
	{ "address", true, true },
	{ "denied", true, true },
	{ "insecure", true, true },
	{ "bogus-records", true, true },
	{ "forged-cname", true, true },
	{ "forged-cname-denied", true, true },
	{ "forged-dname-beside-address", true, true },
	{ "wildcard-unproven", true, true },
	{ "leads-to-itself", true, true },
	{ "two-steps-first-unsigned", true, true },
	{ "dname-unsigned", true, true },
	{ "alias-in-unsigned-zone", true, true },
	{ "reverse-4", true, true },
	{ "ns-address", true, true },
	{ "ns-denied", true, true },
	{ "ns-forged-denied", true, true },
	{ "alias", true, false },
	{ "end-denied", true, false },
	{ "end-insecure", true, false },
	{ "end-and-own-denied", true, false },
	{ "end-denied-own-insecure", true, false },
	{ "end-denied-own-bogus", true, false },
	{ "end-flipped", true, false },
	{ "end-address-missing", true, false },
	{ "end-under-no-anchor", true, false },
	{ "end-by-opt-out", true, false },
	{ "end-is-root", true, false },
	{ "two-steps-second-unsigned", true, false },
	{ "three-steps-one-insecure", true, false },
	{ "seventeen-steps", true, false },
	{ "loop", true, false },
	{ "dname", true, false },
	{ "dname-end-denied", true, false },
	{ "wildcard-end-denied", true, false },
	{ "ns-alias", false, true },
	{ "ns-alias-denied", false, true },
	{ "ns-dname", false, true },
	{ "ns-loop", false, true },
};

START_TEST(counts_for)
{
	const proof_case *c = proofs_find(&cases, counting[_i].name);
	asking *a = begin(c);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);

	for (int i = 0; i < 2; i++) {
		danepriv_server asks = server_of(c);
		danepriv_session *given;
		asks.aliases = i ? DANEPRIV_ALIASES_FOLLOW : DANEPRIV_ALIASES_REFUSE;
		bool counts = i ? counting[_i].follows : counting[_i].refuses;
		ck_assert_int_eq(
		    danepriv_session_new(a->ctx, &asks, DANEPRIV_PROFILE_STRICT, &given),
		    DANEPRIV_OK);
		ck_assert_msg(danepriv_session_give_records(given, records) ==
				  (counts ? DANEPRIV_OK : DANEPRIV_EINVAL),
		    "%s, %d", c->name, i);
		danepriv_session_free(given);
	}
	asking_end(a, records);
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
	tcase_add_loop_test(tc, address_refused, 0, 9);
	tcase_add_loop_test(tc, one_lost, 0, count);
	tcase_add_loop_test(tc, two_lost, 0, count);
	tcase_add_loop_test(tc, all_about_alias_lost, 0, count);
	tcase_add_loop_test(tc, heap, 0, count);
	tcase_add_loop_test(tc, work, 0, ROWS(works));
	tcase_add_loop_test(tc, waiting, 0, ROWS(rounds));
	tcase_add_loop_test(tc, session, 0, 5);
	tcase_add_loop_test(tc, counts_for, 0, ROWS(counting));
	tcase_add_loop_test(tc, without_memory, 0, ROWS(short_of_memory));
	suite_add_tcase(suite, tc);
	return suite;
}
