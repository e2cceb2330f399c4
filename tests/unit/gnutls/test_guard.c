/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: may questions go over this GnuTLS session? */
#include "support/asking.h"
#include "support/guarded.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

/* ---- every kind of evidence, for both profiles, versions, credentials and orders ---- */

/* A secure 3 1 x that is known beforehand, and only that, gets raw keys offered. */
static bool
offers_raw_keys(evidence kind, variant v)
{
	return !v.late && (kind == RIGHT || kind == WRONG || kind == OUTDATED);
}

static void
write_variant(size_t row, variant v, char *text, size_t room)
{
	(void)snprintf(text, room, "%s, TLS 1.%d%s%s%s%s%s", kinds[row].name, v.tls13 ? 3 : 2,
	    v.raw ? ", raw key" : "", v.strict ? ", strict" : "", v.late ? ", late" : "",
	    v.is_impostor ? ", impostor" : "", v.blocking ? ", blocking" : "");
}

static void
check_kind(size_t row, variant v)
{
	danepriv_profile profile =
	    v.strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	danepriv_finding wanted = v.is_impostor ? kinds[row].impostor : kinds[row].honest;
	danepriv_finding finding;
	char name[120];

	write_variant(row, v, name, sizeof name);
	gnutls_certificate_credentials_t credentials =
	    open_pair(v.is_impostor ? &impostor : &honest, v.raw ? "NORMAL" RAW_OR_X509 : "NORMAL");
	open_session(profile);
	if (!v.late)
		give(kinds[row].kind, NULL);
	bool asks = danepriv_session_chain_port(session, NOW) != 0;
	bool offered = guard(v.tls13 ? TLS13 : TLS12) == DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	ck_assert_msg(offered == offers_raw_keys(kinds[row].kind, v), "raw keys offered: %s", name);
	if (v.blocking)
		pair_handshake_blocking(&pair);
	else
		pair_handshake(&pair);
	bool ended =
	    v.strict && !v.late && kinds[row].kind != NOTHING && wanted != DANEPRIV_FINDING_MATCH;
	ck_assert_msg((pair.client_result == GNUTLS_E_CERTIFICATE_ERROR) == ended,
	    "handshake %d: %s", pair.client_result, name);
	if (v.late)
		give(kinds[row].kind, NULL);
	danepriv_decision decision = decide(&finding);
	ck_assert_msg(finding == wanted, "finding %d: %s", finding, name);
	danepriv_channel channel = ended ? DANEPRIV_CHANNEL_NONE : DANEPRIV_CHANNEL_ENCRYPTED;
	ck_assert_msg(
	    decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted, channel),
	    "decision %d: %s", decision, name);
	if (!ended)
		ck_assert_msg(gnutls_certificate_type_get2(pair.client, GNUTLS_CTYPE_SERVER) ==
				  (v.raw && offered ? GNUTLS_CRT_RAWPK : GNUTLS_CRT_X509),
		    "type: %s", name);
	ck_assert_msg(pair.extension_seen == asks, "extension 59: %s", name);
	close_session();
	close_pair(credentials);
}

START_TEST(every_kind_of_evidence)
{
	for (int bits = 0; bits < VARIANTS; bits++)
		check_kind((size_t)_i, variant_of(bits));
}
END_TEST

/* ---- peers that cheat ---- */

START_TEST(appended_certificate)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&impostor, NULL, &honest);

	pair_open(&pair, credentials, _i ? TLS13 : TLS12, 0, NULL);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, GNUTLS_E_CERTIFICATE_ERROR);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MISMATCH);
	close_session();
	close_pair(credentials);
}
END_TEST

/* Shows the published key, and cannot sign with it: in TLS 1.2 that comes out after verification.
 */
START_TEST(stolen_credential)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&impostor, &honest, NULL);
	variant v = variant_of(_i);

	pair_open(
	    &pair, credentials, v.raw ? "NORMAL" RAW_OR_X509 : "NORMAL", GNUTLS_ENABLE_RAWPK, NULL);
	open_session(v.strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	(void)guard(v.tls13 ? TLS13 : TLS12);
	pair_handshake(&pair);
	ck_assert_int_lt(pair.client_result, 0);
	for (int claimed = 0; claimed < 2; claimed++) {
		ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
		ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
		pair.client_result = 0;
	}
	close_session();
	close_pair(credentials);
}
END_TEST

/* A key that GnuTLS itself would use, and that may not be: the handshake ends in every profile, and
 * says nothing of the server. */
START_TEST(key_that_is_not_taken)
{
	variant v = variant_of(_i);
	danepriv_finding finding;
	tls_identity weak;

	identity_make_rsa(&weak, NAME, 1016);
	gnutls_certificate_credentials_t credentials = credentials_of(&weak, NULL, NULL);
	pair_open(
	    &pair, credentials, v.raw ? "NORMAL" RAW_OR_X509 : "NORMAL", GNUTLS_ENABLE_RAWPK, NULL);
	open_session(v.strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(v.raw ? RIGHT : NOTHING, NULL);
	(void)guard(v.tls13 ? TLS13 : TLS12);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, GNUTLS_E_CERTIFICATE_ERROR);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	close_session();
	close_pair(credentials);
	identity_free(&weak);
}
END_TEST

