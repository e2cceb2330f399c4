/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/extension: does RELABEL work with the GnuTLS that is loaded, is it needed, and what
 * becomes of a connection where it does not work?  What else stands in Certificate messages of
 * TLS 1.3 ends handshakes, as it does without us. */
#include "support/sending.h"
#include "support/suite.h"

#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/server.h>
#include <string.h>

#define OWNER "_853._tcp." NAME
#define PROOF 59
#define STAPLE 5

/* ---- a chain of OpenSSL's ---- */

static void
open_server(size_t entry)
{
	sending_open(RIGHT_CHAIN, false, true);
	peer.entry = entry;
	open_session(DANEPRIV_PROFILE_STRICT);
	chain_link_open(&line, &peer, TLS13);
}

static void
close_server(void)
{
	chain_link_close(&line);
	close_session();
	sending_close();
}

static danepriv_decision
judge(void)
{
	danepriv_finding finding;

	return decide_line(&finding);
}

static int
no_relabel(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	(void)tls;
	(void)type;
	(void)when;
	(void)incoming;
	(void)message;
	return 0;
}

START_TEST(works)
{
	open_server(0);
	ck_assert_int_eq(chain_link_guard(&line, TLS13,
			     _i ? DANEPRIV_GNUTLS_CHAIN_TRY : DANEPRIV_GNUTLS_CHAIN_RELABEL),
	    0);
	chain_link_handshake(&line);
	ck_assert_msg(line.client_result == 0 && judge() == DANEPRIV_DECISION_PROCEED,
	    "RELABEL does not work with GnuTLS %s (%s): with it, TRY connects to unknown servers "
	    "twice",
	    gnutls_check_version(NULL), gnutls_strerror_name(line.client_result));
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(line.client), 0);
	close_server();
}
END_TEST

START_TEST(is_needed)
{
	open_server(0);
	ck_assert_int_eq(chain_link_guard(&line, TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL), 0);
	gnutls_handshake_set_hook_function(
	    line.client, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_POST, no_relabel);
	chain_link_handshake(&line);
	ck_assert_msg(line.client_result == GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION,
	    "GnuTLS %s no longer ends handshakes whose Certificate message has an extension that "
	    "it does not know (%s): see whether it hands it out, and do without RELABEL",
	    gnutls_check_version(NULL), gnutls_strerror_name(line.client_result));
	ck_assert_int_eq(judge(), DANEPRIV_DECISION_REFUSE);
	close_server();
}
END_TEST

/* ---- a GnuTLS that does not bear it ---- */

/* It shows the hook a copy of what it parses. */
static int
shows_copy(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	gnutls_datum_t copy = { gnutls_malloc(message->size + 1), message->size };

	ck_assert_ptr_nonnull(copy.data);
	memcpy(copy.data, message->data, message->size);
	int result = danepriv_gnutls_hook(tls, type, when, incoming, &copy);
	gnutls_free(copy.data);
	return result;
}

/* It hashes the message after the hook has seen it. */
static int
hashes_later(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	if (when == GNUTLS_HOOK_POST)
		return 0;
	return danepriv_gnutls_hook(tls, type, GNUTLS_HOOK_POST, incoming, message);
}

