/* SPDX-License-Identifier: BSD-2-Clause
 * Where is what we know of this server or address, and who has to go when there is no more room? */
#include "cache/table.h"

#include "base/alloc.h"

#include <string.h>

/* What the allocator adds at the most: its own words, and the rest of the last page. */
#define ALLOCATOR_OCTETS 4160
#define SHARDS_MAX 256
/* Below this a shard would be too small for chance to fill all alike. */
#define SHARD_OCTETS_MIN 262144
#define SHARE 8 /* of newcomers, addresses that were reached, kept proofs: a part of so many */

typedef struct more {
	uint32_t more;
	uint8_t octets[DP_MORE_OCTETS];
} more;

typedef union dp_cell {
	dp_entry entry;
	more more;
} dp_cell;

_Static_assert(
    sizeof(dp_cell) == 2 * DP_LINE_OCTETS, "a cell is two lines of the processor's cache");
_Static_assert(sizeof(dp_shard) % DP_LINE_OCTETS == 0, "shards do not share lines");

/* ---- memory ---- */

static size_t
shards_for(size_t octets)
{
	size_t count = 1;

	while (count < SHARDS_MAX && octets / (2 * count) >= SHARD_OCTETS_MIN)
		count *= 2;
	return count;
}

/* Divides `octets` from `at` on between the cells, which come first, and the buckets. */
static void
open_shard(dp_shard *shard, uint8_t *at, size_t octets)
{
	/* As many buckets as cells, or up to twice as many: each entry that is passed on the way
	 * has to be fetched from memory, and a bucket is small. */
	size_t count = octets / (sizeof(dp_cell) + 2 * sizeof(uint32_t)), buckets = 1;

	while (buckets < count)
		buckets *= 2;
	atomic_init(&shard->is_locked, false);
	shard->cells = (dp_cell *)(void *)at;
	shard->buckets = (uint32_t *)(void *)(at + count * sizeof(dp_cell));
	shard->bucket_mask = (uint32_t)(buckets - 1);
	shard->count = shard->left = (uint32_t)count;
}

bool
dp_table_open(dp_table *table, size_t octets)
{
	size_t room = octets - ALLOCATOR_OCTETS;

	table->block = dp_keyed_secret(table->secret) ? dp_alloc(1, room) : NULL;
	if (!table->block)
		return false;
	table->shard_count = shards_for(room);
	size_t skipped = DP_LINE_OCTETS - (uintptr_t)table->block % DP_LINE_OCTETS;
	uint8_t *at = (uint8_t *)table->block + skipped;
	table->shards = (dp_shard *)(void *)at;
	at += table->shard_count * sizeof(dp_shard);
	room -= skipped + table->shard_count * sizeof(dp_shard);
	/* Whole cells, so that all of them begin where a line does. */
	size_t each = room / table->shard_count / sizeof(dp_cell) * sizeof(dp_cell);
	for (size_t i = 0; i < table->shard_count; i++, at += each)
		open_shard(&table->shards[i], at, each);
	return true;
}

void
dp_table_close(dp_table *table)
{
	dp_free(table->block);
}

uint64_t
dp_table_hash(const dp_table *table, danepriv_span key)
{
	return dp_keyed_hash(table->secret, key);
}

/* ---- cells ---- */

static dp_cell *
cell_at(const dp_shard *shard, uint32_t number)
{
	return &shard->cells[number - 1];
}

static dp_entry *
entry_at(const dp_shard *shard, uint32_t number)
{
	return number ? &cell_at(shard, number)->entry : NULL;
}

static uint32_t
number_of(const dp_shard *shard, const dp_entry *entry)
{
	return (uint32_t)((const dp_cell *)(const void *)entry - shard->cells) + 1;
}

static uint32_t
cells_for(size_t len)
{
	if (len <= DP_ENTRY_OCTETS)
		return 1;
	return (uint32_t)(1 + (len - DP_ENTRY_OCTETS + DP_MORE_OCTETS - 1) / DP_MORE_OCTETS);
}

/* There must be one left. */
static uint32_t
take_cell(dp_shard *shard)
{
	uint32_t number = shard->empty;

	shard->left--;
	if (number == 0)
		return ++shard->fresh;
	shard->empty = cell_at(shard, number)->more.more;
	return number;
}

static void
give_back(dp_shard *shard, uint32_t number)
{
	cell_at(shard, number)->more.more = shard->empty;
	shard->empty = number;
	shard->left++;
}

/* Octets of an entry that are next to each other. */
typedef struct piece {
	uint8_t *at;
	size_t len;
	uint32_t more;
} piece;

static piece
first_piece(const dp_entry *entry)
{
	/* What may be written to is for the caller to know. */
	uint8_t *octets = (uint8_t *)(uintptr_t)entry->octets;
	piece p = { octets, DP_ENTRY_OCTETS, entry->more };

	return p;
}

