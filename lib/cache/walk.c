/* SPDX-License-Identifier: BSD-2-Clause
 * Which entries of the table are there, one after the other, while others use it? */
#include "cache/walk.h"

#include "base/bounds.h"
#include "cache/table.h"

#include <danepriv/server.h>
#include <danepriv/status.h>

/* Places that are looked at under one lock: about as long as any call has one. */
#define PLACES_PER_LOCK 16
#define LOCKS_MAX (DP_REFRESH_PLACES_MAX / PLACES_PER_LOCK)

/* Buckets come one after the other, and in each of them hashes, the least first: so whatever comes
 * or goes meanwhile, what stays is met, and once. */
typedef struct search {
	dp_walk_means *means;
	const void *argument;
	uint64_t behind; /* the last hash that is behind us */
	uint64_t bucket; /* where it goes on: the least hash that belongs there */
	bool is_new;	 /* nothing of that bucket is behind us */
	bool is_over;
} search;

/* The bits of a hash that say where it belongs. */
static uint64_t
where_bits(const dp_table *table)
{
	return (uint64_t)(table->shard_count - 1) << 32 | table->shards->bucket_mask;
}

/* To the bucket after this one, all of which is behind us. */
static void
move_on(const dp_table *table, search *s)
{
	uint64_t where = where_bits(table);

	s->behind = s->bucket | ~where;
	s->is_new = true;
	s->is_over = s->bucket == where;
	s->bucket++;
	/* Past the last one of a shard the first of the next one comes. */
	if ((uint32_t)s->bucket > (uint32_t)where)
		s->bucket = ((s->bucket >> 32) + 1) << 32;
}

static const dp_entry *
search_bucket(const dp_shard *shard, const search *s)
{
	const dp_entry *least = NULL;
	const dp_entry *e = dp_table_first(shard, (uint32_t)s->bucket);

	for (; e; e = dp_table_next(shard, e))
		if ((s->is_new || e->hash > s->behind) && (!least || e->hash < least->hash) &&
		    s->means(e, s->argument))
			least = e;
	return least;
}

/* In some buckets of a shard. */
static const dp_entry *
search_shard(const dp_table *table, const dp_shard *shard, search *s)
{
	for (unsigned i = 0; i < PLACES_PER_LOCK; i++) {
		const dp_entry *entry = search_bucket(shard, s);
		if (entry)
			return entry;
		move_on(table, s);
		if (s->is_over || (uint32_t)s->bucket == 0)
			break;
	}
	return NULL;
}

danepriv_status
dp_walk_next(const dp_table *table, uint64_t *position, dp_walk_means *means, const void *argument,
    dp_shard **shard, const dp_entry **entry)
{
	search s = { means, argument, *position, *position & where_bits(table), *position == 0,
		false };

	for (unsigned i = 0; i < LOCKS_MAX && !s.is_over; i++) {
		*shard = dp_table_lock(table, s.bucket);
		*entry = search_shard(table, *shard, &s);
		if (*entry) {
			*position = (*entry)->hash;
			return DANEPRIV_OK;
		}
		dp_table_unlock(*shard);
	}
	*position = s.is_over ? 0 : s.behind;
	return s.is_over ? DANEPRIV_ENOTFOUND : DANEPRIV_EAGAIN;
}

void
dp_walk_key(const dp_shard *shard, const dp_entry *entry, dp_key *out)
{
	out->len = entry->key_len;
	out->hash = 0;
	dp_table_read_key(shard, entry, out->octets);
	out->octets[0] = DP_ENTRY_SERVER;
	out->aliases = DANEPRIV_ALIASES_REFUSE;
}
