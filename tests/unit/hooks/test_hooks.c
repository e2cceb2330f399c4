/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: does a connection that was judged go on being asked for as long as it may, and no
 * longer? */
#include "support/resolving.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/context.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/rules.h>
#include <danepriv/server.h>
#include <stdbool.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define REFUSE DANEPRIV_DECISION_REFUSE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define CARE DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
#define CLEARTEXT DANEPRIV_DECISION_PROCEED_CLEARTEXT
#define CLEAR DANEPRIV_CHANNEL_CLEAR
#define ENCRYPTED DANEPRIV_CHANNEL_ENCRYPTED
#define SIGNED_UP_TO_2024 4067200 /* seconds from NOW to the end of `sub-short` */

/* ---- what was found, and what follows ---- */

typedef struct cell_row {
	const char *name;
	danepriv_security security; /* NOTHING: nothing is known */
	const char *meant;
	uint8_t usage;
	const char *shown;
	danepriv_finding finding;
	danepriv_decision strict, free; /* over an encrypted channel, by a proven name */
} cell_row;

static const cell_row cells[] = {
	{ "match", SECURE, "ee", 3, "ee", DANEPRIV_FINDING_MATCH, PROCEED, PROCEED },
	{ "match, raw key", SECURE, "ee", 3, "raw:ee-key", DANEPRIV_FINDING_MATCH, PROCEED,
	    PROCEED },
	{ "match, authority", SECURE, "by-sub,sub,root", 2, "by-sub,sub,root",
	    DANEPRIV_FINDING_MATCH, PROCEED, PROCEED },
	{ "match, renewed", SECURE, "ee", 3, "ee-renewed", DANEPRIV_FINDING_MATCH, PROCEED,
	    PROCEED },
	{ "another", SECURE, "ee", 3, "other", DANEPRIV_FINDING_MISMATCH, REFUSE, CARE },
	{ "another, raw key", SECURE, "ee", 3, "raw:other-key", DANEPRIV_FINDING_MISMATCH, REFUSE,
	    CARE },
	{ "another in front", SECURE, "ee", 3, "other,ee", DANEPRIV_FINDING_MISMATCH, REFUSE,
	    CARE },
	{ "another authority", SECURE, "by-sub,sub,other-root", 2, "by-sub,sub,root",
	    DANEPRIV_FINDING_MISMATCH, REFUSE, CARE },
	{ "a root that nobody has", SECURE, "ee", 1, "ee", DANEPRIV_FINDING_UNUSABLE, REFUSE,
	    CARE },
	{ "unusable", SECURE, "ee", 4, "ee", DANEPRIV_FINDING_UNUSABLE, REFUSE, CARE },
	{ "denied", DENIED, NULL, 0, "ee", DANEPRIV_FINDING_ABSENT, REFUSE, CARE },
	{ "insecure", INSECURE, NULL, 0, "ee", DANEPRIV_FINDING_UNSIGNED, REFUSE, CARE },
	{ "bogus", BOGUS, NULL, 0, "ee", DANEPRIV_FINDING_BOGUS, REFUSE, CARE },
	{ "indeterminate", INDETERMINATE, NULL, 0, "ee", DANEPRIV_FINDING_INDETERMINATE, REFUSE,
	    CARE },
	{ "nothing known", NOTHING, NULL, 0, "ee", DANEPRIV_FINDING_UNJUDGED, REFUSE, CARE },
};

static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_UNPROVEN,
	DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL, DANEPRIV_PROVENANCE_CONFIGURED };

static danepriv_decision
wanted_of(const cell_row *row, danepriv_profile profile, danepriv_provenance provenance)
{
	danepriv_decision wanted = profile == STRICT ? row->strict : row->free;

	if (provenance != DANEPRIV_PROVENANCE_UNPROVEN)
		return wanted;
	if (profile == STRICT)
		return REFUSE;
	/* Somebody is authenticated, but nobody knows whose name that is. */
	return wanted == PROCEED ? CARE : wanted;
}

