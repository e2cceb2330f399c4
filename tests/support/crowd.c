/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test fill a cache?  With many servers, each of a number. */
#include "support/crowd.h"

#include <check.h>
#include <danepriv/word.h>
#include <stdio.h>
#include <string.h>

/* Is asked millions of times, and an assertion writes to a file each time. */
static void
must_work(danepriv_status status)
{
	if (status != DANEPRIV_OK)
		ck_abort_msg("%s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
}

danepriv_cache *
crowd_open(size_t octets)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = octets };
	danepriv_cache *cache;

	must_work(danepriv_cache_new(&settings, &cache));
	return cache;
}

/* The server of a number; its name lives in `text`. */
danepriv_server
crowd_server(unsigned number, const char *zone, char text[64])
{
	(void)snprintf(text, 64, "ns%u.%s.test", number, zone);
	return (danepriv_server){ text, 0, DANEPRIV_TRANSPORT_DOT };
}

/* One record `3 1 1`, or, from two on, so many octets. */
void
crowd_put(danepriv_cache *cache, const danepriv_server *server, danepriv_security security,
    uint8_t key, size_t len, danepriv_time until, danepriv_time now)
{
	uint8_t octets[8190];
	danepriv_span rdata = { octets, len };
	danepriv_records *records;

	memset(octets, key, len);
	memcpy(octets, "\3\1\1", 3);
	must_work(danepriv_records_vouch(server, NULL, security, DANEPRIV_REASON_NONE, &rdata,
	    security == DANEPRIV_SECURITY_SECURE, until, &records));
	must_work(danepriv_cache_put(cache, records, now));
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

/* ---- strangers ---- */

#define LATE (CROWD_NOW + 86400)
#define LARGE 8190

static void
throw_proof(danepriv_cache *cache, const danepriv_server *server)
{
	/* One key of the root.  It proves nothing, which is for whoever imports it to find. */
	static const uint8_t chain[600] = { 0, 0, 48, 0, 1, 0, 0, 0, 0, 0x02, 0x4d };
	static const uint8_t rdata[35] = { 3, 1, 1 };
	const danepriv_span record = { rdata, sizeof rdata }, security = { chain, sizeof chain };
	danepriv_records *records;

	must_work(danepriv_records_vouch(server, NULL, DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_REASON_NONE, &record, 1, LATE, &records));
	must_work(danepriv_cache_put_proof(cache, records, security, CROWD_NOW));
	danepriv_records_free(records);
}

static void
throw_address(danepriv_cache *cache, crowd_junk junk, unsigned number)
{
	const uint8_t octets[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number };
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	char text[64];
	const danepriv_server server = crowd_server(number, "flood", text);
	danepriv_event event =
	    junk == CROWD_REACHED ? DANEPRIV_EVENT_COMPLETED : DANEPRIV_EVENT_FAILED;

	if (junk == CROWD_BOUND)
		must_work(danepriv_cache_bind(cache, &address, &server));
	else
		must_work(danepriv_cache_note_event(cache, &address, event, 0, CROWD_NOW));
}

static crowd_junk
in_turn(crowd_junk junk, unsigned number)
{
	unsigned kinds = junk == CROWD_NAMES ? CROWD_BOUND : CROWD_NAMES;
	crowd_junk turn = (crowd_junk)(number % kinds);

	/* They take ten times the time of others. */
	return turn == CROWD_LARGE && number / kinds % 10 != 0 ? CROWD_SECURE : turn;
}

void
crowd_throw(danepriv_cache *cache, crowd_junk junk, unsigned number)
{
	static const danepriv_security proofs[] = { [CROWD_SECURE] = DANEPRIV_SECURITY_SECURE,
		[CROWD_LARGE] = DANEPRIV_SECURITY_SECURE,
		[CROWD_DENIED] = DANEPRIV_SECURITY_DENIED,
		[CROWD_INSECURE] = DANEPRIV_SECURITY_INSECURE,
		[CROWD_FAILED] = DANEPRIV_SECURITY_BOGUS };
	char text[64];
	const danepriv_server server = crowd_server(number, "flood", text);
	if (junk >= CROWD_NAMES)
		junk = in_turn(junk, number);
	if (junk >= CROWD_BOUND)
		throw_address(cache, junk, number);
	else if (junk == CROWD_CLAIMED)
		must_work(danepriv_cache_claim(cache, &server, CROWD_NOW, NULL));
	else if (junk == CROWD_PROVEN)
		throw_proof(cache, &server);
	else
		crowd_put(cache, &server, proofs[junk], 1, junk == CROWD_LARGE ? LARGE : 35, LATE,
		    CROWD_NOW);
}

/* ---- what the table is like ---- */

#define LARGE_PROOF 8208 /* what fits into as many cells as the largest records */

crowd_chains
crowd_measure(const dp_table *table)
{
	crowd_chains chains = { 0, 0 };
	unsigned long entries = 0, places = 0;

	for (size_t i = 0; i < table->shard_count; i++) {
		dp_shard *shard = dp_table_lock(table, dp_table_hash_of_shard(i));
		for (uint32_t b = 0; b <= shard->bucket_mask; b++) {
			unsigned at = 0;
			for (const dp_entry *e = dp_table_first(shard, b); e;
			     e = dp_table_next(shard, e)) {
				places += ++at;
				entries++;
			}
			if (at > chains.longest)
				chains.longest = at;
		}
		dp_table_unlock(shard);
	}
	if (entries > 0)
		chains.mean = (double)places / (double)entries;
	return chains;
}

/* A proof has a server, and goes as late as that, unless it is large. */
static void
assert_proves(const dp_shard *shard, const dp_entry *entry)
{
	const dp_entry *server = dp_table_find_kind(shard, entry->hash, DP_ENTRY_SERVER);

	if (entry->kind != DP_ENTRY_PROOF)
		return;
	ck_assert(server && server->has_proof);
	ck_assert_int_eq(entry->is_kept, server->is_kept && entry->len <= LARGE_PROOF);
}

/* All lists are whole: each cell is in one place. */
static void
assert_sound_shard(dp_shard *shard)
{
	size_t entries = 0;

	ck_assert_uint_eq(shard->newcomers.cells + shard->reached.cells + shard->kept.cells +
			      shard->proofs.cells + shard->kept_proofs.cells + shard->left,
	    shard->count);
	for (uint32_t b = 0; b <= shard->bucket_mask; b++)
		for (const dp_entry *e = dp_table_first(shard, b); e; e = dp_table_next(shard, e)) {
			ck_assert_uint_eq(e->hash & shard->bucket_mask, b);
			ck_assert_uint_lt(entries++, shard->count);
			assert_proves(shard, e);
		}
}

void
crowd_assert_sound_table(const dp_table *table)
{
	for (size_t i = 0; i < table->shard_count; i++) {
		dp_shard *shard = dp_table_lock(table, (uint64_t)i << 32);
		assert_sound_shard(shard);
		dp_table_unlock(shard);
	}
}

void
crowd_assert_sound(const danepriv_cache *cache)
{
	crowd_assert_sound_table(&cache->table);
}
