/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/guard: what do no settings and zeroed ones stand for?  The server's proof is asked
 * for where it helps, and raw keys are offered where one is published and the library has them. */
#include "support/guarded.h"
#include "support/ssl_extension.h"
#include "support/ssl_pair.h"
#include "support/suite.h"

#include <stdio.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };

enum { NO_SETTINGS, ZEROED, ALL_OFF, SETTINGS };

static danepriv_status
guard_by(int which, SSL *ssl)
{
	danepriv_openssl_settings settings = { .size = sizeof settings };

	if (which == ALL_OFF) {
		settings.chain = DANEPRIV_OPENSSL_CHAIN_OFF;
		settings.raw_keys = DANEPRIV_OPENSSL_RAW_KEYS_OFF;
	}
	return danepriv_openssl_guard(ssl, session, which == NO_SETTINGS ? NULL : &settings, NOW);
}

static const struct {
	const char *name;
	evidence before;
	bool asks, raw;
	danepriv_finding finding;
} rows[] = {
	{ "nothing is known", NOTHING, true, false, DANEPRIV_FINDING_UNJUDGED },
	{ "the key", RIGHT, false, true, DANEPRIV_FINDING_MATCH },
	{ "the certificate", RIGHT_CERTIFICATE, false, false, DANEPRIV_FINDING_MATCH },
	{ "another key", WRONG, false, true, DANEPRIV_FINDING_MISMATCH },
	{ "nothing usable", USELESS, false, false, DANEPRIV_FINDING_UNUSABLE },
	{ "the key, until a second ago", OUTDATED, true, true, DANEPRIV_FINDING_UNJUDGED },
	{ "denied", DENIED, true, false, DANEPRIV_FINDING_ABSENT },
	{ "not signed", INSECURE, true, false, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", BOGUS, true, false, DANEPRIV_FINDING_BOGUS },
	{ "indeterminate", INDETERMINATE, true, false, DANEPRIV_FINDING_INDETERMINATE },
};

/* With a server that shows both kinds of key, and answers no question for a proof. */
static void
check_row(int row, int which, int version)
{
	SSL_CTX *client = ssl_client_ctx(version);
	SSL_CTX *theirs = SSL_HAS_RAW_KEYS ? ssl_raw_server_ctx(version, &honest, false)
					   : ssl_server_ctx(version, &honest, NULL);
	bool raw = rows[row].raw && which != ALL_OFF && SSL_HAS_RAW_KEYS;
	ssl_extension answer = { .silent = true };
	danepriv_verdict why = { .size = sizeof why };
	ssl_pair ends;
	char name[100];

	(void)snprintf(
	    name, sizeof name, "%s, settings %d, %x", rows[row].name, which, (unsigned)version);
	ssl_extension_use(theirs, &answer);
	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(rows[row].before, NULL);
	ck_assert_int_eq(guard_by(which, ends.client.ssl), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	ck_assert_msg(ends.client.result == 1, "%s: %d", name, ends.client.reason);
	bool asks = rows[row].asks && which != ALL_OFF;
	ck_assert_msg(answer.count == asks, "%s: asked %d times", name, answer.count);
	ck_assert_msg(ssl_end_saw_raw(&ends.client) == raw, "%s: kind of key", name);
	danepriv_decision decision = danepriv_openssl_decide(
	    ends.client.ssl, session, DANEPRIV_PROVENANCE_CONFIGURED, 1, NOW, &why);
	ck_assert_msg(why.finding == rows[row].finding, "%s: %s", name,
	    danepriv_word(DANEPRIV_KIND_FINDING, why.finding));
	ck_assert_msg(decision == danepriv_decide(DANEPRIV_PROFILE_OPPORTUNISTIC,
				      DANEPRIV_PROVENANCE_CONFIGURED, why.finding,
				      DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s: decision %d", name, decision);
	ssl_extension_clear(&answer);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}

START_TEST(left_out)
{
	for (int which = 0; which < SETTINGS; which++)
		for (int v = 0; v < ROWS(versions); v++)
			check_row(_i, which, versions[v]);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_defaults");
	TCase *tc = tcase_create("openssl_defaults");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, left_out, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
