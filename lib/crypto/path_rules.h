/* SPDX-License-Identifier: BSD-2-Clause
 * May these certificates stand in this order, up to this anchor?  (RFC 5280 section 6.1)
 *
 * All but the signatures, which are asked for on the way. */
#ifndef DP_CRYPTO_PATH_RULES_H
#define DP_CRYPTO_PATH_RULES_H

#include "base/bounds.h"
#include "crypto/link.h"
#include "crypto/profile.h"
#include "dns/name.h"

/* The end entity first, each issued by the next, and the last by the anchor. */
typedef struct dp_path {
	const dp_profile *list[DP_PATH_MAX]; /* without the anchor */
	size_t len;
	const dp_profile *anchor; /* one with only a key in it stands for an authority of any name
				     (RFC 7671 section 5.2.3), which constrains nobody */
	bool old_anchor;	  /* may it be of version 1, and so not say that it is one? */
} dp_path;

/* What it is asked for. */
typedef struct dp_path_asked {
	const dp_name *names; /* of the server, as far as its certificate is for them: every
				 authority on the path must be allowed to issue for one of them */
	size_t name_count;
	bool is_by_address; /* an address of its own stands for the names */
	uint8_t purposes;   /* a set: one of these does; DP_PURPOSE_... */
	danepriv_time now;
	uint64_t *work; /* what may be spent still; goes down */
} dp_path_asked;

/* Only a key is known of it. */
bool dp_path_is_bare(const dp_profile *anchor);

/* What stands against every path that begins with this certificate: its own form, key, digest,
 * purpose and dates.  OK: nothing does. */
dp_path_result dp_path_judge_end(const dp_profile *leaf, const dp_path_asked *asked);

/* OK, or the first of the others that stands against it; *until: the last second at which all of it
 * is valid. */
dp_path_result dp_path_judge(const dp_path *path, dp_path_asked *asked, danepriv_time *until);

#endif
