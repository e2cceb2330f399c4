/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: what becomes of the functions that the caller has set?  None of them turns a
 * refusal into anything else; and neither does another handshake, or what is said of one. */
#include "support/guarded.h"
#include "support/suite.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

static int answer, verified, hooked;

static int
own_verify(gnutls_session_t tls)
{
	(void)tls;
	verified++;
	return answer;
}

static int
own_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	(void)tls;
	(void)type;
	(void)when;
	(void)incoming;
	(void)message;
	hooked++;
	return 0;
}

static void
set_hook(void)
{
	gnutls_handshake_set_hook_function(
	    pair.client, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, own_hook);
}

static danepriv_profile
profile_of(bool strict)
{
	return strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
}

/* ---- a verify function ---- */

typedef enum setting { BEFORE, AFTER, IN_CREDENTIALS, IN_CREDENTIALS_AFTER } setting;

static const struct {
	const char *name;
	setting when;
	int answer;
	int called;
	bool ends; /* a handshake that ours would not end */
	bool ours; /* a mismatch ends it */
} verifies[] = {
	{ "before, says yes", BEFORE, 0, 0, false, true },
	{ "before, says no", BEFORE, -1, 0, false, true },
	{ "in the credentials, says yes", IN_CREDENTIALS, 0, 0, false, true },
	{ "in the credentials, says no", IN_CREDENTIALS, -1, 0, false, true },
	{ "in the credentials afterwards, says yes", IN_CREDENTIALS_AFTER, 0, 0, false, true },
	{ "in the credentials afterwards, says no", IN_CREDENTIALS_AFTER, -1, 0, false, true },
	{ "after, says yes", AFTER, 0, 1, false, false },
	{ "after, says no", AFTER, -1, 1, true, false },
};

static void
set_verify(setting when, bool guarded)
{
	if (guarded ? when == AFTER : when == BEFORE)
		gnutls_session_set_verify_function(pair.client, own_verify);
	if (guarded ? when == IN_CREDENTIALS_AFTER : when == IN_CREDENTIALS)
		gnutls_certificate_set_verify_function(pair.credentials, own_verify);
}

static void
check_verify(int row, bool tls13, bool strict, bool is_impostor)
{
	danepriv_finding finding,
	    wanted = is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH;
	const char *priority = tls13 ? TLS13 : TLS12;
	char name[120];

	(void)snprintf(name, sizeof name, "%s, TLS 1.%d%s%s", verifies[row].name, tls13 ? 3 : 2,
	    strict ? ", strict" : "", is_impostor ? ", impostor" : "");
	gnutls_certificate_credentials_t credentials =
	    open_pair(is_impostor ? &impostor : &honest, priority);
	answer = verifies[row].answer;
	verified = 0;
	set_verify(verifies[row].when, false);
	open_session(profile_of(strict));
	give(RIGHT, NULL);
	(void)guard(priority);
	set_verify(verifies[row].when, true);
	pair_handshake(&pair);
	bool up = !verifies[row].ends && !(verifies[row].ours && strict && is_impostor);
	ck_assert_msg((pair.client_result == 0) == up, "%s: %d", name, pair.client_result);
	ck_assert_msg(verified == verifies[row].called, "%s: called %d times", name, verified);
	danepriv_decision decision = decide(&finding);
	ck_assert_msg(finding == (verifies[row].ends ? DANEPRIV_FINDING_UNJUDGED : wanted),
	    "%s: %s", name, danepriv_word(DANEPRIV_KIND_FINDING, finding));
	ck_assert_msg(
	    decision == danepriv_decide(profile_of(strict), DANEPRIV_PROVENANCE_CONFIGURED, finding,
			    up ? DANEPRIV_CHANNEL_ENCRYPTED : DANEPRIV_CHANNEL_NONE),
	    "%s: decision %d", name, decision);
	close_session();
	close_pair(credentials);
}

START_TEST(verify_function)
{
	for (int bits = 0; bits < 8; bits++)
		check_verify(_i, bits & 1, bits & 2, bits & 4);
}
END_TEST

/* Published, and too weak to be used: not even by who has a verify function of his own. */
START_TEST(weak_key)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	uint8_t rdata[3 + 32] = { 3, 1, 1 };
	danepriv_span span = { rdata, sizeof rdata };
	danepriv_records *records = NULL;
	danepriv_finding finding;
	tls_identity weak;

	identity_make_rsa(&weak, NAME, 1016);
	ck_assert_int_eq(
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, weak.raw_key.data, weak.raw_key.size, rdata + 3),
	    0);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, NOW + 10, &records),
	    DANEPRIV_OK);
	gnutls_certificate_credentials_t credentials = open_pair(&weak, priority);
	open_session(profile_of(_i & 2));
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	(void)guard(priority);
	answer = 0;
	gnutls_session_set_verify_function(pair.client, own_verify);
	if (_i & 4)
		set_hook();
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result == 0, !(_i & 1) || (_i & 4));
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	danepriv_records_free(records);
	close_session();
	close_pair(credentials);
	identity_free(&weak);
}
END_TEST

