/* SPDX-License-Identifier: BSD-2-Clause
 * Which entries of the table are there, one after the other, while others use it? */
#include "dane/cache_walk.h"

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

/* The next one that is meant, from `p` on; NULL: none before the bound, or in the shard. */
static const dp_entry *
search_shard(
    const dp_shard *shard, place *p, unsigned *left, dp_walk_means *means, const void *argument)
{
	for (; p->bucket <= shard->bucket_mask; p->bucket++, p->seen = 0) {
		const dp_entry *entry = dp_table_first(shard, p->bucket);
		for (uint16_t i = 0; entry && i < p->seen; i++)
			entry = dp_table_next(shard, entry);
		for (; entry && p->seen < UINT16_MAX; entry = dp_table_next(shard, entry)) {
			p->seen++;
			if (means(entry, argument))
				return entry;
		}
		if (*left == 0)
			return NULL;
		(*left)--;
	}
	return NULL;
}

danepriv_status
dp_walk_next(const dp_table *table, uint64_t *position, dp_walk_means *means, const void *argument,
    dp_shard **shard, const dp_entry **entry)
{
	unsigned left = DP_REFRESH_PLACES_MAX;
	place p = read_position(*position);

	for (; p.shard < table->shard_count; p = (place){ p.shard + 1, 0, 0 }) {
		*shard = dp_table_lock(table, dp_table_hash_of_shard(p.shard));
		*entry = search_shard(*shard, &p, &left, means, argument);
		*position = position_of(p);
		if (*entry)
			return DANEPRIV_OK;
		dp_table_unlock(*shard);
		if (left == 0)
			return DANEPRIV_EAGAIN;
	}
	*position = 0;
	return DANEPRIV_ENOTFOUND;
}

void
dp_walk_key(const dp_shard *shard, const dp_entry *entry, dp_key *out)
{
	out->len = entry->key_len;
	out->hash = 0;
	dp_table_read_key(shard, entry, out->octets);
	out->octets[0] = DP_ENTRY_SERVER;
}