static void
check_cell(const cell_row *row, danepriv_profile profile, danepriv_provenance provenance)
{
	danepriv_decision wanted = wanted_of(row, profile, provenance);
	danepriv_verdict why = { .size = sizeof why, .finding = DANEPRIV_FINDING_MATCH };
	resolving r;

	resolving_open(&r, profile);
	r.provenance = provenance;
	if (row->security != NOTHING)
		resolving_put(&r, row->security, row->meant, row->usage, 100, 0);
	ck_assert_msg(resolving_verify(&r, row->shown, 0, &why) == wanted, "%s, %d, %d: verify",
	    row->name, profile, provenance);
	ck_assert_msg(why.finding == row->finding, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, why.finding));
	ck_assert_int_eq(why.security, row->security);
	ck_assert_int_eq(r.judged.finding, row->finding);
	if (row->finding != DANEPRIV_FINDING_MATCH)
		ck_assert(r.judged.valid_until == INT64_MIN);
	ck_assert((r.judged.generation == 0) ==
		  (danepriv_cache_generation(r.cache, &cached_server) == 0));
	ck_assert_msg(resolving_decide(&r, ENCRYPTED, 0) == wanted, "%s, %d, %d: decide", row->name,
	    profile, provenance);
	ck_assert_msg(resolving_decide(&r, CLEAR, 0) == (profile == STRICT ? REFUSE : CLEARTEXT),
	    "%s, %d: clear", row->name, profile);
	ck_assert_int_eq(resolving_decide(&r, DANEPRIV_CHANNEL_NONE, 0), REFUSE);
	ck_assert_int_eq(resolving_decide(&r, (danepriv_channel)3, 0), REFUSE);
	resolving_close(&r);
}

START_TEST(cell)
{
	for (int i = 0; i < ROWS(provenances); i++) {
		check_cell(&cells[_i], STRICT, provenances[i]);
		check_cell(&cells[_i], FREE, provenances[i]);
	}
}
END_TEST

/* ---- time ---- */

typedef struct time_row {
	const char *name, *meant, *shown;
	uint8_t usage;
	int valid_until, decided;
	danepriv_decision strict, free;
} time_row;

static const time_row times[] = {
	{ "at once", "ee", "ee", 3, 100, 0, PROCEED, PROCEED },
	{ "the last second", "ee", "ee", 3, 100, 100, PROCEED, PROCEED },
	{ "over", "ee", "ee", 3, 100, 101, REFUSE, CARE },
	{ "long over", "ee", "ee", 3, 100, 1000000000, REFUSE, CARE },
	{ "set back", "ee", "ee", 3, 100, -100, PROCEED, PROCEED },
	{ "set back too far", "ee", "ee", 3, 100, -101, REFUSE, CARE },
	{ "no time at all", "ee", "ee", 3, 0, 0, PROCEED, PROCEED },
	{ "no time left", "ee", "ee", 3, 0, 1, REFUSE, CARE },
	{ "a certificate's last second", "by-sub,sub,root", "by-sub,sub-short,root", 2,
	    SIGNED_UP_TO_2024 + 100, SIGNED_UP_TO_2024, PROCEED, PROCEED },
	{ "a certificate is over", "by-sub,sub,root", "by-sub,sub-short,root", 2,
	    SIGNED_UP_TO_2024 + 100, SIGNED_UP_TO_2024 + 1, REFUSE, CARE },
	{ "the certificates hold longer", "by-sub,sub,root", "by-sub,sub,root", 2, 100, 100,
	    PROCEED, PROCEED },
	{ "the certificates would hold longer", "by-sub,sub,root", "by-sub,sub,root", 2, 100, 101,
	    REFUSE, CARE },
	{ "nobody asks how long", "expired", "expired", 3, 100, 100, PROCEED, PROCEED },
};

