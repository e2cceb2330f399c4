/* SPDX-License-Identifier: BSD-2-Clause
 * Which name servers are known to be this zone's, how sure, and until when?
 *
 * An entry says which names there are, and in known.security how we know: SECURE, the zone has
 * signed them; DENIED, it has signed that there are none; INSECURE, nobody has signed them, and the
 * parent said so over a connection that strict may ask on.  Table, times and locks are those of the
 * cache; names are read, packed and compared outside of the locks. */
#include "policy/zones.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/span.h"
#include "base/time.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "lookup/name_servers.h"

/* Each name with its length. */
#define PACKED_OCTETS_MAX (DP_ZONE_SERVERS_MAX * (1 + DP_NAME_OCTETS_MAX))

/* What an entry says, taken out of the table. */
typedef struct listed {
	dp_known known;
	size_t len;
	uint8_t octets[PACKED_OCTETS_MAX];
} listed;

danepriv_status
danepriv_zones_new(const danepriv_zones_settings *settings, danepriv_zones **out)
{
	danepriv_zones_settings s = { .size = sizeof s };
	danepriv_status status = DANEPRIV_OK;
	dp_table *table;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (settings)
		status = dp_sized_read(settings, DP_ZONES_SETTINGS_LEAST, &s, sizeof s);
	const dp_cache_room room = { s.max_octets, DP_ZONES_OCTETS, DP_ZONES_OCTETS_MIN };
	if (status == DANEPRIV_OK)
		status = dp_cache_begin(&room, sizeof(danepriv_zones), &table);
	if (status == DANEPRIV_OK)
		*out = (danepriv_zones *)table;
	return status;
}

void
danepriv_zones_free(danepriv_zones *zones)
{
	if (zones)
		dp_cache_end(&zones->table);
}

/* ---- keys and names ---- */

static void
key_of(const danepriv_zones *zones, dp_name zone, dp_key *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);

	dp_write_u8(&b, DP_ENTRY_ZONE);
	dp_name_write(&b, zone, true);
	out->len = b.len;
	out->hash = dp_table_hash(&zones->table, dp_key_span(out));
}

static danepriv_status
key_read(const danepriv_zones *zones, const char *zone, dp_name_store *name, dp_key *out)
{
	if (dp_name_from_text(zone, name) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	key_of(zones, dp_name_of(name), out);
	return DANEPRIV_OK;
}

static void
pack_name(dp_buffer *b, dp_name name)
{
	dp_write_u8(b, (uint8_t)name.len);
	dp_name_write(b, name, true);
}

static bool
is_among(const listed *found, dp_name name)
{
	dp_reader r = dp_reader_over((danepriv_span){ found->octets, found->len });
	uint8_t lowered[DP_NAME_OCTETS_MAX];
	dp_buffer wanted = dp_buffer_over(lowered, sizeof lowered);

	dp_name_write(&wanted, name, true);
	while (dp_reader_left(&r) > 0) /* each round reads an octet at least */
		if (dp_span_equal(dp_read_span(&r, dp_read_u8(&r)), dp_buffer_span(&wanted)))
			return true;
	return false;
}

/* ---- what is stored ---- */

/* Do names of the zone hold, or a proof that there are none? */
static bool
holds_signed(const dp_entry *entry, danepriv_time now)
{
	return entry && entry->known.security != DANEPRIV_SECURITY_INSECURE &&
	       dp_cache_holds(&entry->known, now);
}

/* In the place of all that is known of the zone. */
static void
store(dp_shard *shard, const dp_key *key, dp_entry *before, const listed *news)
{
	(void)dp_cache_replace(
	    shard, key, before, &news->known, (danepriv_span){ news->octets, news->len });
}

/* The zone is not signed: what it has signed before ends.  What its parent says goes on. */
static void
forget_signed(dp_shard *shard, dp_entry *entry)
{
	if (entry && entry->known.security != DANEPRIV_SECURITY_INSECURE)
		dp_table_remove(shard, entry);
}

danepriv_status
danepriv_zones_put(danepriv_zones *zones, const danepriv_zone *zone, danepriv_time now)
{
	listed news = { .known = { .put = now } };
	dp_buffer b = dp_buffer_over(news.octets, sizeof news.octets);
	dp_key key;

	if (!zones || !zone || !dp_time_counts(now) || now > zone->proven.valid_until)
		return DANEPRIV_EINVAL;
	if (!dp_proven_counts(zone->proven.security))
		return DANEPRIV_OK;
	news.known.security = (uint8_t)zone->proven.security;
	news.known.valid_until = zone->proven.valid_until;
	for (size_t i = 0; i < zone->count; i++)
		pack_name(&b, zone->servers[i].name);
	news.len = b.len;
	key_of(zones, dp_name_of(&zone->name), &key);
	dp_shard *shard = dp_table_lock(&zones->table, key.hash);
	dp_entry *entry = dp_table_find(shard, key.hash, dp_key_span(&key));
	if (zone->proven.security == DANEPRIV_SECURITY_INSECURE)
		forget_signed(shard, entry);
	else
		store(shard, &key, entry, &news);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

/* ---- what was decided ---- */

static bool
is_decision(danepriv_decision decision)
{
	return decision >= DANEPRIV_DECISION_REFUSE &&
	       decision <= DANEPRIV_DECISION_PROCEED_CLEARTEXT;
}

/* Somebody proceeded by the names of a zone, which makes it stay.  Until when do they hold?
 * INT64_MAX: none are known, they are configured.  DP_NEVER: what is known gives no leave. */
static danepriv_time
proceed(danepriv_zones *zones, const dp_key *key, danepriv_time now)
{
	dp_shard *shard = dp_table_lock(&zones->table, key->hash);
	dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));
	danepriv_time until = entry ? DP_NEVER : INT64_MAX;

	if (entry && entry->len > entry->key_len && dp_cache_holds(&entry->known, now)) {
		dp_table_keep(shard, entry);
		until = entry->known.valid_until;
	}
	dp_table_unlock(shard);
	return until;
}

