/* SPDX-License-Identifier: BSD-2-Clause
 * Which records were shown to us, and by which answer? */
#include "dnssec/evidence.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/reader.h"
#include "base/span.h"
#include "dns/name.h"

#include <string.h>

struct dp_block {
	struct dp_block *next;
	uint8_t octets[];
};

/* Octets that are compared, letter by letter, in the time in which two items are told apart by
 * their hashes. */
#define NAME_OCTETS_PER_STEP 2

_Static_assert(DP_EVIDENCE_RECORDS_MAX <= UINT16_MAX, "items count in 16 bits");

/* Counts the records of a source that we keep. */
static danepriv_status
count_records(danepriv_span octets, size_t *count)
{
	dp_reader r = dp_reader_over(octets);
	dp_rr rr;

	/* Every record takes at least 11 octets. */
	for (*count = 0; dp_reader_left(&r) > 0;) {
		if (!dp_rr_read(&r, &rr))
			return DANEPRIV_EMALFORMED;
		if (rr.class == DP_CLASS_IN && dp_rr_type_is_understood(rr.type))
			(*count)++;
	}
	return dp_reader_done(&r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

/* Makes room for the records of one more source. */
static danepriv_status
make_room(dp_evidence *evidence, danepriv_span octets)
{
	size_t count;

	if (octets.len > DP_EVIDENCE_OCTETS_MAX - evidence->octets)
		return DANEPRIV_ELIMIT;
	danepriv_status status = count_records(octets, &count);
	if (status != DANEPRIV_OK)
		return status;
	if (count > DP_EVIDENCE_RECORDS_MAX - evidence->count || evidence->sources == UINT16_MAX)
		return DANEPRIV_ELIMIT;
	dp_item *items = dp_realloc(evidence->items, evidence->count + count, sizeof *items);
	if (!items)
		return DANEPRIV_ENOMEM;
	evidence->items = items;
	return DANEPRIV_OK;
}

/* How an item stands to those of its source that have the same owner. */
typedef struct relatives {
	size_t last;	   /* of its RRset; the count: it is the first of it */
	size_t signatures; /* as in dp_item; the count: there are none */
} relatives;

/* All of the same owner know of the same signatures: one of them tells. */
static relatives
relatives_of(dp_evidence *evidence, const dp_item *item)
{
	relatives r = { evidence->count, evidence->count };

	for (size_t i = evidence->count; i > 0 && r.last == evidence->count; i--) {
		const dp_item *other = &evidence->items[i - 1];
		if (other->source != item->source)
			break;
		evidence->steps++;
		if (other->hash != item->hash)
			continue;
		evidence->steps += item->rr.owner.len / NAME_OCTETS_PER_STEP;
		if (!dp_name_equal(other->rr.owner, item->rr.owner))
			continue;
		if (other->rr.type == item->rr.type)
			r.last = i - 1;
		if (other->rr.type == DP_TYPE_RRSIG || other->signatures != i - 1)
			r.signatures = other->signatures;
	}
	return r;
}

/* The first RRSIG of an owner: those that came before it learn of it. */
static void
tell_relatives(dp_evidence *evidence, size_t rrsig)
{
	const dp_item *item = &evidence->items[rrsig];

	for (size_t i = rrsig; i > 0 && evidence->items[i - 1].source == item->source; i--) {
		dp_item *other = &evidence->items[i - 1];
		evidence->steps++;
		if (other->hash != item->hash)
			continue;
		evidence->steps += item->rr.owner.len / NAME_OCTETS_PER_STEP;
		if (dp_name_equal(other->rr.owner, item->rr.owner))
			other->signatures = (uint16_t)rrsig;
	}
}

/* Is this record in its RRset already?  Said twice it counts once (RFC 2181 section 5), for as long
 * as the shorter of the two TTLs. */
static bool
merge_item(dp_evidence *evidence, const dp_item *item)
{
	for (size_t i = item->first; i < evidence->count; i = dp_evidence_next(evidence, i)) {
		dp_rr *rr = &evidence->items[i].rr;
		evidence->steps++;
		if (evidence->items[i].tag != item->tag)
			continue;
		evidence->steps += item->rr.rdata.len / NAME_OCTETS_PER_STEP;
		if (!dp_span_equal(rr->rdata, item->rr.rdata))
			continue;
		if (item->rr.ttl < rr->ttl)
			rr->ttl = item->rr.ttl;
		return true;
	}
	return false;
}

/* Adds one record, tied to the last one of its RRset.  It is put together where it is to lie: to
 * copy so small a thing takes longer than to read it. */
static void
add_item(dp_evidence *evidence, const dp_rr *rr)
{
	uint16_t count = (uint16_t)evidence->count;
	dp_item *item = &evidence->items[count];

	item->rr = *rr;
	item->hash = dp_evidence_hash(rr->owner);
	item->source = evidence->sources;
	item->first = count;
	item->next = item->checked = 0;
	item->tag = dp_dnskey_tag(rr->rdata);
	item->signatures = count;
	relatives r = relatives_of(evidence, item);
	if (r.signatures < evidence->count)
		item->signatures = (uint16_t)r.signatures;
	if (r.last < evidence->count) {
		item->first = evidence->items[r.last].first;
		if (merge_item(evidence, item))
			return;
		evidence->items[r.last].next = count;
	} else if (rr->type == DP_TYPE_RRSIG) {
		tell_relatives(evidence, count);
	}
	evidence->count++;
}

/* Adds the records of a source for which there is room. */
static void
add_source(dp_evidence *evidence, danepriv_span octets)
{
	dp_reader r = dp_reader_over(octets);
	dp_rr rr;

	while (
	    dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr) && evidence->steps <= evidence->steps_max)
		if (rr.class == DP_CLASS_IN && dp_rr_type_is_understood(rr.type))
			add_item(evidence, &rr);
	evidence->sources++;
	evidence->octets += octets.len;
}

danepriv_status
dp_evidence_add(dp_evidence *evidence, danepriv_span octets)
{
	if (octets.len == 0)
		return DANEPRIV_OK;
	danepriv_status status = make_room(evidence, octets);
	if (status != DANEPRIV_OK)
		return status;
	struct dp_block *block = dp_alloc(1, sizeof *block + octets.len);
	if (!block)
		return DANEPRIV_ENOMEM;
	memcpy(block->octets, octets.data, octets.len);
	block->next = evidence->blocks;
	evidence->blocks = block;
	add_source(evidence, (danepriv_span){ block->octets, octets.len });
	return DANEPRIV_OK;
}

danepriv_status
dp_evidence_lend(dp_evidence *evidence, danepriv_span octets)
{
	if (octets.len == 0)
		return DANEPRIV_OK;
	danepriv_status status = make_room(evidence, octets);
	if (status == DANEPRIV_OK)
		add_source(evidence, octets);
	return status;
}

void
dp_evidence_free(dp_evidence *evidence)
{
	for (struct dp_block *block = evidence->blocks; block;) {
		struct dp_block *next = block->next;
		dp_free(block);
		block = next;
	}
	dp_free(evidence->items);
	memset(evidence, 0, sizeof *evidence);
}

uint32_t
dp_evidence_hash(dp_name owner)
{
	uint32_t hash = 2166136261u; /* FNV-1a; it only saves comparisons */

	for (size_t i = 0; i < owner.len; i++)
		hash = (hash ^ dp_name_octet_lower(owner.octets[i])) * 16777619u;
	return hash;
}

bool
dp_evidence_is_first(const dp_evidence *evidence, size_t item)
{
	return evidence->items[item].first == item;
}

size_t
dp_evidence_find(dp_evidence *evidence, dp_name owner, uint16_t type, size_t from)
{
	uint32_t hash = dp_evidence_hash(owner);

	for (size_t i = from; i < evidence->count; i++) {
		const dp_item *item = &evidence->items[i];
		if (item->hash != hash || item->rr.type != type || item->first != i)
			continue;
		evidence->steps += owner.len / NAME_OCTETS_PER_STEP;
		if (dp_name_equal(item->rr.owner, owner))
			return i;
	}
	return evidence->count;
}

size_t
dp_evidence_of(const dp_evidence *evidence, unsigned source)
{
	size_t low = 0, high = evidence->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (evidence->items[middle].source < source)
			low = middle + 1;
		else
			high = middle;
	}
	return low < evidence->count && evidence->items[low].source == source ? low
									      : evidence->count;
}

size_t
dp_evidence_next(const dp_evidence *evidence, size_t item)
{
	size_t next = evidence->items[item].next;

	return next > 0 ? next : evidence->count;
}

size_t
dp_evidence_signatures(const dp_evidence *evidence, size_t item)
{
	size_t first = evidence->items[item].signatures;

	return evidence->items[first].rr.type == DP_TYPE_RRSIG ? first : evidence->count;
}

bool
dp_evidence_is_single(const dp_evidence *evidence, size_t first)
{
	return evidence->items[first].first == first && evidence->items[first].next == 0;
}
