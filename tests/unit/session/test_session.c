/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session/session: may questions go over this connection? */
#include "dane/records.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>

#define UNTIL 1000  /* of the records, for reuse */
#define EXPIRY 2000 /* of their signatures */
#define NAME "ns1.example.net"

static const danepriv_server server = { NAME, 0, DANEPRIV_TRANSPORT_DOT, DANEPRIV_ALIASES_FOLLOW };
static danepriv *ctx;
static test_peer good, bad, malformed;
static uint8_t not_der[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };

static void
open_all(void)
{
	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
	peer_open(&good, "ee,ca");
	peer_open(&bad, "other,ee");
	malformed.items[0] = (danepriv_span){ not_der, sizeof not_der };
	malformed.credential =
	    (danepriv_credential){ DANEPRIV_CREDENTIAL_X509, malformed.items, 1 };
}

static void
close_all(void)
{
	dp_fail_allocation_at(-1);
	peer_close(&good);
	peer_close(&bad);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* Records for `owner` that mean the good peer, under another base if there is one. */
static danepriv_records *
records_of(const danepriv_server *owner, const char *base, danepriv_security security)
{
	dp_proven proven = { security, DANEPRIV_REASON_NONE, { 0 }, UNTIL, EXPIRY };
	dp_server read;
	dp_name_store base_name;
	danepriv_records *records;

	test_octets rdata = rdata_of_peer(&good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(dp_server_read(owner, &read), DANEPRIV_OK);
	ck_assert_int_eq(dp_name_from_text(base ? base : owner->name, &base_name), DANEPRIV_OK);
	danepriv_status status =
	    dp_records_new(&read, dp_name_of(&base_name), proven, &span, 1, &records);
	octets_free(rdata);
	return status == DANEPRIV_OK ? records : NULL;
}

/* NULL: the letter stands for no credential. */
static const danepriv_credential *
credential_of(char letter)
{
	static const danepriv_credential empty = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };

	switch (letter) {
	case 'g':
		return &good.credential;
	case 'b':
		return &bad.credential;
	case 'm':
		return &malformed.credential;
	case 'c':
		return &empty;
	}
	return NULL;
}

/* What is given, in order: r records, f fetched records, g good, b bad and m malformed credential,
 * c a credential that is empty, and so refused. */
static void
give(danepriv_session *session, const char *order, danepriv_security security)
{
	for (; *order; order++) {
		const danepriv_credential *credential = credential_of(*order);
		danepriv_records *records = NULL;
		if (*order == 'r' || *order == 'f')
			records = records_of(&server, NULL, security);
		if (*order == 'r' && records)
			ck_assert_int_eq(danepriv_session_give_records(session, records), 0);
		if (*order == 'f' && records)
			ck_assert_int_eq(
			    danepriv_session_give_fetched_records(session, records), 0);
		danepriv_records_free(records);
		if (credential)
			(void)danepriv_session_give_credential(session, credential);
	}
}

typedef struct order_row {
	const char *name, *order;
	danepriv_security security;
	danepriv_channel channel;
	danepriv_time now;
	danepriv_finding finding;
	danepriv_decision strict, opportunistic;
} order_row;

#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define OVER DANEPRIV_CHANNEL_ENCRYPTED
#define NO DANEPRIV_DECISION_REFUSE
#define YES DANEPRIV_DECISION_PROCEED
#define UNKNOWN DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
#define CLEARTEXT DANEPRIV_DECISION_PROCEED_CLEARTEXT
#define UNJUDGED DANEPRIV_FINDING_UNJUDGED
#define AT 1 /* the first second there is */

static const order_row orders[] = {
	/* authenticated */
	{ "records first", "rg", SECURE, OVER, AT, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "credential first", "gr", SECURE, OVER, AT, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "last second of reuse", "rg", SECURE, OVER, UNTIL, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "fetched: past the TTL", "fg", SECURE, OVER, UNTIL + 1, DANEPRIV_FINDING_MATCH, YES,
	    YES },
	{ "fetched: last second", "gf", SECURE, OVER, EXPIRY, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "good after bad credential", "rbg", SECURE, OVER, AT, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "records twice", "rrg", SECURE, OVER, AT, DANEPRIV_FINDING_MATCH, YES, YES },
	{ "fetched after remembered", "rgf", SECURE, OVER, UNTIL + 1, DANEPRIV_FINDING_MATCH, YES,
	    YES },
	/* not */
	{ "nothing", "", SECURE, OVER, AT, UNJUDGED, NO, NO },
	{ "nothing, in clear", "", SECURE, DANEPRIV_CHANNEL_CLEAR, AT, UNJUDGED, NO, NO },
	{ "records alone", "r", SECURE, OVER, AT, UNJUDGED, NO, NO },
	{ "denial alone", "r", DENIED, OVER, AT, UNJUDGED, NO, NO },
	{ "credential alone", "g", SECURE, OVER, AT, UNJUDGED, NO, NO },
	{ "credential alone, in clear", "g", SECURE, DANEPRIV_CHANNEL_CLEAR, AT, UNJUDGED, NO, NO },
	{ "no channel", "rg", SECURE, DANEPRIV_CHANNEL_NONE, AT, DANEPRIV_FINDING_MATCH, NO, NO },
	{ "channel after the last", "rg", SECURE, (danepriv_channel)3, AT, DANEPRIV_FINDING_MATCH,
	    NO, NO },
	{ "past reuse", "rg", SECURE, OVER, UNTIL + 1, UNJUDGED, NO, NO },
	{ "past reuse, in clear", "r", SECURE, DANEPRIV_CHANNEL_CLEAR, UNTIL + 1, UNJUDGED, NO,
	    NO },
	{ "past the signatures", "fg", SECURE, OVER, EXPIRY + 1, UNJUDGED, NO, NO },
	{ "remembered after fetched", "fgr", SECURE, OVER, UNTIL + 1, UNJUDGED, NO, NO },
	{ "credential refused", "rc", SECURE, OVER, AT, UNJUDGED, NO, NO },
	{ "credential refused after a good one", "rgc", SECURE, OVER, AT, UNJUDGED, NO, NO },
	{ "malformed credential", "rm", SECURE, OVER, AT, DANEPRIV_FINDING_MISMATCH, NO, UNKNOWN },
	{ "malformed after a good one", "rgm", SECURE, OVER, AT, DANEPRIV_FINDING_MISMATCH, NO,
	    UNKNOWN },
	{ "impostor", "rb", SECURE, OVER, AT, DANEPRIV_FINDING_MISMATCH, NO, UNKNOWN },
	{ "impostor, other order", "br", SECURE, OVER, AT, DANEPRIV_FINDING_MISMATCH, NO, UNKNOWN },
	{ "impostor after the true server", "rgb", SECURE, OVER, AT, DANEPRIV_FINDING_MISMATCH, NO,
	    UNKNOWN },
	{ "no TLS where keys are published", "r", SECURE, DANEPRIV_CHANNEL_CLEAR, AT,
	    DANEPRIV_FINDING_INDETERMINATE, NO, CLEARTEXT },
	{ "a credential does not count in clear", "rg", SECURE, DANEPRIV_CHANNEL_CLEAR, AT,
	    DANEPRIV_FINDING_INDETERMINATE, NO, CLEARTEXT },
	{ "absent", "rg", DENIED, OVER, AT, DANEPRIV_FINDING_ABSENT, NO, UNKNOWN },
	{ "absent, in clear", "r", DENIED, DANEPRIV_CHANNEL_CLEAR, AT, DANEPRIV_FINDING_ABSENT, NO,
	    CLEARTEXT },
	{ "insecure", "gf", DANEPRIV_SECURITY_INSECURE, OVER, AT, DANEPRIV_FINDING_UNSIGNED, NO,
	    UNKNOWN },
	{ "bogus", "gf", DANEPRIV_SECURITY_BOGUS, OVER, AT, DANEPRIV_FINDING_BOGUS, NO, UNKNOWN },
	{ "bogus, in clear", "f", DANEPRIV_SECURITY_BOGUS, DANEPRIV_CHANNEL_CLEAR, AT,
	    DANEPRIV_FINDING_BOGUS, NO, CLEARTEXT },
	{ "indeterminate", "fg", DANEPRIV_SECURITY_INDETERMINATE, OVER, AT,
	    DANEPRIV_FINDING_INDETERMINATE, NO, UNKNOWN },
	{ "unknown proof", "fg", DANEPRIV_SECURITY_UNKNOWN, OVER, AT, UNJUDGED, NO, NO },
};

static void
check_order(const order_row *row, danepriv_profile profile, danepriv_decision wanted)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_session *session;

	ck_assert_int_eq(danepriv_session_new(ctx, &server, profile, &session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_profile(session), profile);
	give(session, row->order, row->security);
	danepriv_decision decision = danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, row->channel, row->now, &why);
	ck_assert_msg(why.finding == row->finding, "%s: finding %d", row->name, (int)why.finding);
	ck_assert_msg(decision == wanted, "%s: decision %d", row->name, (int)decision);
	/* The same without a place for the verdict, and once more. */
	decision = danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, row->channel, row->now, NULL);
	ck_assert_msg(decision == wanted, "%s, no verdict: decision %d", row->name, (int)decision);
	danepriv_session_free(session);
}

