/* SPDX-License-Identifier: BSD-2-Clause
 * What became of this server: did it authenticate itself, when, and what has it promised?  (RFC
 * 9102 section 7) */
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "cache/view.h"
#include "dane/transport.h"

#include <danepriv/cache.h>
#include <danepriv/records.h>

/* ---- who authenticated themselves ---- */

/* `matched`: the record, counted from 1; 0: one that is not there. */
static void
note_match(dp_shard *shard, dp_entry *entry, uint8_t matched, danepriv_time now)
{
	entry->known.matched = matched;
	entry->known.authenticated = dp_cache_minutes(now);
	dp_table_keep(shard, entry);
}

danepriv_status
danepriv_cache_note_match(
    danepriv_cache *cache, const danepriv_server *server, size_t record, danepriv_time now)
{
	dp_locked at;
	danepriv_status status = dp_cache_lock(cache, server, &at);

	if (status != DANEPRIV_OK)
		return status;
	/* No record has a number that does not fit: there are DP_CACHE_ASSOCIATIONS_MAX at the
	 * most. */
	if (at.entry)
		note_match(at.shard, at.entry,
		    record < at.entry->known.count ? (uint8_t)(record + 1) : 0, now);
	dp_table_unlock(at.shard);
	return at.entry ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}

/* ---- pins ---- */

danepriv_time
dp_cache_pin_end(const dp_known *known, danepriv_time now)
{
	danepriv_time end = (danepriv_time)known->pinned * 60;

	/* One that a clock far ahead has set must not count for decades. */
	if (known->pinned == 0 || now > end ||
	    !dp_cache_within(now, end, DP_PIN_HOURS_MAX * UINT64_C(3600)))
		return DP_NEVER;
	return end;
}

/* The end of a pin, in minutes; 0: there is none.  Rounded down, since it may be shorter than what
 * was promised, but not longer (RFC 9102 section 7). */
static uint32_t
pin_for(uint16_t hours, danepriv_time now)
{
	uint32_t believed = hours < DP_PIN_HOURS_MAX ? hours : DP_PIN_HOURS_MAX;

	return believed > 0 ? dp_cache_minutes(dp_cache_later(now, believed * 3600)) : 0;
}

danepriv_status
danepriv_cache_pin(
    danepriv_cache *cache, const danepriv_server *server, uint16_t hours, danepriv_time now)
{
	dp_key key;

	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	if (status != DANEPRIV_OK)
		return status;
	if (!dp_transport_has_chains(server->transport))
		return DANEPRIV_EINVAL;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	const dp_entry *entry = dp_cache_entry(shard, &key);
	/* It has promised so to all. */
	for (int view = DP_VIEW_SHARED; view <= DP_VIEW_REFUSED; view++) {
		dp_entry *one = dp_view_find(shard, &key, (dp_view)view);
		if (one)
			one->known.pinned = pin_for(hours, now);
	}
	dp_table_unlock(shard);
	return entry ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}

void
dp_cache_confirm(danepriv_cache *cache, const dp_key *key, danepriv_span rdata,
    const uint16_t *hours, danepriv_time now)
{
	dp_unpacked found;
	uint8_t matched = 0;
	bool is_expected = false;
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_cache_entry(shard, key);

	if (entry) {
		dp_unpacked_read(shard, entry, &found);
		matched = dp_unpacked_find(&found, rdata);
		/* Other keys, or none, may have come in the meantime; or it was left out. */
		is_expected = matched > 0 || found.known.reason == DANEPRIV_REASON_LIMIT_RECORDS;
	}
	if (is_expected)
		note_match(shard, entry, matched, now);
	if (entry && hours && (is_expected || *hours == 0))
		entry->known.pinned = pin_for(*hours, now);
	dp_table_unlock(shard);
}

void
dp_cache_confirm_found(danepriv_cache *cache, const dp_key *key, const dp_unpacked *found,
    size_t record, danepriv_time now)
{
	const danepriv_span packed = { found->octets, found->len };
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_cache_entry(shard, key);

	/* It may have had to go in the meantime, or others may have come. */
	if (entry && dp_table_holds(shard, entry, packed))
		note_match(shard, entry, (uint8_t)(record + 1), now);
	dp_table_unlock(shard);
}

/* ---- all of it ---- */

uint64_t
dp_cache_generation(danepriv_cache *cache, const dp_key *key)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	const dp_entry *entry = dp_cache_entry(shard, key);
	uint64_t generation = entry ? entry->known.generation : 0;

	dp_table_unlock(shard);
	return generation;
}

uint64_t
danepriv_cache_generation(danepriv_cache *cache, const danepriv_server *server)
{
	dp_key key;

	if (!cache || dp_key_read(&cache->table, server, &key) != DANEPRIV_OK)
		return 0;
	return dp_cache_generation(cache, &key);
}

static void
tell(const dp_known *known, danepriv_time now, danepriv_server_state *out)
{
	out->generation = known->generation;
	out->record = known->matched > 0 ? known->matched - 1u : SIZE_MAX;
	out->authenticated =
	    known->authenticated > 0 ? (danepriv_time)known->authenticated * 60 : DP_NEVER;
	out->pinned = dp_cache_pin_end(known, now);
	out->again = dp_cache_again(known, now);
	bool holds = dp_cache_holds(known, now);
	out->security = holds ? (danepriv_security)known->security : DANEPRIV_SECURITY_UNKNOWN;
	out->reason = holds ? (danepriv_reason)known->reason : DANEPRIV_REASON_NONE;
	out->source = holds ? (danepriv_source)known->source : DANEPRIV_SOURCE_NONE;
	out->valid_until = holds ? known->valid_until : DP_NEVER;
}

danepriv_status
danepriv_cache_get_server_state(danepriv_cache *cache, const danepriv_server *server,
    danepriv_time now, danepriv_server_state *out)
{
	dp_known known = { .failed = DP_NEVER, .claimed = DP_NEVER };
	dp_key key;

	if (!cache || !out || !dp_sized_fits(out->size, DP_SERVER_STATE_LEAST))
		return DANEPRIV_EINVAL;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	tell(&known, now, out);
	danepriv_status status = dp_key_read(&cache->table, server, &key);
	if (status != DANEPRIV_OK)
		return status;
	bool is_known = dp_cache_known(cache, &key, &known);
	tell(&known, now, out);
	return is_known ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}
