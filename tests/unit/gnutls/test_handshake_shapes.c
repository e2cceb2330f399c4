/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/extension: does a proof come out of handshakes of other shapes, and what does it
 * cost? */
#include "support/failing_alloc.h"
#include "support/sending.h"
#include "support/suite.h"

#include <danepriv/gnutls.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/session.h>
#include <string.h>

/* ---- the handshake in other shapes ---- */

typedef enum shape { RETRY, STAPLE, FRAGMENTS, BLOCKING, BUNDLE } shape;

static void
arrange(shape how, danepriv_span response)
{
	if (how == RETRY)
		ck_assert_int_eq(SSL_CTX_set1_groups_list(peer.ctx, "P-521"), 1);
	if (how == STAPLE || how == BUNDLE)
		peer.staple = response;
	if (how == FRAGMENTS || how == BUNDLE)
		ck_assert_int_eq(SSL_CTX_set_max_send_fragment(peer.ctx, 512), 1);
}

static void
check_staple(danepriv_span response)
{
	gnutls_datum_t got = { NULL, 0 };

	ck_assert_int_eq(gnutls_ocsp_status_request_get(line.client, &got), 0);
	ck_assert_uint_eq(got.size, response.len);
	ck_assert(memcmp(got.data, response.data, response.len) == 0);
}

/* As often as it takes; how often that was. */
static int
shake_hands(shape how, int way)
{
	int turns = 0;

	do {
		if (turns++)
			chain_link_close(&line);
		chain_link_open(&line, &peer, ways[way].priority);
		ck_assert_int_eq(
		    chain_link_guard(&line, ways[way].priority, ways[way].chain), DANEPRIV_OK);
		if (how == BLOCKING)
			chain_link_handshake_blocking(&line);
		else
			chain_link_handshake(&line);
	} while (danepriv_gnutls_must_reconnect(line.client) && turns < 3);
	return turns;
}

static bool
shows_staple(shape how)
{
	return how == STAPLE || how == BUNDLE;
}

static void
check_shape(shape how, int way, bool is_impostor)
{
	static uint8_t response[2000] = { 0x30, 0x82 };
	danepriv_span octets = { response, sizeof response };
	danepriv_finding finding;

	sending_open(how == BUNDLE ? LARGE_CHAIN : RIGHT_CHAIN, is_impostor, true);
	arrange(how, octets);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(shake_hands(how, way), ways[way].again ? 2 : 1);
	ck_assert_int_eq(line.client_result, 0);
	/* The same request in both ClientHellos. */
	bool retried = how == RETRY && strcmp(ways[way].priority, TLS13) == 0;
	ck_assert_uint_eq(peer.asked, retried ? 2 : 1);
	ck_assert_uint_eq(peer.port, 853);
	if (shows_staple(how) && !ways[way].again)
		check_staple(octets);
	(void)decide_line(&finding);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	chain_link_close(&line);
	close_session();
	sending_close();
}

START_TEST(shapes)
{
	for (int way = 0; way < ROWS(ways); way++) {
		check_shape((shape)_i, way, false);
		check_shape((shape)_i, way, true);
	}
}
END_TEST

/* Evidence between two ClientHellos: the second one asks like the first (RFC 8446 section 4.1.2),
 * and what comes is weighed against what is known. */
START_TEST(known_in_between)
{
	danepriv_finding finding;

	sending_open(_i & 1 ? DENIAL : RIGHT_CHAIN, false, false);
	arrange(RETRY, (danepriv_span){ NULL, 0 });
	open_session(DANEPRIV_PROFILE_STRICT);
	chain_link_open(&line, &peer, TLS13);
	ck_assert_int_eq(
	    chain_link_guard(&line, TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL), DANEPRIV_OK);
	line.client_result = gnutls_handshake(line.client);
	ck_assert_int_eq(line.client_result, GNUTLS_E_AGAIN);
	give(_i & 2 ? WRONG : RIGHT, NULL);
	chain_link_handshake(&line);
	ck_assert_uint_eq(peer.asked, 2);
	(void)decide_line(&finding);
	/* A chain with records has the last word; a denial has none against records. */
	bool wrong = _i == 3;
	ck_assert_int_eq(finding, wrong ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

/* ---- resumption ---- */

static gnutls_datum_t
get_ticket(const char *priority, danepriv_records **known)
{
	gnutls_datum_t ticket = { NULL, 0 };
	danepriv_finding finding;

	open_session(DANEPRIV_PROFILE_STRICT);
	connect_once(priority, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_get_records(session, known), DANEPRIV_OK);
	chain_link_talk(&line);
	ck_assert_int_eq(gnutls_session_get_data2(line.client, &ticket), 0);
	chain_link_close(&line);
	close_session();
	return ticket;
}

/* No chain comes on resumption: it is what is known that counts. */
START_TEST(resumption)
{
	const char *priority = _i & 1 ? TLS13 : TLS12;
	bool known = _i & 2;
	danepriv_records *records;
	danepriv_finding finding;

	sending_open(RIGHT_CHAIN, false, false);
	gnutls_datum_t ticket = get_ticket(priority, &records);
	peer.asked = 0;
	open_session(DANEPRIV_PROFILE_STRICT);
	if (known)
		ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), 0);
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(
	    chain_link_guard(&line, priority, DANEPRIV_GNUTLS_CHAIN_RELABEL), DANEPRIV_OK);
	ck_assert_int_eq(gnutls_session_set_data(line.client, ticket.data, ticket.size), 0);
	chain_link_handshake(&line);
	ck_assert_int_eq(line.client_result, 0);
	ck_assert(gnutls_session_is_resumed(line.client));
	ck_assert_uint_eq(peer.asked, known ? 0 : 1);
	ck_assert_int_eq(
	    decide_line(&finding), known ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, known ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_UNJUDGED);
	danepriv_records_free(records);
	gnutls_free(ticket.data);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

/* ---- somebody else's hook ---- */

START_TEST(chained_hook)
{
	int when = _i & 1 ? GNUTLS_HOOK_BOTH : GNUTLS_HOOK_POST;
	bool is_impostor = _i & 2;
	danepriv_finding finding;

	hooked_messages = 0;
	sending_open(RIGHT_CHAIN, is_impostor, false);
	open_session(DANEPRIV_PROFILE_STRICT);
	chain_link_open(&line, &peer, TLS13);
	ck_assert_int_eq(chain_link_guard(&line, TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL), 0);
	gnutls_handshake_set_hook_function(line.client, GNUTLS_HANDSHAKE_ANY, when, counting_hook);
	chain_link_handshake(&line);
	ck_assert_uint_gt(hooked_messages, 3);
	ck_assert_int_eq(decide_line(&finding),
	    is_impostor ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	chain_link_close(&line);
	close_session();
	sending_close();
}
END_TEST

/* Called where it has no business: nothing happens. */
START_TEST(hook_elsewhere)
{
	gnutls_datum_t datum = { NULL, 0 };
	gnutls_session_t tls;

	ck_assert_int_eq(danepriv_gnutls_hook(
			     NULL, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_POST, 1, &datum),
	    0);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(NULL), 0);
	ck_assert_int_eq(gnutls_init(&tls, GNUTLS_CLIENT), 0);
	ck_assert_int_eq(danepriv_gnutls_hook(
			     tls, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_POST, 1, &datum),
	    0);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(tls), 0);
	gnutls_deinit(tls);
}
END_TEST

