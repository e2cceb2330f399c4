/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this server: which key, how sure, until when, and what failed lately?
 *
 * Names are read and hashed, and records packed and judged, outside of the locks. */
#include "dane/cache.h"

#include "base/alloc.h"
#include "base/settings.h"
#include "base/time.h"
#include "crypto/start.h"

#include <string.h>

/* ---- a cache ---- */

static uint32_t
value_or(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

danepriv_status
dp_cache_begin(const dp_cache_room *room, size_t size, dp_table **out)
{
	size_t octets = room->set ? room->set : room->otherwise;

	if (octets < room->least)
		return DANEPRIV_EINVAL;
	uint64_t all = octets; /* where addresses have 32 bits, no size is too large */
	if (all > DP_CACHE_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	dp_table *table = dp_alloc(1, size);
	if (!table || !dp_crypto_start() || !dp_table_open(table, octets - 2 * size)) {
		dp_free(table);
		return DANEPRIV_ENOMEM;
	}
	*out = table;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_new(const danepriv_cache_settings *settings, danepriv_cache **out)
{
	danepriv_cache_settings s = { sizeof s, 0, 0, 0, 0 };
	danepriv_status status = DANEPRIV_OK;
	dp_table *table;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (settings)
		status = dp_settings_read(settings, &s, sizeof s);
	const dp_cache_room room = { s.max_octets, DP_CACHE_OCTETS, DP_CACHE_OCTETS_MIN };
	if (status == DANEPRIV_OK)
		status = dp_cache_begin(&room, sizeof(danepriv_cache), &table);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_cache *cache = (danepriv_cache *)table;
	atomic_init(&cache->generations, 0);
	cache->persistence_s = value_or(s.persistence_s, DP_PERSISTENCE_SECONDS);
	cache->damping_s = value_or(s.damping_s, DP_DAMPING_SECONDS);
	cache->timeout_s = value_or(s.timeout_s, DP_TIMEOUT_SECONDS);
	*out = cache;
	return DANEPRIV_OK;
}

void
danepriv_cache_free(danepriv_cache *cache)
{
	if (!cache)
		return;
	dp_table_close(&cache->table);
	dp_free(cache);
}

/* ---- time ---- */

/* How far two moments are apart, whichever comes first. */
static uint64_t
distance(danepriv_time a, danepriv_time b)
{
	return a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
}

bool
dp_cache_within(danepriv_time now, danepriv_time start, uint64_t span)
{
	return start != DP_NEVER && distance(now, start) <= span;
}

bool
dp_cache_holds(const dp_known *known, danepriv_time now)
{
	return known->security != DANEPRIV_SECURITY_UNKNOWN && now <= known->valid_until &&
	       distance(now, known->put) <= distance(known->valid_until, known->put);
}

static bool
is_failure(uint8_t security)
{
	return security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
}

bool
dp_cache_proves(const dp_known *known, danepriv_time now)
{
	return !is_failure(known->security) && dp_cache_holds(known, now);
}

uint32_t
dp_minutes(danepriv_time now)
{
	if (now < 0)
		return 0;
	return now / 60 < UINT32_MAX ? (uint32_t)(now / 60) : UINT32_MAX;
}

danepriv_time
dp_later(danepriv_time t, uint32_t seconds)
{
	return t > INT64_MAX - (danepriv_time)seconds ? INT64_MAX : t + (danepriv_time)seconds;
}

/* ---- evidence ---- */

/* Where the record now stands by which the server authenticated itself last: servers turn the
 * records of an RRset round. */
static uint8_t
matched_after(const dp_shard *shard, const dp_entry *before, const dp_unpacked *news)
{
	dp_unpacked old;

	if (before->known.matched == 0)
		return 0;
	dp_unpacked_read(shard, before, &old);
	return dp_unpacked_find(news, dp_unpacked_rdata(&old, before->known.matched - 1u));
}

/* What is known once `news` came, which says all but when. */
static dp_known
known_after(
    danepriv_cache *cache, const dp_known *before, const dp_known *news, const dp_taking *taking)
{
	dp_known after = *news;

	after.put = taking->at;
	after.claimed = DP_NEVER;
	after.failed = DP_NEVER;
	after.generation = before->generation;
	after.authenticated = before->authenticated;
	if (is_failure(news->security)) {
		after.keys = before->keys;
		after.failed = before->failed;
		after.failures = before->failures;
		dp_cache_count_failure(&after, taking->at);
	} else if (before->generation == 0 || before->keys != news->keys) {
		after.generation =
		    atomic_fetch_add_explicit(&cache->generations, 1, memory_order_relaxed) + 1;
	}
	/* RFC 9102 section 7: a proof that there are no records clears the pin. */
	if (news->security == DANEPRIV_SECURITY_SECURE || is_failure(news->security))
		after.pinned = before->pinned;
	return after;
}

dp_entry *
dp_cache_replace(dp_shard *shard, const dp_key *key, dp_entry *before, const dp_known *known,
    danepriv_span packed)
{
	bool was_kept = before && before->is_kept;

	/* The same room will do: what is put is used, and need not change its place for that. */
	if (before && before->len == key->len + packed.len) {
		before->known = *known;
		dp_table_write(shard, before, packed);
		dp_table_use(before);
		return before;
	}
	if (before)
		dp_table_remove(shard, before);
	dp_entry *entry = dp_table_add(shard, key->hash, dp_key_span(key), key->len + packed.len);
	if (!entry)
		return NULL;
	entry->known = *known;
	dp_table_write(shard, entry, packed);
	if (was_kept)
		dp_table_keep(shard, entry);
	return entry;
}

/* The key of the proof of a server: in the same bucket and under the same lock. */
static dp_key
key_of_proof(const dp_key *key)
{
	dp_key own = *key;

	own.octets[0] = DP_ENTRY_PROOF;
	return own;
}

/* Most servers have none, and need not have their bucket searched for one. */
static void
remove_proof(dp_shard *shard, const dp_key *key, dp_entry *server)
{
	if (!server || !server->has_proof)
		return;
	dp_key own = key_of_proof(key);
	dp_entry *entry = dp_table_find(shard, own.hash, dp_key_span(&own));
	if (entry)
		dp_table_remove(shard, entry);
	server->has_proof = false;
}

/* There must be none. */
static void
add_proof(dp_shard *shard, const dp_key *key, dp_entry *server, danepriv_span chain)
{
	if (!server || chain.len == 0)
		return;
	dp_key own = key_of_proof(key);
	dp_entry *entry = dp_table_add_proof(shard, server, dp_key_span(&own), own.len + chain.len);
	if (!entry)
		return;
	entry->known = server->known;
	dp_table_write(shard, entry, chain);
}

/* Does what is known stay, whatever came?  (RFC 4035 section 4.7 for failures) */
static bool
stays(const dp_known *known, const dp_known *news, const dp_taking *taking)
{
	return dp_cache_proves(known, taking->now) &&
	       (taking->yields || is_failure(news->security));
}

/* Under the lock. */
static void
take_down(danepriv_cache *cache, dp_shard *shard, const dp_key *key, const dp_unpacked *news,
    dp_taking *taking)
{
	dp_known before = { .failed = DP_NEVER, .claimed = DP_NEVER };
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));

	if (entry)
		before = entry->known;
	if (stays(&before, &news->known, taking)) {
		if (is_failure(news->known.security))
			dp_cache_count_failure(&entry->known, taking->at);
		entry->known.claimed = DP_NEVER;
		return;
	}
	dp_known known = known_after(cache, &before, &news->known, taking);
	if (entry && known.generation == before.generation)
		known.matched = matched_after(shard, entry, news);
	remove_proof(shard, key, entry);
	entry =
	    dp_cache_replace(shard, key, entry, &known, (danepriv_span){ news->octets, news->len });
	add_proof(shard, key, entry, taking->chain);
	taking->is_taken = true;
	taking->generation = known.generation;
}

danepriv_status
dp_cache_take(danepriv_cache *cache, const danepriv_records *records, dp_taking *taking)
{
	dp_unpacked news;
	dp_key key;

	taking->is_taken = false;
	taking->generation = 0;
	if (!cache || !records || taking->at > records->proven.valid_until)
		return DANEPRIV_EINVAL;
	dp_pack(&cache->table, records, &news);
	dp_key_of(&cache->table, &records->server, &key);
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	take_down(cache, shard, &key, &news, taking);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_put(danepriv_cache *cache, const danepriv_records *records, danepriv_time now)
{
	dp_taking taking = { .at = now, .now = now };

	return dp_cache_take(cache, records, &taking);
}

danepriv_status
dp_cache_look_up(danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_unpacked *out)
{
	static const dp_known nothing = { .failed = DP_NEVER, .claimed = DP_NEVER };
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));
	danepriv_status status = DANEPRIV_ENOTFOUND;

	if (entry && dp_cache_holds(&entry->known, now)) {
		dp_table_use(entry);
		dp_unpacked_read(shard, entry, out);
		status = DANEPRIV_OK;
	} else {
		out->known = entry ? entry->known : nothing;
	}
	dp_table_unlock(shard);
	return status;
}

