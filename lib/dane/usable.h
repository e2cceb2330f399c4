/* SPDX-License-Identifier: BSD-2-Clause
 * Which of these records could be judged at all, whatever the peer presents?  (RFC 6698 section
 * 4.1, RFC 7671 section 9) */
#ifndef DP_DANE_USABLE_H
#define DP_DANE_USABLE_H

#include "dns/tlsa.h"

#include <danepriv/judge.h>

/* A published record, read once for all judgements. */
typedef struct dp_association {
	danepriv_span rdata;
	dp_tlsa tlsa;			 /* borrows from the RDATA; zero when that is malformed */
	danepriv_record_verdict verdict; /* before any peer is known, and as if there were roots for
					    usages 0 and 1: UNTRIED, UNUSABLE or SUPPRESSED */
} dp_association;

/* Fills in the rest of `count` associations of which the RDATA is there. */
void dp_associations_read(dp_association *list, size_t count);

#endif
