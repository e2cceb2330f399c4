/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#ifndef DP_DNSSEC_PROVEN_H
#define DP_DNSSEC_PROVEN_H

#include <danepriv/records.h>
#include <stdbool.h>

typedef struct dp_proven {
	danepriv_security security;
	danepriv_reason reason;
	danepriv_time valid_until; /* for reuse: TTLs and signatures */
	danepriv_time expiry;	   /* for the connection it was fetched for: signatures alone */
} dp_proven;

/* It is not proven, or that it need not be: for as long as a failure is remembered. */
dp_proven dp_proven_not(danepriv_security security, danepriv_reason reason, danepriv_time now);
/* Is it proven what the owner publishes, or that it need not or cannot be: SECURE, DENIED or
 * INSECURE? */
bool dp_proven_counts(danepriv_security security);
/* Is it proven that there are no keys to go by: DENIED or INSECURE? */
bool dp_proven_has_no_keys(danepriv_security security);
/* BOGUS or INDETERMINATE? */
bool dp_proven_is_failure(danepriv_security security);
/* The end of both. */
void dp_proven_limit(dp_proven *proven, dp_proven other);
/* Which failure tells more: insecure, then unknown, indeterminate, bogus with its best reason. */
dp_proven dp_proven_worse(dp_proven a, dp_proven b);

#endif
