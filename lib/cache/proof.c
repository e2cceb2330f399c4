/* SPDX-License-Identifier: BSD-2-Clause
 * What may another process believe of what we know?  Proofs, since it can validate them itself.
 * They travel in files, and need no place in a handshake: servers of all transports have them, over
 * IPsec and QUIC as well, where no server can send its own.
 *
 * One proof is, in octets: a mark and a version, the length of what follows, until when it holds
 * and when its signatures end, the server as in its key (port, transport, view, label, name), and
 * the chain with its length.  Integers are big-endian. */
#include "base/buffer.h"
#include "base/reader.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "dane/records.h"
#include "dane/server.h"
#include "dane/transport.h"
#include "cache/cache.h"
#include "cache/walk.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "lookup/prove_chain.h"
#include "dnssec/chain.h"

#include <string.h>

#define MARK UINT32_C(0x64707802) /* "dpx", and version 2 */
#define FRAME_OCTETS 8		  /* before what the length counts */
#define TIMES_OCTETS 16

/* The key and the chain share an entry; the kind is left out, and two octets are the length. */
_Static_assert(FRAME_OCTETS + TIMES_OCTETS + UINT16_MAX + 1 <= DANEPRIV_EXPORT_MAX,
    "every proof that the table takes can be written");

/* ---- in ---- */

