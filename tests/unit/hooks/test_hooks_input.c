/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: do the rules count, is it said why, and what if somebody hands in what nobody
 * should? */
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <stdbool.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define REFUSE DANEPRIV_DECISION_REFUSE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define CARE DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
#define ENCRYPTED DANEPRIV_CHANNEL_ENCRYPTED

/* ---- rules ---- */

typedef struct rule_row {
	const char *name;
	danepriv_profile otherwise;
	danepriv_rule_kind kind;
	const char *domain; /* NULL: no rule */
	danepriv_profile profile;
	const char *asked;
	danepriv_decision decision; /* for a peer that nothing is known of */
} rule_row;

static const rule_row rules[] = {
	{ "default", FREE, 0, NULL, 0, WWW, CARE },
	{ "default strict", STRICT, 0, NULL, 0, WWW, REFUSE },
	{ "zone", FREE, DANEPRIV_RULE_ZONE, "example.com", STRICT, WWW, REFUSE },
	{ "another zone", FREE, DANEPRIV_RULE_ZONE, "example.org", STRICT, WWW, CARE },
	{ "server", FREE, DANEPRIV_RULE_SERVER, "ns1.example.net", STRICT, WWW, REFUSE },
	{ "another server", FREE, DANEPRIV_RULE_SERVER, "ns2.example.net", STRICT, WWW, CARE },
	{ "zone free", STRICT, DANEPRIV_RULE_ZONE, "example.com", FREE, WWW, CARE },
	{ "not the zone that is asked", STRICT, DANEPRIV_RULE_ZONE, "example.com", FREE,
	    "www.example.org.", REFUSE },
	{ "no name", FREE, 0, NULL, 0, "a..b", REFUSE },
	{ "empty", FREE, 0, NULL, 0, "", REFUSE },
	{ "none", FREE, 0, NULL, 0, NULL, REFUSE },
};

static danepriv_decision
decide_for(const resolving *r, const char *domain)
{
	return danepriv_hooks_decide(
	    &r->hooks, domain, &r->server, r->provenance, &r->judged, ENCRYPTED, NOW);
}

START_TEST(by_rules)
{
	const rule_row *row = &rules[_i];
	resolving r;

	resolving_open(&r, row->otherwise);
	if (row->domain)
		ck_assert_int_eq(
		    danepriv_rules_add(r.rules, row->kind, row->domain, row->profile), DANEPRIV_OK);
	ck_assert_msg(decide_for(&r, row->asked) == row->decision, "%s: before", row->name);
	ck_assert_int_eq(resolving_judge(&r, "ee", 0, NULL), DANEPRIV_OK);
	ck_assert_msg(decide_for(&r, row->asked) == row->decision, "%s", row->name);
	/* Without rules all is strict. */
	r.hooks.rules = NULL;
	ck_assert_int_eq(decide_for(&r, row->asked), REFUSE);
	resolving_close(&r);
}
END_TEST

/* ---- the verdict ---- */

/* Two records, of which the second matches; an array for none, one, or both. */
START_TEST(says_why)
{
	danepriv_record_verdict each[2];
	danepriv_verdict why = {
		.size = sizeof why, .each = each, .each_size = sizeof *each, .each_room = (size_t)_i
	};
	danepriv_records *records;
	uint8_t wrong[35] = { 3, 1, 1 };
	test_peer ee;
	resolving r;

	resolving_open(&r, STRICT);
	peer_open(&ee, "ee");
	test_octets right = rdata_of_peer(&ee, 3, 1, 1);
	const danepriv_span both[] = { { wrong, sizeof wrong }, octets_span(right) };
	memset(each, 0xff, sizeof each);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     both, 2, NOW + 100, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(r.cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(resolving_verify(&r, "ee", 0, &why), PROCEED);
	ck_assert_uint_eq(why.record, 1);
	ck_assert_int_eq(why.valid_until, NOW + 100);
	ck_assert_ptr_eq(why.each, each);
	ck_assert_uint_eq(why.each_room, (size_t)_i);
	if (_i > 0)
		ck_assert_int_eq(each[0].judgement, DANEPRIV_JUDGEMENT_NO_MATCH);
	if (_i > 1)
		ck_assert_int_eq(each[1].judgement, DANEPRIV_JUDGEMENT_MATCH);
	for (int i = _i; i < 2; i++)
		ck_assert_int_eq(each[i].usage, 0xff);
	ck_assert(r.judged.valid_until == INT64_MAX); /* whoever sees it */
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 100), PROCEED);
	danepriv_records_free(records);
	octets_free(right);
	peer_close(&ee);
	resolving_close(&r);
}
END_TEST

/* ---- what nobody should hand in ---- */

/* What both calls are given. */
typedef struct call {
	resolving r;
	danepriv_hooks *hooks;
	const char *domain;
	danepriv_server *server;
	test_peer shown;
	danepriv_credential *credential;
	danepriv_judged *judged;
	danepriv_verdict why;
	danepriv_time now;
} call;

