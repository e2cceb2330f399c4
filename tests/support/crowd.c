/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test fill a cache?  With many servers, each of a number. */
#include "support/crowd.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

danepriv_cache *
crowd_open(size_t octets)
{
	const danepriv_cache_settings settings = { sizeof settings, octets, 0, 0, 0 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&cache, &settings), DANEPRIV_OK);
	return cache;
}

/* The server of a number; its name lives in `text`. */
danepriv_server
crowd_server(unsigned number, const char *zone, char text[64])
{
	(void)snprintf(text, 64, "ns%u.%s.test", number, zone);
	return (danepriv_server){ text, 0, DANEPRIV_DOT };
}

/* One record `3 1 1`, or, from two on, so many octets. */
void
crowd_put(danepriv_cache *cache, const danepriv_server *server, danepriv_proof proof, uint8_t key,
    size_t len, danepriv_time until, danepriv_time now)
{
	uint8_t octets[8190];
	danepriv_span rdata = { octets, len };
	danepriv_records *records;

	memset(octets, key, len);
	memcpy(octets, "\3\1\1", 3);
	ck_assert_int_eq(danepriv_records_vouch(server, NULL, proof, &rdata,
			     proof == DANEPRIV_PROOF_SECURE, until, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, now), DANEPRIV_OK);
	danepriv_records_free(records);
}

bool
crowd_knows(danepriv_cache *cache, const danepriv_server *server)
{
	danepriv_records *records;
	danepriv_status status = danepriv_cache_get(cache, server, CROWD_NOW, &records);

	danepriv_records_free(records);
	return status == DANEPRIV_OK;
}

unsigned
crowd_count(danepriv_cache *cache, const char *zone, unsigned count)
{
	char text[64];
	unsigned known = 0;

	for (unsigned i = 0; i < count; i++) {
		danepriv_server server = crowd_server(i, zone, text);
		known += crowd_knows(cache, &server);
	}
	return known;
}

/* All lists are whole: each cell is in one place. */
void
crowd_assert_sound(const danepriv_cache *cache)
{
	for (size_t i = 0; i < cache->table.shard_count; i++) {
		dp_shard *shard = dp_table_lock(&cache->table, (uint64_t)i << 32);
		size_t entries = 0;
		ck_assert_uint_eq(
		    shard->newcomers.cells + shard->kept.cells + shard->proofs.cells + shard->left,
		    shard->count);
		for (uint32_t b = 0; b <= shard->bucket_mask; b++)
			for (const dp_entry *e = dp_table_first(shard, b); e;
			     e = dp_table_next(shard, e)) {
				ck_assert_uint_eq(e->hash & shard->bucket_mask, b);
				ck_assert_uint_lt(entries++, shard->count);
			}
		dp_table_unlock(shard);
	}
}
