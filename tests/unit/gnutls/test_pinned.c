/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session/recall, lib/gnutls: what becomes of a server that has promised to send its proof?
 * Over TLS, in each way to take a proof in. */
#include "support/sending.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <stdio.h>

#define HOUR 3600
#define PINNED 10 /* hours, where a server is */
#define NEVER INT64_MIN

static danepriv_cache *cache;

static void
open_cache(void)
{
	chain_open_all();
	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
}

static void
close_cache(void)
{
	danepriv_cache_free(cache);
	chain_close_all();
}

static void
put(evidence kind, danepriv_time now)
{
	danepriv_records *records = records_of(kind, NULL);

	ck_assert_int_eq(danepriv_cache_put(cache, records, now), DANEPRIV_OK);
	danepriv_records_free(records);
}

static danepriv_server_state
state(void)
{
	danepriv_server_state s = { .size = sizeof s };

	(void)danepriv_cache_get_server_state(cache, &server, NOW, &s);
	return s;
}

static danepriv_time
pin_end(int hours)
{
	return hours > 0 ? (NOW + hours * HOUR) / 60 * 60 : NEVER;
}

/* ---- a pinned server sends its chain, and does not ---- */

static const struct {
	const char *name;
	sending what;
	bool is_impostor, is_pinned;
	danepriv_finding finding;
	int after; /* hours of the pin; where the proof came in a handshake before: none is set */
	danepriv_security security;
} rows[] = {
	{ "sends it", RIGHT_CHAIN, false, true, DANEPRIV_FINDING_MATCH, SENDING_HOURS,
	    DANEPRIV_SECURITY_SECURE },
	{ "sends it without a length", BARE_CHAIN, false, true, DANEPRIV_FINDING_MATCH,
	    SENDING_HOURS, DANEPRIV_SECURITY_SECURE },
	{ "sends it, not pinned", RIGHT_CHAIN, false, false, DANEPRIV_FINDING_MATCH, SENDING_HOURS,
	    DANEPRIV_SECURITY_SECURE },
	{ "does not", NO_EXTENSION, false, true, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "does not, an impostor", NO_EXTENSION, true, true, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "does not, not pinned", NO_EXTENSION, false, false, DANEPRIV_FINDING_UNJUDGED, 0,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "an impostor sends it", RIGHT_CHAIN, true, true, DANEPRIV_FINDING_MISMATCH, PINNED,
	    DANEPRIV_SECURITY_SECURE },
	{ "an impostor sends his own", IMPOSTORS_CHAIN, true, true, DANEPRIV_FINDING_DOWNGRADE,
	    PINNED, DANEPRIV_SECURITY_UNKNOWN },
	{ "an impostor sends his own, not pinned", IMPOSTORS_CHAIN, true, false,
	    DANEPRIV_FINDING_BOGUS, 0, DANEPRIV_SECURITY_UNKNOWN },
	{ "of another name", OTHER_NAME, false, true, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "of another transport", OTHER_TRANSPORT, false, true, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "garbage", GARBAGE, false, true, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "that there is none", DENIAL, false, true, DANEPRIV_FINDING_ABSENT, 0,
	    DANEPRIV_SECURITY_DENIED },
	{ "an impostor, that there is none", DENIAL, true, true, DANEPRIV_FINDING_ABSENT, 0,
	    DANEPRIV_SECURITY_DENIED },
};

