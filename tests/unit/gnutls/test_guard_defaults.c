/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: what do no settings and zeroed ones stand for?  The server's proof is asked for
 * where it helps; in TLS 1.3 it takes a second connection, and never a third one. */
#include "support/sending.h"
#include "support/suite.h"

#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <stdio.h>

#define WITHOUT_END 5

/* What is left out: the settings, or all in them. */
static danepriv_status
guard_by_default(bool zeroed)
{
	danepriv_gnutls_settings zero = { .size = sizeof zero };

	return danepriv_gnutls_guard(line.client, session, zeroed ? &zero : NULL, NOW, NULL);
}

static void
connect_by_default(bool zeroed, const char *priority)
{
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(guard_by_default(zeroed), DANEPRIV_OK);
	chain_link_handshake(&line);
}

static void
limit_server(bool tls13)
{
	int version = tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;

	ck_assert_int_eq(SSL_CTX_set_min_proto_version(peer.ctx, version), 1);
	ck_assert_int_eq(SSL_CTX_set_max_proto_version(peer.ctx, version), 1);
}

/* Nobody has come in the way of TLS: there is no reason to go in clear. */
static void
check_clear(const char *name)
{
	danepriv_verdict why = { .size = sizeof why };

	ck_assert_msg(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
			  DANEPRIV_CHANNEL_CLEAR, NOW, &why) == DANEPRIV_DECISION_REFUSE,
	    "%s: in clear", name);
	ck_assert_int_eq(why.reason, DANEPRIV_REASON_RECONNECT);
}

/* The first of two connections, after which a caller may not know that there is to be another. */
static void
check_first(const char *name)
{
	danepriv_verdict why = { .size = sizeof why };
	const int results[] = { line.client_result, GNUTLS_E_SUCCESS, GNUTLS_E_AGAIN };

	ck_assert_msg(line.client_result == GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION, "%s: %s", name,
	    gnutls_strerror_name(line.client_result));
	ck_assert_msg(danepriv_gnutls_must_reconnect(line.client) == 1, "%s", name);
	check_clear(name);
	for (int i = 0; i < ROWS(results); i++) {
		danepriv_decision decision = danepriv_gnutls_decide(line.client, session,
		    DANEPRIV_PROVENANCE_CONFIGURED, results[i], NOW, i ? &why : NULL);
		ck_assert_msg(decision == DANEPRIV_DECISION_REFUSE, "%s", name);
	}
	ck_assert_msg(
	    why.finding == DANEPRIV_FINDING_UNJUDGED && why.reason == DANEPRIV_REASON_RECONNECT,
	    "%s: %s, %s", name, danepriv_word(DANEPRIV_KIND_FINDING, why.finding),
	    danepriv_word(DANEPRIV_KIND_REASON, why.reason));
	ck_assert_int_eq(why.attack, 0);
	check_clear(name);
}

