/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl/serve and chains: what does an OpenSSL server send to clients that ask for its proof?
 */
#include "support/failing_alloc.h"
#include "support/guarded.h"
#include "support/ssl_extension.h"
#include "support/ssl_pair.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

static ssl_pair ends;
static SSL_CTX *client, *theirs;
static ssl_extension question;

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION, DTLS1_2_VERSION };

static void
open_question(void)
{
	open_all();
	memset(&question, 0, sizeof question);
}

static void
close_contexts(void)
{
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
	client = theirs = NULL;
	ssl_extension_clear(&question);
}

/* A client that asks as `question` says, and a server with two certificates. */
static void
open_contexts(int version)
{
	client = ssl_client_ctx(version);
	SSL_CTX_free(client);
	client =
	    SSL_CTX_new(version == DTLS1_2_VERSION ? DTLS_client_method() : TLS_client_method());
	ck_assert_int_eq(SSL_CTX_set_max_proto_version(client, version), 1);
	ssl_extension_use(client, &question);
	theirs = ssl_server_ctx(version, &honest, &impostor);
}

static void
serve(const char *name, uint16_t port, danepriv_transport transport, const char *chain)
{
	danepriv_server named = { .name = name, .port = port, .transport = transport };
	danepriv_span octets = { (const uint8_t *)chain, strlen(chain) };

	ck_assert_int_eq(danepriv_openssl_serve(theirs, &named, octets, NULL), DANEPRIV_OK);
}

static void
handshake(const char *sni)
{
	char name[64]; /* which OpenSSL takes for one that it may write to */

	ssl_pair_open(&ends, client, theirs);
	(void)snprintf(name, sizeof name, "%s", sni ? sni : "");
	if (sni)
		ck_assert_int_eq(SSL_set_tlsext_host_name(ends.client.ssl, name), 1);
	ssl_pair_handshake(&ends);
}

/* ---- who gets what ---- */

static const struct {
	const char *name, *sni;
	size_t len;
	uint8_t request[4];
	const char *chain; /* NULL: none */
	bool refused;
} requests[] = {
	{ "served", "ns1.example.net", 2, { 3, 85 }, "first", false },
	{ "in capitals", "NS1.Example.NET", 2, { 3, 85 }, "first", false },
	{ "another port of it", "ns1.example.net", 2, { 1, 187 }, "second", false },
	{ "another name", "ns2.example.net", 2, { 3, 85 }, "third", false },
	{ "not that port", "ns2.example.net", 2, { 1, 187 }, NULL, false },
	{ "port 0", "ns1.example.net", 2, { 0, 0 }, NULL, false },
	{ "of the wrong end", "ns1.example.net", 2, { 85, 3 }, NULL, false },
	{ "no such name", "ns3.example.net", 2, { 3, 85 }, NULL, false },
	{ "part of a name", "example.net", 2, { 3, 85 }, NULL, false },
	{ "longer than a name", "a.ns1.example.net", 2, { 3, 85 }, NULL, false },
	{ "an address", "192.0.2.1", 2, { 3, 85 }, NULL, false },
	{ "no name", NULL, 2, { 3, 85 }, NULL, false },
	{ "no octets", "ns1.example.net", 0, { 0 }, NULL, true },
	{ "one octet", "ns1.example.net", 1, { 3 }, NULL, true },
	{ "three octets", "ns1.example.net", 3, { 3, 85, 0 }, NULL, true },
	{ "an octet in front", "ns1.example.net", 3, { 2, 3, 85 }, NULL, true },
	{ "three octets, unknown name", "ns3.example.net", 3, { 3, 85, 0 }, NULL, true },
};

static void
check_chain(const char *wanted, const char *name)
{
	if (!wanted) {
		ck_assert_msg(question.count == 0, "%s", name);
		return;
	}
	/* Once, in the first entry: a lifetime of 0, a length, the chain. */
	size_t len = strlen(wanted);
	ck_assert_msg(
	    question.count == 1 && question.entry == 0, "%s: %d times", name, question.count);
	uint8_t head[] = { 0, 0, 0, (uint8_t)len };
	ck_assert_msg(question.came.len == len + 4 && !memcmp(question.came.data, head, 4) &&
			  !memcmp(question.came.data + 4, wanted, len),
	    "%s", name);
}

