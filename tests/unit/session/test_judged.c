/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv_session_get_judged: does what a session has found serve the hooks, and only what may be
 * kept? */
#include "dane/records.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <stdbool.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define REFUSE DANEPRIV_DECISION_REFUSE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define CARE DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
#define CLEAR DANEPRIV_CHANNEL_CLEAR
#define ENCRYPTED DANEPRIV_CHANNEL_ENCRYPTED
#define SIGNED_UP_TO_2024 4067200 /* seconds from NOW to the end of `sub-short` */

/* Where the session's evidence is from, and what becomes of it. */
typedef enum way {
	RECALLED,	     /* from the cache */
	GIVEN,		     /* not from there */
	REMEMBERED,	     /* put there after the decision */
	OVER,		     /* of use for this connection alone; put there after the decision */
	OVER_AND_UNKNOWN,    /* the same, where nothing was known */
	UNDECIDED,	     /* from the cache; nothing is decided */
	SHOWN_AFTERWARDS,    /* from the cache; another credential comes after the decision */
	ASKED_FOR_ELSEWHERE, /* from the cache; another one is asked */
	ROLLED_AFTERWARDS,   /* from the cache, which then expects other keys */
	PINNED		     /* from the cache, where a pin holds */
} way;

typedef struct judged_row {
	const char *name;
	way way;
	danepriv_security security;
	uint8_t usage;
	const char *meant, *shown;
	danepriv_channel channel;
	danepriv_status status;
	danepriv_finding finding;
	danepriv_time valid_until;
	danepriv_decision strict, free; /* of the hooks, by that */
} judged_row;

#define NEVER INT64_MIN
#define NOT_FOUND DANEPRIV_ENOTFOUND
#define F(name) DANEPRIV_FINDING_##name

static const judged_row rows[] = {
	{ "match", RECALLED, SECURE, 3, "ee", "ee", ENCRYPTED, 0, F(MATCH), INT64_MAX, PROCEED,
	    PROCEED },
	{ "raw key", RECALLED, SECURE, 3, "ee", "raw:ee-key", ENCRYPTED, 0, F(MATCH), INT64_MAX,
	    PROCEED, PROCEED },
	{ "authority", RECALLED, SECURE, 2, "by-sub,sub,root", "by-sub,sub-short,root", ENCRYPTED,
	    0, F(MATCH), NOW + SIGNED_UP_TO_2024, PROCEED, PROCEED },
	{ "remembered", REMEMBERED, SECURE, 3, "ee", "ee", ENCRYPTED, 0, F(MATCH), INT64_MAX,
	    PROCEED, PROCEED },
	{ "over, beside what holds", OVER, SECURE, 3, "ee", "ee", ENCRYPTED, NOT_FOUND, F(UNJUDGED),
	    NEVER, REFUSE, CARE },
	{ "over, beside another key", OVER, SECURE, 3, "other", "ee", ENCRYPTED, NOT_FOUND,
	    F(UNJUDGED), NEVER, REFUSE, CARE },
	{ "over, beside nothing", OVER_AND_UNKNOWN, SECURE, 3, "ee", "ee", ENCRYPTED, 0, F(MATCH),
	    INT64_MAX, REFUSE, CARE },
	{ "another key", RECALLED, SECURE, 3, "ee", "other", ENCRYPTED, 0, F(MISMATCH), NEVER,
	    REFUSE, CARE },
	{ "denied", RECALLED, DENIED, 0, NULL, "ee", ENCRYPTED, 0, F(ABSENT), NEVER, REFUSE, CARE },
	{ "bogus", RECALLED, BOGUS, 0, NULL, "ee", ENCRYPTED, 0, F(BOGUS), NEVER, REFUSE, CARE },
	{ "downgrade", PINNED, BOGUS, 0, NULL, "ee", ENCRYPTED, 0, F(DOWNGRADE), NEVER, REFUSE,
	    REFUSE },
	{ "rolled", ROLLED_AFTERWARDS, SECURE, 3, "ee", "ee", ENCRYPTED, 0, F(MATCH), INT64_MAX,
	    REFUSE, CARE },
	{ "given", GIVEN, SECURE, 3, "ee", "ee", ENCRYPTED, NOT_FOUND, F(UNJUDGED), NEVER, REFUSE,
	    CARE },
	{ "in clear", RECALLED, SECURE, 3, "ee", "ee", CLEAR, NOT_FOUND, F(UNJUDGED), NEVER, REFUSE,
	    CARE },
	{ "nothing shown", RECALLED, SECURE, 3, "ee", NULL, ENCRYPTED, NOT_FOUND, F(UNJUDGED),
	    NEVER, REFUSE, CARE },
	{ "undecided", UNDECIDED, SECURE, 3, "ee", "ee", ENCRYPTED, NOT_FOUND, F(UNJUDGED), NEVER,
	    REFUSE, CARE },
	{ "shown afterwards", SHOWN_AFTERWARDS, SECURE, 3, "ee", "ee", ENCRYPTED, NOT_FOUND,
	    F(UNJUDGED), NEVER, REFUSE, CARE },
	{ "another cache", ASKED_FOR_ELSEWHERE, SECURE, 3, "ee", "ee", ENCRYPTED, NOT_FOUND,
	    F(UNJUDGED), NEVER, REFUSE, CARE },
};

static void
show(danepriv_session *session, const char *shown)
{
	test_peer peer;

	if (!shown)
		return;
	peer_open(&peer, shown);
	ck_assert_int_eq(danepriv_session_give_credential(session, &peer.credential), DANEPRIV_OK);
	peer_close(&peer);
}

/* That the key of `ee` was published up to a second ago, as a chain that holds for longer has shown
 * in this connection. */
