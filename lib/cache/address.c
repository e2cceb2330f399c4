/* SPDX-License-Identifier: BSD-2-Clause
 * Does this address want TLS?  (RFC 9539 section 4)
 *
 * Each pair of address and transport has a state of its own; what its servers published is asked of
 * them.  Where the RFC leaves `completed` as it was (timeouts, failures in mid-session), it is set:
 * damping is counted from there. */
#include "cache/address.h"

#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "cache/pack.h"
#include "cache/table.h"

#include <string.h>

static danepriv_span
span_of(const dp_address_key *key)
{
	danepriv_span s = { key->octets, key->len };

	return s;
}

/* The octets that count: those of IPv4, also when they come as IPv6 (RFC 4291 section 2.5.5.2). */
static danepriv_span
octets_of(danepriv_span octets)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (octets.len == 16 && memcmp(octets.data, mapped, sizeof mapped) == 0)
		return (danepriv_span){ octets.data + sizeof mapped, 4 };
	return octets;
}

danepriv_status
dp_address_key_read(const dp_table *table, const danepriv_address *address, dp_address_key *out)
{
	if (!address || !address->octets.data ||
	    (address->octets.len != 4 && address->octets.len != 16))
		return DANEPRIV_EINVAL;
	const danepriv_server meant = { .port = address->port, .transport = address->transport };
	uint16_t port = danepriv_server_port(&meant);
	if (port == 0)
		return DANEPRIV_EINVAL;
	danepriv_span octets = octets_of(address->octets);
	out->octets[0] = DP_ENTRY_ADDRESS;
	out->octets[1] = (uint8_t)address->transport;
	out->octets[2] = (uint8_t)(port >> 8);
	out->octets[3] = (uint8_t)port;
	memcpy(out->octets + 4, octets.data, octets.len);
	out->len = 4 + octets.len;
	out->hash = dp_table_hash(table, span_of(out));
	return DANEPRIV_OK;
}

static const dp_reached untouched = {
	.initiated = DP_NEVER, .completed = DP_NEVER, .last_response = DP_NEVER
};

dp_entry *
dp_address_entry(dp_shard *shard, const dp_address_key *key)
{
	dp_entry *entry = dp_table_find(shard, key->hash, span_of(key));

	if (entry) {
		dp_table_use(entry);
		return entry;
	}
	entry = dp_table_add(shard, key->hash, span_of(key), key->len);
	entry->reached = untouched;
	return entry;
}

bool
dp_address_reached(const danepriv_cache *cache, const dp_address_key *key, dp_reached *out)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_table_find(shard, key->hash, span_of(key));

	if (entry)
		dp_table_use(entry);
	*out = entry ? entry->reached : untouched;
	dp_table_unlock(shard);
	return entry != NULL;
}

static dp_entry *
secure_entry(const dp_shard *shard, uint64_t hash)
{
	dp_entry *entry = dp_table_find_kind(shard, hash, DP_ENTRY_SERVER);

	return entry && entry->known.security == DANEPRIV_SECURITY_SECURE ? entry : NULL;
}

dp_entry *
dp_address_server(const dp_shard *shard, uint64_t server)
{
	dp_entry *own = secure_entry(shard, server);
	dp_entry *beside = secure_entry(shard, dp_key_hash_in(server, DP_VIEW_FOLLOWED));

	if (!own || !beside)
		return own ? own : beside;
	return beside->known.valid_until > own->known.valid_until ? beside : own;
}

/* Has one of the servers at the address published keys that hold?  Whoever owns a name can point it
 * anywhere: where TLS failed recently, only those count that have authenticated themselves
 * there. */
static bool
has_keys(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now)
{
	bool has = false, has_failed = dp_reached_failed(cache, reached, now);

	for (size_t i = 0; i < DP_ADDRESS_SERVERS_MAX && reached->servers[i] && !has; i++) {
		uint64_t hash = reached->servers[i];
		if (has_failed && !dp_reached_authenticated(reached, i))
			continue;
		dp_shard *shard = dp_table_lock(&cache->table, hash);
		dp_entry *entry = dp_address_server(shard, hash);
		has = entry && dp_cache_holds(&entry->known, now);
		if (has)
			dp_table_use(entry);
		dp_table_unlock(shard);
	}
	return has;
}

/* An attempt was begun, and may still come to something. */
static bool
is_on_its_way(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now)
{
	return reached->is_pending && dp_cache_within(now, reached->initiated, cache->timeout_s);
}

/* Nobody said how the attempt ended: it timed out (RFC 9539 section 4.3).  Unless there have been
 * answers since, over another connection. */
