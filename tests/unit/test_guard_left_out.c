/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: what is left out of a decision is zero, and never makes strict more trusting.
 */
#include "support/guarded.h"
#include "support/suite.h"

#include <stddef.h>
#include <string.h>

typedef struct given {
	gnutls_session_t tls;
	danepriv_session *session;
	danepriv_provenance provenance;
	int result;
	danepriv_time now;
} given;

static danepriv_decision
decide_by(const given *g)
{
	return danepriv_gnutls_decide(g->tls, g->session, g->provenance, g->result, g->now, NULL);
}

static const struct {
	const char *name;
	size_t at, octets;
} arguments_of_decide[] = {
	{ "tls", offsetof(given, tls), sizeof(gnutls_session_t) },
	{ "session", offsetof(given, session), sizeof(danepriv_session *) },
	{ "provenance", offsetof(given, provenance), sizeof(danepriv_provenance) },
	{ "now", offsetof(given, now), sizeof(danepriv_time) },
	/* The result is zero already: GnuTLS is asked itself (stopped). */
};

START_TEST(left_out)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	gnutls_certificate_credentials_t credentials = open_pair(&honest, priority);

	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	pair_handshake(&pair);
	const given all = { pair.client, session, DANEPRIV_PROVENANCE_CONFIGURED,
		pair.client_result, NOW };
	for (int i = 0; i < ROWS(arguments_of_decide); i++) {
		given g = all;
		ck_assert_int_eq(decide_by(&g), DANEPRIV_DECISION_PROCEED);
		memset((char *)&g + arguments_of_decide[i].at, 0, arguments_of_decide[i].octets);
		ck_assert_msg(decide_by(&g) == DANEPRIV_DECISION_REFUSE, "without %s",
		    arguments_of_decide[i].name);
	}
	/* Exchanged, of which no compiler warns. */
	const given exchanged = { pair.client, session, (danepriv_provenance)pair.client_result,
		DANEPRIV_PROVENANCE_CONFIGURED, NOW };
	ck_assert_int_eq(decide_by(&exchanged), DANEPRIV_DECISION_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard_left_out");
	TCase *tc = tcase_create("guard_left_out");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, left_out, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