START_TEST(orders_row)
{
	check_order(&orders[_i], DANEPRIV_PROFILE_STRICT, orders[_i].strict);
	check_order(&orders[_i], DANEPRIV_PROFILE_OPPORTUNISTIC, orders[_i].opportunistic);
}
END_TEST

/* A TTL of 0: good for the connection that it was fetched for, and for no other. */
START_TEST(ttl_of_zero)
{
	dp_proven proven = { SECURE, DANEPRIV_REASON_NONE, { 0 }, 500, EXPIRY };
	danepriv_session *session;
	danepriv_records *records;
	dp_server read;

	test_octets rdata = rdata_of_peer(&good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(dp_server_read(&server, &read), DANEPRIV_OK);
	ck_assert_int_eq(
	    dp_records_new(&read, dp_name_of(&read.name), proven, &span, 1, &records), 0);
	ck_assert_int_eq(danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, 501, NULL), YES);
	ck_assert_int_eq(danepriv_session_give_records(session, records), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, 501, NULL), NO);
	danepriv_records_free(records);
	octets_free(rdata);
	danepriv_session_free(session);
}
END_TEST

typedef struct name_row {
	const char *name, *base, *sent;
	danepriv_security security;
	const char *wanted;    /* to send */
	const char *reconnect; /* NULL: no need */
	danepriv_decision strict;
} name_row;

