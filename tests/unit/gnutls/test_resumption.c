/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: what of resumed sessions and early data, and when memory runs out? */
#include "support/failing_alloc.h"
#include "support/guarded.h"
#include "support/suite.h"

/* ---- resumption and early data ---- */

/* A first connection that goes well; its ticket. */
static gnutls_datum_t
get_ticket(gnutls_certificate_credentials_t credentials, const char *priority, unsigned flags,
    const gnutls_datum_t *key, gnutls_anti_replay_t anti_replay)
{
	gnutls_datum_t ticket = { NULL, 0 };
	danepriv_finding finding;

	pair_open(&pair, credentials, "NORMAL" RAW_OR_X509, flags, key);
	if (anti_replay)
		gnutls_anti_replay_enable(pair.server, anti_replay);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert(!gnutls_session_is_resumed(pair.client));
	pair_talk(&pair);
	ck_assert_int_eq(gnutls_session_get_data2(pair.client, &ticket), 0);
	close_session();
	pair_close(&pair);
	return ticket;
}

/* A resumed session is judged anew, by what the owner publishes now. */
START_TEST(resumption)
{
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	variant v = variant_of(_i % 8);
	size_t row = (size_t)_i / 8;
	const char *priority = v.tls13 ? TLS13 : TLS12;
	danepriv_profile profile =
	    v.strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	unsigned flags = v.raw ? GNUTLS_ENABLE_RAWPK : 0;
	gnutls_datum_t key = { NULL, 0 };
	danepriv_finding finding;

	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	gnutls_datum_t ticket = get_ticket(credentials, priority, flags, &key, NULL);
	pair_open(&pair, credentials, "NORMAL" RAW_OR_X509, flags, &key);
	open_session(profile);
	give(kinds[row].kind, NULL);
	(void)guard(priority);
	ck_assert_int_eq(gnutls_session_set_data(pair.client, ticket.data, ticket.size), 0);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert(gnutls_session_is_resumed(pair.client));
	danepriv_decision decision = decide(&finding);
	danepriv_finding wanted = kinds[row].honest;
	if (v.raw && kinds[row].kind == RIGHT_CERTIFICATE) /* the peer was known by its raw key */
		wanted = DANEPRIV_FINDING_MISMATCH;
	ck_assert_msg(finding == wanted, "%s: %d", kinds[row].name, finding);
	ck_assert_int_eq(decision, danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, finding,
				       DANEPRIV_CHANNEL_ENCRYPTED));
	close_session();
	close_pair(credentials);
	gnutls_free(ticket.data);
	gnutls_free(key.data);
}
END_TEST

static int
never_seen(void *context, time_t expires, const gnutls_datum_t *key, const gnutls_datum_t *data)
{
	(void)context;
	(void)expires;
	(void)key;
	(void)data;
	return 0;
}

START_TEST(early_data)
{
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	danepriv_profile profile = _i ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT;
	unsigned flags = GNUTLS_ENABLE_EARLY_DATA;
	gnutls_datum_t key = { NULL, 0 };
	gnutls_anti_replay_t anti_replay;
	danepriv_finding finding;

	ck_assert_int_eq(gnutls_anti_replay_init(&anti_replay), 0);
	gnutls_anti_replay_set_add_function(anti_replay, never_seen);
	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	gnutls_datum_t ticket = get_ticket(credentials, TLS13, flags, &key, anti_replay);
	pair_open(&pair, credentials, "NORMAL", flags, &key);
	gnutls_anti_replay_enable(pair.server, anti_replay);
	open_session(profile);
	give(RIGHT, NULL);
	(void)guard(TLS13);
	ck_assert_int_eq(gnutls_session_set_data(pair.client, ticket.data, ticket.size), 0);
	ck_assert_int_ge(gnutls_record_send_early_data(pair.client, "early", 5), 0);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert(gnutls_session_get_flags(pair.client) & GNUTLS_SFLAGS_EARLY_DATA);
	ck_assert_int_eq(
	    decide(&finding), _i ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	close_session();
	close_pair(credentials);
	gnutls_free(ticket.data);
	gnutls_free(key.data);
	gnutls_anti_replay_deinit(anti_replay);
}
END_TEST
/* ---- memory ---- */

/* Fails the nth allocation; true when so many were made.  Never does an impostor get through, and
 * an honest server only by a match. */
static bool
fail_at(long n, const tls_identity *key, danepriv_profile profile)
{
	gnutls_certificate_credentials_t credentials = open_pair(key, "NORMAL" RAW_OR_X509);
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.init_flags = GNUTLS_ENABLE_RAWPK };
	danepriv_records *records = records_of(RIGHT, NULL);
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_finding finding = DANEPRIV_FINDING_UNJUDGED;

	dp_fail_allocation_at(n);
	danepriv_status status = danepriv_session_new(ctx, &server, profile, &session);
	if (status == DANEPRIV_OK)
		status = danepriv_session_give_records(session, records);
	if (status == DANEPRIV_OK)
		status = danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL);
	if (status == DANEPRIV_OK) {
		pair_handshake(&pair);
		decision = decide(&finding);
	}
	bool failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	ck_assert(key == &honest || decision != DANEPRIV_DECISION_PROCEED);
	ck_assert((decision == DANEPRIV_DECISION_PROCEED) <= (finding == DANEPRIV_FINDING_MATCH));
	if (!failed && key == &honest)
		ck_assert_int_eq(decision, DANEPRIV_DECISION_PROCEED);
	danepriv_records_free(records);
	close_session();
	close_pair(credentials);
	return failed;
}

START_TEST(memory_runs_out)
{
	danepriv_profile profile =
	    _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT;
	long n = 0;

	while (fail_at(n, _i & 2 ? &impostor : &honest, profile))
		n++;
	ck_assert_int_ge(n, 4); /* session, guard, priority, credential */
}
END_TEST
Suite *
test_suite(void)
{
	Suite *suite = suite_create("resumption");
	TCase *tc = tcase_create("resumption");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, resumption, 0, 8 * EVIDENCE_ROWS);
	tcase_add_loop_test(tc, early_data, 0, 2);
	tcase_add_loop_test(tc, memory_runs_out, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
