/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/extension: proofs out of real handshakes with OpenSSL. */
#include "support/chain_server.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWNER "_853._tcp." NAME
#define HOURS 77
#define LARGE 60000

/* ---- what a server sends, and who it is ---- */

typedef enum sending {
	NO_EXTENSION = 0,
	RIGHT_CHAIN,	 /* for the honest key */
	BARE_CHAIN,	 /* the same without a length in front */
	LARGE_CHAIN,	 /* the same with strangers */
	IMPOSTORS_CHAIN, /* another zone says that the impostor is right */
	OTHER_NAME,
	OTHER_PORT,
	OTHER_TRANSPORT,
	DENIAL,
	GARBAGE,
	NO_OCTETS,
	FOUR_OCTETS
} sending;

static const struct {
	const char *name;
	sending what;
	bool is_impostor, appends;
	danepriv_finding finding;
	int fails; /* the handshake, with whatever profile; 0: no */
} rows[] = {
	{ "honest", RIGHT_CHAIN, false, false, DANEPRIV_MATCH, 0 },
	{ "honest, bare", BARE_CHAIN, false, false, DANEPRIV_MATCH, 0 },
	{ "honest, large", LARGE_CHAIN, false, false, DANEPRIV_MATCH, 0 },
	{ "honest, a second certificate", RIGHT_CHAIN, false, true, DANEPRIV_MATCH, 0 },
	{ "impostor with the honest chain", RIGHT_CHAIN, true, false, DANEPRIV_MISMATCH, 0 },
	{ "impostor with the honest chain and certificate", RIGHT_CHAIN, true, true,
	    DANEPRIV_MISMATCH, 0 },
	{ "impostor with the honest certificate", NO_EXTENSION, true, true, DANEPRIV_UNJUDGED, 0 },
	{ "impostor with a chain of his own", IMPOSTORS_CHAIN, true, false, DANEPRIV_BOGUS, 0 },
	{ "honest with a bogus chain", IMPOSTORS_CHAIN, false, false, DANEPRIV_BOGUS, 0 },
	{ "chain for another name", OTHER_NAME, false, false, DANEPRIV_BOGUS, 0 },
	{ "chain for another port", OTHER_PORT, false, false, DANEPRIV_BOGUS, 0 },
	{ "chain for another transport", OTHER_TRANSPORT, false, false, DANEPRIV_BOGUS, 0 },
	{ "denial", DENIAL, false, false, DANEPRIV_ABSENT, 0 },
	{ "garbage", GARBAGE, false, false, DANEPRIV_BOGUS, 0 },
	{ "no chain", NO_EXTENSION, false, false, DANEPRIV_UNJUDGED, 0 },
	{ "an empty extension", NO_OCTETS, false, false, DANEPRIV_UNJUDGED,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
	{ "four octets", FOUR_OCTETS, false, false, DANEPRIV_UNJUDGED,
	    GNUTLS_E_UNEXPECTED_PACKET_LENGTH },
};

/* In front of a chain, one record of a type that nobody asks for. */
static test_octets
make_large(test_octets chain)
{
	uint8_t *room = calloc(1, LARGE);
	size_t first = LARGE - 4 - chain.len, rdata = first - 11;

	ck_assert_ptr_nonnull(room);
	room[2] = 16;
	room[4] = 1;
	room[9] = (uint8_t)(rdata >> 8);
	room[10] = (uint8_t)rdata;
	memcpy(room + first, chain.data, chain.len);
	test_octets large = octets_copy((danepriv_span){ room, first + chain.len });
	octets_free(chain);
	free(room);
	return large;
}

static test_octets
proof_of(sending what)
{
	const char *owner = OWNER;

	if (what == IMPOSTORS_CHAIN) {
		tiny_zone *other = tiny_zone_new();
		test_octets chain = chain_of(other, &impostor, OWNER);
		tiny_zone_free(other);
		return chain;
	}
	if (what == DENIAL)
		return tiny_zone_denial(zone, NOW - 10, NOW + 10);
	if (what == OTHER_NAME)
		owner = "_853._tcp." ELSEWHERE;
	if (what == OTHER_PORT)
		owner = "_443._tcp." NAME;
	if (what == OTHER_TRANSPORT)
		owner = "_853._udp." NAME;
	test_octets chain = chain_of(zone, &honest, owner);
	return what == LARGE_CHAIN ? make_large(chain) : chain;
}

static test_octets
extension_of(sending what)
{
	if (what == NO_EXTENSION || what == NO_OCTETS)
		return octets_from_hex("-");
	if (what == FOUR_OCTETS)
		return octets_from_hex("00000000");
	if (what == GARBAGE)
		return octets_from_hex("004d 0102030405060708");
	test_octets chain = proof_of(what);
	test_octets extension = tiny_zone_extension(octets_span(chain), HOURS, what != BARE_CHAIN);
	octets_free(chain);
	return extension;
}

/* ---- a connection, or two ---- */

static chain_server peer;
static chain_link line;
static test_octets extension;

static void
open_server(sending what, bool is_impostor, bool appends)
{
	chain_server_open(&peer, is_impostor ? &impostor : &honest, appends ? &honest : NULL);
	extension = extension_of(what);
	peer.extension = octets_span(extension);
	peer.sends = what != NO_EXTENSION;
}

static void
close_server(void)
{
	chain_server_close(&peer);
	octets_free(extension);
}

static void
connect_once(const char *priority, danepriv_gnutls_chain chain)
{
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(chain_link_guard(&line, priority, chain), DANEPRIV_OK);
	chain_link_handshake(&line);
}

/* Once, and again if that is asked for; never a third time.  How many connections it took. */
static int
connect_all(const char *priority, danepriv_gnutls_chain chain)
{
	connect_once(priority, chain);
	if (!danepriv_gnutls_reconnect(line.client))
		return 1;
	ck_assert_int_eq(line.client_result, GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION);
	ck_assert_int_eq(
	    danepriv_gnutls_decide(line.client, session, line.client_result, NOW, NULL),
	    DANEPRIV_REFUSE);
	chain_link_close(&line);
	unsigned asked = peer.asked;
	connect_once(priority, chain);
	ck_assert_uint_eq(peer.asked, asked);
	ck_assert_int_eq(danepriv_gnutls_reconnect(line.client), 0);
	return 2;
}

static danepriv_decision
decide_line(danepriv_finding *finding)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision =
	    danepriv_gnutls_decide(line.client, session, line.client_result, NOW, &why);

	*finding = why.finding;
	return decision;
}