static const name_row names[] = {
	{ "own base, nothing sent", NULL, NULL, SECURE, NAME, NULL, YES },
	{ "own base, sent", NULL, NAME, SECURE, NAME, NULL, YES },
	{ "own base, sent in other letters", NULL, "NS1.example.NET.", SECURE, NAME, NULL, YES },
	{ "other base, sent", "base.example", "base.example.", SECURE, "base.example", NULL, YES },
	{ "other base, nothing sent", "base.example", NULL, SECURE, "base.example", "base.example",
	    NO },
	{ "other base, own name sent", "base.example", NAME, SECURE, "base.example", "base.example",
	    NO },
	{ "own base, other name sent", NULL, "base.example", SECURE, NAME, NAME, NO },
	{ "third name sent", "base.example", "third.example", SECURE, "base.example",
	    "base.example", NO },
	{ "name above sent", NULL, "example.net", SECURE, NAME, NAME, NO },
	{ "no name sent", NULL, "", SECURE, NAME, NAME, NO },
	{ "malformed name sent", NULL, "a..b", SECURE, NAME, NAME, NO },
	{ "denied elsewhere", "base.example", NULL, DENIED, NAME, NULL, NO },
	{ "bogus elsewhere", "base.example", NULL, DANEPRIV_SECURITY_BOGUS, NAME, NULL, NO },
	{ "insecure elsewhere", "base.example", NULL, DANEPRIV_SECURITY_INSECURE, NAME, NULL, NO },
};

