/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a proof that it signs itself?  A root zone of one P-256 key, with nothing
 * delegated below it, that says in AuthenticationChains (RFC 9102) what a test wants said.  What
 * fails that should not, ends the test. */
#ifndef TESTS_TINY_ZONE_H
#define TESTS_TINY_ZONE_H

#include "support/octets.h"

#include <danepriv/context.h>

typedef struct tiny_zone tiny_zone;

/* With a new key. */
tiny_zone *tiny_zone_new(void);
void tiny_zone_free(tiny_zone *zone);

/* For danepriv_settings.anchors: the DS of the key.  Lives as long as the zone. */
const char *tiny_zone_anchors(const tiny_zone *zone);
/* A context with that anchor, to be closed.  `more`: NULL, or other settings beside it. */
danepriv *tiny_zone_context(const tiny_zone *zone, const danepriv_settings *more);

/* DNSKEY and TLSA records, each set with its signature, valid from `from` to `to`.  `owner` as
 * `_853._tcp.ns1.example.net`. */
test_octets tiny_zone_chain(const tiny_zone *zone, const char *owner, const danepriv_span *rdatas,
    size_t count, danepriv_time from, danepriv_time to);
/* The same with records of another type. */
test_octets tiny_zone_typed_chain(const tiny_zone *zone, const char *owner, uint16_t type,
    const danepriv_span *rdatas, size_t count, danepriv_time from, danepriv_time to);
/* The largest set: of as many records as are taken. */
test_octets tiny_zone_large_chain(
    const tiny_zone *zone, const char *owner, danepriv_time from, danepriv_time to);
/* That there is no name below the root: denies every TLSA record. */
test_octets tiny_zone_denial(const tiny_zone *zone, danepriv_time from, danepriv_time to);

/* A chain with one record in front that nobody asks for, `len` octets in all. */
test_octets tiny_zone_grown(danepriv_span chain, size_t len);

/* Extension 59 around a chain: the support lifetime, and the length in front of the chain where
 * `prefixed`. */
test_octets tiny_zone_extension(danepriv_span chain, uint16_t hours, bool prefixed);

#endif
