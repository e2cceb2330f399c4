/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/guard: what of old versions, odd ciphers, resumed sessions, early data and second
 * handshakes? */
#include "support/ssl_guarded.h"
#include "support/suite.h"

#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/openssl.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <string.h>
#include <time.h>

static SSL_CTX *client, *theirs;

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

static void
open_contexts(int version)
{
	client = ssl_client_ctx(version);
	theirs = ssl_server_ctx(version, &honest, NULL);
}

static void
close_connection(void)
{
	close_session();
	ssl_pair_close(&ends);
}

static void
close_contexts(void)
{
	close_connection();
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}

/* A guarded client of a new session. */
static void
open_connection(danepriv_profile profile, evidence kind)
{
	ssl_pair_open(&ends, client, theirs);
	open_session(profile);
	give(kind, NULL);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
}

/* A key that OpenSSL itself would use, and that may not be: the handshake ends in every profile,
 * and says nothing of the server. */
START_TEST(key_that_is_not_taken)
{
	tls_identity weak;
	danepriv_finding finding;

	identity_make_rsa(&weak, NAME, 1016);
	gnutls_certificate_credentials_t credentials = credentials_of(&weak, NULL, NULL);
	client = ssl_client_ctx(0);
	SSL_CTX_set_security_level(client, 0);
	ssl_pair_open_to_gnutls(&ends, client, credentials, _i & 1 ? TLS13 : TLS12);
	open_session(_i & 2 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.reason, SSL_R_CERTIFICATE_VERIFY_FAILED);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	close_connection();
	gnutls_certificate_free_credentials(credentials);
	SSL_CTX_free(client);
	identity_free(&weak);
}
END_TEST

/* RFC 8310 section 9: nothing below TLS 1.2, and nothing that does not encrypt. */
static const struct {
	const char *name;
	int client, server; /* highest versions; 0: any */
	const char *ciphers;
	bool up;
	danepriv_decision decision;
} channels[] = {
	{ "server of 1.1", 0, TLS1_1_VERSION, NULL, false, DANEPRIV_DECISION_REFUSE },
	{ "client of 1.1", TLS1_1_VERSION, 0, NULL, false, DANEPRIV_DECISION_REFUSE },
	{ "no encryption", TLS1_2_VERSION, 0, "eNULL", true, DANEPRIV_DECISION_REFUSE },
	{ "no certificate", TLS1_2_VERSION, 0, "ADH-AES128-GCM-SHA256", true,
	    DANEPRIV_DECISION_REFUSE },
	{ "TLS 1.2", TLS1_2_VERSION, 0, NULL, true, DANEPRIV_DECISION_PROCEED },
};

START_TEST(channel)
{
	danepriv_finding finding;

	open_contexts(0);
	for (int i = 0; i < 2; i++) {
		SSL_CTX *both[] = { client, theirs };
		SSL_CTX_set_security_level(both[i], 0);
		ck_assert_int_eq(SSL_CTX_set_max_proto_version(
				     both[i], i ? channels[_i].server : channels[_i].client),
		    1);
		if (channels[_i].ciphers)
			ck_assert_int_eq(SSL_CTX_set_cipher_list(both[i], channels[_i].ciphers), 1);
		ck_assert_int_eq(SSL_CTX_set_dh_auto(both[i], 1), 1);
	}
	open_connection(DANEPRIV_PROFILE_OPPORTUNISTIC, RIGHT);
	ssl_pair_handshake(&ends);
	ck_assert_msg((ends.client.result == 1) == channels[_i].up, "%s: %d", channels[_i].name,
	    ends.client.reason);
	ck_assert_msg(decide_client(&finding) == channels[_i].decision, "%s", channels[_i].name);
	close_contexts();
}
END_TEST

/* A server that wants to do it all again: what was decided stays as it is. */
START_TEST(no_renegotiation)
{
	danepriv_finding finding;
	char word[8];

	open_contexts(TLS1_2_VERSION);
	open_connection(DANEPRIV_PROFILE_STRICT, RIGHT);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(SSL_renegotiate(ends.server.ssl), 1);
	for (int i = 0; i < 10; i++) {
		(void)SSL_do_handshake(ends.server.ssl);
		(void)SSL_read(ends.client.ssl, word, sizeof word);
	}
	ck_assert_int_eq((int)SSL_num_renegotiations(ends.client.ssl), 0);
	close_contexts();
}
END_TEST

