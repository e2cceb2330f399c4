/* SPDX-License-Identifier: BSD-2-Clause
 * Does a path lead from the peer's certificate to one that is trusted?  (RFC 5280 section 6, RFC
 * 4158)
 *
 * Peers send certificates out of order, several for the same authority, or some that have nothing
 * to do with it.  So each way up is tried, within bounds, until one holds. */
#ifndef DP_CRYPTO_PATH_H
#define DP_CRYPTO_PATH_H

#include "crypto/link.h"
#include "crypto/path_rules.h"
#include "crypto/profile.h"

/* Where to look, and how long.  `work` and `steps` go down over all searches of a verdict. */
typedef struct dp_path_search {
	const dp_profile *certificates; /* the peer's, its own first, none twice */
	size_t count;
	uint64_t work; /* what may be spent still, by all of it: both of the next point here */
	dp_path_asked asked;
	dp_links links;
	uint32_t steps; /* searches that may still begin, and certificates put on top of others */
} dp_path_search;

/* What to look for. */
typedef struct dp_path_goal {
	const dp_profile *anchors; /* the path has to end in one of these, not counting the peer's
				      own certificate */
	size_t anchor_count;
	const dp_profile *through; /* and hold one of these above the peer's own; NULL: any */
	size_t through_count;
	bool old_anchor; /* see dp_path */
} dp_path_goal;

typedef struct dp_path_found {
	dp_path_result result; /* of the path that came farthest */
	unsigned depth;	       /* with OK: of its anchor; 0 is the peer's own certificate */
	unsigned through;      /* with OK: of what it had to go through; without that, the same */
	danepriv_time valid_until; /* with OK: the last second at which all of it is valid */
} dp_path_found;

/* ENOMEM. */
danepriv_status dp_path_find(dp_path_search *search, const dp_path_goal *goal, dp_path_found *out);

#endif
