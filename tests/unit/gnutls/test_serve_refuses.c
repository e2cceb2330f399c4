/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/serve: what does a server that sends its proof not take? */
#include "support/failing_alloc.h"
#include "support/serving.h"
#include "support/suite.h"

#include <danepriv/chain.h>
#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/server.h>
#include <string.h>

#define LOWER "NORMAL"

/* ---- clients that ask oddly ---- */

static size_t request_len;

static int
send_request(gnutls_session_t tls, gnutls_buffer_t out)
{
	static const uint8_t port[4] = { 3, 85 };

	(void)tls;
	int result = gnutls_buffer_append_data(out, port, request_len);
	if (result < 0)
		return result;
	return request_len > 0 ? (int)request_len : GNUTLS_E_INT_RET_0;
}

static bool answered;

static int
take_answer(gnutls_session_t tls, const unsigned char *data, size_t len)
{
	(void)tls;
	(void)data;
	answered = len > 0;
	return 0;
}

static const struct {
	const char *name, *priority, *lowered, *sni;
	size_t len;
	int result; /* the server's */
	bool answered;
} requests[] = {
	{ "two octets", TLS12, NULL, NAME, 2, 0, true },
	{ "two octets, lowered", "NORMAL", LOWER, NAME, 2, 0, true },
	{ "no SNI", TLS12, NULL, NULL, 2, 0, false },
	{ "no SNI, lowering", "NORMAL", LOWER, NULL, 2, 0, false },
	{ "SNI with an escape", TLS12, NULL, "ns1\\.example.net", 2,
	    GNUTLS_E_RECEIVED_DISALLOWED_NAME, false },
	{ "SNI below", TLS12, NULL, "www." NAME, 2, 0, false },
	{ "one octet", TLS12, NULL, NAME, 1, GNUTLS_E_UNEXPECTED_PACKET_LENGTH, false },
	{ "three octets", TLS12, NULL, NAME, 3, GNUTLS_E_UNEXPECTED_PACKET_LENGTH, false },
	{ "one octet, TLS 1.3", TLS13, NULL, NAME, 1, GNUTLS_E_UNEXPECTED_PACKET_LENGTH, false },
	{ "three octets, lowering", "NORMAL", LOWER, NAME, 3, GNUTLS_E_UNEXPECTED_PACKET_LENGTH,
	    false },
	{ "no octets", TLS12, NULL, NAME, 0, GNUTLS_E_UNEXPECTED_PACKET_LENGTH, false },
};

START_TEST(requested)
{
	const char *name = requests[_i].name, *sni = requests[_i].sni;
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");

	answered = false;
	request_len = requests[_i].len;
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, requests[_i].lowered), 0);
	ck_assert_int_eq(gnutls_priority_set_direct(pair.client, requests[_i].priority, NULL), 0);
	if (sni)
		ck_assert_int_eq(
		    gnutls_server_name_set(pair.client, GNUTLS_NAME_DNS, sni, strlen(sni)), 0);
	ck_assert_int_eq(gnutls_session_ext_register(pair.client, "asking", 59, GNUTLS_EXT_TLS,
			     take_answer, send_request, NULL, NULL, NULL,
			     GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS12_SERVER_HELLO),
	    0);
	pair_handshake(&pair);
	ck_assert_msg(pair.server_result == requests[_i].result, "%s: %s", name,
	    gnutls_strerror_name(pair.server_result));
	ck_assert_msg(answered == requests[_i].answered, "%s", name);
	close_pair(credentials);
}
END_TEST

/* ---- what is refused ---- */

static const danepriv_server odd[] = { { NULL, 0, DANEPRIV_TRANSPORT_DOT },
	{ ".", 853, DANEPRIV_TRANSPORT_DOT }, { "192.0.2.1", 853, DANEPRIV_TRANSPORT_DOT },
	{ NAME, 853, DANEPRIV_TRANSPORT_DOQ }, { NAME, 443, DANEPRIV_TRANSPORT_DOH3 },
	{ NAME, 0, DANEPRIV_TRANSPORT_IPSEC }, { NAME, 853, (danepriv_transport)99 } };