/* A server that asks for a certificate, and gets none. */
START_TEST(client_certificate_is_asked_for)
{
	danepriv_finding finding;

	open_contexts(versions[_i]);
	SSL_CTX_set_verify(theirs, SSL_VERIFY_PEER, NULL);
	open_connection(DANEPRIV_PROFILE_STRICT, RIGHT);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(ends.server.result, 1);
	close_contexts();
}
END_TEST

/* ---- resumption ---- */

/* The session of a connection that goes well; `written`: as one that was kept in a file. */
static SSL_SESSION *
get_session(bool written)
{
	danepriv_finding finding;
	unsigned char octets[8192], *at = octets;

	open_connection(DANEPRIV_PROFILE_STRICT, RIGHT);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert(!SSL_session_reused(ends.client.ssl));
	ssl_pair_talk(&ends);
	SSL_SESSION *kept = SSL_get1_session(ends.client.ssl);
	close_connection();
	if (!written)
		return kept;
	ck_assert_int_lt(i2d_SSL_SESSION(kept, NULL), (int)sizeof octets);
	int len = i2d_SSL_SESSION(kept, &at);
	const unsigned char *from = octets;
	SSL_SESSION_free(kept);
	kept = d2i_SSL_SESSION(NULL, &from, len);
	ck_assert_ptr_nonnull(kept);
	return kept;
}

/* A resumed session is judged anew, by what the owner publishes now. */
START_TEST(resumption)
{
	size_t row = (size_t)_i / 8;
	danepriv_profile profile =
	    _i & 1 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	danepriv_finding finding;

	open_contexts(versions[_i >> 1 & 1]);
	SSL_SESSION *kept = get_session(_i & 4);
	open_connection(profile, kinds[row].kind);
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, kept), 1);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert(SSL_session_reused(ends.client.ssl));
	danepriv_decision decision = decide_client(&finding);
	ck_assert_msg(finding == kinds[row].honest, "%s: %d", kinds[row].name, finding);
	ck_assert_int_eq(decision, danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, finding,
				       DANEPRIV_CHANNEL_ENCRYPTED));
	SSL_SESSION_free(kept);
	close_contexts();
}
END_TEST

/* The session of an impostor, whom an opportunistic client took as he was: strict, he is found out.
 */
START_TEST(resumption_of_an_impostor)
{
	danepriv_finding finding;

	client = ssl_client_ctx(versions[_i]);
	theirs = ssl_server_ctx(versions[_i], &impostor, NULL);
	open_connection(DANEPRIV_PROFILE_OPPORTUNISTIC, NOTHING);
	ssl_pair_handshake(&ends);
	ssl_pair_talk(&ends);
	SSL_SESSION *kept = SSL_get1_session(ends.client.ssl);
	close_connection();
	open_connection(DANEPRIV_PROFILE_STRICT, RIGHT);
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, kept), 1);
	ssl_pair_handshake(&ends);
	ck_assert(SSL_session_reused(ends.client.ssl));
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_MISMATCH);
	SSL_SESSION_free(kept);
	close_contexts();
}
END_TEST

