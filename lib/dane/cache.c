/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this server: which key, how sure, until when, and what failed lately?
 *
 * Names are read and hashed, and records packed and judged, outside of the locks. */
#include "dane/cache.h"

#include "base/alloc.h"
#include "base/settings.h"
#include "crypto/start.h"

#include <string.h>

#define FAILURES_MAX 16 /* past the longest backoff; only keeps the number from turning over */

/* ---- a cache ---- */

static uint32_t
value_or(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

danepriv_status
danepriv_cache_new(danepriv_cache **out, const danepriv_cache_settings *settings)
{
	danepriv_cache_settings s = { sizeof s, 0, 0, 0, 0 };
	danepriv_status status = DANEPRIV_OK;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (settings)
		status = dp_settings_read(settings, &s, sizeof s);
	if (status != DANEPRIV_OK)
		return status;
	size_t octets = s.max_octets ? s.max_octets : DP_CACHE_OCTETS;
	if (octets < DP_CACHE_OCTETS_MIN)
		return DANEPRIV_EINVAL;
	if ((uint64_t)octets > DP_CACHE_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	danepriv_cache *cache = dp_alloc(1, sizeof *cache);
	if (!cache || !dp_crypto_start() ||
	    !dp_table_open(&cache->table, octets - 2 * sizeof *cache)) {
		dp_free(cache);
		return DANEPRIV_ENOMEM;
	}
	atomic_init(&cache->generations, 0);
	cache->persistence = value_or(s.persistence, DP_PERSISTENCE_SECONDS);
	cache->damping = value_or(s.damping, DP_DAMPING_SECONDS);
	cache->timeout = value_or(s.timeout, DP_TIMEOUT_SECONDS);
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
	return known->proof != DANEPRIV_PROOF_UNKNOWN && now <= known->until &&
	       distance(now, known->put) <= distance(known->until, known->put);
}

uint32_t
dp_minutes(danepriv_time now)
{
	if (now < 0)
		return 0;
	return now / 60 < UINT32_MAX ? (uint32_t)(now / 60) : UINT32_MAX;
}

/* Saturates: there is no time after the last. */
static danepriv_time
later(danepriv_time t, uint32_t seconds)
{
	return t > INT64_MAX - (danepriv_time)seconds ? INT64_MAX : t + (danepriv_time)seconds;
}

/* For how long a server is left alone after so many failures. */
static uint32_t
backoff(unsigned failures)
{
	uint32_t seconds = DP_FAILURE_SECONDS;

	if (failures == 0)
		return 0;
	while (--failures > 0 && seconds < DP_BACKOFF_SECONDS_MAX)
		seconds *= 2;
	return seconds < DP_BACKOFF_SECONDS_MAX ? seconds : DP_BACKOFF_SECONDS_MAX;
}

static bool
failed_lately(const dp_known *known, danepriv_time now)
{
	return known->failures > 0 && dp_cache_within(now, known->failed, backoff(known->failures));
}

/* ---- evidence ---- */

static bool
is_failure(uint8_t proof)
{
	return proof == DANEPRIV_PROOF_BOGUS || proof == DANEPRIV_PROOF_INDETERMINATE;
}

/* Several lookups that fail at the same time are one failure. */
static void
count_failure(dp_known *known, danepriv_time now)
{
	if (failed_lately(known, now))
		return;
	known->failed = now;
	if (known->failures < FAILURES_MAX)
		known->failures++;
}

/* What is known once `news` came, which says all but when. */
static dp_known
known_after(danepriv_cache *cache, const dp_known *before, const dp_known *news, danepriv_time now)
{
	dp_known after = *news;

	after.put = now;
	after.claimed = DP_NEVER;
	after.failed = DP_NEVER;
	after.generation = before->generation;
	after.authenticated = before->authenticated;
	after.pinned = before->pinned;
	if (is_failure(news->proof)) {
		after.keys = before->keys;
		after.failed = before->failed;
		after.failures = before->failures;
		count_failure(&after, now);
	} else if (before->generation == 0 || before->keys != news->keys) {
		after.generation =
		    atomic_fetch_add_explicit(&cache->generations, 1, memory_order_relaxed) + 1;
	}
	return after;
}

/* The entry of a key with `known` and what is packed behind the key, in place of any before. */
static void
replace(dp_shard *shard, const dp_key *key, dp_entry *before, const dp_known *known,
    danepriv_span packed)
{
	bool was_kept = before && before->is_kept;

	if (before)
		dp_table_remove(shard, before);
	dp_entry *entry = dp_table_add(shard, key->hash, dp_key_span(key), key->len + packed.len);
	if (!entry)
		return;
	entry->known = *known;
	dp_table_write(shard, entry, packed);
	if (was_kept)
		dp_table_keep(shard, entry);
}

/* Under the lock. */
static void
take_down(danepriv_cache *cache, dp_shard *shard, const dp_key *key, const dp_unpacked *news,
    danepriv_time now)
{
	dp_known before = { .failed = DP_NEVER, .claimed = DP_NEVER };
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));

	if (entry)
		before = entry->known;
	if (is_failure(news->known.proof) && !is_failure(before.proof) &&
	    dp_cache_holds(&before, now)) {
		count_failure(&entry->known, now);
		entry->known.claimed = DP_NEVER;
		return;
	}
	dp_known known = known_after(cache, &before, &news->known, now);
	replace(shard, key, entry, &known, (danepriv_span){ news->octets, news->len });
}

