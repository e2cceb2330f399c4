/* SPDX-License-Identifier: BSD-2-Clause
 * Is this credential the one that was published?  (RFC 6698, RFC 7671) */
#ifndef DP_DANE_MATCH_H
#define DP_DANE_MATCH_H

#include "dane/records.h"
#include "dane/reference.h"
#include "dane/usable.h"
#include "dns/name.h"
#include "dnssec/proven.h"

#include <danepriv/judge.h>

/* Nothing is known yet: UNJUDGED, no record.  EINVAL: no verdict, or of a wrong size, and nothing
 * is touched; or its array is, which is not touched then. */
danepriv_status dp_match_clear(danepriv_verdict *out);

/* Records that were published, wherever they are kept. */
typedef struct dp_published {
	dp_proven proven;
	dp_name base;
	const dp_association *associations;
	size_t count;
} dp_published;

/* Sets the finding, last of all, and whether that looks like an attack. */
void dp_match_find(danepriv_verdict *verdict, danepriv_finding finding);

/* danepriv_evaluate with these differences: *out is clear (dp_match_clear); the records need not
 * be a danepriv_records; `wanted` says what a certificate is for; and `credential` may be NULL:
 * there is no peer to show one, so that records which could be judged leave the finding
 * INDETERMINATE.  With a
 * MATCH, *shown_until (may be NULL) is the last second at which what the peer has shown holds,
 * whatever the records do; INT64_MAX with usage 3, which asks for no dates (RFC 7671 section 5.1).
 */
danepriv_status dp_match_evaluate(const danepriv *ctx, const dp_published *published,
    const danepriv_credential *credential, const dp_wanted *wanted, danepriv_time now,
    danepriv_time *shown_until, danepriv_verdict *out);

/* A server of TLS, by no other name than its TLSA base domain. */
extern const dp_wanted dp_match_server;

/* Those of a danepriv_records, to be gone by until `bound` instead of their `valid_until`. */
dp_published dp_match_until(const danepriv_records *records, danepriv_time bound);

#endif