typedef enum fault {
	NO_FAULT,
	NO_HOOKS,
	HOOKS_SIZE,
	NO_CACHE,
	NO_CONTEXT,
	NO_SERVER,
	SERVER_ZERO,
	SERVER_MALFORMED,
	SERVER_ADDRESS,
	SERVER_TRANSPORT,
	SERVER_LABEL,
	NO_CREDENTIAL,
	CREDENTIAL_EMPTY,
	CREDENTIAL_TYPE,
	NO_JUDGED,
	JUDGED_ZERO,
	JUDGED_SIZE,
	WHY_SIZE,
	NO_TIME,
	BEFORE_ALL_TIME
} fault;

typedef struct fault_row {
	fault fault;
	danepriv_status judged;
	bool decides; /* all that deciding is given is as it should be */
} fault_row;

static const fault_row faults[] = {
	{ NO_FAULT, DANEPRIV_OK, true },
	{ NO_HOOKS, DANEPRIV_EINVAL, false },
	{ HOOKS_SIZE, DANEPRIV_EINVAL, false },
	{ NO_CACHE, DANEPRIV_EINVAL, false },
	{ NO_CONTEXT, DANEPRIV_EINVAL, true },
	{ NO_SERVER, DANEPRIV_EINVAL, false },
	{ SERVER_ZERO, DANEPRIV_EINVAL, false },
	{ SERVER_MALFORMED, DANEPRIV_EMALFORMED, false },
	{ SERVER_ADDRESS, DANEPRIV_EINVAL, false },
	{ SERVER_TRANSPORT, DANEPRIV_EINVAL, false },
	{ SERVER_LABEL, DANEPRIV_EINVAL, false },
	{ NO_CREDENTIAL, DANEPRIV_EINVAL, true },
	{ CREDENTIAL_EMPTY, DANEPRIV_EINVAL, true },
	{ CREDENTIAL_TYPE, DANEPRIV_EINVAL, true },
	{ NO_JUDGED, DANEPRIV_EINVAL, false },
	{ JUDGED_ZERO, DANEPRIV_EINVAL, false },
	{ JUDGED_SIZE, DANEPRIV_EINVAL, false },
	{ WHY_SIZE, DANEPRIV_EINVAL, true },
	{ NO_TIME, DANEPRIV_EINVAL, false },
	{ BEFORE_ALL_TIME, DANEPRIV_EINVAL, false },
};

static void
spoil(fault f, call *c)
{
	switch (f) {
	case NO_FAULT:
		break;
	case NO_HOOKS:
		c->hooks = NULL;
		break;
	case HOOKS_SIZE:
		c->hooks->size = sizeof(size_t);
		break;
	case NO_CACHE:
		c->hooks->cache = NULL;
		break;
	case NO_CONTEXT:
		c->hooks->ctx = NULL;
		break;
	case NO_SERVER:
		c->server = NULL;
		break;
	case SERVER_ZERO:
		memset(c->server, 0, sizeof *c->server);
		break;
	case SERVER_MALFORMED:
		c->server->name = "a..b";
		break;
	case SERVER_ADDRESS:
		c->server->name = "192.0.2.1";
		break;
	case SERVER_TRANSPORT:
		c->server->transport = (danepriv_transport)99;
		break;
	case SERVER_LABEL:
		c->server->label = "_tcp";
		break;
	case NO_CREDENTIAL:
		c->credential = NULL;
		break;
	case CREDENTIAL_EMPTY:
		c->credential->count = 0;
		break;
	case CREDENTIAL_TYPE:
		c->credential->type = (danepriv_credential_type)99;
		break;
	case NO_JUDGED:
		c->judged = NULL;
		break;
	case JUDGED_ZERO:
		memset(c->judged, 0, sizeof *c->judged);
		break;
	case JUDGED_SIZE:
		c->judged->size = sizeof(size_t);
		break;
	case WHY_SIZE:
		c->why.size = sizeof(size_t);
		break;
	case NO_TIME:
		c->now = 0;
		break;
	case BEFORE_ALL_TIME:
		c->now = -1;
		break;
	}
}

static danepriv_decision
decide(const call *c, danepriv_channel channel)
{
	return danepriv_hooks_decide(
	    c->hooks, c->domain, c->server, DANEPRIV_PROVENANCE_SECURE, c->judged, channel, c->now);
}

/* A match, until something is spoilt. */
static void
call_open(call *c, danepriv_profile profile)
{
	memset(c, 0, sizeof *c);
	resolving_open(&c->r, profile);
	resolving_put(&c->r, SECURE, "ee", 3, 100, 0);
	peer_open(&c->shown, "ee");
	c->hooks = &c->r.hooks;
	c->domain = WWW;
	c->server = &c->r.server;
	c->credential = &c->shown.credential;
	c->judged = &c->r.judged;
	c->why.size = sizeof c->why;
	c->now = NOW;
	ck_assert_int_eq(resolving_verify(&c->r, "ee", 0, NULL), PROCEED);
}

static void
check_nothing_found(call *c)
{
	ck_assert_int_eq(decide(c, ENCRYPTED), REFUSE);
	ck_assert_int_eq(decide(c, DANEPRIV_CHANNEL_CLEAR), REFUSE);
	ck_assert_int_eq(c->why.finding, DANEPRIV_FINDING_UNJUDGED);
}