static const struct {
	const char *name;
	evidence before;
	sending what;
	bool asked;
	danepriv_finding honest, impostor;
} rows[] = {
	{ "nothing known", NOTHING, RIGHT_CHAIN, true, DANEPRIV_FINDING_MATCH,
	    DANEPRIV_FINDING_MISMATCH },
	{ "nothing known, and no chain", NOTHING, NO_EXTENSION, true, DANEPRIV_FINDING_UNJUDGED,
	    DANEPRIV_FINDING_UNJUDGED },
	{ "nothing known, and a bogus chain", NOTHING, OTHER_PORT, true, DANEPRIV_FINDING_BOGUS,
	    DANEPRIV_FINDING_BOGUS },
	{ "nothing known, and no chain at all", NOTHING, GARBAGE, true, DANEPRIV_FINDING_BOGUS,
	    DANEPRIV_FINDING_BOGUS },
	{ "nothing known, and a denial", NOTHING, DENIAL, true, DANEPRIV_FINDING_ABSENT,
	    DANEPRIV_FINDING_ABSENT },
	{ "the key is known", RIGHT, RIGHT_CHAIN, false, DANEPRIV_FINDING_MATCH,
	    DANEPRIV_FINDING_MISMATCH },
	{ "another key is known", WRONG, RIGHT_CHAIN, false, DANEPRIV_FINDING_MISMATCH,
	    DANEPRIV_FINDING_MISMATCH },
	{ "the key was known", OUTDATED, RIGHT_CHAIN, true, DANEPRIV_FINDING_MATCH,
	    DANEPRIV_FINDING_MISMATCH },
	{ "denied", DENIED, RIGHT_CHAIN, true, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "bogus", BOGUS, RIGHT_CHAIN, true, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
};

static void
check_row(int row, bool zeroed, bool tls13, bool is_impostor, danepriv_profile profile)
{
	danepriv_finding wanted = is_impostor ? rows[row].impostor : rows[row].honest;
	danepriv_verdict why = { .size = sizeof why };
	bool asked = rows[row].asked;
	bool twice = asked && tls13 && rows[row].what != NO_EXTENSION;
	char name[120];

	(void)snprintf(name, sizeof name, "%s, %s, TLS 1.%d%s%s", rows[row].name,
	    zeroed ? "zeroed" : "none", tls13 ? 3 : 2, is_impostor ? ", impostor" : "",
	    profile == DANEPRIV_PROFILE_STRICT ? ", strict" : "");
	sending_open(rows[row].what, is_impostor, false);
	limit_server(tls13);
	open_session(profile);
	give(rows[row].before, NULL);
	connect_by_default(zeroed, "NORMAL");
	if (twice) {
		check_first(name);
		chain_link_close(&line);
		connect_by_default(zeroed, "NORMAL");
	}
	ck_assert_msg(peer.asked == asked && peer.port == (asked ? 853 : 0), "%s: asked %u, %u",
	    name, peer.asked, peer.port);
	ck_assert_msg(danepriv_gnutls_must_reconnect(line.client) == 0, "%s", name);
	danepriv_decision decision = danepriv_gnutls_decide(
	    line.client, session, DANEPRIV_PROVENANCE_CONFIGURED, line.client_result, NOW, &why);
	bool up = line.client_result == GNUTLS_E_SUCCESS;
	ck_assert_msg(why.finding == wanted, "%s: %s", name,
	    danepriv_word(DANEPRIV_KIND_FINDING, why.finding));
	ck_assert_msg(why.reason != DANEPRIV_REASON_RECONNECT, "%s", name);
	ck_assert_msg(up || profile == DANEPRIV_PROFILE_STRICT, "%s", name);
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted,
				      up ? DANEPRIV_CHANNEL_ENCRYPTED : DANEPRIV_CHANNEL_NONE),
	    "%s: decision %d", name, decision);
	chain_link_close(&line);
	close_session();
	sending_close();
}

START_TEST(left_out)
{
	for (int bits = 0; bits < 16; bits++)
		check_row(_i, bits & 1, bits & 2, bits & 4,
		    bits & 8 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
}
END_TEST

/* NULL leaves the caller's priority, and zeroed settings stand for NORMAL. */
START_TEST(priority)
{
	sending_open(NO_EXTENSION, false, false);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	connect_by_default(_i, TLS12);
	ck_assert_int_eq(line.client_result, 0);
	ck_assert_int_eq(
	    gnutls_protocol_get_version(line.client), _i ? GNUTLS_TLS1_3 : GNUTLS_TLS1_2);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

/* Who goes on for ever with one session is told to connect again once, whatever the server sends
 * each time, asked or not. */
START_TEST(once)
{
	static const sending sent[] = { RIGHT_CHAIN, DENIAL, GARBAGE, OTHER_NAME, IMPOSTORS_CHAIN };
	int again = 0;

	sending_open(sent[_i / 2], false, false);
	limit_server(true);
	open_session(_i & 1 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	for (int i = 0; i < WITHOUT_END; i++) {
		connect_by_default(true, "NORMAL");
		again += danepriv_gnutls_must_reconnect(line.client);
		chain_link_close(&line);
	}
	ck_assert_int_eq(again, 1);
	ck_assert_uint_eq(peer.asked, 1);
	close_session();
	sending_close();
}
END_TEST

/* Another name is said to have been sent while the handshake is under way: what comes then has no
 * place, and is not asked for again, either. */
START_TEST(once_with_another_name)
{
	int again = 0;

	sending_open(RIGHT_CHAIN, false, false);
	limit_server(true);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	for (int i = 0; i < WITHOUT_END; i++) {
		chain_link_open(&line, &peer, "NORMAL");
		ck_assert_int_eq(guard_by_default(true), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_session_give_sni(session, ELSEWHERE), DANEPRIV_OK);
		chain_link_handshake(&line);
		again += danepriv_gnutls_must_reconnect(line.client);
		chain_link_close(&line);
	}
	ck_assert_int_eq(again, 1);
	ck_assert_uint_eq(peer.asked, 1);
	close_session();
	sending_close();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard_defaults");
	TCase *tc = tcase_create("guard_defaults");

	tcase_add_checked_fixture(tc, chain_open_all, chain_close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, left_out, 0, ROWS(rows));
	tcase_add_loop_test(tc, priority, 0, 2);
	tcase_add_loop_test(tc, once, 0, 10);
	tcase_add_test(tc, once_with_another_name);
	suite_add_tcase(suite, tc);
	return suite;
}