START_TEST(who_gets_what)
{
	for (int v = 0; v < ROWS(versions); v++) {
		bool datagrams = versions[v] == DTLS1_2_VERSION;
		danepriv_transport transport =
		    datagrams ? DANEPRIV_TRANSPORT_DTLS : DANEPRIV_TRANSPORT_DOT;
		open_contexts(versions[v]);
		serve("ns1.example.net", 0, transport, "first");
		serve("ns1.example.net", 443, transport, "second");
		serve("ns2.EXAMPLE.net.", 853, transport, "third");
		/* The other protocol's are others. */
		serve("ns1.example.net", 853,
		    datagrams ? DANEPRIV_TRANSPORT_DOT : DANEPRIV_TRANSPORT_DTLS, "no");
		question.sent = (danepriv_span){ requests[_i].request, requests[_i].len };
		handshake(requests[_i].sni);
		ck_assert_msg((ends.client.result == 1) == !requests[_i].refused, "%s: %d",
		    requests[_i].name, ends.client.reason);
		if (requests[_i].refused)
			ck_assert_int_eq(
			    ends.client.reason, SSL_AD_REASON_OFFSET + SSL_AD_DECODE_ERROR);
		check_chain(requests[_i].chain, requests[_i].name);
		ssl_pair_close(&ends);
		close_contexts();
	}
}
END_TEST

static const uint8_t dot[] = { 853 >> 8, 853 & 255 };

START_TEST(not_asked)
{
	open_contexts(versions[_i]);
	serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, "chain");
	question.silent = true;
	handshake(NAME);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert_int_eq(question.count, 0);
	ssl_pair_close(&ends);
	close_contexts();
}
END_TEST

/* ---- forms ---- */

static const struct {
	danepriv_chain_form form;
	uint16_t hours;
	size_t len;
	uint8_t octets[8];
} forms[] = {
	{ DANEPRIV_CHAIN_FORM_PREFIXED, 0, 7, { 0, 0, 0, 3, 'a', 'b', 'c' } },
	{ DANEPRIV_CHAIN_FORM_PREFIXED, 65535, 7, { 255, 255, 0, 3, 'a', 'b', 'c' } },
	{ DANEPRIV_CHAIN_FORM_BARE, 0, 5, { 0, 0, 'a', 'b', 'c' } },
	{ DANEPRIV_CHAIN_FORM_BARE, 258, 5, { 1, 2, 'a', 'b', 'c' } },
};

START_TEST(form)
{
	danepriv_chain_serving settings = {
		.size = sizeof settings, .support_hours = forms[_i].hours, .form = forms[_i].form
	};
	danepriv_span chain = { (const uint8_t *)"abc", 3 };

	question.sent = (danepriv_span){ dot, 2 };
	for (int v = 0; v < 2; v++) {
		open_contexts(versions[v]);
		ck_assert_int_eq(
		    danepriv_openssl_serve(theirs, &server, chain, &settings), DANEPRIV_OK);
		handshake(NAME);
		ck_assert_uint_eq(question.came.len, forms[_i].len);
		ck_assert_int_eq(memcmp(question.came.data, forms[_i].octets, forms[_i].len), 0);
		ssl_pair_close(&ends);
		close_contexts();
	}
}
END_TEST

/* ---- changes ---- */

static void
expect(const char *sni, const char *chain)
{
	handshake(sni);
	ck_assert_int_eq(ends.client.result, 1);
	check_chain(chain, chain ? chain : "none");
	ssl_extension_clear(&question);
	ssl_pair_close(&ends);
}