START_TEST(name_sent)
{
	const name_row *row = &names[_i];
	danepriv_verdict why = { .size = sizeof why };
	danepriv_session *session;

	danepriv_records *records = records_of(&server, row->base, row->security);
	ck_assert_int_eq(danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_str_eq(danepriv_session_sni(session), NAME);
	ck_assert_ptr_null(danepriv_session_reconnect_name(session));
	if (row->sent)
		(void)danepriv_session_give_sni(session, row->sent);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), 0);
	ck_assert_msg(danepriv_session_decide(
			  session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, &why) == row->strict,
	    "%s", row->name);
	ck_assert_msg(strcmp(danepriv_session_sni(session), row->wanted) == 0, "%s", row->name);
	const char *other = danepriv_session_reconnect_name(session);
	ck_assert_msg((other == NULL) == (row->reconnect == NULL), "%s", row->name);
	if (other) {
		ck_assert_msg(strcmp(other, row->reconnect) == 0, "%s", row->name);
		ck_assert_msg(why.finding == DANEPRIV_FINDING_UNJUDGED, "%s", row->name);
		ck_assert_msg(why.reason == DANEPRIV_REASON_RECONNECT, "%s", row->name);
		/* Told to reconnect with that name, one has to be let in with it, but not by what
		 * was shown before. */
		ck_assert_int_eq(danepriv_session_give_sni(session, other), DANEPRIV_OK);
		ck_assert_msg(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER,
				  AT, NULL) == DANEPRIV_DECISION_REFUSE,
		    "%s: nothing shown", row->name);
		ck_assert_int_eq(
		    danepriv_session_give_credential(session, &good.credential), DANEPRIV_OK);
		ck_assert_msg(danepriv_session_decide(
				  session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, NULL) == YES,
		    "%s", row->name);
	}
	danepriv_records_free(records);
	danepriv_session_free(session);
}
END_TEST

static const struct {
	const char *name;
	danepriv_server server;
} strangers[] = {
	{ "name", { "ns2.example.net", 0, DANEPRIV_TRANSPORT_DOT } },
	{ "name above", { "example.net", 0, DANEPRIV_TRANSPORT_DOT } },
	{ "port", { NAME, 8853, DANEPRIV_TRANSPORT_DOT } },
	{ "transport", { NAME, 0, DANEPRIV_TRANSPORT_DOQ } },
	{ "transport and type", { NAME, 853, DANEPRIV_TRANSPORT_IPSEC } },
};

START_TEST(records_of_another_server)
{
	danepriv_session *session;

	danepriv_records *records = records_of(&strangers[_i].server, NULL, SECURE);
	danepriv_records *own = records_of(&server, NULL, SECURE);
	ck_assert_int_eq(danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(danepriv_session_give_records(session, records) == DANEPRIV_EINVAL,
		    "%s", strangers[_i].name);
		ck_assert_msg(
		    danepriv_session_give_fetched_records(session, records) == DANEPRIV_EINVAL,
		    "%s", strangers[_i].name);
		/* Nothing was changed: neither without evidence, nor with it. */
		ck_assert_int_eq(danepriv_session_decide(
				     session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, NULL),
		    i ? YES : NO);
		ck_assert_int_eq(danepriv_session_give_records(session, own), DANEPRIV_OK);
	}
	danepriv_records_free(own);
	danepriv_records_free(records);
	danepriv_session_free(session);
}
END_TEST

