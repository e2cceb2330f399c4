/* SPDX-License-Identifier: BSD-2-Clause
 * At which RRset did a proof break, and in which zone? */
#ifndef DP_DNSSEC_PLACE_H
#define DP_DNSSEC_PLACE_H

#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

/* What a dp_place stands for. */
typedef struct dp_broken {
	dp_name owner; /* borrowed from the validator or from `found` */
	dp_name zone;  /* that has signed it, or should have; no name: not known */
	uint16_t type;
} dp_broken;

/* False: it is not known where, or it did not break. */
bool dp_place_read(const dp_validator *v, const dp_found *found, dp_broken *out);

/* All work has stopped: was it here?  Said from the innermost outwards, the first one counts. */
void dp_place_note_end(dp_validator *v, dp_place_kind kind, size_t index);

#endif