/* Moves on by `len` octets, of which there must be so many. */
static void
skip(const dp_shard *shard, piece *p, size_t len)
{
	while (len >= p->len && p->more != 0) {
		more *next = &cell_at(shard, p->more)->more;
		len -= p->len;
		*p = (piece){ next->octets, DP_MORE_OCTETS, next->more };
	}
	p->at += len;
	p->len -= len;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
read_octets(const dp_shard *shard, piece p, uint8_t *out, size_t len)
{
	while (len > 0) {
		size_t n = least(len, p.len);
		memcpy(out, p.at, n);
		out += n;
		len -= n;
		skip(shard, &p, n);
	}
}

static void
write_octets(const dp_shard *shard, piece p, danepriv_span data)
{
	while (data.len > 0) {
		size_t n = least(data.len, p.len);
		memcpy(p.at, data.data, n);
		data.data += n;
		data.len -= n;
		skip(shard, &p, n);
	}
}

static bool
octets_are(const dp_shard *shard, piece p, danepriv_span wanted)
{
	while (wanted.len > 0) {
		size_t n = least(wanted.len, p.len);
		if (memcmp(p.at, wanted.data, n) != 0)
			return false;
		wanted.data += n;
		wanted.len -= n;
		skip(shard, &p, n);
	}
	return true;
}

/* ---- queues ---- */

static dp_queue *
queue_of(dp_shard *shard, const dp_entry *entry)
{
	if (entry->kind == DP_ENTRY_PROOF)
		return entry->is_kept ? &shard->kept_proofs : &shard->proofs;
	if (!entry->is_kept)
		return &shard->newcomers;
	return entry->kind == DP_ENTRY_ADDRESS ? &shard->reached : &shard->kept;
}

static void
enqueue(dp_shard *shard, dp_entry *entry)
{
	dp_queue *q = queue_of(shard, entry);
	uint32_t number = number_of(shard, entry);

	entry->newer = 0;
	entry->older = q->newest;
	if (q->newest)
		entry_at(shard, q->newest)->newer = number;
	else
		q->oldest = number;
	q->newest = number;
	q->cells += cells_for(entry->len);
}

static void
dequeue(dp_shard *shard, dp_entry *entry)
{
	dp_queue *q = queue_of(shard, entry);

	if (entry->older)
		entry_at(shard, entry->older)->newer = entry->newer;
	else
		q->oldest = entry->newer;
	if (entry->newer)
		entry_at(shard, entry->newer)->older = entry->older;
	else
		q->newest = entry->older;
	q->cells -= cells_for(entry->len);
}

/* One of the queue goes: the oldest that was not used since it was last spared. */
static void
evict(dp_shard *shard, const dp_queue *q)
{
	for (unsigned i = 0; i < DP_CACHE_CHANCES_MAX; i++) {
		dp_entry *entry = entry_at(shard, q->oldest);
		if (!entry->is_used)
			break;
		entry->is_used = false;
		dequeue(shard, entry);
		enqueue(shard, entry);
	}
	dp_table_remove(shard, entry_at(shard, q->oldest));
}

/* Has a queue more than its share, with so many cells that are to come `to` one? */
static bool
has_too_much(const dp_shard *shard, const dp_queue *q, const dp_queue *to, uint32_t cells)
{
	return q->cells > 0 && q->cells + (q == to ? cells : 0) > shard->count / SHARE;
}

/* Whose turn it is to go, where there is no room for so many cells.  Not that of servers that
 * authenticated themselves while they have no more than the shares of the others leave. */
static const dp_queue *
next_to_go(const dp_shard *shard, const dp_queue *to, uint32_t cells)
{
	const dp_queue *const shared[] = { &shard->kept_proofs, &shard->newcomers,
		&shard->reached };

	if (shard->proofs.cells > 0)
		return &shard->proofs;
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (has_too_much(shard, shared[i], to, cells))
			return shared[i];
	if (shard->kept_proofs.cells > 0)
		return &shard->kept_proofs;
	return shard->kept.cells > 0 ? &shard->kept : &shard->reached;
}

/* Ends: each round frees a cell at least. */
static void
make_room(dp_shard *shard, const dp_queue *to, uint32_t cells)
{
	while (shard->left < cells)
		evict(shard, next_to_go(shard, to, cells));
}

/* Cells of a queue above its share. */
static uint32_t
above_share(const dp_shard *shard, const dp_queue *q)
{
	return q->cells - (uint32_t)least(q->cells, shard->count / SHARE);
}

/* Does a proof go as late as its server?  Honest ones are no longer than the largest records. */
static bool
goes_late(const dp_entry *server, uint32_t cells)
{
	return server->is_kept && cells <= cells_for(DP_CACHE_RECORDS_OCTETS_MAX);
}

/* How many cells can there be for a proof, so that no kept server has to go for it? */
static uint32_t
room_for_proof(const dp_shard *shard, bool is_kept)
{
	uint32_t room = shard->left + shard->proofs.cells;

	if (!is_kept)
		return room;
	return room + shard->kept_proofs.cells + above_share(shard, &shard->newcomers) +
	       above_share(shard, &shard->reached);
}

/* ---- entries ---- */

static uint32_t *
bucket_of(const dp_shard *shard, uint64_t hash)
{
	return &shard->buckets[hash & shard->bucket_mask];
}

dp_entry *
dp_table_find(const dp_shard *shard, uint64_t hash, danepriv_span key)
{
	dp_entry *e = entry_at(shard, *bucket_of(shard, hash));

	while (e && (e->hash != hash || e->key_len != key.len ||
			!octets_are(shard, first_piece(e), key)))
		e = entry_at(shard, e->chain);
	return e;
}

dp_entry *
dp_table_find_kind(const dp_shard *shard, uint64_t hash, uint8_t kind)
{
	dp_entry *e = entry_at(shard, *bucket_of(shard, hash));

	while (e && (e->hash != hash || e->kind != kind))
		e = entry_at(shard, e->chain);
	return e;
}

/* Where there is room for it. */
static dp_entry *
add(dp_shard *shard, uint64_t hash, danepriv_span key, size_t len, bool is_kept)
{
	uint32_t cells = cells_for(len), *bucket = bucket_of(shard, hash);
	uint32_t number = take_cell(shard);
	dp_entry *entry = entry_at(shard, number);

	memset(entry, 0, sizeof *entry);
	for (uint32_t i = 1; i < cells; i++) {
		uint32_t behind = take_cell(shard);
		cell_at(shard, behind)->more.more = entry->more;
		entry->more = behind;
	}
	entry->hash = hash;
	entry->kind = key.data[0];
	entry->is_kept = is_kept;
	entry->key_len = (uint16_t)key.len;
	entry->len = (uint16_t)len;
	write_octets(shard, first_piece(entry), key);
	entry->chain = *bucket;
	*bucket = number;
	enqueue(shard, entry);
	return entry;
}

dp_entry *
dp_table_add(dp_shard *shard, uint64_t hash, danepriv_span key, size_t len)
{
	if (len > UINT16_MAX || cells_for(len) > shard->count)
		return NULL;
	make_room(shard, &shard->newcomers, cells_for(len));
	return add(shard, hash, key, len, false);
}

dp_entry *
dp_table_add_proof(dp_shard *shard, dp_entry *server, danepriv_span key, size_t len)
{
	uint32_t cells = cells_for(len);
	bool is_kept = goes_late(server, cells);

	if (len > UINT16_MAX || cells > room_for_proof(shard, is_kept))
		return NULL;
	make_room(shard, is_kept ? &shard->kept_proofs : &shard->proofs, cells);
	server->has_proof = true;
	return add(shard, server->hash, key, len, is_kept);
}

void
dp_table_remove(dp_shard *shard, dp_entry *entry)
{
	uint32_t number = number_of(shard, entry), *at = bucket_of(shard, entry->hash);

	dequeue(shard, entry);
	while (*at != number)
		at = &entry_at(shard, *at)->chain;
	*at = entry->chain;
	for (uint32_t i = entry->more, next; i != 0; i = next) {
		next = cell_at(shard, i)->more.more;
		give_back(shard, i);
	}
	give_back(shard, number);
}

void
dp_table_use(dp_entry *entry)
{
	/* A line that is only read can stay with several processors. */
	if (!entry->is_used)
		entry->is_used = true;
}

void
dp_table_keep(dp_shard *shard, dp_entry *entry)
{
	dp_entry *security = NULL;

	if (entry->is_kept) {
		dp_table_use(entry);
		return;
	}
	if (entry->has_proof)
		security = dp_table_find_kind(shard, entry->hash, DP_ENTRY_PROOF);
	/* As the newest of its queue it has its whole length to be used again. */
	dequeue(shard, entry);
	entry->is_kept = true;
	entry->is_used = false;
	enqueue(shard, entry);
	if (security && goes_late(entry, cells_for(security->len)))
		dp_table_keep(shard, security);
}

static piece
behind_key(const dp_shard *shard, const dp_entry *entry)
{
	piece p = first_piece(entry);

	skip(shard, &p, entry->key_len);
	return p;
}

bool
dp_table_holds(const dp_shard *shard, const dp_entry *entry, danepriv_span data)
{
	return (size_t)(entry->len - entry->key_len) == data.len &&
	       octets_are(shard, behind_key(shard, entry), data);
}

void
dp_table_read(const dp_shard *shard, const dp_entry *entry, uint8_t *out)
{
	read_octets(shard, behind_key(shard, entry), out, (size_t)(entry->len - entry->key_len));
}

void
dp_table_write(dp_shard *shard, dp_entry *entry, danepriv_span data)
{
	write_octets(shard, behind_key(shard, entry), data);
}

void
dp_table_read_key(const dp_shard *shard, const dp_entry *entry, uint8_t *out)
{
	read_octets(shard, first_piece(entry), out, entry->key_len);
}

const dp_entry *
dp_table_first(const dp_shard *shard, uint32_t bucket)
{
	return entry_at(shard, shard->buckets[bucket]);
}

const dp_entry *
dp_table_next(const dp_shard *shard, const dp_entry *entry)
{
	return entry_at(shard, entry->chain);
}