static bool
is_lost(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now)
{
	bool is_answered = reached->status == DANEPRIV_REACH_SUCCESS &&
			   reached->last_response >= reached->initiated;

	return reached->is_pending && !is_answered && !is_on_its_way(cache, reached, now);
}

bool
dp_reached_failed(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now)
{
	bool has_ended_so =
	    reached->status == DANEPRIV_REACH_FAIL || reached->status == DANEPRIV_REACH_TIMEOUT;

	if (has_ended_so && dp_cache_within(now, reached->completed, cache->damping_s))
		return true;
	return is_lost(cache, reached, now) && dp_cache_within(now, reached->initiated,
						   (uint64_t)cache->timeout_s + cache->damping_s);
}

danepriv_wish
dp_reached_wish(const danepriv_cache *cache, const dp_reached *reached, danepriv_time now)
{
	if (dp_reached_failed(cache, reached, now))
		return DANEPRIV_WISH_NONE;
	if (reached->status == DANEPRIV_REACH_SUCCESS && !is_lost(cache, reached, now) &&
	    dp_cache_within(now, reached->last_response, cache->persistence_s))
		return DANEPRIV_WISH_EXPECTED;
	return is_on_its_way(cache, reached, now) ? DANEPRIV_WISH_NONE : DANEPRIV_WISH_TRY;
}

danepriv_wish
danepriv_cache_get_wish(danepriv_cache *cache, const danepriv_address *address, danepriv_time now)
{
	dp_address_key key;
	dp_reached reached;

	if (!cache || dp_address_key_read(&cache->table, address, &key) != DANEPRIV_OK)
		return DANEPRIV_WISH_NONE;
	(void)dp_address_reached(cache, &key, &reached);
	return has_keys(cache, &reached, now) ? DANEPRIV_WISH_EXPECTED
					      : dp_reached_wish(cache, &reached, now);
}

/* RFC 6298 section 2: seven parts of what was, one of what is. */
static uint32_t
smooth(uint32_t before, uint32_t rtt_us)
{
	if (before == 0 || rtt_us == 0)
		return before ? before : rtt_us;
	return (uint32_t)(((uint64_t)before * 7 + rtt_us) / 8);
}

/* An attempt ended, or what it had begun did. */
static void
end_attempt(dp_reached *reached, danepriv_reach reach, danepriv_time now)
{
	reached->status = (uint8_t)reach;
	reached->is_pending = false;
	reached->completed = now;
}

static void
note(dp_reached *reached, danepriv_event event, uint32_t rtt_us, danepriv_time now)
{
	switch (event) {
	case DANEPRIV_EVENT_INITIATED:
		reached->initiated = now;
		reached->is_pending = true;
		break;
	case DANEPRIV_EVENT_COMPLETED:
		/* The handshake counts as a response (RFC 9539 section 4.6.5). */
		end_attempt(reached, DANEPRIV_REACH_SUCCESS, now);
		reached->last_response = now;
		reached->rtt_us = smooth(reached->rtt_us, rtt_us);
		break;
	case DANEPRIV_EVENT_RESPONSE:
		reached->last_response = now;
		reached->rtt_us = smooth(reached->rtt_us, rtt_us);
		break;
	case DANEPRIV_EVENT_FAILED:
		end_attempt(reached, DANEPRIV_REACH_FAIL, now);
		break;
	case DANEPRIV_EVENT_TIMED_OUT:
		end_attempt(reached, DANEPRIV_REACH_TIMEOUT, now);
		break;
	case DANEPRIV_EVENT_NONE:
		break;
	}
}

danepriv_status
danepriv_cache_note_event(danepriv_cache *cache, const danepriv_address *address,
    danepriv_event event, uint32_t rtt_us, danepriv_time now)
{
	dp_address_key key;

	if (!cache || event <= DANEPRIV_EVENT_NONE || event > DANEPRIV_EVENT_RESPONSE)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_address_key_read(&cache->table, address, &key);
	if (status != DANEPRIV_OK)
		return status;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	dp_entry *entry = dp_address_entry(shard, &key);
	note(&entry->reached, event, rtt_us, now);
	if (event == DANEPRIV_EVENT_COMPLETED)
		dp_table_keep(shard, entry);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_get_address_state(
    danepriv_cache *cache, const danepriv_address *address, danepriv_address_state *out)
{
	dp_address_key key;
	dp_reached reached;

	if (!cache || !out || !dp_sized_fits(out->size, DP_ADDRESS_STATE_LEAST) ||
	    dp_address_key_read(&cache->table, address, &key) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	bool is_known = dp_address_reached(cache, &key, &reached);
	out->reach = (danepriv_reach)reached.status;
	out->initiated = reached.initiated;
	out->completed = reached.completed;
	out->last_response = reached.last_response;
	out->rtt_us = reached.rtt_us;
	return is_known ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}
