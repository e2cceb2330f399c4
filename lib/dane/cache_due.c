/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers are to be looked up again before what is known of them ends?
 *
 * A search goes from place to place: its position is the shard, the bucket, and how many entries of
 * that bucket were seen.  No call looks at more than a bounded number of places, each time under
 * the lock of one shard. */
#include "dane/cache.h"

#include <string.h>

#define SEEN_BITS 16
#define BUCKET_BITS 32

typedef struct place {
	size_t shard;
	uint32_t bucket;
	uint16_t seen; /* entries of the bucket */
} place;

static place
read_position(uint64_t position)
{
	place p = { (size_t)(position >> (BUCKET_BITS + SEEN_BITS)),
		(uint32_t)(position >> SEEN_BITS), (uint16_t)position };

	return p;
}

static uint64_t
position_of(place p)
{
	return (uint64_t)p.shard << (BUCKET_BITS + SEEN_BITS) | (uint64_t)p.bucket << SEEN_BITS |
	       p.seen;
}

static bool
is_due(const dp_entry *entry, danepriv_time by, danepriv_time now)
{
	return entry->kind == DP_ENTRY_SERVER && entry->is_kept &&
	       entry->known.proof == DANEPRIV_PROOF_SECURE && entry->known.until <= by &&
	       dp_cache_holds(&entry->known, now);
}

/* The next one that is due, from `p` on; NULL: none before the bound, or in the shard. */
static const dp_entry *
search_shard(const dp_shard *shard, place *p, unsigned *left, danepriv_time by, danepriv_time now)
{
	for (; p->bucket <= shard->bucket_mask; p->bucket++, p->seen = 0) {
		const dp_entry *entry = dp_table_first(shard, p->bucket);
		for (uint16_t i = 0; entry && i < p->seen; i++)
			entry = dp_table_next(shard, entry);
		for (; entry && p->seen < UINT16_MAX; entry = dp_table_next(shard, entry)) {
			p->seen++;
			if (is_due(entry, by, now))
				return entry;
		}
		if (*left == 0)
			return NULL;
		(*left)--;
	}
	return NULL;
}

static void
tell(const dp_key *key, danepriv_time until, danepriv_cache_due *due)
{
	dp_server server;

	dp_key_server(key, &server);
	due->until = until;
	due->port = server.port;
	due->transport = server.transport;
	due->role = server.role;
	/* A label of the transport's own is not said, since most may have no other. */
	memset(due->label, 0, sizeof due->label);
	if (!dp_server_label_is_own(server.transport, server.label))
		memcpy(due->label, server.label, strlen(server.label));
	(void)dp_name_to_text(dp_name_of(&server.name), due->name, sizeof due->name);
}

danepriv_status
danepriv_cache_refresh(
    danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due)
{
	unsigned left = DP_REFRESH_PLACES_MAX;
	dp_key key;

	if (!cache || !due || due->size != sizeof *due)
		return DANEPRIV_EINVAL;
	place p = read_position(due->position);
	for (; p.shard < cache->table.shard_count; p = (place){ p.shard + 1, 0, 0 }) {
		dp_shard *shard = dp_table_lock(&cache->table, dp_table_hash_of_shard(p.shard));
		const dp_entry *entry = search_shard(shard, &p, &left, by, now);
		danepriv_time until = entry ? entry->known.until : 0;
		if (entry) {
			key.len = entry->key_len;
			dp_table_read_key(shard, entry, key.octets);
		}
		dp_table_unlock(shard);
		due->position = position_of(p);
		if (entry) {
			tell(&key, until, due);
			return DANEPRIV_OK;
		}
		if (left == 0)
			return DANEPRIV_EAGAIN;
	}
	due->position = 0;
	return DANEPRIV_ENOTFOUND;
}
