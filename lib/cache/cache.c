/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this server: which key, how sure, until when, and what failed recently?
 *
 * Names are read and hashed, and records packed and judged, outside of the locks. */
#include "cache/cache.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/time.h"
#include "cache/table.h"
#include "crypto/start.h"
#include "dane/match.h"
#include "dane/server.h"
#include "dane/usable.h"
#include "dnssec/proven.h"

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

void
dp_cache_end(dp_table *table)
{
	dp_table_close(table);
	dp_free(table);
}

danepriv_status
danepriv_cache_new(const danepriv_cache_settings *settings, danepriv_cache **out)
{
	danepriv_cache_settings s = { .size = sizeof s };
	danepriv_status status = DANEPRIV_OK;
	dp_table *table;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (settings)
		status = dp_sized_read(settings, DP_CACHE_SETTINGS_LEAST, &s, sizeof s);
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
	if (cache)
		dp_cache_end(&cache->table);
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

bool
dp_cache_proves(const dp_known *known, danepriv_time now)
{
	return !dp_proven_is_failure((danepriv_security)known->security) &&
	       dp_cache_holds(known, now);
}

uint32_t
dp_cache_minutes(danepriv_time now)
{
	if (now < 0)
		return 0;
	return now / 60 < UINT32_MAX ? (uint32_t)(now / 60) : UINT32_MAX;
}

danepriv_time
dp_cache_later(danepriv_time t, uint32_t seconds)
{
	return t > INT64_MAX - (danepriv_time)seconds ? INT64_MAX : t + (danepriv_time)seconds;
}

/* ---- evidence ---- */

danepriv_status
dp_cache_lock(danepriv_cache *cache, const danepriv_server *server, dp_locked *out)
{
	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &out->key);
	if (status != DANEPRIV_OK)
		return status;
	out->shard = dp_table_lock(&cache->table, out->key.hash);
	out->entry = dp_cache_entry(out->shard, &out->key);
	return DANEPRIV_OK;
}

static const dp_known nothing = { .failed = DP_NEVER, .claimed = DP_NEVER };

bool
dp_cache_known(danepriv_cache *cache, const dp_key *key, dp_known *out)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_cache_entry(shard, key);

	if (entry)
		dp_table_use(entry);
	*out = entry ? entry->known : nothing;
	dp_table_unlock(shard);
	return entry != NULL;
}

danepriv_status
dp_cache_look_up(danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_unpacked *out)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_cache_entry(shard, key);
	danepriv_status status = DANEPRIV_ENOTFOUND;

	out->place = entry ? entry->hash : key->hash;
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

void
dp_cache_key(const danepriv_cache *cache, const dp_server *server, dp_key *out)
{
	dp_key_of(&cache->table, server, out);
}

danepriv_status
dp_cache_recall(danepriv_cache *cache, const dp_key *key, danepriv_time now, dp_recalled *out)
{
	dp_unpacked found;
	danepriv_status status = dp_cache_look_up(cache, key, now, &found);

	out->records = NULL;
	out->generation = found.known.generation;
	out->pinned = dp_cache_pin_end(&found.known, now);
	return status == DANEPRIV_OK ? dp_cache_unpack_records(&found, key, &out->records) : status;
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
		status = dp_cache_unpack_records(&found, &key, out);
	return status;
}

danepriv_status
dp_cache_note_verdict(danepriv_cache *cache, const dp_key *key, const dp_unpacked *found,
    danepriv_status status, danepriv_time now, const danepriv_verdict *verdict)
{
	/* Not all are there, and it is none of those that are. */
	if (status == DANEPRIV_OK && verdict->finding == DANEPRIV_FINDING_UNJUDGED)
		return DANEPRIV_ENOTFOUND;
	if (status != DANEPRIV_OK || verdict->finding != DANEPRIV_FINDING_MATCH)
		return status;
	/* It need not be said twice in a minute. */
	if (found->known.authenticated != dp_cache_minutes(now) ||
	    found->known.matched != verdict->record + 1)
		dp_cache_confirm_found(cache, key, found, verdict->record, now);
	return DANEPRIV_OK;
}

danepriv_status
dp_cache_judge(danepriv_cache *cache, const danepriv *ctx, const dp_key *key,
    const danepriv_credential *credential, danepriv_time now, dp_sight *sight,
    danepriv_verdict *out)
{
	dp_association associations[DP_CACHE_ASSOCIATIONS_MAX];
	dp_unpacked found;
	danepriv_status status = dp_cache_look_up(cache, key, now, &found);

	sight->known = found.known;
	sight->place = found.place;
	if (status != DANEPRIV_OK)
		return status;
	const dp_published published = dp_cache_unpack(&found, key, associations);
	status = dp_match_evaluate(
	    ctx, &published, credential, &dp_match_server, now, &sight->shown_until, out);
	return dp_cache_note_verdict(cache, key, &found, status, now, out);
}

danepriv_status
danepriv_cache_evaluate(danepriv_cache *cache, const danepriv *ctx, const danepriv_server *server,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *out)
{
	dp_sight sight;
	dp_key key;
	danepriv_status status = dp_match_clear(out);

	if (status != DANEPRIV_OK)
		return status;
	if (!cache || !ctx || !credential || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	status = dp_key_read(&cache->table, server, &key);
	return status == DANEPRIV_OK
		   ? dp_cache_judge(cache, ctx, &key, credential, now, &sight, out)
		   : status;
}
