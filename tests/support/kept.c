/* SPDX-License-Identifier: BSD-2-Clause
 * What is in a cache, and which proofs does it give away? */
#include "support/kept.h"

#include "cache/cache.h"
#include "cache/walk.h"
#include "support/cached.h"

#include <check.h>

test_octets
exported_next(danepriv_cache *cache, danepriv_time now, uint64_t *position)
{
	static uint8_t room[DANEPRIV_EXPORT_MAX];
	test_octets none = { NULL, 0 };
	danepriv_status status;
	size_t len;

	do {
		status = danepriv_cache_export(cache, now, position, room, sizeof room, &len);
		ck_assert((status == DANEPRIV_OK) == (len > 0));
	} while (status == DANEPRIV_EAGAIN);
	if (status == DANEPRIV_OK)
		return octets_copy((danepriv_span){ room, len });
	ck_assert_int_eq(status, NOTFOUND);
	ck_assert_uint_eq(*position, 0);
	return none;
}

test_octets
exported_only(danepriv_cache *cache, danepriv_time now)
{
	uint64_t position = 0;
	test_octets only = exported_next(cache, now, &position);

	ck_assert_ptr_nonnull(only.data);
	ck_assert_ptr_null(exported_next(cache, now, &position).data);
	return only;
}

/* argument: the kind. */
static bool
is_of_kind(const dp_entry *entry, const void *argument)
{
	return entry->kind == *(const int *)argument;
}

static unsigned
count(const danepriv_cache *cache, int kind)
{
	uint64_t position = 0;
	const dp_entry *entry;
	dp_shard *shard;
	unsigned found = 0;
	danepriv_status status;

	do {
		status = dp_walk_next(&cache->table, &position, is_of_kind, &kind, &shard, &entry);
		if (status == DANEPRIV_OK) {
			found++;
			dp_table_unlock(shard);
		}
	} while (status != NOTFOUND);
	return found;
}

unsigned
exported_servers(const danepriv_cache *cache)
{
	return count(cache, DP_ENTRY_SERVER);
}

unsigned
exported_proofs(const danepriv_cache *cache)
{
	return count(cache, DP_ENTRY_PROOF);
}