/* The support lifetime that the session's evidence has; 0 without evidence. */
static uint16_t
hours(danepriv_source *source)
{
	danepriv_records *records = NULL;

	(void)!danepriv_session_get_records(session, &records);
	uint16_t found = danepriv_records_support_hours(records);
	*source = danepriv_records_source(records);
	danepriv_records_free(records);
	return found;
}

static const struct {
	const char *name, *priority;
	danepriv_gnutls_chain chain;
	bool again; /* who brings a chain is connected to twice */
} ways[] = {
	{ "TLS 1.2, try", TLS12, DANEPRIV_GNUTLS_CHAIN_TRY, false },
	{ "TLS 1.2, relabel", TLS12, DANEPRIV_GNUTLS_CHAIN_RELABEL, false },
	{ "TLS 1.2, reconnect", TLS12, DANEPRIV_GNUTLS_CHAIN_RECONNECT, false },
	{ "TLS 1.3, try", TLS13, DANEPRIV_GNUTLS_CHAIN_TRY, false },
	{ "TLS 1.3, relabel", TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL, false },
	{ "TLS 1.3, reconnect", TLS13, DANEPRIV_GNUTLS_CHAIN_RECONNECT, true },
};

static void
check_row(int row, int way, danepriv_profile profile)
{
	danepriv_finding finding, wanted = rows[row].finding;
	danepriv_source source;
	char name[120];

	(void)snprintf(
	    name, sizeof name, "%s, %s, profile %d", rows[row].name, ways[way].name, profile);
	open_server(rows[row].what, rows[row].is_impostor, rows[row].appends);
	open_session(profile);
	int connections = connect_all(ways[way].priority, ways[way].chain);
	bool brought = rows[row].what != NO_EXTENSION && !rows[row].fails;
	ck_assert_msg(connections == (brought && ways[way].again ? 2 : 1), "%s: %d connections",
	    name, connections);
	ck_assert_msg(peer.asked == 1 && peer.port == 853, "%s: asked %u", name, peer.asked);
	int result = rows[row].fails;
	if (profile == DANEPRIV_STRICT && brought && wanted != DANEPRIV_MATCH)
		result = GNUTLS_E_CERTIFICATE_ERROR;
	ck_assert_msg(
	    line.client_result == result, "%s: %s", name, gnutls_strerror_name(line.client_result));
	danepriv_decision decision = decide_line(&finding);
	ck_assert_msg(finding == wanted, "%s: finding %d", name, finding);
	ck_assert_msg(decision == danepriv_decide(profile, wanted,
				      result ? DANEPRIV_NO_CHANNEL : DANEPRIV_ENCRYPTED),
	    "%s: decision %d", name, decision);
	/* Only an authenticated lifetime is one. */
	uint16_t promised = hours(&source);
	ck_assert_msg(
	    source == (brought ? DANEPRIV_SOURCE_CHAIN : DANEPRIV_SOURCE_NONE), "%s", name);
	bool chain = brought && rows[row].what != GARBAGE;
	ck_assert_msg(
	    promised == (chain && !ways[way].again ? HOURS : 0), "%s: hours %u", name, promised);
	chain_link_close(&line);
	close_session();
	close_server();
}

