/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of a server once something was learnt?
 *
 * Evidence takes the place of what was known, and a failure does not take that of evidence that
 * holds (RFC 4035 section 4.7).  Where an alias is about, it does so for those alone for whom it
 * counts (view.c). */
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "cache/view.h"
#include "dnssec/proven.h"

#include <danepriv/cache.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/status.h>

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

/* RFC 9102 section 7: a proof that there are no records clears the pin. */
static bool
keeps_pin(uint8_t security)
{
	return security == DANEPRIV_SECURITY_SECURE || dp_proven_is_failure(security);
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
	if (dp_proven_is_failure(news->security)) {
		after.keys = before->keys;
		after.failed = before->failed;
		after.failures = before->failures;
		dp_cache_count_failure(&after, taking->at);
	} else if (before->generation == 0 || before->keys != news->keys) {
		after.generation =
		    atomic_fetch_add_explicit(&cache->generations, 1, memory_order_relaxed) + 1;
	}
	if (keeps_pin(news->security))
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
	if (dp_key_view(key) != DP_VIEW_SHARED)
		shard->is_parted = true;
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
stays(const dp_entry *entry, const dp_known *news, const dp_taking *taking)
{
	return entry && dp_cache_proves(&entry->known, taking->now) &&
	       (taking->yields || dp_proven_is_failure(news->security));
}

/* What came does not take its place. */
static void
stay(dp_entry *entry, const dp_known *news, const dp_taking *taking)
{
	if (dp_proven_is_failure(news->security))
		dp_cache_count_failure(&entry->known, taking->at);
	entry->known.claimed = DP_NEVER;
}

static const dp_known nothing = { .failed = DP_NEVER, .claimed = DP_NEVER };

/* What is known to those for whom `entry` counts, once `news` came; NULL: nothing is, yet. */
static dp_known
known_with(danepriv_cache *cache, const dp_shard *shard, const dp_entry *entry,
    const dp_unpacked *news, const dp_taking *taking)
{
	const dp_known *before = entry ? &entry->known : &nothing;
	dp_known known = known_after(cache, before, &news->known, taking);

	if (entry && known.generation == before->generation)
		known.matched = matched_after(shard, entry, news);
	return known;
}

/* The entry of one view, with the proof beside it. */
static void
forget(dp_shard *shard, const dp_key *key, dp_view view, dp_entry *entry)
{
	const dp_key own = dp_key_in(key, view);

	remove_proof(shard, &own, entry);
	dp_table_remove(shard, entry);
}

/* Nothing but a lookup that was claimed. */
static bool
is_empty(const dp_known *known)
{
	return known->security == DANEPRIV_SECURITY_UNKNOWN && known->failures == 0 &&
	       known->pinned == 0 && known->authenticated == 0;
}

/* What counts for some alone: from now on they have an entry of their own, which begins as what
 * they knew. */
static void
take_down_apart(danepriv_cache *cache, dp_shard *shard, const dp_key *key, dp_view view,
    const dp_unpacked *news, dp_taking *taking)
{
	const dp_key own_key = dp_key_in(key, view);
	dp_entry *own = dp_view_find(shard, key, view);
	dp_entry *shared = dp_view_find(shard, key, DP_VIEW_SHARED);
	dp_entry *before = own ? own : shared;
	bool was_kept = before && before->is_kept, is_staying = stays(before, &news->known, taking);
	dp_unpacked copy;

	/* It may have been they who claimed it. */
	if (shared)
		shared->known.claimed = DP_NEVER;
	if (is_staying && (own || !dp_proven_is_failure(news->known.security))) {
		stay(before, &news->known, taking);
		return;
	}
	dp_known known =
	    is_staying ? before->known : known_with(cache, shard, before, news, taking);
	if (is_staying) {
		dp_cache_count_failure(&known, taking->at);
		dp_unpacked_read(shard, before, &copy);
		news = &copy;
	}
	if (shared && is_empty(&shared->known))
		dp_table_remove(shard, shared);
	remove_proof(shard, &own_key, own);
	own = dp_cache_replace(
	    shard, &own_key, own, &known, (danepriv_span){ news->octets, news->len });
	if (own && was_kept)
		dp_table_keep(shard, own);
	if (is_staying)
		return;
	add_proof(shard, &own_key, own, taking->chain);
	taking->is_taken = true;
	taking->generation = known.generation;
}

/* What they know who have the other rule, if it came by way of an alias and still holds, stays: a
 * chain that a server sends of itself, say, does not show that its name is none. */
static void
forget_others(dp_shard *shard, const dp_key *key, danepriv_time now)
{
	dp_view view = key->aliases == DANEPRIV_ALIASES_FOLLOW ? DP_VIEW_REFUSED : DP_VIEW_FOLLOWED;
	dp_entry *other = dp_view_find(shard, key, view);

	if (other && !(other->known.has_alias && dp_cache_proves(&other->known, now)))
		forget(shard, key, view, other);
}

/* What counts for all. */
static void
take_down(danepriv_cache *cache, dp_shard *shard, const dp_key *key, const dp_unpacked *news,
    dp_taking *taking)
{
	dp_view view = dp_view_of(key->aliases);
	dp_entry *own = dp_view_find(shard, key, view);
	dp_entry *shared = dp_view_find(shard, key, DP_VIEW_SHARED);
	bool was_kept = own && own->is_kept;

	if (stays(own, &news->known, taking)) {
		stay(own, &news->known, taking);
		return;
	}
	if (stays(shared, &news->known, taking)) {
		stay(shared, &news->known, taking);
		if (own)
			forget(shard, key, view, own);
		return;
	}
	dp_known known = known_with(cache, shard, shared, news, taking);
	/* A promise is of the server, by whatever way it was found; what else was known to some
	 * alone stays so. */
	if (own && known.pinned < own->known.pinned && keeps_pin(news->known.security))
		known.pinned = own->known.pinned;
	if (own)
		forget(shard, key, view, own);
	if (!dp_proven_is_failure(news->known.security))
		forget_others(shard, key, taking->now);
	remove_proof(shard, key, shared);
	shared = dp_cache_replace(
	    shard, key, shared, &known, (danepriv_span){ news->octets, news->len });
	if (shared && was_kept)
		dp_table_keep(shard, shared);
	add_proof(shard, key, shared, taking->chain);
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
	dp_key_of(&cache->table, &records->server, &key);
	/* Memory may bring it while the records are packed. */
	dp_table_expect(&cache->table, key.hash);
	dp_cache_pack(&cache->table, records, &news);
	dp_view view = dp_view_of_records(records);
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	if (view == DP_VIEW_SHARED)
		take_down(cache, shard, &key, &news, taking);
	else
		take_down_apart(cache, shard, &key, view, &news, taking);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_put(danepriv_cache *cache, const danepriv_records *records, danepriv_time now)
{
	dp_taking taking = { .at = now, .now = now };

	return dp_cache_take(cache, records, &taking);
}