danepriv_status
danepriv_cache_put_proof(
    danepriv_cache *cache, const danepriv_records *records, danepriv_span chain, danepriv_time now)
{
	dp_taking taking = { .at = now, .now = now };

	if (!cache || !records || !chain.data || !dp_proven_counts(records->proven.security) ||
	    !dp_name_equal(records->base, dp_name_of(&records->server.name)) ||
	    dp_chain_read(chain, &taking.chain) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	return dp_cache_take(cache, records, &taking);
}

/* ---- out ---- */

/* argument: the time. */
static bool
is_proof(const dp_entry *entry, const void *argument)
{
	const danepriv_time *now = argument;

	return entry->kind == DP_ENTRY_PROOF && dp_cache_holds(&entry->known, *now);
}

static void
write_time(dp_buffer *b, danepriv_time t)
{
	dp_write_u32(b, (uint32_t)((uint64_t)t >> 32));
	dp_write_u32(b, (uint32_t)t);
}

/* Under the lock.  As danepriv_cache_export. */
static danepriv_status
write_proof(const dp_shard *shard, const dp_entry *entry, uint8_t *octets, size_t room, size_t *len)
{
	dp_buffer b = dp_buffer_over(octets, room);
	size_t chain = (size_t)(entry->len - entry->key_len);
	dp_key key;

	dp_walk_key(shard, entry, &key);
	*len = FRAME_OCTETS + TIMES_OCTETS + (key.len - 1) + 2 + chain;
	if (*len > room)
		return DANEPRIV_ELIMIT;
	dp_write_u32(&b, MARK);
	dp_write_u32(&b, (uint32_t)(*len - FRAME_OCTETS));
	write_time(&b, entry->known.valid_until);
	write_time(&b, entry->known.expiry);
	dp_write(&b, key.octets + 1, key.len - 1);
	dp_write_u16(&b, (uint16_t)chain);
	dp_table_read(shard, entry, octets + b.len);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_export(danepriv_cache *cache, danepriv_time now, uint64_t *position, uint8_t *octets,
    size_t room, size_t *len)
{
	const dp_entry *entry;
	dp_shard *shard;

	if (len)
		*len = 0;
	if (!cache || !position || !octets || !len)
		return DANEPRIV_EINVAL;
	uint64_t behind = *position;
	danepriv_status status =
	    dp_walk_next(&cache->table, &behind, is_proof, &now, &shard, &entry);
	if (status == DANEPRIV_OK) {
		status = write_proof(shard, entry, octets, room, len);
		dp_table_unlock(shard);
	}
	if (status != DANEPRIV_ELIMIT)
		*position = behind;
	return status;
}

/* ---- in again ---- */

/* What was read; `chain` is borrowed. */
typedef struct stated {
	danepriv_time valid_until, expiry;
	dp_server server;
	danepriv_span chain;
} stated;

static danepriv_time
read_time(dp_reader *r)
{
	uint64_t high = dp_read_u32(r);

	return (danepriv_time)(high << 32 | dp_read_u32(r));
}

/* The server, by the rules for those that a caller names.  False: there is no such server. */
static bool
read_server(dp_reader *r, dp_server *out)
{
	char name[DP_NAME_TEXT_MAX], label[UINT8_MAX + 1] = "";
	danepriv_server server = { .name = name };

	server.port = dp_read_u16(r);
	server.transport = (danepriv_transport)dp_read_u8(r);
	uint8_t view = dp_read_u8(r);
	/* Proofs that an alias is refused do not exist. */
	if (view > DP_VIEW_FOLLOWED)
		return false;
	if (view == DP_VIEW_FOLLOWED)
		server.aliases = DANEPRIV_ALIASES_FOLLOW;
	danepriv_span said = dp_read_span(r, dp_read_u8(r));
	dp_name read = dp_name_read(r);
	if (!dp_reader_ok(r) || server.port == 0 || !dp_transport(server.transport))
		return false;
	if (said.len > 0)
		memcpy(label, said.data, said.len);
	if (strlen(label) != said.len)
		return false;
	if (!dp_server_label_is_own(server.transport, label))
		server.label = label;
	(void)dp_name_to_text(read, name, sizeof name);
	return dp_server_read(&server, out) == DANEPRIV_OK;
}

/* 0: it is no proof; else how many octets it takes. */
static size_t
read_proof(danepriv_span octets, stated *out)
{
	dp_reader frame = dp_reader_over(octets);
	uint32_t mark = dp_read_u32(&frame);
	danepriv_span body = dp_read_span(&frame, dp_read_u32(&frame));

	if (!dp_reader_ok(&frame) || mark != MARK)
		return 0;
	dp_reader r = dp_reader_over(body);
	out->valid_until = read_time(&r);
	out->expiry = read_time(&r);
	/* Records are never reused for longer than they are signed. */
	if (out->expiry < out->valid_until || !read_server(&r, &out->server))
		return 0;
	out->chain = dp_read_span(&r, dp_read_u16(&r));
	return dp_reader_done(&r) && out->chain.len > 0 ? frame.at : 0;
}

static bool
is_known(danepriv_cache *cache, const dp_server *server, danepriv_time now)
{
	dp_unpacked found;
	dp_key key;

	dp_key_of(&cache->table, server, &key);
	(void)!dp_cache_look_up(cache, &key, now, &found);
	return dp_cache_proves(&found.known, now);
}

/* ENOTFOUND: it proves nothing that could be taken.  ENOMEM. */
static danepriv_status
prove(const danepriv *ctx, const stated *proof, danepriv_time now, danepriv_records **out)
{
	danepriv_status status = dp_prove_chain(ctx, &proof->server, proof->chain, now, out);

	if (status != DANEPRIV_OK)
		return status == DANEPRIV_ENOMEM ? status : DANEPRIV_ENOTFOUND;
	/* The times can only shorten what is proven now: nobody has signed them. */
	dp_records_limit(*out, proof->valid_until, proof->expiry);
	/* Nobody has signed either that an alias led there: who refuses those is told nothing. */
	if (proof->server.aliases == DANEPRIV_ALIASES_FOLLOW)
		dp_records_mark_alias(*out);
	return dp_proven_counts((*out)->proven.security) ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}

static danepriv_status
take_proof(danepriv_cache *cache, const danepriv *ctx, const stated *proof, danepriv_time now)
{
	dp_taking taking = { .at = now, .now = now, .yields = true };
	danepriv_records *records = NULL;

	if (now > proof->valid_until || dp_chain_read(proof->chain, &taking.chain) != DANEPRIV_OK)
		return DANEPRIV_ENOTFOUND;
	if (is_known(cache, &proof->server, now))
		return DANEPRIV_OK;
	danepriv_status status = prove(ctx, proof, now, &records);
	/* Over at once: nothing that could be kept. */
	if (status == DANEPRIV_OK && dp_cache_take(cache, records, &taking) != DANEPRIV_OK)
		status = DANEPRIV_ENOTFOUND;
	danepriv_records_free(records);
	return status;
}

danepriv_status
danepriv_cache_import(danepriv_cache *cache, const danepriv *ctx, danepriv_span octets,
    danepriv_time now, size_t *used)
{
	stated proof;

	if (used)
		*used = 0;
	if (!cache || !ctx || !used || (!octets.data && octets.len > 0))
		return DANEPRIV_EINVAL;
	size_t len = read_proof(octets, &proof);
	if (len == 0)
		return DANEPRIV_EMALFORMED;
	danepriv_status status = take_proof(cache, ctx, &proof, now);
	if (status != DANEPRIV_ENOMEM)
		*used = len;
	return status;
}