START_TEST(in_time)
{
	const time_row *row = &times[_i];

	for (int is_free = 0; is_free < 2; is_free++) {
		danepriv_profile profile = is_free ? FREE : STRICT;
		resolving r;
		resolving_open(&r, profile);
		resolving_put(&r, SECURE, row->meant, row->usage, row->valid_until, 0);
		ck_assert_int_eq(resolving_verify(&r, row->shown, 0, NULL), PROCEED);
		ck_assert_msg(resolving_decide(&r, ENCRYPTED, row->decided) ==
				  (profile == STRICT ? row->strict : row->free),
		    "%s, %d", row->name, profile);
		resolving_close(&r);
	}
}
END_TEST

/* ---- keys are rolled, withdrawn, looked up again ---- */

typedef struct put_row {
	danepriv_security security; /* NOTHING: no put */
	const char *meant;
	int valid_until, at;
} put_row;

typedef struct roll_row {
	const char *name;
	put_row puts[2]; /* after `ee` was put and verified, with a hundred seconds */
	int decided;
	danepriv_decision strict, free;
	const char *shown; /* then, to be verified anew */
	danepriv_decision anew;
} roll_row;

static const roll_row rolls[] = {
	{ "the same again", { { SECURE, "ee", 200, 50 } }, 150, PROCEED, PROCEED, "ee", PROCEED },
	{ "the same, but over", { { SECURE, "ee", 200, 50 } }, 201, REFUSE, CARE, "ee", REFUSE },
	{ "the same, later", { { SECURE, "ee", 300, 150 } }, 250, PROCEED, PROCEED, "ee", PROCEED },
	{ "other keys", { { SECURE, "other", 200, 50 } }, 60, REFUSE, CARE, "ee", REFUSE },
	{ "other keys, shown", { { SECURE, "other", 200, 50 } }, 60, REFUSE, CARE, "other",
	    PROCEED },
	{ "there and back", { { SECURE, "other", 200, 50 }, { SECURE, "ee", 200, 51 } }, 60, REFUSE,
	    CARE, "ee", PROCEED },
	{ "withdrawn", { { DENIED, NULL, 200, 50 } }, 60, REFUSE, CARE, "ee", REFUSE },
	{ "not signed any more", { { INSECURE, NULL, 200, 50 } }, 60, REFUSE, CARE, "ee", REFUSE },
	{ "withdrawn and back", { { DENIED, NULL, 200, 50 }, { SECURE, "ee", 200, 51 } }, 60,
	    REFUSE, CARE, "ee", PROCEED },
	/* Nobody suppresses what holds; and what failed later is no evidence of a key. */
	{ "bogus meanwhile", { { BOGUS, NULL, 200, 50 } }, 60, PROCEED, PROCEED, "ee", PROCEED },
	{ "indeterminate meanwhile", { { INDETERMINATE, NULL, 200, 50 } }, 60, PROCEED, PROCEED,
	    "ee", PROCEED },
	{ "bogus when it is over", { { BOGUS, NULL, 200, 110 } }, 120, REFUSE, CARE, "ee", REFUSE },
	{ "indeterminate when it is over", { { INDETERMINATE, NULL, 200, 110 } }, 120, REFUSE, CARE,
	    "ee", REFUSE },
	{ "bogus, and the same again", { { BOGUS, NULL, 200, 110 }, { SECURE, "ee", 300, 115 } },
	    120, PROCEED, PROCEED, "ee", PROCEED },
};

