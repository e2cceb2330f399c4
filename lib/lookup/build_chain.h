/* SPDX-License-Identifier: BSD-2-Clause
 * What may a server show of itself? */
#ifndef DP_LOOKUP_BUILD_CHAIN_H
#define DP_LOOKUP_BUILD_CHAIN_H

#include "dns/name.h"
#include "dnssec/validator.h"

#include <danepriv/chain.h>

/* The records out of what `v` has seen that prove what it says of `type` at `owner` as of v->now:
 * `found`.  As danepriv_lookup_chain. */
danepriv_status dp_build_chain(const dp_validator *v, dp_name owner, uint16_t type,
    const dp_found *found, danepriv_chain **out);

/* One that was sent, and proves this.  *out is yours to free; NULL on failure.  ENOMEM. */
danepriv_status dp_build_chain_copy(danepriv_span octets, dp_proven proven, danepriv_chain **out);

#endif
