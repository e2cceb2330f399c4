/* SPDX-License-Identifier: BSD-2-Clause
 * Did this key sign that certificate?  Asked once for each two of a verdict.
 *
 * The same authority is met with on many ways up, and under many records. */
#ifndef DP_CRYPTO_LINK_H
#define DP_CRYPTO_LINK_H

#include "crypto/profile.h"

#include <danepriv/crypto.h>

/* What became of a path; the later, the farther it came.  Zero: there is none. */
typedef enum dp_path_result {
	DP_PATH_NONE = 0,    /* no signatures lead to the anchor */
	DP_PATH_KEY,	     /* a key on it is of a kind or size that is not taken */
	DP_PATH_WEAK,	     /* a key or a digest on it is too weak */
	DP_PATH_CONSTRAINTS, /* no authority, or one that may not issue this */
	DP_PATH_PURPOSE,     /* not for servers of TLS */
	DP_PATH_DATES,	     /* expired, or not valid yet */
	DP_PATH_LIMIT,	     /* looking for one took more work than allowed */
	DP_PATH_OK
} dp_path_result;

/* One that was asked for. */
typedef struct dp_link {
	const dp_profile *certificate; /* NULL: can the key be used at all? */
	danepriv_span key;
	dp_path_result result;
} dp_link;

/* Zeroed but for the first two, none was asked for yet.  What is asked about must stay. */
typedef struct dp_links {
	const danepriv_crypto *crypto; /* NULL: what the house has */
	uint64_t *work;		       /* what may be spent still; goes down */
	dp_link *list;
	size_t count, room;
} dp_links;

/* *out is OK, NONE, KEY, WEAK or LIMIT; ENOMEM.  `key`: a SubjectPublicKeyInfo. */
danepriv_status dp_link_verify(
    dp_links *links, const dp_profile *certificate, danepriv_span key, dp_path_result *out);
void dp_links_free(dp_links *links);

/* May this key be on a path?  OK, KEY or WEAK. */
dp_path_result dp_link_key(danepriv_span key);
/* Can it be used by those who verify here?  KEY: no; ENOMEM. */
danepriv_status dp_link_issuer(dp_links *links, danepriv_span key, dp_path_result *out);

#endif