static const struct {
	const char *name;
	gnutls_handshake_hook_func hook;
	int result;
} unlike[] = {
	{ "shows a copy", shows_copy, GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
	{ "hashes later", hashes_later, GNUTLS_E_PK_SIG_VERIFY_FAILED },
};

/* TRY finds out by itself: the next connection does without, and the proof counts there. */
START_TEST(does_not_hold)
{
	static const danepriv_gnutls_chain asks[] = { DANEPRIV_GNUTLS_CHAIN_TRY,
		DANEPRIV_GNUTLS_CHAIN_RELABEL, DANEPRIV_GNUTLS_CHAIN_OFF };
	danepriv_gnutls_chain chain = asks[_i % 3];
	bool is_impostor = _i / 3 % 2, is_try = chain == DANEPRIV_GNUTLS_CHAIN_TRY;
	const char *name = unlike[_i / 6].name;
	danepriv_finding finding;

	sending_open(RIGHT_CHAIN, is_impostor, true);
	open_session(DANEPRIV_PROFILE_STRICT);
	chain_link_open(&line, &peer, TLS13);
	ck_assert_int_eq(chain_link_guard(&line, TLS13, chain), 0);
	gnutls_handshake_set_hook_function(
	    line.client, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_BOTH, unlike[_i / 6].hook);
	chain_link_handshake(&line);
	int wanted = chain == DANEPRIV_GNUTLS_CHAIN_OFF ? 0 : unlike[_i / 6].result;
	ck_assert_msg(
	    line.client_result == wanted, "%s: %s", name, gnutls_strerror_name(line.client_result));
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(line.client), is_try);
	chain_link_close(&line);
	unsigned asked = peer.asked;
	connect_once(TLS13, chain);
	danepriv_decision decision = decide_line(&finding);
	ck_assert_uint_eq(peer.asked, asked);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(line.client), 0);
	if (chain != DANEPRIV_GNUTLS_CHAIN_OFF) {
		ck_assert_int_eq(
		    decision, is_impostor ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
		ck_assert_int_eq(
		    finding, is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	} else {
		ck_assert_int_eq(decision, DANEPRIV_DECISION_REFUSE);
		ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	}
	close_server();
}
END_TEST

/* RFC 9102 section 2.2: it stands with the end entity's certificate. */
START_TEST(second_entry)
{
	open_server(1);
	ck_assert_int_eq(chain_link_guard(&line, TLS13,
			     _i ? DANEPRIV_GNUTLS_CHAIN_RECONNECT : DANEPRIV_GNUTLS_CHAIN_RELABEL),
	    0);
	chain_link_handshake(&line);
	ck_assert_int_eq(line.client_result, GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(line.client), 0);
	ck_assert_int_eq(judge(), DANEPRIV_DECISION_REFUSE);
	close_server();
}
END_TEST

/* ---- a GnuTLS server that rewrites its own messages ---- */

typedef enum rewriting { ASKED, UNASKED, TWICE, UNASKED_12 } rewriting;

static const struct {
	const char *name, *priority;
	rewriting how;
	danepriv_gnutls_chain chain;
	evidence before; /* RIGHT: nothing is asked for */
	int result;
} rewritings[] = {
	/* It gets as far as the signature: the server has hashed what it had written before. */
	{ "once, as asked", TLS13, ASKED, DANEPRIV_GNUTLS_CHAIN_RELABEL, NOTHING,
	    GNUTLS_E_PK_SIG_VERIFY_FAILED },
	{ "once, tried", TLS13, ASKED, DANEPRIV_GNUTLS_CHAIN_TRY, NOTHING,
	    GNUTLS_E_PK_SIG_VERIFY_FAILED },
	{ "never asked", TLS13, UNASKED, DANEPRIV_GNUTLS_CHAIN_OFF, NOTHING,
	    GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
	{ "not asked, as all is known", TLS13, UNASKED, DANEPRIV_GNUTLS_CHAIN_RELABEL, RIGHT,
	    GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
	{ "not asked, reconnect", TLS13, UNASKED, DANEPRIV_GNUTLS_CHAIN_RECONNECT, RIGHT,
	    GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
	{ "twice in one entry", TLS13, TWICE, DANEPRIV_GNUTLS_CHAIN_RELABEL, NOTHING,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
	{ "twice in one entry, reconnect", TLS13, TWICE, DANEPRIV_GNUTLS_CHAIN_RECONNECT, NOTHING,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
	{ "never asked in TLS 1.2", TLS12, UNASKED_12, DANEPRIV_GNUTLS_CHAIN_OFF, NOTHING,
	    GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
	{ "not asked in TLS 1.2, as all is known", TLS12, UNASKED_12, DANEPRIV_GNUTLS_CHAIN_TRY,
	    RIGHT, GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION },
};

static rewriting how;
static bool rewritten;

/* A staple of the length that its place is needed for. */
static int
give_staple(gnutls_session_t tls, void *arg, gnutls_datum_t *response)
{
	(void)tls;
	(void)arg;
	response->size = (unsigned)extension.len - 4; /* kind and length of a staple */
	response->data = gnutls_calloc(1, response->size);
	return response->data ? 0 : GNUTLS_E_MEMORY_ERROR;
}

/* Where these octets are in a message. */
static uint8_t *
find(const gnutls_datum_t *message, const uint8_t *what, size_t len)
{
	for (size_t i = 0; i + len <= message->size; i++)
		if (memcmp(message->data + i, what, len) == 0)
			return message->data + i;
	return NULL;
}

static void
rewrite_certificate(const gnutls_datum_t *message)
{
	size_t len = extension.len;
	const uint8_t staple[] = { 0, STAPLE, (uint8_t)(len >> 8), (uint8_t)len, 1 };
	uint8_t *at = find(message, staple, sizeof staple);

	rewritten = at != NULL;
	if (!at)
		return;
	at[1] = PROOF;
	memcpy(at + 4, extension.data, len);
	if (how != TWICE)
		return;
	at[2] = 0;
	at[3] = 8;
	at[12] = 0;
	at[13] = PROOF;
	at[14] = (uint8_t)((len - 12) >> 8);
	at[15] = (uint8_t)(len - 12);
}

/* extended_master_secret has nothing in it, either. */
static void
rewrite_hello(const gnutls_datum_t *message)
{
	static const uint8_t secret[] = { 0, 23, 0, 0 };
	uint8_t *at = find(message, secret, sizeof secret);

	rewritten = at != NULL;
	if (at)
		at[1] = PROOF;
}

static int
rewrite(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	(void)tls;
	if (incoming || when != GNUTLS_HOOK_PRE)
		return 0;
	if (type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT && how != UNASKED_12)
		rewrite_certificate(message);
	if (type == GNUTLS_HANDSHAKE_SERVER_HELLO && how == UNASKED_12)
		rewrite_hello(message);
	return 0;
}

START_TEST(rewrites)
{
	test_octets chain = chain_of(zone, &honest, OWNER);
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_gnutls_settings settings = { .size = sizeof settings };
	const char *name = rewritings[_i].name;

	extension = tiny_zone_extension(octets_span(chain), 1, true);
	how = rewritings[_i].how;
	gnutls_certificate_set_ocsp_status_request_function(credentials, give_staple, NULL);
	gnutls_handshake_set_hook_function(
	    pair.server, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_BOTH, rewrite);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(rewritings[_i].before, NULL);
	settings.chain = rewritings[_i].chain;
	settings.priority = rewritings[_i].priority;
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_OK);
	pair_handshake(&pair);
	ck_assert_msg(rewritten, "%s: the server's message has another form now", name);
	ck_assert_msg(pair.client_result == rewritings[_i].result, "%s: %s", name,
	    gnutls_strerror_name(pair.client_result));
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, pair.client_result, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	/* Who signs something else cannot be told from a GnuTLS that does not bear RELABEL. */
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(pair.client),
	    how == ASKED && settings.chain == DANEPRIV_GNUTLS_CHAIN_TRY);
	close_session();
	close_pair(credentials);
	octets_free(extension);
	octets_free(chain);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("relabel");
	TCase *tc = tcase_create("relabel");

	tcase_add_checked_fixture(tc, chain_open_all, chain_close_all);
	tcase_add_loop_test(tc, works, 0, 2);
	tcase_add_test(tc, is_needed);
	tcase_add_loop_test(tc, does_not_hold, 0, 3 * 2 * ROWS(unlike));
	tcase_add_loop_test(tc, second_entry, 0, 2);
	tcase_add_loop_test(tc, rewrites, 0, ROWS(rewritings));
	suite_add_tcase(suite, tc);
	return suite;
}
