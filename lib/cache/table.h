/* SPDX-License-Identifier: BSD-2-Clause
 * Where is what we know of this server or address, and who has to go when there is no more room?
 *
 * All memory is taken at the start and divided among shards, each with a lock, a table and cells of
 * its own.  An entry is one cell and as many more as its octets need.  Nothing here allocates,
 * frees or hashes.
 *
 * Who has to go?  In each shard newcomers, addresses that were reached, and servers that
 * authenticated themselves stand in a queue each.  While newcomers would have more than an eighth
 * of the cells, it is one of them that goes; then, while addresses have, one of those.  So whoever
 * floods the cache with names takes an eighth of it from the others, and with addresses another,
 * and no more.
 *
 * Proofs stand beside their servers.  To those of newcomers, and to large ones, belongs what is
 * left over: they go before anything else does, and for them nothing goes but others of them.  To
 * those of servers that authenticated themselves an eighth belongs as well: they go while they have
 * more, and before such a server does.  So whatever goes for want of room leaves no proof of its
 * own behind. */
#ifndef DP_CACHE_TABLE_H
#define DP_CACHE_TABLE_H

#include "base/bounds.h"
#include "crypto/keyed.h"

#include <danepriv/status.h>
#include <stdatomic.h>
#include <stdbool.h>

/* What an entry is about: also the first octet of its key. */
enum { DP_ENTRY_SERVER = 1, DP_ENTRY_ADDRESS = 2, DP_ENTRY_PROOF = 3, DP_ENTRY_ZONE = 4 };

/* What is known of a server; of a proof, which has a copy of when and how long it holds; and of a
 * zone (policy/zones.c), a table of its own. */
typedef struct dp_known {
	uint8_t security, reason; /* as in danepriv_records; security 0: no evidence */
	uint8_t source : 4;
	bool follows : 1;   /* who learnt it follows aliases */
	bool has_alias : 1; /* it came by way of one */
	uint8_t count;
	uint16_t support_hours;
	uint8_t failures; /* windows in a row in which lookups failed */
	uint8_t matched;  /* 1 + the record by which it authenticated itself last; 0: none */
	danepriv_time put, valid_until, expiry;
	uint64_t generation, keys; /* keys: a digest of those that are expected; 0: none are */
	danepriv_time failed, claimed;
	uint32_t pinned;	/* minutes since 1970: the end of its pin; 0: none */
	uint32_t authenticated; /* minutes since 1970, rounded down; 0: never */
} dp_known;

/* What is known of an address (RFC 9539 section 4). */
typedef struct dp_reached {
	uint8_t status;
	bool is_pending; /* an attempt was begun and nothing came of it yet */
	uint32_t rtt_us; /* microseconds; 0: not known */
	danepriv_time initiated, completed, last_response;
	uint64_t servers[DP_ADDRESS_SERVERS_MAX]; /* hashes of their keys, the latest first */
	uint8_t findings[DP_ADDRESS_SERVERS_MAX]; /* what was found of each (address_found.c) */
	uint32_t judged; /* the lower half of the time at which one of them was rejected last */
} dp_reached;

#define DP_ENTRY_OCTETS 24 /* of the key and what follows it, in the first cell */
#define DP_MORE_OCTETS 124 /* and in each one after it */

typedef struct dp_entry {
	uint64_t hash;
	uint32_t chain;	       /* the next one in its bucket; numbers of cells begin at 1 */
	uint32_t more;	       /* the next cell of its octets */
	uint32_t older, newer; /* in its queue */
	uint16_t key_len, len; /* octets: of the key, and of all */
	uint8_t kind;
	bool is_kept;	/* it proved its worth */
	bool is_used;	/* since it was last spared */
	bool has_proof; /* one was put beside it, which may have had to go */
	union {
		dp_known known;
		dp_reached reached;
	};
	uint8_t octets[DP_ENTRY_OCTETS];
} dp_entry;

typedef struct dp_queue {
	uint32_t oldest, newest;
	uint32_t cells; /* of all that stand in it */
} dp_queue;

