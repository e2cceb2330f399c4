/* SPDX-License-Identifier: BSD-2-Clause
 * A zone speaks of a name: had it delegated that away? */
#ifndef DP_DNSSEC_CUT_H
#define DP_DNSSEC_CUT_H

#include "base/bounds.h"
#include "dns/name.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>

/* Sources that a lookup can have: each question is answered once, and once more over a stream. */
#define DP_CUT_SOURCES_MAX (2 * DP_QUESTIONS_MAX)

/* From a zone down to a name that it speaks of: is there a cut between? */
typedef struct dp_cut {
	dp_name signer, lowest; /* the same: none can be */
	bool is_all;		/* all sources count; else those whose bits are set: */
	uint8_t sources[DP_CUT_SOURCES_MAX / 8];
} dp_cut;

/* Where would be a cut between `signer` and what it says of `type` at `owner`, and which answers
 * would show it?  False: one of them is still to come. */
bool dp_cut_begin(dp_validator *v, dp_cut *cut, dp_name signer, dp_name owner, uint16_t type);
/* This source counts, too. */
void dp_cut_add(dp_cut *cut, unsigned source);
bool dp_cut_has(const dp_cut *cut, const dp_item *item);
/* Weighs the RRset that begins at `first`, which would show a cut.  BOGUS: it is genuine.  UNKNOWN:
 * that is not known yet.  Otherwise `before`, which is what the ones before it say. */
danepriv_security dp_cut_weigh(dp_validator *v, size_t first, danepriv_security before);
/* SECURE: there is none; else BOGUS, or UNKNOWN. */
dp_proven dp_cut_check(dp_validator *v, const dp_cut *cut);

#endif
