/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a proof that was exported, also wrongly? */
#ifndef TESTS_EXPORTED_H
#define TESTS_EXPORTED_H

#include "support/cached.h"
#include "support/kept.h"
#include "support/tiny_zone.h"

#include <stdbool.h>

#define EXPORTED_LIFE 3600 /* seconds for which the chains below hold: their TTL */
#define EXPORTED_HELD 1000

/* What a chain says of a server. */
typedef enum exported_chain {
	THE_KEY = 0,
	OLD_KEY,       /* signed earlier, and still valid */
	OTHER_KEY,     /* signed by somebody else's root */
	LARGE_KEY,     /* larger than a cache takes */
	NO_KEY,	       /* denied */
	OF_OTHER,      /* of another server: ns2.example.net */
	OF_DTLS,       /* `_udp` */
	OF_PORT,       /* 854 */
	OF_QUIC,       /* `_853._quic` */
	OF_IPSEC,      /* IPSECA at `_53`, as are the next two */
	OF_FOUR,       /* of 192.168.1.2, in the reverse tree */
	OF_SIX,	       /* of 2001:db8::2 */
	TLSA_AT_IPSEC, /* TLSA, where IPSECA belongs */
	IPSECA_AT_TLS, /* IPSECA, where TLSA belongs */
	ENDED,	       /* a second ago */
	NO_CHAIN,
	NOISE
} exported_chain;

/* One zone, and a context with its anchor; a fixture, as is the other. */
extern tiny_zone *exported_zone;
extern danepriv *exported_ctx;
void exported_open(void);
/* And that no memory is left behind. */
void exported_close(void);

/* A context with other anchors; to be closed. */
danepriv *exported_strangers_context(void);

test_octets exported_chain_of(exported_chain what);
/* What it proves of a server at NOW. */
danepriv_records *exported_records(const danepriv_server *server, danepriv_span chain);

/* A proof in octets, field by field. */
typedef struct exported_fields {
	uint32_t mark; /* 0: the right one */
	int length;    /* is added to the right one */
	danepriv_time valid_until, expiry;
	uint16_t port;
	uint8_t transport, view; /* 0: for all; 1: for those who follow aliases */
	danepriv_span label;
	const char *name;
	danepriv_span chain;
	const char *tail; /* behind the chain, and counted; NULL: nothing */
} exported_fields;

test_octets exported_octets(const exported_fields *fields);
/* Of THE_KEY, or of OF_IPSEC, as it is written; holds for EXPORTED_HELD seconds after NOW. */
test_octets exported_usual(void);
test_octets exported_usual_ipsec(void);

/* Names of those addresses in the reverse tree. */
#define EXPORTED_FOUR "2.1.168.192.in-addr.arpa"
#define EXPORTED_SIX "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"

/* A cache with room for the largest. */
danepriv_cache *exported_cache(void);
danepriv_status exported_put(
    danepriv_cache *cache, const danepriv_server *server, danepriv_span chain, danepriv_time now);
/* A server of a number (crowd_server, `many`) that authenticated itself, with a key and, unless the
 * chain is empty, with that as its proof, which nobody validates. */
void exported_own(danepriv_cache *cache, unsigned number, danepriv_span chain, danepriv_time until);

#endif
