/* SPDX-License-Identifier: BSD-2-Clause
 * Which of these records could be judged at all, whatever the peer presents?  (RFC 6698 section
 * 4.1, RFC 7671 section 9) */
#ifndef DP_DANE_USABLE_H
#define DP_DANE_USABLE_H

#include "dns/tlsa.h"

#include <danepriv/judge.h>

/* A published record, read once for all judgements.  As small as can be: hundreds of them may be on
 * a stack. */
typedef struct dp_association {
	const uint8_t *octets; /* the RDATA, borrowed */
	uint16_t len;
	uint8_t judgement; /* before any peer is known, and as if there were roots for usages 0 and
			      1: UNTRIED, UNUSABLE or SUPPRESSED */
	uint8_t reason;	   /* of that */
	uint8_t usage, selector, matching; /* 0 when it is malformed */
} dp_association;

/* One of which nothing is known but its RDATA, of at most DP_MESSAGE_OCTETS_MAX. */
dp_association dp_association_of(danepriv_span rdata);
danepriv_span dp_association_rdata(const dp_association *association);

/* The next two are asked for in every judgement, of associations that were read. */

/* What it says; zero when it is malformed. */
static inline dp_tlsa
dp_association_tlsa(const dp_association *association)
{
	const dp_tlsa none = { 0 };
	const dp_association *a = association;

	if (a->reason == DANEPRIV_RECORD_REASON_MALFORMED)
		return none;
	dp_tlsa t = { a->usage, a->selector, a->matching,
		{ a->octets + DP_TLSA_HEAD_OCTETS, (size_t)a->len - DP_TLSA_HEAD_OCTETS } };
	return t;
}

static inline danepriv_record_verdict
dp_association_verdict(const dp_association *association)
{
	danepriv_record_verdict v = { association->usage, association->selector,
		association->matching, (danepriv_judgement)association->judgement,
		(danepriv_record_reason)association->reason, 0 };

	return v;
}

/* Fills in the rest of `count` associations of which the RDATA is there. */
void dp_associations_read(dp_association *list, size_t count);

#endif