/* ---- what it costs ---- */

#define ECDSA_VARIES 16 /* octets: the numbers of a few signatures, their leading zeros left out */

/* An unknown server behind a chain takes as many turns as one that is not asked: no round trip
 * more, and the octets of the extension.  Tickets are left out, whose length varies. */
START_TEST(no_round_trip_more)
{
	const char *priority = _i ? TLS13 : TLS12;
	unsigned turns[2];
	uint64_t received[2];

	sending_open(RIGHT_CHAIN, false, false);
	(void)SSL_CTX_set_options(peer.ctx, SSL_OP_NO_TICKET);
	ck_assert_int_eq(SSL_CTX_set_num_tickets(peer.ctx, 0), 1);
	for (int asks = 0; asks < 2; asks++) {
		open_session(DANEPRIV_PROFILE_STRICT);
		int connections = connect_all(
		    priority, asks ? DANEPRIV_GNUTLS_CHAIN_RELABEL : DANEPRIV_GNUTLS_CHAIN_OFF);
		ck_assert_int_eq(connections, 1);
		ck_assert_int_eq(line.client_result, 0);
		turns[asks] = line.turns;
		received[asks] = line.received;
		chain_link_close(&line);
		close_session();
	}
	ck_assert_uint_eq(turns[0], turns[1]);
	ck_assert_uint_ge(received[1] + ECDSA_VARIES, received[0] + extension.len);
	ck_assert_uint_le(received[1], received[0] + extension.len + 64);
	sending_close();
}
END_TEST

/* ---- memory ---- */

/* True when the nth allocation failed.  Never is there a yes that memory would have denied. */
static bool
fail_at(long n, int way, bool is_impostor)
{
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_finding finding = DANEPRIV_FINDING_UNJUDGED;

	peer.asked = 0;
	dp_fail_allocation_at(n);
	danepriv_status status =
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session);
	for (int turn = 0; turn < 2 && status == DANEPRIV_OK; turn++) {
		chain_link_open(&line, &peer, ways[way].priority);
		status = chain_link_guard(&line, ways[way].priority, ways[way].chain);
		bool again = false;
		if (status == DANEPRIV_OK) {
			chain_link_handshake(&line);
			again = danepriv_gnutls_must_reconnect(line.client);
			decision = decide_line(&finding);
		}
		chain_link_close(&line);
		if (!again)
			break;
	}
	bool failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	ck_assert((decision == DANEPRIV_DECISION_PROCEED) <=
		  (finding == DANEPRIV_FINDING_MATCH && !is_impostor));
	if (!failed && !is_impostor)
		ck_assert_int_eq(decision, DANEPRIV_DECISION_PROCEED);
	close_session();
	return failed;
}

START_TEST(memory_runs_out)
{
	int way = _i / 2;
	long n = 0;

	sending_open(RIGHT_CHAIN, _i & 1, false);
	while (fail_at(n, way, _i & 1))
		n++;
	ck_assert_int_ge(n, 8);
	sending_close();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("handshake-shapes");
	TCase *tc = tcase_create("handshake-shapes");

	tcase_add_checked_fixture(tc, chain_open_all, chain_close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, shapes, 0, BUNDLE + 1);
	tcase_add_loop_test(tc, known_in_between, 0, 4);
	tcase_add_loop_test(tc, resumption, 0, 4);
	tcase_add_loop_test(tc, chained_hook, 0, 4);
	tcase_add_test(tc, hook_elsewhere);
	tcase_add_loop_test(tc, no_round_trip_more, 0, 2);
	tcase_add_loop_test(tc, memory_runs_out, 0, 2 * ROWS(ways));
	suite_add_tcase(suite, tc);
	return suite;
}