danepriv_status
danepriv_zones_note_decision(
    danepriv_zones *zones, const char *zone, danepriv_decision decision, danepriv_time now)
{
	dp_name_store name;
	dp_key key;

	if (!zones || !zone || !dp_time_counts(now) || !is_decision(decision))
		return DANEPRIV_EINVAL;
	danepriv_status status = key_read(zones, zone, &name, &key);
	if (status == DANEPRIV_OK && decision == DANEPRIV_DECISION_PROCEED)
		(void)proceed(zones, &key, now);
	return status;
}

/* Two zones, one of which refers to the other. */
typedef struct referral {
	dp_name_store parent, child;
	dp_key parent_key, child_key;
} referral;

static danepriv_status
read_referral(const danepriv_zones *zones, const char *parent, const char *child, referral *out)
{
	danepriv_status status = key_read(zones, parent, &out->parent, &out->parent_key);

	if (status == DANEPRIV_OK)
		status = key_read(zones, child, &out->child, &out->child_key);
	if (status == DANEPRIV_OK &&
	    !dp_name_below(dp_name_of(&out->child), dp_name_of(&out->parent)))
		status = DANEPRIV_EINVAL;
	return status;
}

static danepriv_status
read_names(const char *const *names, size_t count, listed *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);
	dp_zone_names read;
	danepriv_status status = dp_name_servers_read(names, count, &read);

	for (size_t i = 0; status == DANEPRIV_OK && i < read.count; i++)
		pack_name(&b, read.names[i]);
	out->len = b.len;
	return status;
}

danepriv_status
danepriv_zones_note_referral(danepriv_zones *zones, const char *parent, danepriv_decision decision,
    const char *child, const char *const *names, size_t count, danepriv_time valid_until,
    danepriv_time now)
{
	listed news = { .known = { .security = DANEPRIV_SECURITY_INSECURE, .put = now } };
	referral r;

	if (!zones || !parent || !child || !names || count == 0 || !is_decision(decision) ||
	    !dp_time_counts(now) || now > valid_until)
		return DANEPRIV_EINVAL;
	danepriv_status status = read_referral(zones, parent, child, &r);
	if (status == DANEPRIV_OK)
		status = read_names(names, count, &news);
	if (status != DANEPRIV_OK || decision != DANEPRIV_DECISION_PROCEED)
		return status;
	danepriv_time bound = proceed(zones, &r.parent_key, now);
	if (bound == DP_NEVER)
		return DANEPRIV_OK;
	news.known.valid_until = valid_until < bound ? valid_until : bound;
	dp_shard *shard = dp_table_lock(&zones->table, r.child_key.hash);
	dp_entry *entry = dp_table_find(shard, r.child_key.hash, dp_key_span(&r.child_key));
	if (!holds_signed(entry, now))
		store(shard, &r.child_key, entry, &news);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

/* ---- what is asked ---- */

/* False: nothing is known that holds. */
static bool
look_up(const danepriv_zones *zones, const dp_key *key, danepriv_time now, listed *out)
{
	dp_shard *shard = dp_table_lock(&zones->table, key->hash);
	const dp_entry *entry = dp_table_find(shard, key->hash, dp_key_span(key));
	bool holds = entry && dp_cache_holds(&entry->known, now);

	/* Being asked for is no merit: strangers cause questions. */
	if (holds) {
		out->known = entry->known;
		out->len = (size_t)(entry->len - entry->key_len);
		dp_table_read(shard, entry, out->octets);
	}
	dp_table_unlock(shard);
	return holds;
}

danepriv_provenance
danepriv_zones_get_provenance(
    danepriv_zones *zones, const char *zone, const char *name, danepriv_time now)
{
	dp_name_store zone_name, wanted;
	listed found;
	dp_key key;

	if (!zones || !zone || !name || !dp_time_counts(now) ||
	    key_read(zones, zone, &zone_name, &key) != DANEPRIV_OK ||
	    dp_name_from_text(name, &wanted) != DANEPRIV_OK || !look_up(zones, &key, now, &found) ||
	    !is_among(&found, dp_name_of(&wanted)))
		return DANEPRIV_PROVENANCE_UNPROVEN;
	return found.known.security == DANEPRIV_SECURITY_SECURE ? DANEPRIV_PROVENANCE_SECURE
								: DANEPRIV_PROVENANCE_CHANNEL;
}