START_TEST(replaced_and_taken_away)
{
	open_contexts(versions[_i]);
	question.sent = (danepriv_span){ dot, 2 };
	serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, ""); /* nothing there yet */
	expect(NAME, NULL);
	serve("a.example", 853, DANEPRIV_TRANSPORT_DOT, "a");
	serve("b.example", 853, DANEPRIV_TRANSPORT_DOT, "b");
	serve("c.example", 853, DANEPRIV_TRANSPORT_DOT, "c");
	serve("B.example", 853, DANEPRIV_TRANSPORT_DOT, "bb");
	expect("a.example", "a");
	expect("b.example", "bb");
	expect("c.example", "c");
	serve("b.example", 853, DANEPRIV_TRANSPORT_DOT, "");
	expect("a.example", "a");
	expect("b.example", NULL);
	expect("c.example", "c");
	serve("c.example", 853, DANEPRIV_TRANSPORT_DOT, "");
	serve("a.example", 853, DANEPRIV_TRANSPORT_DOT, "");
	expect("a.example", NULL);
	expect("c.example", NULL);
	close_contexts();
}
END_TEST

/* Without this OpenSSL does not remember the name for resumed sessions of TLS 1.2. */
static int
acknowledge(SSL *ssl, int *alert, void *argument)
{
	(void)ssl;
	(void)alert;
	(void)argument;
	return SSL_TLSEXT_ERR_OK;
}

/* A resumed session has its peer already. */
START_TEST(resumed)
{
	open_contexts(versions[_i]);
	SSL_CTX_set_tlsext_servername_callback(theirs, acknowledge);
	serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, "chain");
	question.sent = (danepriv_span){ dot, 2 };
	handshake(NAME);
	ssl_pair_talk(&ends);
	SSL_SESSION *ticket = SSL_get1_session(ends.client.ssl);
	ssl_pair_close(&ends);
	ck_assert_int_eq(question.count, 1);
	ssl_pair_open(&ends, client, theirs);
	ck_assert_int_eq(SSL_set_tlsext_host_name(ends.client.ssl, NAME), 1);
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, ticket), 1);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert(SSL_session_reused(ends.client.ssl));
	ck_assert_int_eq(question.count, 1);
	SSL_SESSION_free(ticket);
	ssl_pair_close(&ends);
	close_contexts();
}
END_TEST

/* A servername callback moves the connection: what that SSL_CTX serves counts. */
static int
move(SSL *ssl, int *alert, void *target)
{
	(void)alert;
	ck_assert_ptr_eq(SSL_set_SSL_CTX(ssl, target), target);
	return SSL_TLSEXT_ERR_OK;
}

START_TEST(moved)
{
	SSL_CTX *target = ssl_server_ctx(versions[_i], &honest, NULL);
	danepriv_span chain = { (const uint8_t *)"there", 5 };

	open_contexts(versions[_i]);
	serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, "here");
	ck_assert_int_eq(danepriv_openssl_serve(target, &server, chain, NULL), DANEPRIV_OK);
	SSL_CTX_set_tlsext_servername_callback(theirs, move);
	SSL_CTX_set_tlsext_servername_arg(theirs, target);
	question.sent = (danepriv_span){ dot, 2 };
	expect(NAME, "there");
	SSL_CTX_free(target);
	close_contexts();
}
END_TEST

/* ---- what is refused ---- */

static uint8_t octets[DANEPRIV_CHAIN_SERVED_MAX + 1];