/* ---- a hook function ---- */

/* There is room for one: that before the guard is not called, and that after it takes the place of
 * ours. */
START_TEST(hook_function)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	bool after = _i & 2, is_impostor = _i & 4;
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials =
	    open_pair(is_impostor ? &impostor : &honest, priority);

	hooked = 0;
	if (!after)
		set_hook();
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	if (after)
		set_hook();
	pair_handshake(&pair);
	ck_assert_int_eq(hooked > 0, after);
	ck_assert_int_eq(
	    decide(&finding), is_impostor ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	close_session();
	close_pair(credentials);
}
END_TEST

/* ---- another handshake ---- */

/* An impostor shows the published certificate in a second handshake, and cannot sign with its key;
 * or can, after all, which counts when it is over.  Meanwhile the first result is given, as it was
 * kept. */
START_TEST(renegotiation)
{
	unsigned flags = GNUTLS_ENABLE_RAWPK | (_i & 1 ? GNUTLS_ALLOW_ID_CHANGE : 0);
	gnutls_certificate_credentials_t own = credentials_of(&impostor, NULL, NULL);
	bool holds_key = _i & 4;
	gnutls_certificate_credentials_t other =
	    credentials_of(holds_key ? &honest : &impostor, &honest, NULL);
	danepriv_finding finding;
	char word[8];

	pair_open(&pair, own, TLS12, flags, NULL);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	(void)guard(TLS12);
	if (_i & 2)
		set_hook();
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(gnutls_credentials_set(pair.server, GNUTLS_CRD_CERTIFICATE, other), 0);
	ck_assert_int_eq(gnutls_rehandshake(pair.server), 0);
	ck_assert_int_eq(gnutls_record_recv(pair.client, word, sizeof word), GNUTLS_E_REHANDSHAKE);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED);
	bool changes = holds_key && (_i & 1);
	int result = GNUTLS_E_AGAIN;
	for (int i = 0; i < 10 && result == GNUTLS_E_AGAIN; i++) {
		result = gnutls_handshake(pair.client);
		(void)gnutls_handshake(pair.server);
		bool over = changes && result == 0;
		ck_assert_int_eq(decide(&finding) == DANEPRIV_DECISION_PROCEED, over);
		ck_assert_int_eq(finding == DANEPRIV_FINDING_MATCH, over);
	}
	ck_assert_msg((result == 0) == changes, "%s", gnutls_strerror_name(result));
	close_session();
	close_pair(own);
	gnutls_certificate_free_credentials(other);
}
END_TEST

/* Tickets and new keys, which are messages of a handshake, too, are none. */
START_TEST(messages_that_follow)
{
	static const char *const priorities[] = { TLS12, TLS13, "NORMAL" };
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	unsigned flags = _i == 2 ? GNUTLS_DATAGRAM | GNUTLS_NONBLOCK : 0;
	gnutls_datum_t key = { NULL, 0 };
	danepriv_finding finding;

	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	pair_open(&pair, credentials, "NORMAL", flags, &key);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT_CERTIFICATE, NULL);
	(void)guard(priorities[_i]);
	/* The pair's own cannot read a ClientHello of DTLS. */
	gnutls_handshake_set_hook_function(
	    pair.server, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST, own_hook);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	pair_talk(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	if (_i == 1) {
		ck_assert_int_eq(gnutls_session_key_update(pair.server, GNUTLS_KU_PEER), 0);
		pair_talk(&pair);
		ck_assert_int_eq(
		    gnutls_handshake_get_last_in(pair.client), GNUTLS_HANDSHAKE_KEY_UPDATE);
		ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	}
	close_session();
	close_pair(credentials);
	gnutls_free(key.data);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard_taken");
	TCase *tc = tcase_create("guard_taken");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, verify_function, 0, ROWS(verifies));
	tcase_add_loop_test(tc, weak_key, 0, 8);
	tcase_add_loop_test(tc, hook_function, 0, 8);
	tcase_add_loop_test(tc, renegotiation, 0, 8);
	tcase_add_loop_test(tc, messages_that_follow, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
