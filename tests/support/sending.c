/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test have a server send this or that proof? */
#include "support/sending.h"

#include <check.h>

#define OWNER "_853._tcp." NAME
#define LARGE 60000

const sending_way ways[SENDING_WAYS] = {
	{ "TLS 1.2, try", TLS12, DANEPRIV_GNUTLS_CHAIN_TRY, false },
	{ "TLS 1.2, relabel", TLS12, DANEPRIV_GNUTLS_CHAIN_RELABEL, false },
	{ "TLS 1.2, reconnect", TLS12, DANEPRIV_GNUTLS_CHAIN_RECONNECT, false },
	{ "TLS 1.3, try", TLS13, DANEPRIV_GNUTLS_CHAIN_TRY, false },
	{ "TLS 1.3, relabel", TLS13, DANEPRIV_GNUTLS_CHAIN_RELABEL, false },
	{ "TLS 1.3, reconnect", TLS13, DANEPRIV_GNUTLS_CHAIN_RECONNECT, true },
};

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
	if (what != LARGE_CHAIN)
		return chain;
	test_octets large = tiny_zone_grown(octets_span(chain), LARGE - 4);
	octets_free(chain);
	return large;
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
	test_octets whole =
	    tiny_zone_extension(octets_span(chain), SENDING_HOURS, what != BARE_CHAIN);
	octets_free(chain);
	return whole;
}

chain_server peer;
chain_link line;
test_octets extension;

void
sending_open(sending what, bool is_impostor, bool appends)
{
	chain_server_open(&peer, is_impostor ? &impostor : &honest, appends ? &honest : NULL);
	extension = extension_of(what);
	peer.extension = octets_span(extension);
	peer.sends = what != NO_EXTENSION;
}

void
sending_close(void)
{
	chain_server_close(&peer);
	octets_free(extension);
}

void
connect_once(const char *priority, danepriv_gnutls_chain chain)
{
	chain_link_open(&line, &peer, priority);
	ck_assert_int_eq(chain_link_guard(&line, priority, chain), DANEPRIV_OK);
	chain_link_handshake(&line);
}

int
connect_all(const char *priority, danepriv_gnutls_chain chain)
{
	danepriv_verdict why = { .size = sizeof why };

	connect_once(priority, chain);
	if (!danepriv_gnutls_must_reconnect(line.client))
		return 1;
	ck_assert_int_eq(line.client_result, GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION);
	ck_assert_int_eq(danepriv_gnutls_decide(line.client, session,
			     DANEPRIV_PROVENANCE_CONFIGURED, line.client_result, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(why.reason, DANEPRIV_REASON_RECONNECT);
	chain_link_close(&line);
	unsigned asked = peer.asked;
	connect_once(priority, chain);
	ck_assert_uint_eq(peer.asked, asked);
	ck_assert_int_eq(danepriv_gnutls_must_reconnect(line.client), 0);
	return 2;
}

danepriv_decision
decide_line(danepriv_finding *finding)
{
	return decide_for(line.client, line.client_result, finding);
}