START_TEST(rolled)
{
	const roll_row *row = &rolls[_i];

	for (int is_free = 0; is_free < 2; is_free++) {
		danepriv_profile profile = is_free ? FREE : STRICT;
		resolving r;
		resolving_open(&r, profile);
		resolving_put(&r, SECURE, "ee", 3, 100, 0);
		ck_assert_int_eq(resolving_verify(&r, "ee", 0, NULL), PROCEED);
		for (int i = 0; i < 2; i++) {
			const put_row *put = &row->puts[i];
			if (put->security != NOTHING)
				resolving_put(
				    &r, put->security, put->meant, 3, put->valid_until, put->at);
		}
		ck_assert_msg(resolving_decide(&r, ENCRYPTED, row->decided) ==
				  (profile == STRICT ? row->strict : row->free),
		    "%s, %d", row->name, profile);
		danepriv_decision anew = row->anew == REFUSE && profile == FREE ? CARE : row->anew;
		ck_assert_msg(resolving_verify(&r, row->shown, row->decided, NULL) == anew,
		    "%s, %d: anew", row->name, profile);
		ck_assert_msg(resolving_decide(&r, ENCRYPTED, row->decided) == anew,
		    "%s, %d: anew, decided", row->name, profile);
		resolving_close(&r);
	}
}
END_TEST

/* A session that is resumed is judged by what holds then, and brings nothing of its own: neither
 * what its peer carries, nor what somebody writes there. */
START_TEST(resumed)
{
	resolving r;

	resolving_open(&r, STRICT);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	ck_assert_int_eq(resolving_verify(&r, "ee", 0, NULL), PROCEED);
	danepriv_judged ticket = r.judged;
	resolving_put(&r, SECURE, "other", 3, 100, 10);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 10), REFUSE);
	/* The connection that was made anew is another one. */
	ck_assert_int_eq(resolving_verify(&r, "other", 10, NULL), PROCEED);
	r.judged = ticket;
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 10), REFUSE);
	ck_assert_int_eq(resolving_verify(&r, "ee", 10, NULL), REFUSE);
	ck_assert_int_eq(r.judged.finding, DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 10), REFUSE);
	r.judged.finding = DANEPRIV_FINDING_MATCH;
	r.judged.generation = 0;
	r.judged.valid_until = INT64_MAX;
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 10), REFUSE);
	resolving_close(&r);
}
END_TEST

/* ---- whose judgement is it? ---- */

/* What is decided about with a judgement of cached_server's. */
typedef struct other_row {
	const char *name;
	danepriv_server server;
	bool is_other_cache; /* where the same was put, in the same order */
	danepriv_decision strict, free, after_downgrade;
} other_row;

#define DOT DANEPRIV_TRANSPORT_DOT
#define FOLLOW DANEPRIV_ALIASES_FOLLOW

static const other_row others[] = {
	{ "the same", { "ns1.example.net", 0, DOT, 0, NULL }, false, PROCEED, PROCEED, REFUSE },
	{ "in other letters", { "NS1.example.NET.", 853, DOT, 0, NULL }, false, PROCEED, PROCEED,
	    REFUSE },
	{ "for who follows aliases", { "ns1.example.net", 0, DOT, FOLLOW, NULL }, false, PROCEED,
	    PROCEED, REFUSE },
	{ "another name", { "ns2.example.net", 0, DOT, 0, NULL }, false, REFUSE, CARE, CARE },
	{ "another port", { "ns1.example.net", 8853, DOT, 0, NULL }, false, REFUSE, CARE, CARE },
	{ "another transport", { "ns1.example.net", 853, DANEPRIV_TRANSPORT_DOH, 0, NULL }, false,
	    REFUSE, CARE, CARE },
	{ "another cache", { "ns1.example.net", 0, DOT, 0, NULL }, true, REFUSE, CARE, CARE },
	{ "another name in another cache", { "ns2.example.net", 0, DOT, 0, NULL }, true, REFUSE,
	    CARE, CARE },
};