START_TEST(every_way)
{
	for (int way = 0; way < ROWS(ways); way++) {
		check_row(_i, way, DANEPRIV_STRICT);
		check_row(_i, way, DANEPRIV_OPPORTUNISTIC);
	}
}
END_TEST

/* ---- evidence before the handshake ---- */

/* Secure records are there: nobody is asked.  Others: a bogus chain takes no one's place, a good
 * one does, and never is there a third connection. */
static const struct {
	const char *name;
	evidence before;
	sending what;
	danepriv_finding finding;
	bool asked;
} befores[] = {
	{ "secure", RIGHT, RIGHT_CHAIN, DANEPRIV_MATCH, false },
	{ "secure, and garbage", RIGHT, GARBAGE, DANEPRIV_MATCH, false },
	{ "secure that ended", OUTDATED, RIGHT_CHAIN, DANEPRIV_MATCH, true },
	{ "secure that ended, and a bogus chain", OUTDATED, OTHER_PORT, DANEPRIV_UNJUDGED, true },
	{ "denied", DENIED, RIGHT_CHAIN, DANEPRIV_MATCH, true },
	{ "denied, and a bogus chain", DENIED, OTHER_NAME, DANEPRIV_ABSENT, true },
	{ "insecure, and a denial", INSECURE, DENIAL, DANEPRIV_ABSENT, true },
	{ "bogus", BOGUS, RIGHT_CHAIN, DANEPRIV_MATCH, true },
	{ "bogus, and garbage", BOGUS, GARBAGE, DANEPRIV_BOGUS, true },
	{ "indeterminate, and no chain", INDETERMINATE, NO_EXTENSION, DANEPRIV_INDETERMINATE,
	    true },
};

START_TEST(known_before)
{
	danepriv_finding finding;

	for (int way = 0; way < ROWS(ways); way++) {
		open_server(befores[_i].what, false, false);
		open_session(DANEPRIV_OPPORTUNISTIC);
		give(befores[_i].before, NULL);
		(void)connect_all(ways[way].priority, ways[way].chain);
		ck_assert_msg(
		    peer.asked == befores[_i].asked, "%s, %s", befores[_i].name, ways[way].name);
		(void)decide_line(&finding);
		ck_assert_msg(finding == befores[_i].finding, "%s, %s: %d", befores[_i].name,
		    ways[way].name, finding);
		chain_link_close(&line);
		close_session();
		close_server();
	}
}
END_TEST

