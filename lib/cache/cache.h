/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this server and this address? */
#ifndef DP_CACHE_CACHE_H
#define DP_CACHE_CACHE_H

#include "cache/pack.h"
#include "cache/table.h"
#include "dane/server.h"

#include <danepriv/cache.h>

struct danepriv_cache {
	dp_table table;		      /* first: dp_cache_begin */
	_Atomic uint64_t generations; /* the last one given */
	uint32_t persistence_s, damping_s, timeout_s;
};

/* Octets of memory, all in: what was set, 0 for the default, and the least. */
typedef struct dp_cache_room {
	size_t set, otherwise, least;
} dp_cache_room;

/* An object of `size` that begins with its table, with all memory that it will ever take.  EINVAL:
 * fewer octets than the least.  ELIMIT: more than there may be.  ENOMEM. */
danepriv_status dp_cache_begin(const dp_cache_room *room, size_t size, dp_table **out);
/* Frees such an object. */
void dp_cache_end(dp_table *table);

/* A time that is in no span: never. */
#define DP_NEVER INT64_MIN

/* `now` is no further than `span` seconds from `start`, on either side. */
bool dp_cache_within(danepriv_time now, danepriv_time start, uint64_t span);
/* Saturates: there is no time after the last. */
danepriv_time dp_cache_later(danepriv_time t, uint32_t seconds);
/* Minutes since 1970, rounded down; 0 before that. */
uint32_t dp_cache_minutes(danepriv_time now);
/* There is evidence, and it holds. */
bool dp_cache_holds(const dp_known *known, danepriv_time now);
/* The same, and it is no failure. */
bool dp_cache_proves(const dp_known *known, danepriv_time now);

/* How something is put, and what came of it. */
typedef struct dp_taking {
	danepriv_time at;    /* when it was learnt */
	danepriv_time now;   /* the same, or later */
	danepriv_span chain; /* that proves it, and is to be kept; empty: none */
	bool yields;	     /* to evidence that holds at `now` */
	bool is_taken;
	uint64_t generation; /* of what is known after that */
} dp_taking;

/* As danepriv_cache_put. */
danepriv_status dp_cache_take(
    danepriv_cache *cache, const danepriv_records *records, dp_taking *taking);

/* ENOTFOUND: nothing that holds; out->known is then what is known all the same. */
danepriv_status dp_cache_look_up(
    danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_unpacked *out);

/* By what the cache finds a server. */
void dp_cache_key(const danepriv_cache *cache, const dp_server *server, dp_key *out);

/* What is known of a server, for one connection to it. */
typedef struct dp_recalled {
	danepriv_records *records; /* a reference, yours; NULL: nothing that holds */
	uint64_t generation;	   /* of the keys that they say */
	danepriv_time pinned;	   /* the end of a pin that counts; DP_NEVER: there is none */
} dp_recalled;

/* ENOTFOUND: nothing that holds, and out->pinned is known all the same.  ENOMEM. */
danepriv_status dp_cache_recall(
    danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_recalled *out);

uint64_t dp_cache_generation(danepriv_cache *cache, const dp_key *key);

/* The server authenticated itself by the record `rdata`, and said then for how many hours it will
 * go on sending chains; NULL: it did not say.  A pin is only set where that record is still
 * expected, or was left out for want of room. */
void dp_cache_confirm(danepriv_cache *cache, const dp_key *key, danepriv_span rdata,
    const uint16_t *hours, danepriv_time now);

/* The same by the record of that number, of what was looked up; nothing, where it has changed. */
void dp_cache_confirm_found(danepriv_cache *cache, const dp_key *key, const dp_unpacked *found,
    size_t record, danepriv_time now);

/* What one look says of a server, and a judgement by it. */
typedef struct dp_sight {
	dp_known known;
	uint64_t place;		   /* dp_unpacked.place */
	danepriv_time shown_until; /* as for dp_match_evaluate */
} dp_sight;

/* danepriv_cache_evaluate of a server that was read. */
danepriv_status dp_cache_judge(danepriv_cache *cache, const danepriv *ctx, const dp_key *key,
    const danepriv_credential *credential, danepriv_time now, dp_sight *sight,
    danepriv_verdict *out);

/* What a judgement by what was looked up comes to, where it came to `status`: a MATCH is noted.
 * ENOTFOUND: not all records were kept, and none of those matches. */
danepriv_status dp_cache_note_verdict(danepriv_cache *cache, const dp_key *key,
    const dp_unpacked *found, danepriv_status status, danepriv_time now,
    const danepriv_verdict *verdict);

/* A copy of what is known of a server, which somebody asked for; of nothing: nothing, and false. */
bool dp_cache_known(danepriv_cache *cache, const dp_key *key, dp_known *out);

/* The end of a pin that counts; DP_NEVER: there is none. */
danepriv_time dp_cache_pin_end(const dp_known *known, danepriv_time now);

/* A lookup failed; several at the same time are one failure. */
void dp_cache_count_failure(dp_known *known, danepriv_time now);
/* Until when a server is left alone after failures; DP_NEVER: it is not. */
danepriv_time dp_cache_again(const dp_known *known, danepriv_time now);

/* In a shard that is locked: what is known of a server to who asks for it; NULL: nothing. */
dp_entry *dp_cache_entry(const dp_shard *shard, const dp_key *key);

/* A server in its shard, which is locked. */
typedef struct dp_locked {
	dp_key key;
	dp_shard *shard;
	dp_entry *entry; /* dp_cache_entry */
} dp_locked;

/* Finds a server of the caller's; out->shard is to be unlocked.  EINVAL: no cache.  EINVAL,
 * EMALFORMED: as dp_server_read; nothing is locked then. */
danepriv_status dp_cache_lock(danepriv_cache *cache, const danepriv_server *server, dp_locked *out);

/* In a shard that is locked: the entry of a key with `known` and what is packed behind the key, in
 * place of any before, which was that of the key, if there was one. */
dp_entry *dp_cache_replace(dp_shard *shard, const dp_key *key, dp_entry *before,
    const dp_known *known, danepriv_span packed);

#endif