static void
check_settings(void)
{
	danepriv_chain_serving settings = { .size = 1 };
	danepriv_span span = octets_span(chain), lost = { NULL, 1 }, empty = { span.data, 0 };
	danepriv_span cut = { span.data, span.len - 1 };

	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, span, &settings, NULL), DANEPRIV_EINVAL);
	settings.size = sizeof settings;
	settings.form = (danepriv_chain_form)2;
	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, span, &settings, NULL), DANEPRIV_EINVAL);
	settings.form = 0;
	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, span, &settings, "NORMAL:+NONSENSE"),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, lost, NULL, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, empty, NULL, NULL), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(
	    danepriv_gnutls_serve(pair.server, &server, cut, NULL, NULL), DANEPRIV_EMALFORMED);
}

START_TEST(arguments)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	const danepriv_server two_dots = { "ns1..net", 853, DANEPRIV_TRANSPORT_DOT };
	danepriv_finding finding;

	ck_assert_int_eq(serve_chain(NULL, &server, 0, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(serve_chain(pair.client, &server, 0, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(serve_chain(pair.server, NULL, 0, NULL), DANEPRIV_EINVAL);
	for (int i = 0; i < ROWS(odd); i++)
		ck_assert_msg(
		    serve_chain(pair.server, &odd[i], 0, NULL) == DANEPRIV_EINVAL, "row %d", i);
	ck_assert_int_eq(serve_chain(pair.server, &two_dots, 0, NULL), DANEPRIV_EMALFORMED);
	check_settings();
	serve_large(DANEPRIV_CHAIN_SERVED_MAX + 1);
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, NULL), DANEPRIV_ELIMIT);
	/* None of this has left anything behind: nobody gets a chain. */
	open_session(DANEPRIV_PROFILE_STRICT);
	serve_guard(TLS12);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	serve_check("after refusals", false);
	/* A server that serves is no client that was guarded. */
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST

START_TEST(not_our_session)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");

	open_session(DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, NULL), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.server, session, NULL, NOW, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_gnutls_decide(
			     pair.server, session, DANEPRIV_PROVENANCE_CONFIGURED, 0, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(pair.server), 0);
	pair_close(&pair);
	/* Somebody else's extension. */
	pair_open(&pair, credentials, "NORMAL", 0, NULL);
	ck_assert_int_eq(gnutls_session_ext_register(pair.server, "other", 59, GNUTLS_EXT_TLS,
			     take_answer, send_request, NULL, NULL, NULL, 0),
	    0);
	ck_assert_int_eq(serve_chain(pair.server, &server, 0, NULL), DANEPRIV_EINVAL);
	close_session();
	close_pair(credentials);
}
END_TEST

START_TEST(chained_hook)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_finding finding;

	ck_assert_int_eq(serve_chain(pair.server, &server, 0, LOWER), DANEPRIV_OK);
	gnutls_handshake_set_hook_function(
	    pair.server, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, counting_hook);
	open_session(DANEPRIV_PROFILE_STRICT);
	serve_guard(NULL);
	pair_handshake(&pair);
	ck_assert_uint_gt(hooked_messages, 3);
	ck_assert_int_eq(decide(&finding), DANEPRIV_DECISION_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* All is as it was: what was sent before is sent still. */
START_TEST(memory_runs_out)
{
	long n = 0;

	for (bool failed = true; failed; n++) {
		gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
		danepriv_finding finding;
		if (_i)
			ck_assert_int_eq(
			    serve_chain(pair.server, &server, DANEPRIV_CHAIN_FORM_BARE, NULL),
			    DANEPRIV_OK);
		dp_fail_allocation_at(n);
		danepriv_status status = serve_chain(pair.server, &server, 0, LOWER);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_int_eq(status, failed ? DANEPRIV_ENOMEM : DANEPRIV_OK);
		open_session(DANEPRIV_PROFILE_STRICT);
		serve_guard(TLS12);
		pair_handshake(&pair);
		serve_check("memory", _i || !failed);
		ck_assert_int_eq(decide(&finding),
		    _i || !failed ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
		close_session();
		close_pair(credentials);
	}
	ck_assert_int_ge(n, 3);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("serve-refuses");
	TCase *tc = tcase_create("serve-refuses");

	tcase_add_checked_fixture(tc, serve_open, serve_close);
	tcase_add_loop_test(tc, requested, 0, ROWS(requests));
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, not_our_session);
	tcase_add_test(tc, chained_hook);
	tcase_add_loop_test(tc, memory_runs_out, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
