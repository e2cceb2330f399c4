/* SPDX-License-Identifier: BSD-2-Clause
 * Whom do we trust at the top, and how much work may a stranger cause? */
#ifndef DP_DNSSEC_CONTEXT_H
#define DP_DNSSEC_CONTEXT_H

#include "base/references.h"
#include "crypto/memo.h"
#include "crypto/pubkey.h"
#include "crypto/roots.h"
#include "dns/tlsa.h"
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
	uint32_t excluded_usages; /* as in the settings */
	bool ike_takes_server_auth;
};

/* Does local policy exclude records of this usage? */
static inline bool
dp_context_excludes(const danepriv *ctx, uint8_t usage)
{
	return usage <= DP_TLSA_DANE_EE && ((ctx->excluded_usages >> usage) & 1u) != 0;
}

/* One reference more, to be closed; atomic. */
danepriv *dp_context_ref(const danepriv *ctx);

#endif
