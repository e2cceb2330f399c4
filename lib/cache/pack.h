/* SPDX-License-Identifier: BSD-2-Clause
 * How few octets hold a server and its records? */
#ifndef DP_CACHE_PACK_H
#define DP_CACHE_PACK_H

#include "base/bounds.h"
#include "cache/table.h"
#include "dane/match.h"
#include "dane/server.h"
#include "dane/usable.h"
#include "dns/name.h"

/* kind, port, transport, view, label and its length, name. */
#define DP_KEY_OCTETS_MAX (1 + 2 + 1 + 1 + 1 + DP_LABEL_OCTETS_MAX + DP_NAME_OCTETS_MAX)
/* The base with its length, and records with theirs. */
#define DP_PACKED_OCTETS_MAX (1 + DP_NAME_OCTETS_MAX + DP_CACHE_RECORDS_OCTETS_MAX)

/* For whom does an entry of a server count?  (view.c) */
typedef enum dp_view {
	DP_VIEW_SHARED = 0, /* for all who mean it */
	DP_VIEW_FOLLOWED,   /* for those who follow an alias */
	DP_VIEW_REFUSED	    /* for those who refuse it */
} dp_view;

/* By what a server is found: names in lower case.  Octets and hash are those of the shared entry.
 */
typedef struct dp_key {
	uint8_t octets[DP_KEY_OCTETS_MAX];
	size_t len;
	uint64_t hash;
	danepriv_aliases aliases; /* of who asks */
} dp_key;

/* What an entry says, taken out of the table. */
typedef struct dp_unpacked {
	dp_known known;
	uint64_t place; /* the hash of that entry; where there is none, of the key */
	size_t len;
	uint8_t octets[DP_PACKED_OCTETS_MAX];
} dp_unpacked;

danepriv_span dp_key_span(const dp_key *key);
void dp_key_of(const dp_table *table, const dp_server *server, dp_key *out);
/* EINVAL, EMALFORMED: as dp_server_read. */
danepriv_status dp_key_read(const dp_table *table, const danepriv_server *server, dp_key *out);
/* The server's name, in lower case. */
dp_name dp_key_name(const dp_key *key);

/* The key of another entry of the same server, which is in the same shard. */
dp_key dp_key_in(const dp_key *key, dp_view view);
/* Where that is. */
uint64_t dp_key_hash_in(uint64_t hash, dp_view view);
dp_view dp_key_view(const dp_key *key);

/* dp_key_of the other way round. */
void dp_key_server(const dp_key *key, dp_server *out);

/* What an entry of a server says. */
void dp_unpacked_read(const dp_shard *shard, const dp_entry *entry, dp_unpacked *out);
/* One of its records; it has to be there. */
danepriv_span dp_unpacked_rdata(const dp_unpacked *packed, size_t record);
/* Where a record is, counted from 1; 0: it is not there. */
uint8_t dp_unpacked_find(const dp_unpacked *packed, danepriv_span rdata);

/* What the entry behind a key is to hold; out->known of it, too, but for when.  Of too many records
 * those that fit, with LIMIT_RECORDS as the reason of a proof that is SECURE all the same. */
void dp_cache_pack(const dp_table *table, const danepriv_records *records, dp_unpacked *out);
/* Borrows from both; `associations` has room for DP_CACHE_ASSOCIATIONS_MAX.
 */
dp_published dp_cache_unpack(
    const dp_unpacked *packed, const dp_key *key, dp_association *associations);
/* The same as records of their own.  ENOMEM. */
danepriv_status dp_cache_unpack_records(
    const dp_unpacked *packed, const dp_key *key, danepriv_records **out);

#endif
