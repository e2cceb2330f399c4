/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: what if something is left out of a decision?  It is zero, and never makes
 * strict more trusting. */
#include "support/guarded.h"
#include "support/suite.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

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
	/* The result is zero already: GnuTLS is asked itself (after_each_record). */
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

/* ---- handshakes that stop ---- */

#define RECORDS_MAX 16
#define HEADER 5 /* octets of a record, before its payload */

/* What the client gets to read: so many records, and then nothing. */
typedef struct inlet {
	int fd, records;
	uint8_t header[HEADER];
	size_t headed, payload; /* octets of the header that came, of the payload to come */
} inlet;

static ssize_t
pull(gnutls_transport_ptr_t transport, void *data, size_t len)
{
	inlet *in = transport;
	size_t wanted = in->headed < HEADER ? HEADER - in->headed : in->payload;

	if (in->records == 0) {
		errno = EAGAIN;
		return -1;
	}
	ssize_t got = recv(in->fd, data, len < wanted ? len : wanted, 0);
	if (got <= 0)
		return got;
	if (in->headed == HEADER) {
		in->payload -= (size_t)got;
	} else {
		memcpy(in->header + in->headed, data, (size_t)got);
		in->headed += (size_t)got;
		in->payload = (size_t)in->header[3] << 8 | in->header[4];
	}
	if (in->headed == HEADER && in->payload == 0) {
		in->headed = 0;
		in->records--;
	}
	return got;
}

/* The result is left out, and so says success, after so many records from the server.  `has_shown`:
 * set where the server has shown its certificate, and the handshake is not over. */
static bool
is_up_after(int records, const char *priority, bool *has_shown)
{
	danepriv_verdict why = { .size = sizeof why };
	gnutls_certificate_credentials_t credentials = open_pair(&honest, priority);
	inlet in = { .fd = pair.fds[0], .records = records };
	unsigned count;

	gnutls_transport_set_ptr2(pair.client, &in, (gnutls_transport_ptr_t)(intptr_t)pair.fds[0]);
	gnutls_transport_set_pull_function(pair.client, pull);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	pair_handshake(&pair);
	bool is_up = pair.client_result == GNUTLS_E_SUCCESS;
	*has_shown |= !is_up && gnutls_certificate_get_peers(pair.client, &count);
	danepriv_decision decision = danepriv_gnutls_decide(
	    pair.client, session, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, &why);
	ck_assert_msg(decision == (is_up ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE),
	    "after %d records", records);
	ck_assert_msg(why.finding == (is_up ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_UNJUDGED),
	    "after %d records: %d", records, why.finding);
	close_session();
	close_pair(credentials);
	return is_up;
}

/* After one of them the server has shown its certificate, and not yet that it holds the key. */
START_TEST(after_each_record)
{
	bool has_shown = false;
	int records = 0;

	while (!is_up_after(records, _i & 1 ? TLS13 : TLS12, &has_shown))
		ck_assert_int_lt(records++, RECORDS_MAX);
	ck_assert(has_shown);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard_left_out");
	TCase *tc = tcase_create("guard_left_out");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, left_out, 0, 2);
	tcase_add_loop_test(tc, after_each_record, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
