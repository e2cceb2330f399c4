/* SPDX-License-Identifier: BSD-2-Clause
 * Do these certificates, in this order, lead up to this anchor?  (RFC 5280 section 6) */
#ifndef DP_CRYPTO_CHAIN_H
#define DP_CRYPTO_CHAIN_H

#include "crypto/der.h"

/* What became of a path; the later, the farther it came.  Zero: there is none. */
typedef enum dp_path_result {
	DP_PATH_NONE = 0,    /* no signatures lead to the anchor */
	DP_PATH_WEAK,	     /* a key or a digest on it is too weak */
	DP_PATH_CONSTRAINTS, /* no authority, or one that may not issue this */
	DP_PATH_PURPOSE,     /* not for servers of TLS */
	DP_PATH_DATES,	     /* expired, or not valid yet */
	DP_PATH_LIMIT,	     /* looking for one took more work than allowed */
	DP_PATH_OK
} dp_path_result;

typedef struct dp_chain {
	const dp_certificate *certificates; /* the end entity first, each issued by the next */
	size_t count;
	const dp_certificate *anchor; /* issued the last one; one with only a key in it stands
					 for an authority of any name (RFC 7671 section 5.2.3) */
	bool old_anchor;	      /* may it be of version 1, and so not say that it is one? */
} dp_chain;

/* Signatures, constraints and strength; neither dates nor purposes nor names.  ENOMEM. */
danepriv_status dp_chain_verify(const dp_chain *chain, dp_path_result *out);

#endif