START_TEST(get_records)
{
	danepriv_session *session;
	danepriv_records *out = (danepriv_records *)&session;

	danepriv_records *records = records_of(&server, NULL, SECURE);
	ck_assert_int_eq(danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(danepriv_session_get_records(session, &out), DANEPRIV_ENOTFOUND);
	ck_assert_ptr_null(out);
	ck_assert_int_eq(danepriv_session_get_records(session, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
	ck_assert_int_eq(danepriv_session_get_records(session, &out), DANEPRIV_OK);
	/* A reference of ours: it outlives the session, and can be given to another. */
	danepriv_session_free(session);
	ck_assert_int_eq(danepriv_records_security(out), SECURE);
	danepriv_records_free(out);
}
END_TEST

START_TEST(bad_arguments)
{
	const danepriv_server address = { "192.0.2.1", 0, 0 }, broken = { "a..b", 0, 0 };
	danepriv_verdict why = { .size = 3, .finding = DANEPRIV_FINDING_MATCH };
	danepriv_session *s = (danepriv_session *)&why;
	danepriv_records *out;

	ck_assert_int_eq(danepriv_session_new(ctx, &server, 0, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_new(NULL, &server, 0, &s), DANEPRIV_EINVAL);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(danepriv_session_new(ctx, NULL, 0, &s), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_new(ctx, &address, 0, &s), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_new(ctx, &broken, 0, &s), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, (danepriv_profile)2, &s), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, (danepriv_profile)-1, &s), DANEPRIV_EINVAL);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(danepriv_session_give_records(NULL, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_credential(NULL, &good.credential), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_sni(NULL, NAME), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_get_records(NULL, &out), DANEPRIV_EINVAL);
	ck_assert_str_eq(danepriv_session_sni(NULL), "");
	ck_assert_ptr_null(danepriv_session_reconnect_name(NULL));
	ck_assert_int_eq(
	    danepriv_session_decide(NULL, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, NULL), NO);
	ck_assert_int_eq(danepriv_session_profile(NULL), DANEPRIV_PROFILE_STRICT);
	danepriv_session_free(NULL);
	/* A verdict of a wrong size refuses, whatever is known, and is not touched. */
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &s), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_records(s, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_credential(s, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_sni(s, NULL), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(danepriv_session_give_sni(s, NAME), DANEPRIV_OK);
	give(s, "rg", SECURE);
	ck_assert_int_eq(
	    danepriv_session_decide(s, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, NULL), YES);
	ck_assert_int_eq(
	    danepriv_session_decide(s, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, &why), NO);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_MATCH);
	danepriv_session_free(s);
}
END_TEST

/* Everything is said by the impostor that the true server would say, and then the other way round;
 * meanwhile the nth allocation fails.  Whoever is let in must be the true server. */
static bool
run_with_failures(const char *order, bool honest)
{
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_session *session;

	if (danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session) == DANEPRIV_OK) {
		give(session, order, SECURE);
		decision = danepriv_session_decide(
		    session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, AT, NULL);
	}
	ck_assert(decision == DANEPRIV_DECISION_REFUSE ||
		  (honest && decision == DANEPRIV_DECISION_PROCEED));
	danepriv_session_free(session);
	return decision == DANEPRIV_DECISION_PROCEED;
}

static const struct {
	const char *order;
	bool honest; /* the last credential and records are */
} sweeps[] = {
	{ "rg", true },
	{ "gr", true },
	{ "bgr", true },
	{ "rb", false },
	{ "br", false },
	{ "rgb", false },
	{ "grb", false },
	{ "gb", false },
};

START_TEST(nth_allocation_fails)
{
	long n = 0;

	for (;; n++) {
		dp_fail_allocation_at(n);
		bool let_in = run_with_failures(sweeps[_i].order, sweeps[_i].honest);
		bool failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_msg(failed || let_in == sweeps[_i].honest, "%s", sweeps[_i].order);
		/* After a failure the credential before must be gone, not stand in. */
		if (!failed)
			break;
	}
	ck_assert_int_gt(n, 2);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("session");
	TCase *tc = tcase_create("session");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, orders_row, 0, ROWS(orders));
	tcase_add_test(tc, ttl_of_zero);
	tcase_add_loop_test(tc, name_sent, 0, ROWS(names));
	tcase_add_loop_test(tc, records_of_another_server, 0, ROWS(strangers));
	tcase_add_test(tc, get_records);
	tcase_add_test(tc, bad_arguments);
	tcase_add_loop_test(tc, nth_allocation_fails, 0, ROWS(sweeps));
	suite_add_tcase(suite, tc);
	return suite;
}
