/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/extension: does a proof come out of real handshakes with OpenSSL? */
#include "support/sending.h"
#include "support/suite.h"

#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <stdio.h>

/* ---- what a server sends, and who it is ---- */

static const struct {
	const char *name;
	sending what;
	bool is_impostor, appends;
	danepriv_finding finding;
	int fails; /* the handshake, with whatever profile; 0: no */
} rows[] = {
	{ "honest", RIGHT_CHAIN, false, false, DANEPRIV_FINDING_MATCH, 0 },
	{ "honest, bare", BARE_CHAIN, false, false, DANEPRIV_FINDING_MATCH, 0 },
	{ "honest, large", LARGE_CHAIN, false, false, DANEPRIV_FINDING_MATCH, 0 },
	{ "honest, a second certificate", RIGHT_CHAIN, false, true, DANEPRIV_FINDING_MATCH, 0 },
	{ "impostor with the honest chain", RIGHT_CHAIN, true, false, DANEPRIV_FINDING_MISMATCH,
	    0 },
	{ "impostor with the honest chain and certificate", RIGHT_CHAIN, true, true,
	    DANEPRIV_FINDING_MISMATCH, 0 },
	{ "impostor with the honest certificate", NO_EXTENSION, true, true,
	    DANEPRIV_FINDING_UNJUDGED, 0 },
	{ "impostor with a chain of his own", IMPOSTORS_CHAIN, true, false, DANEPRIV_FINDING_BOGUS,
	    0 },
	{ "honest with a bogus chain", IMPOSTORS_CHAIN, false, false, DANEPRIV_FINDING_BOGUS, 0 },
	{ "chain for another name", OTHER_NAME, false, false, DANEPRIV_FINDING_BOGUS, 0 },
	{ "chain for another port", OTHER_PORT, false, false, DANEPRIV_FINDING_BOGUS, 0 },
	{ "chain for another transport", OTHER_TRANSPORT, false, false, DANEPRIV_FINDING_BOGUS, 0 },
	{ "denial", DENIAL, false, false, DANEPRIV_FINDING_ABSENT, 0 },
	{ "garbage", GARBAGE, false, false, DANEPRIV_FINDING_BOGUS, 0 },
	{ "no chain", NO_EXTENSION, false, false, DANEPRIV_FINDING_UNJUDGED, 0 },
	{ "an empty extension", NO_OCTETS, false, false, DANEPRIV_FINDING_UNJUDGED,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
	{ "four octets", FOUR_OCTETS, false, false, DANEPRIV_FINDING_UNJUDGED,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
};

/* The support lifetime that the session's evidence has; 0 without evidence. */
static uint16_t
hours(danepriv_source *source)
{
	danepriv_records *records = NULL;

	(void)danepriv_session_get_records(session, &records);
	uint16_t found = danepriv_records_support_hours(records);
	*source = danepriv_records_source(records);
	danepriv_records_free(records);
	return found;
}

static void
check_row(int row, int way, danepriv_profile profile)
{
	danepriv_finding finding, wanted = rows[row].finding;
	danepriv_source source;
	char name[120];

	(void)snprintf(
	    name, sizeof name, "%s, %s, profile %d", rows[row].name, ways[way].name, profile);
	sending_open(rows[row].what, rows[row].is_impostor, rows[row].appends);
	open_session(profile);
	int connections = connect_all(ways[way].priority, ways[way].chain);
	bool brought = rows[row].what != NO_EXTENSION && !rows[row].fails;
	ck_assert_msg(connections == (brought && ways[way].again ? 2 : 1), "%s: %d connections",
	    name, connections);
	ck_assert_msg(peer.asked == 1 && peer.port == 853, "%s: asked %u", name, peer.asked);
	int result = rows[row].fails;
	if (profile == DANEPRIV_PROFILE_STRICT && brought && wanted != DANEPRIV_FINDING_MATCH)
		result = GNUTLS_E_CERTIFICATE_ERROR;
	ck_assert_msg(
	    line.client_result == result, "%s: %s", name, gnutls_strerror_name(line.client_result));
	danepriv_decision decision = decide_line(&finding);
	ck_assert_msg(finding == wanted, "%s: finding %d", name, finding);
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted,
				      result ? DANEPRIV_CHANNEL_NONE : DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s: decision %d", name, decision);
	/* Only an authenticated lifetime is one. */
	uint16_t promised = hours(&source);
	ck_assert_msg(
	    source == (brought ? DANEPRIV_SOURCE_CHAIN : DANEPRIV_SOURCE_NONE), "%s", name);
	bool chain = brought && rows[row].what != GARBAGE;
	ck_assert_msg(promised == (chain && !ways[way].again ? SENDING_HOURS : 0), "%s: hours %u",
	    name, promised);
	chain_link_close(&line);
	close_session();
	sending_close();
}

START_TEST(every_way)
{
	for (int way = 0; way < ROWS(ways); way++) {
		check_row(_i, way, DANEPRIV_PROFILE_STRICT);
		check_row(_i, way, DANEPRIV_PROFILE_OPPORTUNISTIC);
	}
}
END_TEST

/* ---- evidence before the handshake ---- */

/* Secure records are there: nobody is asked.  Others: a bogus chain takes no one's place, a good
 * one does, and never is there a third connection. */
static const struct {
	const char *name;
	evidence before;
	sending what;
	danepriv_finding finding;
	bool asked;
} befores[] = {
	{ "secure", RIGHT, RIGHT_CHAIN, DANEPRIV_FINDING_MATCH, false },
	{ "secure, and garbage", RIGHT, GARBAGE, DANEPRIV_FINDING_MATCH, false },
	{ "secure that ended", OUTDATED, RIGHT_CHAIN, DANEPRIV_FINDING_MATCH, true },
	{ "secure that ended, and a bogus chain", OUTDATED, OTHER_PORT, DANEPRIV_FINDING_UNJUDGED,
	    true },
	{ "denied", DENIED, RIGHT_CHAIN, DANEPRIV_FINDING_MATCH, true },
	{ "denied, and a bogus chain", DENIED, OTHER_NAME, DANEPRIV_FINDING_ABSENT, true },
	{ "insecure, and a denial", INSECURE, DENIAL, DANEPRIV_FINDING_ABSENT, true },
	{ "bogus", BOGUS, RIGHT_CHAIN, DANEPRIV_FINDING_MATCH, true },
	{ "bogus, and garbage", BOGUS, GARBAGE, DANEPRIV_FINDING_BOGUS, true },
	{ "indeterminate, and no chain", INDETERMINATE, NO_EXTENSION,
	    DANEPRIV_FINDING_INDETERMINATE, true },
};

START_TEST(known_before)
{
	danepriv_finding finding;

	for (int way = 0; way < ROWS(ways); way++) {
		sending_open(befores[_i].what, false, false);
		open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
		give(befores[_i].before, NULL);
		(void)connect_all(ways[way].priority, ways[way].chain);
		ck_assert_msg(
		    peer.asked == befores[_i].asked, "%s, %s", befores[_i].name, ways[way].name);
		(void)decide_line(&finding);
		ck_assert_msg(finding == befores[_i].finding, "%s, %s: %d", befores[_i].name,
		    ways[way].name, finding);
		chain_link_close(&line);
		close_session();
		sending_close();
	}
}
END_TEST

/* Not asked for: not sent, no extension of ours and no status_request in the ClientHello. */
START_TEST(off)
{
	danepriv_finding finding;

	sending_open(RIGHT_CHAIN, false, false);
	open_session(DANEPRIV_PROFILE_STRICT);
	connect_once(_i ? TLS13 : TLS12, DANEPRIV_GNUTLS_CHAIN_OFF);
	ck_assert_int_eq(line.client_result, 0);
	ck_assert_uint_eq(peer.asked, 0);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

START_TEST(unknown_value)
{
	sending_open(RIGHT_CHAIN, false, false);
	open_session(DANEPRIV_PROFILE_STRICT);
	chain_link_open(&line, &peer, TLS13);
	ck_assert_int_eq(
	    chain_link_guard(&line, TLS13, (danepriv_gnutls_chain)(_i ? 4 : -1)), DANEPRIV_EINVAL);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("handshake");
	TCase *tc = tcase_create("handshake");

	tcase_add_checked_fixture(tc, chain_open_all, chain_close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_way, 0, ROWS(rows));
	tcase_add_loop_test(tc, known_before, 0, ROWS(befores));
	tcase_add_loop_test(tc, off, 0, 2);
	tcase_add_loop_test(tc, unknown_value, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
