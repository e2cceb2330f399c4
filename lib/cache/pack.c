/* SPDX-License-Identifier: BSD-2-Clause
 * How few octets hold a server and its records?
 *
 * The key is all that dp_server_equal compares, with the view among it (view.c), and the name
 * in lower case and last.  Behind it stand the TLSA base domain, left out when it is that name, and
 * each RDATA with its length. */
#include "cache/pack.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "base/span.h"
#include "dane/records.h"
#include "dane/server.h"
#include "dane/usable.h"
#include "dns/name.h"
#include "dns/tlsa.h"
#include "dnssec/proven.h"

#include <string.h>

_Static_assert(DP_CACHE_ASSOCIATIONS_MAX < UINT8_MAX, "records count from 1 in an octet");
/* Digests of SHA-256 are the smallest that can be judged: a key of Ed25519 has 44 octets. */
_Static_assert(DP_CACHE_RECORDS_OCTETS_MAX / (2 + 3 + 32) <= DP_CACHE_ASSOCIATIONS_MAX,
    "usable records that fit are not too many");

/* Where the name begins: behind kind, port, transport, view, and the label with its length. */
#define VIEW_AT 4
#define LABEL_AT 5
/* Of a hash: bits that do not say in which shard and bucket it belongs. */
#define VIEW_BIT 62

danepriv_span
dp_key_span(const dp_key *key)
{
	danepriv_span s = { key->octets, key->len };

	return s;
}

void
dp_key_of(const dp_table *table, const dp_server *server, dp_key *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);
	size_t label = strlen(server->label);

	dp_write_u8(&b, DP_ENTRY_SERVER);
	dp_write_u16(&b, server->port);
	dp_write_u8(&b, (uint8_t)server->transport);
	dp_write_u8(&b, DP_VIEW_SHARED);
	dp_write_u8(&b, (uint8_t)label);
	dp_write(&b, server->label, label);
	dp_name_write(&b, dp_name_of(&server->name), true);
	out->len = b.len;
	out->hash = dp_table_hash(table, dp_key_span(out));
	out->aliases = server->aliases;
}

uint64_t
dp_key_hash_in(uint64_t hash, dp_view view)
{
	return hash ^ (uint64_t)view << VIEW_BIT;
}

dp_key
dp_key_in(const dp_key *key, dp_view view)
{
	dp_key own = *key;

	own.octets[VIEW_AT] = (uint8_t)view;
	own.hash = dp_key_hash_in(key->hash, view);
	return own;
}

dp_view
dp_key_view(const dp_key *key)
{
	return (dp_view)key->octets[VIEW_AT];
}

danepriv_status
dp_key_read(const dp_table *table, const danepriv_server *server, dp_key *out)
{
	dp_server read;
	danepriv_status status = dp_server_read(server, &read);

	if (status == DANEPRIV_OK)
		dp_key_of(table, &read, out);
	return status;
}

dp_name
dp_key_name(const dp_key *key)
{
	size_t at = LABEL_AT + 1u + key->octets[LABEL_AT];
	dp_name name = { key->octets + at, key->len - at };

	return name;
}

void
dp_key_server(const dp_key *key, dp_server *out)
{
	dp_reader r = dp_reader_over(dp_key_span(key));

	(void)dp_read_u8(&r);
	out->port = dp_read_u16(&r);
	out->transport = (danepriv_transport)dp_read_u8(&r);
	(void)dp_read_u8(&r);
	out->aliases = key->aliases;
	out->is_own = false;
	danepriv_span label = dp_read_span(&r, dp_read_u8(&r));
	memset(out->label, 0, sizeof out->label);
	if (label.len > 0)
		memcpy(out->label, label.data, label.len);
	dp_name_keep(&out->name, dp_key_name(key));
}

/* The same for the same keys in whatever order, since servers turn the records of an RRset round.
 * No single key's hash is 0 but once in 2^64 times. */
static uint64_t
digest_keys(const dp_table *table, const danepriv_records *records)
{
	uint8_t lowered[DP_NAME_OCTETS_MAX];
	dp_buffer b = dp_buffer_over(lowered, sizeof lowered);

	if (records->count == 0)
		return 0;
	dp_name_write(&b, records->base, true);
	uint64_t sum = dp_table_hash(table, dp_buffer_span(&b));
	for (size_t i = 0; i < records->count; i++)
		sum += dp_table_hash(table, dp_association_rdata(&records->associations[i]));
	return sum;
}

/* Octets that a record takes. */
static size_t
packed_octets(const danepriv_records *records, size_t record)
{
	return 2u + records->associations[record].len;
}

static void
write_record(dp_buffer *b, const danepriv_records *records, size_t record)
{
	danepriv_span rdata = dp_association_rdata(&records->associations[record]);

	dp_write_u16(b, (uint16_t)rdata.len);
	dp_write_span(b, rdata);
}

/* Can all of them be kept as they are? */
static bool
is_small(const danepriv_records *records)
{
	size_t octets = 0;

	for (size_t i = 0; i < records->count; i++)
		octets += packed_octets(records, i);
	return records->count <= DP_CACHE_ASSOCIATIONS_MAX && octets <= DP_CACHE_RECORDS_OCTETS_MAX;
}