static void
check_row(size_t row, const sending_way *way, danepriv_profile profile)
{
	danepriv_finding finding;
	char name[100];

	(void)snprintf(name, sizeof name, "%s, %s, %s", rows[row].name, way->name,
	    profile == DANEPRIV_PROFILE_STRICT ? "strict" : "opportunistic");
	if (rows[row].is_pinned) {
		put(OUTDATED, NOW - 50);
		ck_assert_int_eq(danepriv_cache_pin(cache, &server, PINNED, NOW), DANEPRIV_OK);
	}
	open_session(profile);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), DANEPRIV_ENOTFOUND);
	sending_open(rows[row].what, rows[row].is_impostor, false);
	bool again = connect_all(way->priority, way->chain) == 2;
	danepriv_decision decision = decide_line(&finding);
	ck_assert_msg(finding == rows[row].finding, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	/* One handshake that was ended has no channel, and refuses all the more. */
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, finding,
				      DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s", name);
	ck_assert_msg(finding != DANEPRIV_FINDING_DOWNGRADE || decision == DANEPRIV_DECISION_REFUSE,
	    "%s", name);
	(void)danepriv_session_remember(session, cache, NOW);
	int after = rows[row].after;
	if (again && after == SENDING_HOURS)
		after = rows[row].is_pinned ? PINNED : 0;
	ck_assert_msg(
	    state().pinned == pin_end(after), "%s: %lld", name, (long long)state().pinned - NOW);
	ck_assert_msg(state().security == rows[row].security, "%s", name);
	ck_assert_msg((state().authenticated != NEVER) == (decision == DANEPRIV_DECISION_PROCEED),
	    "%s", name);
	chain_link_close(&line);
	sending_close();
	close_session();
}

START_TEST(sends_or_not)
{
	check_row((size_t)_i / (2 * SENDING_WAYS), &ways[_i / 2 % SENDING_WAYS],
	    _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
}
END_TEST

/* A proof that came in a handshake which failed is good for the next; the promise is not. */
START_TEST(promise_of_another_handshake)
{
	const char *priority = _i ? TLS13 : TLS12;
	danepriv_finding finding;

	put(OUTDATED, NOW - 50);
	ck_assert_int_eq(danepriv_cache_pin(cache, &server, PINNED, NOW), DANEPRIV_OK);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), DANEPRIV_ENOTFOUND);
	/* Somebody shows the honest server's proof, with a promise of his own. */
	sending_open(RIGHT_CHAIN, true, false);
	connect_once(priority, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	chain_link_close(&line);
	sending_close();
	sending_open(RIGHT_CHAIN, false, false);
	connect_once(priority, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	ck_assert_uint_eq(peer.asked, 0);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state().pinned, pin_end(PINNED));
	ck_assert_int_eq(state().authenticated, NOW / 60 * 60);
	chain_link_close(&line);
	sending_close();
	close_session();
}
END_TEST

/* Nobody has asked for a decision: what the guard saw authenticates nobody. */
START_TEST(not_decided)
{
	put(OUTDATED, NOW - 50);
	ck_assert_int_eq(danepriv_cache_pin(cache, &server, PINNED, NOW), DANEPRIV_OK);
	open_session(DANEPRIV_PROFILE_STRICT);
	sending_open(RIGHT_CHAIN, false, false);
	connect_once(_i ? TLS13 : TLS12, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	ck_assert_int_eq(line.client_result, 0);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state().security, DANEPRIV_SECURITY_SECURE);
	ck_assert_int_eq(state().pinned, pin_end(PINNED));
	ck_assert_int_eq(state().authenticated, NEVER);
	chain_link_close(&line);
	sending_close();
	close_session();
}
END_TEST

/* ---- keys roll while sessions are resumed ---- */

static const struct {
	const char *name;
	evidence news; /* put between the two; NOTHING: nothing */
	danepriv_finding finding, resumed;
} rolls[] = {
	{ "nothing came", NOTHING, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MATCH },
	{ "the same key", RIGHT, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MATCH },
	{ "its certificate", RIGHT_CERTIFICATE, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MATCH },
	{ "another key", WRONG, DANEPRIV_FINDING_MISMATCH, DANEPRIV_FINDING_MISMATCH },
	{ "of no use", USELESS, DANEPRIV_FINDING_UNUSABLE, DANEPRIV_FINDING_UNUSABLE },
	{ "withdrawn", DENIED, DANEPRIV_FINDING_ABSENT, DANEPRIV_FINDING_ABSENT },
	{ "unsigned", INSECURE, DANEPRIV_FINDING_UNSIGNED, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", BOGUS, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MATCH },
};

static danepriv_finding
renew(danepriv_profile profile, const char *name)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision =
	    danepriv_session_decide_again(session, cache, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, NOW, &why);

	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED,
				      why.finding, DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s", name);
	return why.finding;
}