#define DP_LINE_OCTETS 64 /* of the processor's cache */

/* Where to look is in a line of its own, which is only read: it stays with all processors, and what
 * is in the table can be on its way while the lock is taken. */
typedef struct dp_shard {
	_Alignas(DP_LINE_OCTETS) uint32_t *buckets;
	union dp_cell *cells;
	uint32_t bucket_mask;
	uint32_t count; /* of cells */
	bool is_parted; /* servers had entries of their own for those of one rule, at any time */
	_Alignas(DP_LINE_OCTETS) atomic_bool is_locked;
	uint32_t fresh; /* cells that were in use at any time */
	uint32_t empty; /* the first of those that are so no more */
	uint32_t left;	/* cells that are not in use */
	dp_queue newcomers, reached, kept, proofs, kept_proofs;
} dp_shard;

#if defined(__GNUC__)
#define DP_PREFETCH(place) __builtin_prefetch(place)
#else
#define DP_PREFETCH(place) ((void)(place))
#endif

typedef struct dp_table {
	uint8_t secret[DP_KEYED_SECRET_OCTETS];
	dp_shard *shards;
	size_t shard_count; /* a power of two */
	void *block;
} dp_table;

/* Takes at most `octets`, what the allocator adds included.  False: out of memory. */
bool dp_table_open(dp_table *table, size_t octets);
void dp_table_close(dp_table *table);

/* A shard by its number, to be locked by a hash that belongs there. */
uint64_t dp_table_hash_of_shard(size_t shard);
uint64_t dp_table_hash(const dp_table *table, danepriv_span key);
/* For those who are about to ask for several: memory may bring all of them at once, first where
 * each hash leads (no lock), then what is there, most likely (a lock, held for a moment). */
void dp_table_expect(const dp_table *table, uint64_t hash);
void dp_table_expect_entry(const dp_table *table, uint64_t hash);
/* The shard where a hash belongs; nobody else has it until it is unlocked.  Short work only. */
dp_shard *dp_table_lock(const dp_table *table, uint64_t hash);
void dp_table_unlock(dp_shard *shard);

/* All below: in a shard that is locked, and entries of it that live until it is unlocked. */

/* NULL: not there. */
dp_entry *dp_table_find(const dp_shard *shard, uint64_t hash, danepriv_span key);
/* By kind and hash alone, for what may be mistaken once in 2^64 times. */
dp_entry *dp_table_find_kind(const dp_shard *shard, uint64_t hash, uint8_t kind);
/* A newcomer, zeroed but for its key; there must be none of that key.  `len`: of the key and all
 * that will follow it.  Others may have to go.  NULL: longer than a shard can hold. */
dp_entry *dp_table_add(dp_shard *shard, uint64_t hash, danepriv_span key, size_t len);
/* The same for a proof, whose key but for its kind is that of `server`.  NULL: longer than any, or
 * there is no room for it. */
dp_entry *dp_table_add_proof(dp_shard *shard, dp_entry *server, danepriv_span key, size_t len);
void dp_table_remove(dp_shard *shard, dp_entry *entry);
/* Somebody asked for it. */
void dp_table_use(dp_entry *entry);
/* It proved its worth, and is no proof; that of a server does with it. */
void dp_table_keep(dp_shard *shard, dp_entry *entry);
/* What stands behind the key; `out` has room for entry->len - entry->key_len. */
void dp_table_read(const dp_shard *shard, const dp_entry *entry, uint8_t *out);
/* Is it this? */
bool dp_table_holds(const dp_shard *shard, const dp_entry *entry, danepriv_span data);
void dp_table_write(dp_shard *shard, dp_entry *entry, danepriv_span data);
/* The key; `out` has room for entry->key_len. */
void dp_table_read_key(const dp_shard *shard, const dp_entry *entry, uint8_t *out);
/* The first entry of a bucket, and the one after; NULL: no more. */
const dp_entry *dp_table_first(const dp_shard *shard, uint32_t bucket);
const dp_entry *dp_table_next(const dp_shard *shard, const dp_entry *entry);

#endif