/* The second cache has the same generations: each counts from 1. */
static void
check_other(const other_row *row, danepriv_profile profile)
{
	resolving r, second;

	resolving_open(&r, profile);
	resolving_open(&second, profile);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	resolving_put(&second, SECURE, "ee", 3, 100, 0);
	ck_assert_uint_eq(danepriv_cache_generation(r.cache, &cached_server),
	    danepriv_cache_generation(second.cache, &cached_server));
	ck_assert_int_eq(resolving_verify(&r, "ee", 0, NULL), PROCEED);
	resolving *asked = row->is_other_cache ? &second : &r;
	asked->judged = r.judged;
	asked->server = row->server;
	ck_assert_msg(
	    resolving_decide(asked, ENCRYPTED, 0) == (profile == STRICT ? row->strict : row->free),
	    "%s, %d", row->name, profile);
	asked->judged.finding = DANEPRIV_FINDING_DOWNGRADE;
	ck_assert_msg(resolving_decide(asked, ENCRYPTED, 0) ==
			  (profile == STRICT ? REFUSE : row->after_downgrade),
	    "%s, %d: downgrade", row->name, profile);
	danepriv_cache_free(second.cache);
	danepriv_rules_free(second.rules);
	danepriv_close(second.ctx);
	resolving_close(&r);
}

START_TEST(another_server)
{
	check_other(&others[_i], STRICT);
	check_other(&others[_i], FREE);
}
END_TEST

/* What the peer has shown may hold longer than the records that it was judged by, which are put
 * again in time. */
START_TEST(records_are_renewed)
{
	resolving r;

	resolving_open(&r, STRICT);
	resolving_put(&r, SECURE, "by-sub,sub,root", 2, 100, 0);
	ck_assert_int_eq(resolving_verify(&r, "by-sub,sub-short,root", 0, NULL), PROCEED);
	ck_assert_int_eq(r.judged.valid_until, NOW + SIGNED_UP_TO_2024);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 101), REFUSE);
	resolving_put(&r, SECURE, "by-sub,sub,root", 2, SIGNED_UP_TO_2024 + 100, 50);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 101), PROCEED);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, SIGNED_UP_TO_2024), PROCEED);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, SIGNED_UP_TO_2024 + 1), REFUSE);
	resolving_close(&r);
}
END_TEST

/* ---- pins ---- */

typedef struct pin_row {
	const char *name;
	put_row put; /* after `ee` was put with a hundred seconds, and pinned for an hour */
	int now;
	danepriv_finding finding;
	danepriv_decision strict, free, clear; /* clear: for the opportunistic one */
} pin_row;

static const pin_row pins[] = {
	{ "proven", { NOTHING, NULL, 0, 0 }, 50, DANEPRIV_FINDING_MATCH, PROCEED, PROCEED,
	    CLEARTEXT },
	{ "over", { NOTHING, NULL, 0, 0 }, 101, DANEPRIV_FINDING_DOWNGRADE, REFUSE, REFUSE,
	    CLEARTEXT },
	{ "over, the pin's end", { NOTHING, NULL, 0, 0 }, 3580, DANEPRIV_FINDING_DOWNGRADE, REFUSE,
	    REFUSE, CLEARTEXT },
	{ "over, and the pin", { NOTHING, NULL, 0, 0 }, 3601, DANEPRIV_FINDING_UNJUDGED, REFUSE,
	    CARE, CLEARTEXT },
	{ "bogus", { BOGUS, NULL, 300, 110 }, 120, DANEPRIV_FINDING_DOWNGRADE, REFUSE, REFUSE,
	    CLEARTEXT },
	{ "indeterminate", { INDETERMINATE, NULL, 300, 110 }, 120, DANEPRIV_FINDING_DOWNGRADE,
	    REFUSE, REFUSE, CLEARTEXT },
	{ "denied", { DENIED, NULL, 300, 110 }, 120, DANEPRIV_FINDING_ABSENT, REFUSE, CARE,
	    CLEARTEXT },
	{ "insecure", { INSECURE, NULL, 300, 110 }, 120, DANEPRIV_FINDING_UNSIGNED, REFUSE, CARE,
	    CLEARTEXT },
	{ "the same again", { SECURE, "ee", 300, 110 }, 120, DANEPRIV_FINDING_MATCH, PROCEED,
	    PROCEED, CLEARTEXT },
	{ "other keys", { SECURE, "other", 300, 110 }, 120, DANEPRIV_FINDING_MISMATCH, REFUSE, CARE,
	    CLEARTEXT },
};

