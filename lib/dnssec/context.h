/* SPDX-License-Identifier: BSD-2-Clause
 * Whom do we trust at the top, and how much work may a stranger cause? */
#ifndef DP_DNSSEC_CONTEXT_H
#define DP_DNSSEC_CONTEXT_H

#include "base/references.h"
#include "crypto/memo.h"
#include "crypto/pubkey.h"
#include "crypto/roots.h"
#include "dnssec/anchor.h"

#include <danepriv/context.h>

struct danepriv {
	dp_references references; /* of who has opened it, of lookups and sessions */
	dp_anchors anchors;
	dp_roots roots;		       /* for certificate usages 0 and 1 */
	danepriv_crypto given;	       /* a copy of what the caller gave */
	const danepriv_crypto *crypto; /* NULL: what the house has */
	dp_algorithms algorithms;      /* of DNSSEC, that can be verified; asked at the start */
	dp_memo *memo;		       /* the one thing that changes, and no verdict with it */
	danepriv_time earliest;
	uint32_t skew_s;
	uint32_t max_work;
};

/* One reference more, to be closed; atomic. */
danepriv *dp_context_ref(const danepriv *ctx);

#endif