static const struct {
	const char *name;
	const char *server;
	danepriv_transport transport;
	danepriv_span chain;
	danepriv_chain_serving settings;
	danepriv_status status;
} arguments[] = {
	{ "largest", NAME, DANEPRIV_TRANSPORT_DOT, { octets, sizeof octets - 1 }, { 0 },
	    DANEPRIV_OK },
	{ "too large", NAME, DANEPRIV_TRANSPORT_DOT, { octets, sizeof octets }, { 0 },
	    DANEPRIV_ELIMIT },
	{ "no octets", NAME, DANEPRIV_TRANSPORT_DOT, { NULL, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "no name", NULL, DANEPRIV_TRANSPORT_DOT, { octets, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "an address", "192.0.2.1", DANEPRIV_TRANSPORT_DOT, { octets, 1 }, { 0 },
	    DANEPRIV_EINVAL },
	{ "no domain name", "a..b", DANEPRIV_TRANSPORT_DOT, { octets, 1 }, { 0 },
	    DANEPRIV_EMALFORMED },
	{ "QUIC", NAME, DANEPRIV_TRANSPORT_DOQ, { octets, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "IPsec", NAME, DANEPRIV_TRANSPORT_IPSEC, { octets, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "HTTP/3", NAME, DANEPRIV_TRANSPORT_DOH3, { octets, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "HTTPS", NAME, DANEPRIV_TRANSPORT_DOH, { octets, 1 }, { 0 }, DANEPRIV_OK },
	{ "no transport", NAME, (danepriv_transport)99, { octets, 1 }, { 0 }, DANEPRIV_EINVAL },
	{ "no size", NAME, DANEPRIV_TRANSPORT_DOT, { octets, 1 }, { 1, 0, 0 }, DANEPRIV_EINVAL },
	{ "no such form", NAME, DANEPRIV_TRANSPORT_DOT, { octets, 1 },
	    { sizeof(danepriv_chain_serving), 0, (danepriv_chain_form)2 }, DANEPRIV_EINVAL },
};

START_TEST(what_is_refused)
{
	danepriv_server named = { .name = arguments[_i].server,
		.transport = arguments[_i].transport };
	const danepriv_chain_serving *settings =
	    arguments[_i].settings.size ? &arguments[_i].settings : NULL;

	open_contexts(TLS1_3_VERSION);
	serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, "before");
	ck_assert_msg(danepriv_openssl_serve(theirs, &named, arguments[_i].chain, settings) ==
			  arguments[_i].status,
	    "%s", arguments[_i].name);
	question.sent = (danepriv_span){ dot, 2 };
	if (arguments[_i].status != DANEPRIV_OK)
		expect(NAME, "before");
	ck_assert_int_eq(
	    danepriv_openssl_serve(NULL, &server, arguments[0].chain, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_openssl_serve(theirs, NULL, arguments[0].chain, NULL), DANEPRIV_EINVAL);
	close_contexts();
}
END_TEST

/* The largest chain goes through, in all versions. */
START_TEST(largest)
{
	danepriv_server named = { .name = NAME,
		.transport = versions[_i] == DTLS1_2_VERSION ? DANEPRIV_TRANSPORT_DTLS
							     : DANEPRIV_TRANSPORT_DOT };
	danepriv_span chain = { octets, DANEPRIV_CHAIN_SERVED_MAX };

	open_contexts(versions[_i]);
	ck_assert_int_eq(danepriv_openssl_serve(theirs, &named, chain, NULL), DANEPRIV_OK);
	question.sent = (danepriv_span){ dot, 2 };
	handshake(NAME);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert_uint_eq(question.came.len, DANEPRIV_CHAIN_SERVED_MAX + 4);
	ssl_pair_close(&ends);
	close_contexts();
}
END_TEST

START_TEST(memory_runs_out)
{
	danepriv_span chain = { (const uint8_t *)"after", 5 };
	danepriv_status status = DANEPRIV_ENOMEM;
	long n;

	open_contexts(TLS1_3_VERSION);
	question.sent = (danepriv_span){ dot, 2 };
	if (_i)
		serve(NAME, 853, DANEPRIV_TRANSPORT_DOT, "before");
	for (n = 0; status != DANEPRIV_OK; n++) {
		dp_fail_allocation_at(n);
		status = danepriv_openssl_serve(theirs, &server, chain, NULL);
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		expect(NAME, status == DANEPRIV_OK ? "after" : _i ? "before" : NULL);
	}
	ck_assert_int_ge(n, 3);
	close_contexts();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_serve");
	TCase *tc = tcase_create("openssl_serve");

	tcase_add_checked_fixture(tc, open_question, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, who_gets_what, 0, ROWS(requests));
	tcase_add_loop_test(tc, not_asked, 0, 2);
	tcase_add_loop_test(tc, form, 0, ROWS(forms));
	tcase_add_loop_test(tc, replaced_and_taken_away, 0, 2);
	tcase_add_loop_test(tc, resumed, 0, 2);
	tcase_add_loop_test(tc, moved, 0, 2);
	tcase_add_loop_test(tc, what_is_refused, 0, ROWS(arguments));
	tcase_add_loop_test(tc, largest, 0, ROWS(versions));
	tcase_add_loop_test(tc, memory_runs_out, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