/* Not asked for: not sent, no extension of ours and no status_request in the ClientHello. */
START_TEST(off)
{
	danepriv_finding finding;

	open_server(RIGHT_CHAIN, false, false);
	open_session(DANEPRIV_STRICT);
	connect_once(_i ? TLS13 : TLS12, DANEPRIV_GNUTLS_CHAIN_OFF);
	ck_assert_int_eq(line.client_result, 0);
	ck_assert_uint_eq(peer.asked, 0);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_UNJUDGED);
	chain_link_close(&line);
	close_session();
	close_server();
}
END_TEST

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

static void
check_shape(shape how, int way, bool is_impostor)
{
	static uint8_t response[2000] = { 0x30, 0x82 };
	danepriv_span octets = { response, sizeof response };
	danepriv_finding finding;
	int turns = 0;

	open_server(how == BUNDLE ? LARGE_CHAIN : RIGHT_CHAIN, is_impostor, true);
	arrange(how, octets);
	open_session(DANEPRIV_OPPORTUNISTIC);
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
	} while (danepriv_gnutls_reconnect(line.client) && turns < 3);
	ck_assert_int_eq(turns, ways[way].again ? 2 : 1);
	ck_assert_int_eq(line.client_result, 0);
	/* The same request in both ClientHellos. */
	bool retried = how == RETRY && strcmp(ways[way].priority, TLS13) == 0;
	ck_assert_uint_eq(peer.asked, retried ? 2 : 1);
	ck_assert_uint_eq(peer.port, 853);
	if ((how == STAPLE || how == BUNDLE) && !ways[way].again)
		check_staple(octets);
	(void)decide_line(&finding);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_MISMATCH : DANEPRIV_MATCH);
	chain_link_close(&line);
	close_session();
	close_server();
}

START_TEST(shapes)
{
	for (int way = 0; way < ROWS(ways); way++) {
		check_shape((shape)_i, way, false);
		check_shape((shape)_i, way, true);
	}
}
END_TEST

/* ---- resumption ---- */

static gnutls_datum_t
get_ticket(const char *priority, danepriv_records **known)
{
	gnutls_datum_t ticket = { NULL, 0 };
	danepriv_finding finding;

	open_session(DANEPRIV_STRICT);
	connect_once(priority, DANEPRIV_GNUTLS_CHAIN_RELABEL);
	ck_assert_int_eq(decide_line(&finding), DANEPRIV_PROCEED);
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

	open_server(RIGHT_CHAIN, false, false);
	gnutls_datum_t ticket = get_ticket(priority, &records);
	peer.asked = 0;
	open_session(DANEPRIV_STRICT);
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
	ck_assert_int_eq(decide_line(&finding), known ? DANEPRIV_PROCEED : DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, known ? DANEPRIV_MATCH : DANEPRIV_UNJUDGED);
	danepriv_records_free(records);
	gnutls_free(ticket.data);
	chain_link_close(&line);
	close_session();
	close_server();
}
END_TEST

/* ---- somebody else's hook ---- */

static unsigned messages;

static int
own_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	messages++;
	return danepriv_gnutls_hook(tls, type, when, incoming, message);
}

