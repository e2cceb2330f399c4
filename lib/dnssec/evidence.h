/* SPDX-License-Identifier: BSD-2-Clause
 * Which records were shown to us, and by which answer?
 *
 * Records of one answer (one RFC 9102 chain, or one DNS message) are a source.  An RRset is never
 * put together from two sources: a zone that changes between two answers does not spoil either, and
 * one forged answer does not spoil the others. */
#ifndef DP_DNSSEC_EVIDENCE_H
#define DP_DNSSEC_EVIDENCE_H

#include "dns/name.h"
#include "dns/rr.h"

#include <danepriv/status.h>

/* As small as can be: a stranger's records may be tiny and many. */
typedef struct dp_item {
	dp_rr rr;
	uint32_t hash; /* of the owner, without regard to case */
	uint16_t source;
	uint16_t first;	     /* of its RRset (source, owner, type) */
	uint16_t next;	     /* of its RRset; 0: it is the last */
	uint16_t tag;	     /* of a DNSKEY; of others the same sum, by which most are told apart */
	uint16_t signatures; /* first RRSIG of the same source and owner; itself: there is none */
	uint16_t checked;    /* for whoever judges the RRset, or the RRSIG; 0 at first */
} dp_item;

typedef struct dp_evidence {
	dp_item *items;
	size_t count;
	struct dp_block *blocks; /* the octets of sources that were copied */
	uint16_t sources;
	size_t octets;
	uint64_t steps; /* items that others were held against; whoever charges them sets it back */
	uint64_t steps_max; /* adding ends there, whatever is left */
} dp_evidence;

/* Adds the records in `octets` (uncompressed, see dns/rr.h) as one more source; copied.  Classes
 * other than IN and types that no proof needs are passed over, and so is what was said before.
 * EMALFORMED: does not parse to its end.  ELIMIT: DP_EVIDENCE_RECORDS_MAX or _OCTETS_MAX.  ENOMEM.
 * On failure nothing was added. */
danepriv_status dp_evidence_add(dp_evidence *evidence, danepriv_span octets);
/* The same without a copy: `octets` must outlive the evidence. */
danepriv_status dp_evidence_lend(dp_evidence *evidence, danepriv_span octets);
void dp_evidence_free(dp_evidence *evidence);

/* The hash that items with this owner have. */
uint32_t dp_evidence_hash(dp_name owner);
/* The first item of the next RRset of this name and type, at or after item `from`; `count` when
 * there is none.  To go on: from = found + 1. */
size_t dp_evidence_find(dp_evidence *evidence, dp_name owner, uint16_t type, size_t from);
/* Is this item the first of its RRset (source, owner, type)? */
bool dp_evidence_is_first(const dp_evidence *evidence, size_t item);
/* The first item of a source; `count` when there is none. */
size_t dp_evidence_of(const dp_evidence *evidence, unsigned source);
/* The item after `item` in its RRset; `count` at the end. */
size_t dp_evidence_next(const dp_evidence *evidence, size_t item);
/* The first RRSIG of its owner in the same source, whatever it covers; `count`: there is none. */
size_t dp_evidence_signatures(const dp_evidence *evidence, size_t item);
/* Has the RRset that begins at `first` one record alone? */
bool dp_evidence_is_single(const dp_evidence *evidence, size_t first);

#endif
