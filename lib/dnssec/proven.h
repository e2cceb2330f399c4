/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#ifndef DP_DNSSEC_PROVEN_H
#define DP_DNSSEC_PROVEN_H

#include <danepriv/records.h>

typedef struct dp_proven {
	danepriv_security security;
	danepriv_reason reason;
	danepriv_time valid_until; /* for reuse: TTLs and signatures */
	danepriv_time expiry;	   /* for the connection it was fetched for: signatures alone */
} dp_proven;

#endif
