/* SPDX-License-Identifier: BSD-2-Clause
 * What do NSEC3 records deny, and what do those share that look at them?  (RFC 5155 section 8) */
#ifndef DP_DNSSEC_NSEC3_H
#define DP_DNSSEC_NSEC3_H

#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/cut.h"
#include "dnssec/denial.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>
#include <danepriv/status.h>

#define DP_NSEC3_HASH_OCTETS 20 /* SHA-1, the only algorithm there is */

/* An NSEC3 of the evidence: the first of its RRset, well-formed, of algorithm 1. */
typedef struct dp_nsec3_at {
	size_t item;
	dp_name zone;
	uint8_t hash[DP_NSEC3_HASH_OCTETS]; /* out of the owner's name */
	dp_nsec3 nsec3;
} dp_nsec3_at;

/* What all records of one proof share (RFC 5155 section 8.2). */
typedef struct dp_nsec3_chain {
	dp_name zone;
	uint16_t iterations;
	danepriv_span salt;
} dp_nsec3_chain;

/* False: the item is none of those. */
bool dp_nsec3_read_item(dp_validator *v, size_t item, dp_nsec3_at *out);
dp_nsec3_chain dp_nsec3_chain_of(const dp_nsec3_at *n);
bool dp_nsec3_in_chain(const dp_nsec3_at *n, const dp_nsec3_chain *c);
/* The parent's NSEC3 of a delegation? */
bool dp_nsec3_is_delegation(const dp_nsec3_at *n);
/* IH(name), DP_NSEC3_HASH_OCTETS of it.  False when the work is more than we do. */
bool dp_nsec3_hash(dp_validator *v, const dp_nsec3_chain *c, dp_name name, uint8_t *out);
/* Forgets the hashes. */
void dp_nsec3_free(dp_validator *v);

/* The half of dp_denial_find that asks NSEC3 records. */
dp_denial dp_nsec3_deny(dp_validator *v, dp_name name, uint16_t type);
/* The half of dp_denial_no_closer that does. */
dp_proven dp_nsec3_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);
/* The half of dp_cut_check that does. */
danepriv_security dp_nsec3_look_for_cut(dp_validator *v, const dp_cut *cut);

#endif
