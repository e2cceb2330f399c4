/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test play a resolver? */
#include "support/resolving.h"

#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>

void
resolving_open(resolving *r, danepriv_profile profile)
{
	memset(r, 0, sizeof *r);
	r->ctx = context_open("-");
	r->cache = cached_open();
	ck_assert_int_eq(danepriv_rules_new(profile, &r->rules), DANEPRIV_OK);
	r->hooks = (danepriv_hooks){ sizeof r->hooks, r->ctx, r->cache, r->rules };
	r->server = cached_server;
	r->provenance = DANEPRIV_PROVENANCE_SECURE;
	r->ipv4 = sockaddr_of(1);
	r->address = (const struct sockaddr *)&r->ipv4;
	r->judged.size = sizeof r->judged;
}

void
resolving_close(resolving *r)
{
	danepriv_rules_free(r->rules);
	danepriv_cache_free(r->cache);
	danepriv_close(r->ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* The record that means what a peer shows: the key itself, or its authority. */
static test_octets
rdata_for(const char *meant, uint8_t usage)
{
	test_peer peer;

	if (usage == 2 && strrchr(meant, ','))
		meant = strrchr(meant, ',') + 1;
	peer_open(&peer, meant);
	test_octets rdata = rdata_of_peer(&peer, usage > 3 ? 3 : usage, usage == 2 ? 0 : 1, 1);
	rdata.data[0] = usage;
	peer_close(&peer);
	return rdata;
}

void
resolving_put(
    resolving *r, danepriv_security security, const char *meant, uint8_t usage, int until, int now)
{
	test_octets rdata = { NULL, 0 };
	danepriv_records *records;

	if (meant)
		rdata = rdata_for(meant, usage);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(
	    danepriv_records_vouch(&cached_server, NULL, security, DANEPRIV_REASON_NONE, &span,
		meant != NULL, (danepriv_time)NOW + until, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_put(r->cache, records, (danepriv_time)NOW + now), DANEPRIV_OK);
	danepriv_records_free(records);
	octets_free(rdata);
}

danepriv_status
resolving_judge(resolving *r, const char *shown, int now, danepriv_verdict *why)
{
	test_peer peer;

	peer_open(&peer, shown);
	danepriv_status status = danepriv_hooks_judge(&r->hooks, &r->server, r->address,
	    &peer.credential, (danepriv_time)NOW + now, &r->judged, why);
	peer_close(&peer);
	return status;
}

danepriv_decision
resolving_decide(resolving *r, danepriv_channel channel, int now)
{
	return danepriv_hooks_decide(&r->hooks, WWW, &r->server, r->provenance, &r->judged, channel,
	    (danepriv_time)NOW + now);
}

danepriv_decision
resolving_verify(resolving *r, const char *shown, int now, danepriv_verdict *why)
{
	ck_assert_int_eq(resolving_judge(r, shown, now, why), DANEPRIV_OK);
	return resolving_decide(r, DANEPRIV_CHANNEL_ENCRYPTED, now);
}

struct sockaddr_in
sockaddr_of(uint8_t last)
{
	const uint8_t octets[4] = { 192, 0, 2, last };
	struct sockaddr_in out;

	memset(&out, 0, sizeof out);
	out.sin_family = AF_INET;
	out.sin_port = 0x1234; /* nobody reads it */
	memcpy(&out.sin_addr, octets, sizeof octets);
	return out;
}

static struct sockaddr_in6
sockaddr6_from(const uint8_t octets[16])
{
	struct sockaddr_in6 out;

	memset(&out, 0, sizeof out);
	out.sin6_family = AF_INET6;
	out.sin6_port = 0x1234;
	memcpy(&out.sin6_addr, octets, 16);
	return out;
}

struct sockaddr_in6
sockaddr6_of(uint8_t last)
{
	const uint8_t octets[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = last };

	return sockaddr6_from(octets);
}

struct sockaddr_in6
sockaddr_mapped(uint8_t last)
{
	const uint8_t octets[16] = { [10] = 0xff, 0xff, 192, 0, 2, last };

	return sockaddr6_from(octets);
}

const struct sockaddr *
address_of(address_kind k, uint8_t last, any_address *room)
{
	memset(room, 0, sizeof *room);
	room->in = sockaddr_of(last);
	switch (k) {
	case IPV6:
		room->in6 = sockaddr6_of(last);
		break;
	case MAPPED:
		room->in6 = sockaddr_mapped(last);
		break;
	case LOCAL:
		room->any.sa_family = AF_UNIX;
		break;
	case UNSPECIFIED:
		room->any.sa_family = AF_UNSPEC;
		break;
	case UNKNOWN:
		room->any.sa_family = 250;
		break;
	case NONE:
		return NULL;
	case IPV4:
	case KINDS:
		break;
	}
	return &room->any;
}