/* ---- names ---- */

START_TEST(name_is_sent)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, _i ? TLS13 : TLS12);
	danepriv_finding finding;

	open_session(DANEPRIV_PROFILE_STRICT);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_str_eq(pair.sni, NAME);
	/* Now it turns out that the records are for another name: connect again. */
	give(RIGHT, ELSEWHERE);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_str_eq(danepriv_session_reconnect_name(session), ELSEWHERE);
	pair_close(&pair);
	pair_open(&pair, credentials, _i ? TLS13 : TLS12, GNUTLS_ENABLE_RAWPK, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_str_eq(pair.sni, ELSEWHERE);
	ck_assert_ptr_null(danepriv_session_reconnect_name(session));
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* From the lookup to the SNI: an alias moves the name, and what nobody signed does not. */
START_TEST(looked_up_name_is_sent)
{
	static const char *const rows[][2] = { { "alias", "x.other" },
		{ "end-denied", "dns.example" }, { "forged-cname", "dns.example" } };
	danepriv_server alias = { .name = "dns.example", .aliases = DANEPRIV_ALIASES_FOLLOW };
	proof_cases cases = { NULL, 0 };
	danepriv_finding finding;

	proofs_read(&cases, "proofs/base.txt");
	const proof_case *c = proofs_find(&cases, rows[_i][0]);
	asking *a = asking_begin(c->anchors, NULL, &alias);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	gnutls_certificate_credentials_t credentials = open_pair(&honest, TLS13);
	ck_assert_int_eq(
	    danepriv_session_new(a->ctx, &alias, DANEPRIV_PROFILE_STRICT, &session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), DANEPRIV_OK);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_str_eq(pair.sni, rows[_i][1]);
	ck_assert_ptr_null(danepriv_session_reconnect_name(session));
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MISMATCH); /* another key is published */
	close_session();
	close_pair(credentials);
	asking_close(a, records);
	proofs_free(&cases);
}
END_TEST

START_TEST(pointers_stay_the_callers)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_finding finding;
	int mine;

	gnutls_session_set_ptr(pair.client, &mine);
	gnutls_db_set_ptr(pair.client, &mine);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_ptr_eq(gnutls_session_get_ptr(pair.client), &mine);
	ck_assert_ptr_eq(gnutls_db_get_ptr(pair.client), &mine);
	close_session(); /* before gnutls_deinit: no more handshakes */
	close_pair(credentials);
}
END_TEST

/* ---- raw keys ---- */

static const struct {
	const char *name;
	evidence kind;
	unsigned flags;
	bool settings;
	danepriv_gnutls_raw_keys wanted;
} raw_key_rows[] = {
	{ "offered", RIGHT, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_OFFERED },
	{ "flag missing", RIGHT, 0, true, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE },
	{ "no settings", RIGHT, GNUTLS_ENABLE_RAWPK, false, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE },
	{ "no evidence", NOTHING, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "3 0 1", RIGHT_CERTIFICATE, GNUTLS_ENABLE_RAWPK, true,
	    DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "unusable", USELESS, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "denied", DENIED, 0, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
};

/* A server with nothing but a raw key: it is reached only when raw keys are offered. */
START_TEST(raw_key_only)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings };
	danepriv_gnutls_raw_keys raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	gnutls_certificate_credentials_t credentials = raw_credentials_of(&honest);
	const char *name = raw_key_rows[_i].name;
	danepriv_finding finding;

	settings.init_flags = raw_key_rows[_i].flags;
	pair_open(&pair, credentials, "NORMAL" RAW_ONLY, GNUTLS_ENABLE_RAWPK, NULL);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(raw_key_rows[_i].kind, NULL);
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     raw_key_rows[_i].settings ? &settings : NULL, NOW, &raw_keys),
	    0);
	ck_assert_msg(raw_keys == raw_key_rows[_i].wanted, "%s: %d", name, raw_keys);
	pair_handshake(&pair);
	bool up = raw_keys == DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	ck_assert_msg((pair.client_result == 0) == up, "%s: %d", name, pair.client_result);
	ck_assert_int_eq(
	    decide(&finding), up ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST
/* ---- what is refused ---- */

START_TEST(arguments)
{
	unsigned char larger[sizeof(danepriv_gnutls_settings) + 8] = { 0 };
	danepriv_gnutls_settings settings = { .size = sizeof settings };
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_gnutls_raw_keys raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	size_t size = sizeof larger;

	open_session(DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(NULL, session, NULL, NOW, &raw_keys), DANEPRIV_EINVAL);
	ck_assert_int_eq(raw_keys, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, NULL, NULL, NOW, NULL), DANEPRIV_EINVAL);
	settings.size = sizeof settings.size - 1;
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_EINVAL);
	memcpy(larger, &size, sizeof size);
	larger[sizeof larger - 1] = 1;
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     (const danepriv_gnutls_settings *)(const void *)larger, NOW, NULL),
	    DANEPRIV_EINVAL);
	settings.size = sizeof settings;
	settings.priority = "NORMAL:+NONSENSE";
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.server, session, NULL, NOW, NULL), DANEPRIV_EINVAL);
	larger[sizeof larger - 1] = 0;
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     (const danepriv_gnutls_settings *)(const void *)larger, NOW, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, NULL, NOW, NULL), DANEPRIV_EINVAL);
	close_session();
	close_pair(credentials);
}
END_TEST

