/* SPDX-License-Identifier: BSD-2-Clause
 * Is it proven that something is not there?  (RFC 4035 section 5.4, RFC 5155 section 8) */
#ifndef DP_DNSSEC_DENIAL_H
#define DP_DNSSEC_DENIAL_H

#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

typedef struct dp_denial {
	dp_proven proven;
	bool delegation; /* of a DS denial: an NS set is there, without DS */
} dp_denial;

/* Is `zone` the one that may deny records of `type` at `name`?  SECURE, or why not. */
dp_proven dp_denial_may(dp_validator *v, dp_name zone, dp_name name, uint16_t type);
/* Is it proven that there is no `type` at `name`?  DENIED; INSECURE (opt-out, iterations); else a
 * failure, BOGUS with DENIAL_MISSING when nothing fits. */
dp_denial dp_denial_find(dp_validator *v, dp_name name, uint16_t type);
/* Is it proven that `name` did not exist, so that a wildcard `labels` labels deep under `zone`
 * could be expanded?  SECURE; INSECURE (opt-out, iterations); else a failure. */
dp_proven dp_denial_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);

#endif
