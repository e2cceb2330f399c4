/* SPDX-License-Identifier: BSD-2-Clause
 * What do NSEC records deny?  (RFC 4035 section 5.4) */
#ifndef DP_DNSSEC_NSEC_H
#define DP_DNSSEC_NSEC_H

#include "dns/name.h"
#include "dnssec/denial.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

/* The half of dp_denial_find that asks NSEC records. */
dp_denial dp_nsec_deny(dp_validator *v, dp_name name, uint16_t type);
/* The half of dp_denial_no_closer that does. */
dp_proven dp_nsec_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);

#endif
