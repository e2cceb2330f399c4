/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this address, and of the servers at it? */
#ifndef DP_CACHE_ADDRESS_H
#define DP_CACHE_ADDRESS_H

#include "cache/cache.h"
#include "cache/table.h"

/* kind, transport, port, octets. */
#define DP_ADDRESS_OCTETS_AT 4
#define DP_ADDRESS_KEY_OCTETS_MAX (DP_ADDRESS_OCTETS_AT + 16)

/* By what an address is found. */
typedef struct dp_address_key {
	uint8_t octets[DP_ADDRESS_KEY_OCTETS_MAX];
	size_t len;
	uint64_t hash;
} dp_address_key;

/* What was found of a server at an address, as far as it still counts. */
typedef struct dp_found_there {
	danepriv_finding finding; /* UNJUDGED, MATCH or MISMATCH, which stands for DOWNGRADE, too */
	int age; /* of a MISMATCH in seconds, below 0 where the clock was set back since */
} dp_found_there;

/* EINVAL: NULL, another length, or an unknown transport. */
danepriv_status dp_address_key_read(
    const dp_table *table, const danepriv_address *address, dp_address_key *out);
/* In a shard that is locked: the entry of an address, which is made when there is none. */
dp_entry *dp_address_entry(dp_shard *shard, const dp_address_key *key);
/* A copy of its state; false when nothing is known, and it is that of a new one. */
bool dp_address_reached(const danepriv_cache *cache, const dp_address_key *key, dp_reached *out);

/* What the state alone says, whatever servers have published (RFC 9539 section 4.6.3). */
danepriv_wish dp_reached_wish(
    const danepriv_cache *cache, const dp_reached *reached, danepriv_time now);
/* Its last attempt failed, or was lost, within the time of damping; one that is on its way by now
 * may fail as well. */
bool dp_reached_failed(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now);
/* Did the server in this place authenticate itself at the address, at any time? */
bool dp_reached_authenticated(const dp_reached *reached, size_t i);
/* In the shard where `server`, the hash of an entry of a server, belongs: its secure records, or
 * those that were found by way of an alias, whichever end last, if they do not any more; NULL:
 * there are none. */
dp_entry *dp_address_server(const dp_shard *shard, uint64_t server);
/* Takes down what was found of a server at an address, and that it is there.  `place`: the hash of
 * the entry of that server (dp_unpacked.place). */
void dp_address_note(danepriv_cache *cache, const dp_address_key *key, uint64_t place,
    danepriv_finding finding, danepriv_time now);
/* `server`: the hash of its entry. */
dp_found_there dp_reached_found(const dp_reached *reached, uint64_t server, danepriv_time now);

#endif