/* A first connection, that is remembered, and its ticket. */
static gnutls_datum_t
first_connection(const char *priority, danepriv_profile profile)
{
	gnutls_datum_t ticket = { NULL, 0 };
	danepriv_finding finding;

	open_session(profile);
	connect_once(priority, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	chain_link_talk(&line);
	ck_assert_int_eq(gnutls_session_get_data2(line.client, &ticket), 0);
	return ticket;
}

START_TEST(keys_roll)
{
	const char *priority = _i & 1 ? TLS13 : TLS12, *name = rolls[_i / 8].name;
	danepriv_profile profile =
	    _i & 2 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT;
	bool before_handshake = _i & 4; /* the news come before the second one, or after it */
	danepriv_finding finding;

	sending_open(RIGHT_CHAIN, false, false);
	gnutls_datum_t ticket = first_connection(priority, profile);
	danepriv_session *first = session;
	open_session(profile);
	if (before_handshake && rolls[_i / 8].news != NOTHING)
		put(rolls[_i / 8].news, NOW);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), DANEPRIV_OK);
	chain_link old = line;
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(
	    chain_link_guard(&line, priority, DANEPRIV_GNUTLS_CHAIN_RELABEL), DANEPRIV_OK);
	ck_assert_int_eq(gnutls_session_set_data(line.client, ticket.data, ticket.size), 0);
	chain_link_handshake(&line);
	ck_assert(gnutls_session_is_resumed(line.client));
	(void)decide_line(&finding);
	ck_assert_msg(
	    finding == (before_handshake ? rolls[_i / 8].resumed : DANEPRIV_FINDING_MATCH),
	    "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	if (!before_handshake && rolls[_i / 8].news != NOTHING)
		put(rolls[_i / 8].news, NOW);
	finding = renew(profile, name);
	ck_assert_msg(finding == rolls[_i / 8].resumed, "%s, resumed: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	/* The connection that is open since is no better. */
	danepriv_session *second = session;
	session = first;
	finding = renew(profile, name);
	ck_assert_msg(finding == rolls[_i / 8].finding, "%s, open: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	danepriv_session_free(second);
	gnutls_free(ticket.data);
	chain_link_close(&old);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

/* A pinned server whose session is resumed brings no chain: what is known has to do. */
START_TEST(resumed_while_pinned)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	bool known = _i & 2;
	danepriv_finding finding;

	sending_open(RIGHT_CHAIN, false, false);
	gnutls_datum_t ticket = first_connection(priority, DANEPRIV_PROFILE_OPPORTUNISTIC);
	chain_link_close(&line);
	close_session();
	/* The chain's records end ten seconds after NOW. */
	danepriv_time now = known ? NOW : NOW + 11;
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(
	    danepriv_session_recall(session, cache, now), known ? DANEPRIV_OK : DANEPRIV_ENOTFOUND);
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(
	    chain_link_guard(&line, priority, DANEPRIV_GNUTLS_CHAIN_RELABEL), DANEPRIV_OK);
	ck_assert_int_eq(gnutls_session_set_data(line.client, ticket.data, ticket.size), 0);
	chain_link_handshake(&line);
	ck_assert(gnutls_session_is_resumed(line.client));
	danepriv_decision decision = decide_line(&finding);
	ck_assert_int_eq(finding, known ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_DOWNGRADE);
	ck_assert_int_eq(decision, known ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state().pinned, pin_end(SENDING_HOURS));
	gnutls_free(ticket.data);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("pinned");
	TCase *tc = tcase_create("pinned");

	tcase_add_checked_fixture(tc, open_cache, close_cache);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, sends_or_not, 0, 2 * SENDING_WAYS * ROWS(rows));
	tcase_add_loop_test(tc, promise_of_another_handshake, 0, 2);
	tcase_add_loop_test(tc, not_decided, 0, 2);
	tcase_add_loop_test(tc, keys_roll, 0, 8 * ROWS(rolls));
	tcase_add_loop_test(tc, resumed_while_pinned, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
