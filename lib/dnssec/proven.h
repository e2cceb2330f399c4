/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#ifndef DP_DNSSEC_PROVEN_H
#define DP_DNSSEC_PROVEN_H

#include <danepriv/records.h>
#include <stdbool.h>

/* At which RRset did it break?  Kept so small because each verdict on the way has one;
 * dnssec/place.h reads it. */
typedef enum dp_place_kind {
	DP_PLACE_NONE = 0,
	DP_PLACE_SET,	/* that begins at item `index` of the evidence */
	DP_PLACE_KEYS,	/* the keys of zone `index` of the validator */
	DP_PLACE_DS,	/* its DS */
	DP_PLACE_ASKED, /* what was asked for, at the name where the aliases ended */
	DP_PLACE_CUT	/* the DS at the ancestor of that name with so many labels: `index` */
} dp_place_kind;

typedef struct dp_place {
	uint16_t kind; /* dp_place_kind */
	uint16_t index;
} dp_place;

/* A thousand of them are held at once, where somebody sends as many records. */
typedef struct dp_proven {
	danepriv_security security : 16;
	danepriv_reason reason : 16;
	dp_place place;		   /* of what is neither SECURE nor DENIED, where it is known */
	danepriv_time valid_until; /* for reuse: TTLs and signatures */
	danepriv_time expiry;	   /* for the connection it was fetched for: signatures alone */
} dp_proven;

/* It is not proven, or that it need not be: for as long as a failure is remembered. */
dp_proven dp_proven_not(danepriv_security security, danepriv_reason reason, danepriv_time now);
/* The same, broken at this place, unless it is known to be another, or it is not broken. */
dp_proven dp_proven_at(dp_proven proven, dp_place_kind kind, size_t index);
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