danepriv_status
danepriv_cache_put(danepriv_cache *cache, const danepriv_records *records, danepriv_time now)
{
	dp_unpacked news;
	dp_key key;

	if (!cache || !records || now > records->proven.until)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_pack(&cache->table, records, &news);
	dp_key_of(&cache->table, &records->server, &key);
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	if (status == DANEPRIV_OK) {
		take_down(cache, shard, &key, &news, now);
	} else {
		/* What cannot be kept has taken the place of what was known all the same. */
		dp_entry *entry = dp_table_find(shard, key.hash, dp_key_span(&key));
		if (entry)
			dp_table_remove(shard, entry);
	}
	dp_table_unlock(shard);
	return status;
}

/* Takes what holds at `now` out of the table. */
static danepriv_status
look_up(danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_unpacked *out)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));
	danepriv_status status = DANEPRIV_ENOTFOUND;

	if (entry && dp_cache_holds(&entry->known, now)) {
		dp_table_use(entry);
		out->known = entry->known;
		out->len = (size_t)(entry->len - entry->key_len);
		dp_table_read(shard, entry, out->octets);
		status = DANEPRIV_OK;
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
		status = look_up(cache, &key, now, &found);
	if (status == DANEPRIV_OK)
		status = dp_unpack_records(&found, &key, out);
	return status;
}

/* No record has a number that does not fit: there are DP_ASSOCIATIONS_MAX at the most. */
static danepriv_status
authenticated(danepriv_cache *cache, const dp_key *key, size_t record, danepriv_time now)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));

	if (entry) {
		entry->known.matched = record < entry->known.count ? (uint8_t)(record + 1) : 0;
		entry->known.authenticated = dp_minutes(now);
		dp_table_keep(shard, entry);
	}
	dp_table_unlock(shard);
	return entry ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}

danepriv_status
danepriv_cache_evaluate(danepriv_cache *cache, const danepriv *ctx, const danepriv_server *server,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *out)
{
	dp_association associations[DP_ASSOCIATIONS_MAX];
	dp_unpacked found;
	dp_key key;
	danepriv_status status = dp_verdict_clear(out);

	if (status != DANEPRIV_OK)
		return status;
	if (!cache || !ctx || !credential)
		return DANEPRIV_EINVAL;
	status = dp_key_read(&cache->table, server, &key);
	if (status == DANEPRIV_OK)
		status = look_up(cache, &key, now, &found);
	if (status != DANEPRIV_OK)
		return status;
	dp_published published = dp_unpack(&found, &key, associations);
	status = dp_evaluate_published(
	    ctx, &published, credential, NULL, now, published.proven.until, out);
	/* It may have had to go in the meantime, and need not be said twice in a minute. */
	if (status == DANEPRIV_OK && out->finding == DANEPRIV_MATCH &&
	    (found.known.authenticated != dp_minutes(now) ||
		found.known.matched != out->record + 1))
		(void)authenticated(cache, &key, out->record, now);
	return status;
}

danepriv_status
danepriv_cache_authenticated(
    danepriv_cache *cache, const danepriv_server *server, size_t record, danepriv_time now)
{
	dp_key key;

	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	return status == DANEPRIV_OK ? authenticated(cache, &key, record, now) : status;
}

uint64_t
danepriv_cache_generation(danepriv_cache *cache, const danepriv_server *server)
{
	dp_key key;

	if (!cache || dp_key_read(&cache->table, server, &key) != DANEPRIV_OK)
		return 0;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	const dp_entry *entry = dp_table_find(shard, key.hash, dp_key_span(&key));
	uint64_t generation = entry ? entry->known.generation : 0;
	dp_table_unlock(shard);
	return generation;
}

/* ---- one lookup at a time ---- */

/* A span that began at `start` is over. */
static danepriv_time
end_of(danepriv_time start, danepriv_time now, uint32_t span)
{
	/* Seen from before its start it ends when it is as far away. */
	return later(start < now ? start : now, span);
}

static danepriv_status
claim(dp_known *known, danepriv_time now, danepriv_time *again)
{
	if (dp_cache_within(now, known->claimed, DP_CLAIM_SECONDS)) {
		*again = end_of(known->claimed, now, DP_CLAIM_SECONDS);
		return DANEPRIV_EAGAIN;
	}
	if (failed_lately(known, now)) {
		*again = end_of(known->failed, now, backoff(known->failures));
		return DANEPRIV_EAGAIN;
	}
	known->claimed = now;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_claim(
    danepriv_cache *cache, const danepriv_server *server, danepriv_time now, danepriv_time *again)
{
	static const uint8_t same_base[1] = { 0 };
	const dp_known nothing = { .failed = DP_NEVER, .claimed = now };
	danepriv_time ignored;
	dp_key key;

	if (!again)
		again = &ignored;
	*again = now;
	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	if (status != DANEPRIV_OK)
		return status;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	dp_entry *entry = dp_table_find(shard, key.hash, dp_key_span(&key));
	if (entry)
		status = claim(&entry->known, now, again);
	else
		replace(
		    shard, &key, NULL, &nothing, (danepriv_span){ same_base, sizeof same_base });
	dp_table_unlock(shard);
	return status;
}

danepriv_status
danepriv_cache_release(danepriv_cache *cache, const danepriv_server *server)
{
	dp_key key;

	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	if (status != DANEPRIV_OK)
		return status;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	dp_entry *entry = dp_table_find(shard, key.hash, dp_key_span(&key));
	if (entry)
		entry->known.claimed = DP_NEVER;
	dp_table_unlock(shard);
	return entry ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}
