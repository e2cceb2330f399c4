/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: do the rules count, is it said why, and what if somebody hands in what he should
 * not? */
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

START_TEST(by_rules)
{
	const rule_row *row = &rules[_i];
	test_peer shown;
	resolving r;

	resolving_open(&r, row->otherwise);
	if (row->domain)
		ck_assert_int_eq(
		    danepriv_rules_add(r.rules, row->kind, row->domain, row->profile), DANEPRIV_OK);
	peer_open(&shown, "ee");
	ck_assert_msg(danepriv_hooks_verify(&r.hooks, row->asked, &r.peer, &shown.credential,
			  NOW, NULL) == row->decision,
	    "%s", row->name);
	ck_assert_msg(
	    danepriv_hooks_decide(&r.hooks, row->asked, &r.peer, NOW) == row->decision, "%s",
	    row->name);
	/* Without rules all is strict. */
	r.hooks.rules = NULL;
	ck_assert_int_eq(danepriv_hooks_decide(&r.hooks, row->asked, &r.peer, NOW), REFUSE);
	peer_close(&shown);
	resolving_close(&r);
}
END_TEST

/* ---- the verdict ---- */

/* Two records, of which the second matches; an array for none, one, or both. */
START_TEST(says_why)
{
	danepriv_record_verdict each[2];
	danepriv_verdict why = { .size = sizeof why, .each = each, .each_room = (size_t)_i };
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
	ck_assert(r.peer.valid_until == INT64_MAX); /* whoever sees it */
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 100), PROCEED);
	danepriv_records_free(records);
	octets_free(right);
	peer_close(&ee);
	resolving_close(&r);
}
END_TEST

/* ---- what nobody should hand in ---- */

typedef enum fault {
	NO_RESOLVER,
	RESOLVER_SIZE,
	NO_CACHE,
	NO_CONTEXT,
	NO_NAME,
	NO_PEER,
	PEER_ZERO,
	PEER_SIZE,
	NO_SERVER,
	SERVER_NO_NAME,
	SERVER_ADDRESS,
	SERVER_TRANSPORT,
	NO_CREDENTIAL,
	CREDENTIAL_EMPTY,
	CREDENTIAL_TYPE,
	WHY_SIZE,
	PROVENANCE,
	FAULTS
} fault;

/* Spoils what would be a match.  False: only to be verified. */
static bool
spoil(fault f, resolving *r, danepriv_credential *shown, danepriv_verdict *why)
{
	switch (f) {
	case RESOLVER_SIZE:
		r->hooks.size--;
		break;
	case NO_CACHE:
		r->hooks.cache = NULL;
		break;
	case PEER_ZERO:
		memset(&r->peer, 0, sizeof r->peer);
		break;
	case PEER_SIZE:
		r->peer.size++;
		break;
	case NO_SERVER:
		r->peer.server.name = NULL;
		break;
	case SERVER_NO_NAME:
		r->peer.server.name = "a..b";
		break;
	case SERVER_ADDRESS:
		r->peer.server.name = "192.0.2.1";
		break;
	case SERVER_TRANSPORT:
		r->peer.server.transport = (danepriv_transport)99;
		break;
	case PROVENANCE:
		r->peer.provenance = (danepriv_provenance)99;
		break;
	case NO_CONTEXT:
		r->hooks.ctx = NULL;
		return false;
	case CREDENTIAL_EMPTY:
		shown->count = 0;
		return false;
	case CREDENTIAL_TYPE:
		shown->type = (danepriv_credential_type)99;
		return false;
	case WHY_SIZE:
		why->size--;
		return false;
	case NO_CREDENTIAL:
		return false;
	case NO_RESOLVER:
	case NO_NAME:
	case NO_PEER:
	case FAULTS:
		break;
	}
	return true;
}

START_TEST(refused)
{
	fault f = (fault)_i;

	for (int is_free = 0; is_free < 2; is_free++) {
		danepriv_profile profile = is_free ? FREE : STRICT;
		danepriv_verdict why = { .size = sizeof why, .finding = DANEPRIV_FINDING_MATCH };
		test_peer shown;
		resolving r;
		resolving_open(&r, profile);
		resolving_put(&r, SECURE, "ee", 3, 100, 0);
		ck_assert_int_eq(resolving_verify(&r, "ee", 0, NULL), PROCEED);
		peer_open(&shown, "ee");
		danepriv_credential credential = shown.credential;
		bool for_both = spoil(f, &r, &credential, &why);
		const danepriv_hooks *resolver = f == NO_RESOLVER ? NULL : &r.hooks;
		const char *name = f == NO_NAME ? NULL : WWW;
		danepriv_peer *peer = f == NO_PEER ? NULL : &r.peer;
		danepriv_decision decision = danepriv_hooks_decide(resolver, name, peer, NOW);
		ck_assert_msg(decision == (for_both ? REFUSE : PROCEED), "decide, %d", _i);
		decision = danepriv_hooks_verify(
		    resolver, name, peer, f == NO_CREDENTIAL ? NULL : &credential, NOW, &why);
		ck_assert_msg(decision == REFUSE, "verify, %d", _i);
		if (f != PROVENANCE)
			ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
		if (f != PROVENANCE && f != PEER_SIZE)
			ck_assert(r.peer.finding == DANEPRIV_FINDING_UNJUDGED || f == NO_PEER);
		/* A verification that failed takes away what was found before. */
		ck_assert(
		    r.peer.generation == 0 || f == NO_PEER || f == PEER_SIZE || f == PROVENANCE);
		peer_close(&shown);
		r.hooks.cache = r.cache;
		resolving_close(&r);
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
		ck_assert_int_eq(
		    danepriv_hooks_verify(&r.hooks, WWW, &r.peer, &shown, NOW, NULL),
		    profile == STRICT ? REFUSE : CARE);
		ck_assert_int_eq(r.peer.finding, DANEPRIV_FINDING_MISMATCH);
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
	tcase_add_loop_test(tc, refused, 0, FAULTS);
	tcase_add_test(tc, garbage);
	suite_add_tcase(suite, tc);
	return suite;
}