danepriv_status
danepriv_cache_get(
    danepriv_cache *cache, const danepriv_server *server, danepriv_time now, danepriv_records **out)
{
	dp_unpacked found;
	dp_key key;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	if (status == DANEPRIV_OK)
		status = dp_cache_look_up(cache, &key, now, &found);
	if (status == DANEPRIV_OK)
		status = dp_unpack_records(&found, &key, out);
	return status;
}

danepriv_status
dp_cache_evaluate(danepriv_cache *cache, const danepriv *ctx, const danepriv_server *server,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *out, uint8_t *usage)
{
	dp_association associations[DP_CACHE_ASSOCIATIONS_MAX];
	dp_unpacked found;
	dp_key key;
	danepriv_status status = dp_verdict_clear(out);

	if (status != DANEPRIV_OK)
		return status;
	if (!cache || !ctx || !credential || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	status = dp_key_read(&cache->table, server, &key);
	if (status == DANEPRIV_OK)
		status = dp_cache_look_up(cache, &key, now, &found);
	if (status != DANEPRIV_OK)
		return status;
	dp_published published = dp_unpack(&found, &key, associations);
	status = dp_evaluate_published(
	    ctx, &published, credential, NULL, now, published.proven.valid_until, out);
	/* Not all are there, and it is none of those that are. */
	if (status == DANEPRIV_OK && out->finding == DANEPRIV_FINDING_UNJUDGED)
		status = DANEPRIV_ENOTFOUND;
	if (status != DANEPRIV_OK || out->finding != DANEPRIV_FINDING_MATCH)
		return status;
	*usage = dp_association_tlsa(&associations[out->record]).usage;
	/* It need not be said twice in a minute. */
	if (found.known.authenticated != dp_minutes(now) || found.known.matched != out->record + 1)
		dp_cache_confirm_found(cache, &key, &found, out->record, now);
	return status;
}

danepriv_status
danepriv_cache_evaluate(danepriv_cache *cache, const danepriv *ctx, const danepriv_server *server,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *out)
{
	uint8_t usage;

	return dp_cache_evaluate(cache, ctx, server, credential, now, out, &usage);
}