/* `2 1 1` of an authority that issued none of this. */
static void
give_another_authority(void)
{
	danepriv_span item = { impostor.certificate.data, impostor.certificate.size };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	danepriv_records *records;
	uint8_t rdata[35];
	size_t len;

	ck_assert_int_eq(
	    danepriv_credential_record(&credential, 2, 1, 1, rdata, sizeof rdata, &len),
	    DANEPRIV_OK);
	const danepriv_span span = { rdata, len };
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, INT64_MAX, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

/* A session that was written down has the end entity's certificate alone: who issued it cannot be
 * told any more, and nobody is accused. */
static const struct {
	bool written;
	danepriv_finding finding;
	int attack;
} lists[] = {
	{ false, DANEPRIV_FINDING_MISMATCH, 1 },
	{ true, DANEPRIV_FINDING_INDETERMINATE, 0 },
};

START_TEST(resumption_without_a_list)
{
	danepriv_verdict why = { .size = sizeof why };

	open_contexts(versions[_i & 1]);
	SSL_SESSION *kept = get_session(lists[_i / 2].written);
	open_connection(DANEPRIV_PROFILE_STRICT, NOTHING);
	give_another_authority();
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, kept), 1);
	ssl_pair_handshake(&ends);
	ck_assert(SSL_session_reused(ends.client.ssl));
	/* The certificate is of today. */
	ck_assert_int_eq(danepriv_openssl_decide(ends.client.ssl, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, time(NULL), &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, lists[_i / 2].finding);
	ck_assert_int_eq(why.attack, lists[_i / 2].attack);
	SSL_SESSION_free(kept);
	close_contexts();
}
END_TEST

/* ---- early data ---- */

static const struct {
	const char *name;
	bool written, accepted;
	danepriv_profile profile;
	danepriv_decision decision;
} early[] = {
	{ "none", false, true, DANEPRIV_PROFILE_STRICT, DANEPRIV_DECISION_PROCEED },
	{ "strict, taken", true, true, DANEPRIV_PROFILE_STRICT, DANEPRIV_DECISION_REFUSE },
	{ "strict, not taken", true, false, DANEPRIV_PROFILE_STRICT, DANEPRIV_DECISION_REFUSE },
	{ "opportunistic, taken", true, true, DANEPRIV_PROFILE_OPPORTUNISTIC,
	    DANEPRIV_DECISION_PROCEED },
	{ "opportunistic, not taken", true, false, DANEPRIV_PROFILE_OPPORTUNISTIC,
	    DANEPRIV_DECISION_PROCEED },
};

static void
read_early_data(bool accepted)
{
	char word[8];
	size_t len;

	if (!accepted)
		return;
	ck_assert_int_eq(SSL_read_early_data(ends.server.ssl, word, sizeof word, &len),
	    SSL_READ_EARLY_DATA_SUCCESS);
	ck_assert_uint_eq(len, 5);
}

START_TEST(early_data)
{
	danepriv_finding finding;
	size_t len;

	open_contexts(TLS1_3_VERSION);
	ck_assert_int_eq(SSL_CTX_set_max_early_data(theirs, 100), 1);
	SSL_SESSION *kept = get_session(false);
	open_connection(early[_i].profile, RIGHT);
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, kept), 1);
	if (early[_i].written) {
		ck_assert_int_eq(SSL_write_early_data(ends.client.ssl, "early", 5, &len), 1);
		read_early_data(early[_i].accepted);
	}
	ssl_pair_handshake(&ends);
	ck_assert_msg(ends.client.result == 1, "%s: %d", early[_i].name, ends.client.reason);
	ck_assert_int_eq(SSL_get_early_data_status(ends.client.ssl),
	    !early[_i].written	 ? SSL_EARLY_DATA_NOT_SENT
	    : early[_i].accepted ? SSL_EARLY_DATA_ACCEPTED
				 : SSL_EARLY_DATA_REJECTED);
	ck_assert_msg(decide_client(&finding) == early[_i].decision, "%s", early[_i].name);
	SSL_SESSION_free(kept);
	close_contexts();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_channel");
	TCase *tc = tcase_create("openssl_channel");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, channel, 0, ROWS(channels));
	tcase_add_loop_test(tc, key_that_is_not_taken, 0, 4);
	tcase_add_test(tc, no_renegotiation);
	tcase_add_loop_test(tc, client_certificate_is_asked_for, 0, ROWS(versions));
	tcase_add_loop_test(tc, resumption, 0, 8 * EVIDENCE_ROWS);
	tcase_add_loop_test(tc, resumption_of_an_impostor, 0, ROWS(versions));
	tcase_add_loop_test(tc, resumption_without_a_list, 0, 2 * ROWS(lists));
	tcase_add_loop_test(tc, early_data, 0, ROWS(early));
	suite_add_tcase(suite, tc);
	return suite;
}