static danepriv_records *
over_already(void)
{
	const dp_proven proven = { SECURE, DANEPRIV_REASON_NONE, { 0 }, NOW - 1, NOW + 1000 };
	danepriv_records *records;
	dp_server server;
	test_peer peer;

	peer_open(&peer, "ee");
	test_octets rdata = rdata_of_peer(&peer, 3, 1, 1);
	const danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(dp_server_read(&cached_server, &server), DANEPRIV_OK);
	ck_assert_int_eq(
	    dp_records_new(&server, dp_name_of(&server.name), proven, &span, 1, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	peer_close(&peer);
	return records;
}

/* Takes the reference. */
static void
give_fetched(danepriv_session *session, danepriv_records *records)
{
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

static danepriv_session *
session_with_evidence(resolving *r, const judged_row *row)
{
	bool comes_from_outside = row->way == GIVEN || row->way == REMEMBERED;
	danepriv_records *records;
	danepriv_session *session;

	ck_assert_int_eq(
	    danepriv_session_new(r->ctx, &cached_server, STRICT, &session), DANEPRIV_OK);
	if (row->way != OVER_AND_UNKNOWN)
		resolving_put(r, row->security, row->meant, row->usage, SIGNED_UP_TO_2024 + 100, 0);
	if (row->way == OVER || row->way == OVER_AND_UNKNOWN) {
		give_fetched(session, over_already());
		return session;
	}
	if (row->way == PINNED)
		ck_assert_int_eq(danepriv_cache_pin(r->cache, &cached_server, 1, NOW), DANEPRIV_OK);
	if (!comes_from_outside) {
		ck_assert_int_eq(danepriv_session_recall(session, r->cache, NOW), DANEPRIV_OK);
		return session;
	}
	ck_assert_int_eq(danepriv_cache_get(r->cache, &cached_server, NOW, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
	return session;
}

/* What happens once it was decided. */
static void
go_on(resolving *r, danepriv_session *session, way w)
{
	if (w == REMEMBERED || w == OVER || w == OVER_AND_UNKNOWN)
		ck_assert_int_eq(danepriv_session_remember(session, r->cache, NOW), DANEPRIV_OK);
	if (w == SHOWN_AFTERWARDS)
		show(session, "other");
	if (w == ROLLED_AFTERWARDS)
		resolving_put(r, SECURE, "other", 3, 100, 1);
}

static void
check_row(const judged_row *row, danepriv_profile profile)
{
	danepriv_judged got = { .size = sizeof got, .finding = DANEPRIV_FINDING_MATCH };
	danepriv_cache *elsewhere = cached_open();
	resolving r;

	resolving_open(&r, profile);
	danepriv_session *session = session_with_evidence(&r, row);
	show(session, row->shown);
	if (row->way != UNDECIDED)
		(void)!danepriv_session_decide(
		    session, DANEPRIV_PROVENANCE_UNPROVEN, row->channel, NOW, NULL);
	go_on(&r, session, row->way);
	ck_assert_msg(
	    danepriv_session_get_judged(session,
		row->way == ASKED_FOR_ELSEWHERE ? elsewhere : r.cache, &got) == row->status,
	    "%s", row->name);
	ck_assert_msg(got.finding == row->finding, "%s: finding", row->name);
	ck_assert_msg(got.valid_until == row->valid_until, "%s: valid_until", row->name);
	r.judged = got;
	ck_assert_msg(
	    resolving_decide(&r, ENCRYPTED, 2) == (profile == STRICT ? row->strict : row->free),
	    "%s, %d: decision", row->name, profile);
	danepriv_session_free(session);
	danepriv_cache_free(elsewhere);
	resolving_close(&r);
}

START_TEST(judged)
{
	check_row(&rows[_i], STRICT);
	check_row(&rows[_i], FREE);
}
END_TEST

/* The two ways to a judgement come to the same. */
START_TEST(as_by_hooks)
{
	danepriv_judged got = { .size = sizeof got };
	resolving r;

	resolving_open(&r, STRICT);
	danepriv_session *session = session_with_evidence(&r, &rows[_i]);
	show(session, rows[_i].shown);
	(void)!danepriv_session_decide(session, DANEPRIV_PROVENANCE_UNPROVEN, ENCRYPTED, NOW, NULL);
	ck_assert_int_eq(danepriv_session_get_judged(session, r.cache, &got), DANEPRIV_OK);
	ck_assert_int_eq(resolving_judge(&r, rows[_i].shown, 0, NULL), DANEPRIV_OK);
	ck_assert_uint_eq(got.place, r.judged.place);
	ck_assert_uint_eq(got.generation, r.judged.generation);
	ck_assert_int_eq(got.finding, r.judged.finding);
	ck_assert_int_eq(got.valid_until, r.judged.valid_until);
	danepriv_session_free(session);
	resolving_close(&r);
}
END_TEST

START_TEST(arguments)
{
	danepriv_judged got = { .size = sizeof got, .place = 7 }, small = { .size = 8 };
	danepriv_session *session;
	resolving r;

	resolving_open(&r, STRICT);
	session = session_with_evidence(&r, &rows[0]);
	ck_assert_int_eq(danepriv_session_get_judged(NULL, r.cache, &got), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_get_judged(session, NULL, &got), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_get_judged(session, r.cache, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_get_judged(session, r.cache, &small), DANEPRIV_EINVAL);
	ck_assert_uint_eq(small.place, 0);
	danepriv_session_free(session);
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("judged");
	TCase *tc = tcase_create("judged");

	tcase_add_loop_test(tc, judged, 0, ROWS(rows));
	tcase_add_loop_test(tc, as_by_hooks, 0, 3);
	tcase_add_test(tc, arguments);
	suite_add_tcase(suite, tc);
	return suite;
}