/* A failure takes away what was found before, and refuses in every way until the peer was judged
 * anew. */
static void
check_fault(const fault_row *row, danepriv_profile profile)
{
	call c;

	call_open(&c, profile);
	danepriv_cache *cache = c.r.cache;
	const danepriv_hooks hooks = c.r.hooks;
	const danepriv_credential credential = c.shown.credential;
	spoil(row->fault, &c);
	ck_assert_msg(decide(&c, ENCRYPTED) == (row->decides ? PROCEED : REFUSE), "decide, %d, %d",
	    row->fault, profile);
	c.why.finding = DANEPRIV_FINDING_UNJUDGED;
	ck_assert_msg(danepriv_hooks_judge(c.hooks, c.server, NULL, c.credential, c.now, c.judged,
			  &c.why) == row->judged,
	    "judge, %d", row->fault);
	if (row->judged != DANEPRIV_OK)
		check_nothing_found(&c);
	c.r.hooks = hooks;
	c.r.cache = cache;
	c.shown.credential = credential;
	c.r.server = cached_server;
	/* Also with all else in order again. */
	if (row->judged != DANEPRIV_OK && c.judged && c.judged->size == sizeof *c.judged)
		ck_assert_int_eq(resolving_decide(&c.r, ENCRYPTED, 0), REFUSE);
	c.r.judged.size = sizeof c.r.judged;
	ck_assert_int_eq(resolving_verify(&c.r, "ee", 0, NULL), PROCEED);
	peer_close(&c.shown);
	resolving_close(&c.r);
}

START_TEST(refused)
{
	check_fault(&faults[_i], STRICT);
	check_fault(&faults[_i], FREE);
}
END_TEST

/* What the question brings: none of it is known when a peer is judged. */
typedef struct question_row {
	const char *domain;
	danepriv_provenance provenance;
	danepriv_channel channel;
	danepriv_decision strict, free;
} question_row;

static const question_row questions[] = {
	{ WWW, DANEPRIV_PROVENANCE_SECURE, ENCRYPTED, PROCEED, PROCEED },
	{ WWW, DANEPRIV_PROVENANCE_UNPROVEN, ENCRYPTED, REFUSE, CARE },
	{ NULL, DANEPRIV_PROVENANCE_SECURE, ENCRYPTED, REFUSE, REFUSE },
	{ WWW, (danepriv_provenance)99, ENCRYPTED, REFUSE, REFUSE },
	{ WWW, (danepriv_provenance)ENCRYPTED, ENCRYPTED, REFUSE, REFUSE },
	{ WWW, DANEPRIV_PROVENANCE_SECURE, (danepriv_channel)99, REFUSE, REFUSE },
	{ WWW, DANEPRIV_PROVENANCE_SECURE, DANEPRIV_CHANNEL_NONE, REFUSE, REFUSE },
	{ WWW, DANEPRIV_PROVENANCE_SECURE, (danepriv_channel)DANEPRIV_CHANNELS_BOTH, REFUSE,
	    REFUSE },
};

START_TEST(asked)
{
	const question_row *row = &questions[_i];

	for (int is_free = 0; is_free < 2; is_free++) {
		call c;
		call_open(&c, is_free ? FREE : STRICT);
		ck_assert_int_eq(danepriv_hooks_decide(c.hooks, row->domain, c.server,
				     row->provenance, c.judged, row->channel, NOW),
		    is_free ? row->free : row->strict);
		peer_close(&c.shown);
		resolving_close(&c.r);
	}
}
END_TEST

/* What is no certificate at all is not the one that was published. */
START_TEST(garbage)
{
	static const uint8_t octets[] = { 0x30, 3, 2, 1, 1 };
	const danepriv_span item = { octets, sizeof octets };
	const danepriv_credential shown = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	resolving r;

	for (int is_free = 0; is_free < 2; is_free++) {
		danepriv_profile profile = is_free ? FREE : STRICT;
		resolving_open(&r, profile);
		resolving_put(&r, SECURE, "ee", 3, 100, 0);
		ck_assert_int_eq(danepriv_hooks_judge(
				     &r.hooks, &r.server, r.address, &shown, NOW, &r.judged, NULL),
		    DANEPRIV_OK);
		ck_assert_int_eq(
		    resolving_decide(&r, ENCRYPTED, 0), profile == STRICT ? REFUSE : CARE);
		ck_assert_int_eq(r.judged.finding, DANEPRIV_FINDING_MISMATCH);
		resolving_close(&r);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks_input");
	TCase *tc = tcase_create("hooks_input");

	tcase_add_loop_test(tc, by_rules, 0, ROWS(rules));
	tcase_add_loop_test(tc, says_why, 0, 3);
	tcase_add_loop_test(tc, refused, 0, ROWS(faults));
	tcase_add_loop_test(tc, asked, 0, ROWS(questions));
	tcase_add_test(tc, garbage);
	suite_add_tcase(suite, tc);
	return suite;
}
