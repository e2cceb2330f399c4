/* SPDX-License-Identifier: BSD-2-Clause
 * Who has a part of the cache, and what do the others do meanwhile? */
#include "base/yield.h"
#include "cache/table.h"

/* Looks at a lock that somebody has, for about as long as any call has one.  Who has it for longer
 * was interrupted, and without a processor to go on it would be waited for in vain. */
#define SPINS_MAX 1000

uint64_t
dp_table_hash_of_shard(size_t shard)
{
	return (uint64_t)shard << 32;
}

/* Buckets are chosen by the low half of the hash. */
static dp_shard *
shard_of(const dp_table *table, uint64_t hash)
{
	return &table->shards[(hash >> 32) & (table->shard_count - 1)];
}

void
dp_table_expect(const dp_table *table, uint64_t hash)
{
	const dp_shard *shard = shard_of(table, hash);

	DP_PREFETCH(&shard->buckets[hash & shard->bucket_mask]);
}

/* Until nobody has the shard, but for a moment. */
static void
wait_for(const dp_shard *shard)
{
	/* Reading alone while another has it leaves the line where it is. */
	for (unsigned i = 0; atomic_load_explicit(&shard->is_locked, memory_order_relaxed); i++)
		if (i >= SPINS_MAX)
			dp_yield(i - SPINS_MAX);
}

dp_shard *
dp_table_lock(const dp_table *table, uint64_t hash)
{
	dp_shard *shard = shard_of(table, hash);

	/* The bucket is needed next, and may come while the lock is taken. */
	dp_table_expect(table, hash);
	while (atomic_exchange_explicit(&shard->is_locked, true, memory_order_acquire))
		wait_for(shard);
	return shard;
}

void
dp_table_unlock(dp_shard *shard)
{
	atomic_store_explicit(&shard->is_locked, false, memory_order_release);
}

void
dp_table_expect_entry(const dp_table *table, uint64_t hash)
{
	dp_shard *shard = dp_table_lock(table, hash);
	const uint8_t *entry =
	    (const uint8_t *)dp_table_first(shard, (uint32_t)hash & shard->bucket_mask);

	if (entry) {
		DP_PREFETCH(entry);
		DP_PREFETCH(entry + DP_LINE_OCTETS);
	}
	dp_table_unlock(shard);
}