START_TEST(pinned)
{
	const pin_row *row = &pins[_i];

	for (int is_free = 0; is_free < 2; is_free++) {
		danepriv_profile profile = is_free ? FREE : STRICT;
		danepriv_verdict why = { .size = sizeof why };
		resolving r;
		resolving_open(&r, profile);
		resolving_put(&r, SECURE, "ee", 3, 100, 0);
		ck_assert_int_eq(danepriv_cache_pin(r.cache, &cached_server, 1, NOW), DANEPRIV_OK);
		if (row->put.security != NOTHING)
			resolving_put(&r, row->put.security, row->put.meant, 3,
			    row->put.valid_until, row->put.at);
		danepriv_decision wanted = profile == STRICT ? row->strict : row->free;
		/* Before it is verified the pin counts as well. */
		danepriv_decision before = wanted == PROCEED ? CARE : wanted;
		ck_assert_msg(resolving_decide(&r, ENCRYPTED, row->now) ==
				  (profile == STRICT ? REFUSE : before),
		    "%s: before", row->name);
		ck_assert_msg(resolving_verify(&r, "ee", row->now, &why) == wanted, "%s, %d",
		    row->name, profile);
		ck_assert_msg(why.finding == row->finding && r.judged.finding == row->finding,
		    "%s: %s", row->name, danepriv_sentence(DANEPRIV_KIND_FINDING, why.finding));
		ck_assert_int_eq(why.attack, row->finding == DANEPRIV_FINDING_DOWNGRADE ||
						 row->finding == DANEPRIV_FINDING_MISMATCH);
		ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, row->now), wanted);
		ck_assert_int_eq(
		    resolving_decide(&r, CLEAR, row->now), profile == STRICT ? REFUSE : row->clear);
		resolving_close(&r);
	}
}
END_TEST

/* A downgrade stays one until the peer was verified anew, whatever becomes known. */
START_TEST(downgrade_stays)
{
	resolving r;

	resolving_open(&r, FREE);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	ck_assert_int_eq(danepriv_cache_pin(r.cache, &cached_server, 1, NOW), DANEPRIV_OK);
	ck_assert_int_eq(resolving_verify(&r, "ee", 101, NULL), REFUSE);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 4000), REFUSE); /* the pin is over */
	resolving_put(&r, SECURE, "ee", 3, 300, 110);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 120), REFUSE);
	ck_assert_int_eq(resolving_verify(&r, "ee", 120, NULL), PROCEED);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 120), PROCEED);
	/* Nor do other keys make it less. */
	ck_assert_int_eq(resolving_verify(&r, "ee", 301, NULL), REFUSE);
	resolving_put(&r, SECURE, "other", 3, 500, 302);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 303), REFUSE);
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 4000), REFUSE);
	resolving_put(&r, SECURE, "ee", 3, 600, 304);
	ck_assert_int_eq(resolving_verify(&r, "ee", 305, NULL), PROCEED);
	/* And a match is none once nothing is proven any more. */
	ck_assert_int_eq(resolving_decide(&r, ENCRYPTED, 601), REFUSE);
	ck_assert_int_eq(resolving_decide(&r, CLEAR, 601), CLEARTEXT); /* no chain is missing */
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks");
	TCase *tc = tcase_create("hooks");

	tcase_add_loop_test(tc, cell, 0, ROWS(cells));
	tcase_add_loop_test(tc, in_time, 0, ROWS(times));
	tcase_add_loop_test(tc, rolled, 0, ROWS(rolls));
	tcase_add_test(tc, resumed);
	tcase_add_loop_test(tc, another_server, 0, ROWS(others));
	tcase_add_test(tc, records_are_renewed);
	tcase_add_loop_test(tc, pinned, 0, ROWS(pins));
	tcase_add_test(tc, downgrade_stays);
	suite_add_tcase(suite, tc);
	return suite;
}