/* What fits of those that can be judged, usage 3 first, since it takes no path to match.  Where one
 * is left out, what is kept says that it is not all. */
static void
write_usable(dp_buffer *b, const danepriv_records *records, dp_known *known)
{
	size_t octets = 0;

	known->count = 0;
	for (int usage = DP_TLSA_DANE_EE; usage >= DP_TLSA_PKIX_TA; usage--)
		for (size_t i = 0; i < records->count; i++) {
			danepriv_record_verdict v =
			    dp_association_verdict(&records->associations[i]);
			if (v.judgement != DANEPRIV_JUDGEMENT_UNTRIED || v.usage != usage)
				continue;
			if (packed_octets(records, i) > DP_CACHE_RECORDS_OCTETS_MAX - octets) {
				known->reason = DANEPRIV_REASON_LIMIT_RECORDS;
				continue;
			}
			octets += packed_octets(records, i);
			write_record(b, records, i);
			known->count++;
		}
}

void
dp_cache_pack(const dp_table *table, const danepriv_records *records, dp_unpacked *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);
	const dp_proven *proven = &records->proven;
	bool is_same = dp_name_equal(records->base, dp_name_of(&records->server.name));

	memset(&out->known, 0, sizeof out->known);
	out->known.security = (uint8_t)proven->security;
	out->known.reason = (uint8_t)proven->reason;
	out->known.source = records->source & 15u;
	out->known.follows = records->server.aliases == DANEPRIV_ALIASES_FOLLOW;
	out->known.has_alias = records->has_alias;
	out->known.support_hours = records->support_hours;
	out->known.count = (uint8_t)records->count;
	out->known.valid_until = proven->valid_until;
	out->known.expiry = proven->expiry;
	out->known.keys = digest_keys(table, records);
	dp_write_u8(&b, is_same ? 0 : (uint8_t)records->base.len);
	if (!is_same)
		dp_name_write(&b, records->base, false);
	if (!is_small(records))
		write_usable(&b, records, &out->known);
	else
		for (size_t i = 0; i < records->count; i++)
			write_record(&b, records, i);
	out->len = b.len;
}

/* The base, and a reader that stands behind it. */
static dp_name
read_base(dp_reader *r, const dp_key *key)
{
	danepriv_span base = dp_read_span(r, dp_read_u8(r));
	dp_name name = { base.data, base.len };

	return base.len > 0 ? name : dp_key_name(key);
}

void
dp_unpacked_read(const dp_shard *shard, const dp_entry *entry, dp_unpacked *out)
{
	out->known = entry->known;
	out->len = (size_t)(entry->len - entry->key_len);
	dp_table_read(shard, entry, out->octets);
}

/* A reader that stands before the first record. */
static dp_reader
behind_base(const dp_unpacked *packed)
{
	dp_reader r = dp_reader_over((danepriv_span){ packed->octets, packed->len });

	(void)dp_read_span(&r, dp_read_u8(&r));
	return r;
}

danepriv_span
dp_unpacked_rdata(const dp_unpacked *packed, size_t record)
{
	dp_reader r = behind_base(packed);

	while (record-- > 0)
		(void)dp_read_span(&r, dp_read_u16(&r));
	return dp_read_span(&r, dp_read_u16(&r));
}

uint8_t
dp_unpacked_find(const dp_unpacked *packed, danepriv_span rdata)
{
	dp_reader r = behind_base(packed);

	for (uint8_t i = 1; i <= packed->known.count; i++)
		if (dp_span_equal(dp_read_span(&r, dp_read_u16(&r)), rdata))
			return i;
	return 0;
}

static dp_proven
proven_of(const dp_known *known)
{
	dp_proven proven = { (danepriv_security)known->security, (danepriv_reason)known->reason,
		{ 0 }, known->valid_until, known->expiry };

	return proven;
}

dp_published
dp_cache_unpack(const dp_unpacked *packed, const dp_key *key, dp_association *associations)
{
	dp_reader r = dp_reader_over((danepriv_span){ packed->octets, packed->len });
	dp_name base = read_base(&r, key);
	dp_published out = { proven_of(&packed->known), base, associations, packed->known.count };

	for (size_t i = 0; i < out.count; i++)
		associations[i] = dp_association_of(dp_read_span(&r, dp_read_u16(&r)));
	dp_associations_read(associations, out.count);
	return out;
}

danepriv_status
dp_cache_unpack_records(const dp_unpacked *packed, const dp_key *key, danepriv_records **out)
{
	dp_reader r = dp_reader_over((danepriv_span){ packed->octets, packed->len });
	dp_name base = read_base(&r, key);
	dp_records_draft draft;
	dp_server server;

	*out = NULL;
	dp_key_server(key, &server);
	/* No more than the whole has. */
	danepriv_status status = dp_records_begin(&draft, &server, base, proven_of(&packed->known),
	    packed->known.count, dp_reader_left(&r));
	if (status != DANEPRIV_OK)
		return status;
	for (size_t i = 0; i < packed->known.count; i++)
		dp_records_add(&draft, dp_read_span(&r, dp_read_u16(&r)));
	*out = dp_records_end(&draft);
	dp_records_mark(*out, (danepriv_source)packed->known.source, packed->known.support_hours);
	if (packed->known.has_alias)
		dp_records_mark_alias(*out);
	return DANEPRIV_OK;
}
