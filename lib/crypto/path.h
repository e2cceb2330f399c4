/* SPDX-License-Identifier: BSD-2-Clause
 * Does a path lead from the peer's certificate to one that is trusted?  (RFC 5280 section 6, RFC
 * 4158)
 *
 * Peers send certificates out of order, several for the same authority, or some that have nothing
 * to do with it.  So each way up is tried, within bounds, until one holds. */
#ifndef DP_CRYPTO_PATH_H
#define DP_CRYPTO_PATH_H

#include "crypto/chain.h"

/* Where to look, and how long.  The two counters go down over all searches of a verdict. */
typedef struct dp_path_search {
	const dp_certificate *certificates; /* the peer's, its own first, none twice */
	size_t count;
	danepriv_time now;
	uint32_t work;	/* signatures that may still be verified */
	uint32_t steps; /* certificates that may still be put on top of others */
} dp_path_search;

/* What to look for. */
typedef struct dp_path_goal {
	const dp_certificate *anchors; /* the path has to end in one of these, not counting the
					  peer's own certificate */
	size_t anchor_count;
	const dp_certificate *through; /* and hold one of these above the peer's own; NULL: any */
	size_t through_count;
	bool old_anchor; /* see dp_chain */
} dp_path_goal;

typedef struct dp_path_found {
	dp_path_result result; /* of the path that came farthest */
	unsigned depth;	       /* with OK: of its anchor; 0 is the peer's own certificate */
	unsigned through;      /* with OK: of what it had to go through; without that, the same */
	danepriv_time until;   /* with OK: the last second at which all of it is valid */
} dp_path_found;

/* ENOMEM. */
danepriv_status dp_path_find(dp_path_search *search, const dp_path_goal *goal, dp_path_found *out);

#endif