START_TEST(only_what_was_guarded)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_session *other = open_another(DANEPRIV_PROFILE_OPPORTUNISTIC);
	danepriv_finding finding;

	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	/* Nobody's: a handshake without a guard. */
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_gnutls_decide(NULL, session, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(
	    danepriv_gnutls_decide(pair.client, NULL, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	pair_close(&pair);
	/* Somebody else's. */
	pair_open(&pair, credentials, "NORMAL", 0, NULL);
	(void)guard(NULL);
	ck_assert_int_eq(danepriv_gnutls_decide(
			     pair.client, session, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	pair_handshake(&pair);
	ck_assert_int_eq(danepriv_gnutls_decide(
			     pair.client, other, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	/* Ours, but the handshake is said not to be over. */
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, GNUTLS_E_AGAIN, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	danepriv_session_free(other);
	close_session();
	close_pair(credentials);
}
END_TEST

/* Whoever asks for it gets it, and no questions go over it. */
START_TEST(no_encryption)
{
	static const char none[] = TLS12 ":-CIPHER-ALL:+NULL:+SHA256:+SHA1";
	gnutls_certificate_credentials_t credentials = open_pair(&honest, none);
	danepriv_finding finding;

	open_session(_i ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(none);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MATCH);
	close_session();
	close_pair(credentials);
}
END_TEST

/* After each turn of a handshake that stops there, also when it is said to be over: 0 is also what
 * a caller leaves out. */
START_TEST(stopped)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	danepriv_verdict why = { .size = sizeof why };
	int turns = _i / 4, result = GNUTLS_E_AGAIN;

	gnutls_certificate_credentials_t credentials = open_pair(&honest, priority);
	open_session(_i & 2 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	for (int i = 0; i < turns && result == GNUTLS_E_AGAIN; i++) {
		result = gnutls_handshake(pair.client);
		(void)gnutls_handshake(pair.server);
	}
	danepriv_decision wanted =
	    result == 0 ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE;
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, result, NOW, &why),
	    wanted);
	ck_assert_int_eq(
	    why.finding, result == 0 ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(danepriv_gnutls_decide(
			     pair.client, session, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    wanted);
	ck_assert(result == 0 || turns < 4);
	close_session();
	close_pair(credentials);
}
END_TEST

/* RFC 7918: GnuTLS says that the handshake is over before it has the server's Finished. */
START_TEST(false_start)
{
	int result = GNUTLS_E_AGAIN;
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);

	pair_open(&pair, credentials, TLS12, GNUTLS_ENABLE_FALSE_START, NULL);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(TLS12);
	while (result == GNUTLS_E_AGAIN) {
		result = gnutls_handshake(pair.client);
		if (result == GNUTLS_E_AGAIN)
			(void)gnutls_handshake(pair.server);
	}
	ck_assert_int_eq(result, 0);
	ck_assert(gnutls_session_get_flags(pair.client) & GNUTLS_SFLAGS_FALSE_START);
	pair.client_result = result;
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(gnutls_handshake(pair.server), 0);
	pair_talk(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* RFC 8310 section 9: nothing below TLS 1.2, whoever set the priority. */
START_TEST(old_versions)
{
	static const char old[] = "NORMAL:-VERS-ALL:+VERS-TLS1.1";
	gnutls_certificate_credentials_t credentials = open_pair(&honest, old);
	danepriv_finding finding;

	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	if (_i == 0) {
		(void)guard("NORMAL");
	} else {
		ck_assert_int_eq(gnutls_priority_set_direct(pair.client, old, NULL), 0);
		ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session, NULL, NOW, NULL), 0);
	}
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result == 0, _i);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST
Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard");
	TCase *tc = tcase_create("guard");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_kind_of_evidence, 0, EVIDENCE_ROWS);
	tcase_add_loop_test(tc, appended_certificate, 0, 2);
	tcase_add_loop_test(tc, stolen_credential, 0, 8);
	tcase_add_loop_test(tc, key_that_is_not_taken, 0, 8);
	tcase_add_loop_test(tc, name_is_sent, 0, 2);
	tcase_add_loop_test(tc, looked_up_name_is_sent, 0, 3);
	tcase_add_test(tc, pointers_stay_the_callers);
	tcase_add_loop_test(tc, raw_key_only, 0, ROWS(raw_key_rows));
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, only_what_was_guarded);
	tcase_add_loop_test(tc, old_versions, 0, 2);
	tcase_add_loop_test(tc, no_encryption, 0, 2);
	tcase_add_loop_test(tc, stopped, 0, 20);
	tcase_add_test(tc, false_start);
	suite_add_tcase(suite, tc);
	return suite;
}
