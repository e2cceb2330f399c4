/* SPDX-License-Identifier: BSD-2-Clause
 * How much may this verdict cost still? */
#ifndef DP_DNSSEC_BUDGET_H
#define DP_DNSSEC_BUDGET_H

#include <danepriv/records.h>
#include <stdbool.h>

/* Of one verdict, or of one lookup.  Zeroed: nothing may be done. */
typedef struct dp_budget {
	uint64_t work, allowed; /* thousandths of a P-256 verification: spent, and what may be */
	danepriv_reason limit;	/* a bound was passed; sticky */
	danepriv_status status; /* ENOMEM; sticky */
} dp_budget;

/* Stops all further work: bogus, with the bound as its reason. */
void dp_budget_limit(dp_budget *budget, danepriv_reason reason);
/* Was it stopped? */
bool dp_budget_stopped(const dp_budget *budget);
/* Charges work.  False: all work is to stop. */
bool dp_budget_charge(dp_budget *budget, uint64_t thousandths);
/* Charges one look at a record, or at a name's RRsets, with so many octets of names to compare. */
bool dp_budget_look(dp_budget *budget, size_t octets);

#endif