START_TEST(chained_hook)
{
	int when = _i & 1 ? GNUTLS_HOOK_BOTH : GNUTLS_HOOK_POST;
	bool is_impostor = _i & 2;
	danepriv_finding finding;

	open_server(RIGHT_CHAIN, is_impostor, false);
	open_session(DANEPRIV_STRICT);
	chain_link_open(&line, &peer, TLS13);
	ck_assert_int_eq(chain_link_guard(&line, TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL), 0);
	gnutls_handshake_set_hook_function(line.client, GNUTLS_HANDSHAKE_ANY, when, own_hook);
	chain_link_handshake(&line);
	ck_assert_uint_gt(messages, 3);
	ck_assert_int_eq(decide_line(&finding), is_impostor ? DANEPRIV_REFUSE : DANEPRIV_PROCEED);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_MISMATCH : DANEPRIV_MATCH);
	chain_link_close(&line);
	close_session();
	close_server();
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
	ck_assert_int_eq(danepriv_gnutls_reconnect(NULL), 0);
	ck_assert_int_eq(gnutls_init(&tls, GNUTLS_CLIENT), 0);
	ck_assert_int_eq(danepriv_gnutls_hook(
			     tls, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_POST, 1, &datum),
	    0);
	ck_assert_int_eq(danepriv_gnutls_reconnect(tls), 0);
	gnutls_deinit(tls);
}
END_TEST

/* ---- what it costs ---- */

/* An unknown server behind a chain takes as many turns as one that is not asked: no round trip
 * more, and the octets of the extension. */
START_TEST(no_round_trip_more)
{
	const char *priority = _i ? TLS13 : TLS12;
	unsigned turns[2];
	uint64_t received[2];

	open_server(RIGHT_CHAIN, false, false);
	for (int asks = 0; asks < 2; asks++) {
		open_session(DANEPRIV_STRICT);
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
	ck_assert_uint_ge(received[1], received[0] + extension.len);
	ck_assert_uint_le(received[1], received[0] + extension.len + 64);
	close_server();
}
END_TEST

/* ---- memory ---- */

/* True when the nth allocation failed.  Never is there a yes that memory would have denied. */
static bool
fail_at(long n, int way, bool is_impostor)
{
	danepriv_decision decision = DANEPRIV_REFUSE;
	danepriv_finding finding = DANEPRIV_UNJUDGED;

	peer.asked = 0;
	dp_fail_allocation_at(n);
	danepriv_status status = danepriv_session_new(&session, ctx, &server, DANEPRIV_STRICT);
	for (int turn = 0; turn < 2 && status == DANEPRIV_OK; turn++) {
		chain_link_open(&line, &peer, ways[way].priority);
		status = chain_link_guard(&line, ways[way].priority, ways[way].chain);
		bool again = false;
		if (status == DANEPRIV_OK) {
			chain_link_handshake(&line);
			again = danepriv_gnutls_reconnect(line.client);
			decision = decide_line(&finding);
		}
		chain_link_close(&line);
		if (!again)
			break;
	}
	bool failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	ck_assert((decision == DANEPRIV_PROCEED) <= (finding == DANEPRIV_MATCH && !is_impostor));
	if (!failed && !is_impostor)
		ck_assert_int_eq(decision, DANEPRIV_PROCEED);
	close_session();
	return failed;
}

START_TEST(memory_runs_out)
{
	int way = _i / 2;
	long n = 0;

	open_server(RIGHT_CHAIN, _i & 1, false);
	while (fail_at(n, way, _i & 1))
		n++;
	ck_assert_int_ge(n, 8);
	close_server();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("handshake");
	TCase *tc = tcase_create("handshake");

	tcase_add_checked_fixture(tc, chain_open_all, chain_close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_way, 0, ROWS(rows));
	tcase_add_loop_test(tc, known_before, 0, ROWS(befores));
	tcase_add_loop_test(tc, off, 0, 2);
	tcase_add_loop_test(tc, shapes, 0, BUNDLE + 1);
	tcase_add_loop_test(tc, resumption, 0, 4);
	tcase_add_loop_test(tc, chained_hook, 0, 4);
	tcase_add_test(tc, hook_elsewhere);
	tcase_add_loop_test(tc, no_round_trip_more, 0, 2);
	tcase_add_loop_test(tc, memory_runs_out, 0, 2 * ROWS(ways));
	suite_add_tcase(suite, tc);
	return suite;
}
