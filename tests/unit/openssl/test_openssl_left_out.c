/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/guard: what if something is left out of a decision?  It is zero, and never makes
 * strict more trusting. */
#include "support/guarded.h"
#include "support/ssl_pair.h"
#include "support/suite.h"

#include <stddef.h>
#include <string.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };
static ssl_pair ends;

typedef struct given {
	SSL *ssl;
	danepriv_session *session;
	danepriv_provenance provenance;
	int result;
	danepriv_time now;
} given;

static danepriv_decision
decide_by(const given *g)
{
	return danepriv_openssl_decide(g->ssl, g->session, g->provenance, g->result, g->now, NULL);
}

static const struct {
	const char *name;
	size_t at, octets;
} arguments_of_decide[] = {
	{ "ssl", offsetof(given, ssl), sizeof(SSL *) },
	{ "session", offsetof(given, session), sizeof(danepriv_session *) },
	{ "provenance", offsetof(given, provenance), sizeof(danepriv_provenance) },
	{ "handshake_result", offsetof(given, result), sizeof(int) },
	{ "now", offsetof(given, now), sizeof(danepriv_time) },
};

START_TEST(left_out)
{
	SSL_CTX *client = ssl_client_ctx(versions[_i]);
	SSL_CTX *theirs = ssl_server_ctx(versions[_i], &honest, NULL);

	ssl_pair_open(&ends, client, theirs);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	ck_assert_int_eq(danepriv_openssl_guard(ends.client.ssl, session, NULL, NOW), DANEPRIV_OK);
	ssl_pair_handshake(&ends);
	const given all = { ends.client.ssl, session, DANEPRIV_PROVENANCE_CONFIGURED,
		ends.client.result, NOW };
	for (int i = 0; i < ROWS(arguments_of_decide); i++) {
		given g = all;
		ck_assert_int_eq(decide_by(&g), DANEPRIV_DECISION_PROCEED);
		memset((char *)&g + arguments_of_decide[i].at, 0, arguments_of_decide[i].octets);
		ck_assert_msg(decide_by(&g) == DANEPRIV_DECISION_REFUSE, "without %s",
		    arguments_of_decide[i].name);
	}
	/* Exchanged, of which no compiler warns. */
	const given exchanged = { ends.client.ssl, session, (danepriv_provenance)ends.client.result,
		DANEPRIV_PROVENANCE_CONFIGURED, NOW };
	ck_assert_int_eq(decide_by(&exchanged), DANEPRIV_DECISION_REFUSE);
	close_session();
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_left_out");
	TCase *tc = tcase_create("openssl_left_out");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, left_out, 0, ROWS(versions));
	suite_add_tcase(suite, tc);
	return suite;
}
