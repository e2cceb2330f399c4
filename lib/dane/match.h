/* SPDX-License-Identifier: BSD-2-Clause
 * Is this credential the one that was published?  (RFC 6698, RFC 7671) */
#ifndef DP_DANE_MATCH_H
#define DP_DANE_MATCH_H

#include "dane/records.h"
#include "dane/reference.h"

#include <danepriv/judge.h>

/* Nothing is known yet: UNJUDGED, no record.  EINVAL: no verdict, or of another size. */
danepriv_status dp_verdict_clear(danepriv_verdict *out);

/* danepriv_evaluate_names with these differences: `bound` stands instead of the records'
 * `valid_until`; `names` may be NULL: none; and `credential` may be NULL: there is no peer to show
 * one, so that records which could be judged leave the finding INDETERMINATE. */
danepriv_status dp_evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const dp_names *names, danepriv_time now,
    danepriv_time bound, danepriv_verdict *out);

/* Records that were published, wherever they are kept. */
typedef struct dp_published {
	dp_proven proven;
	dp_name base;
	const dp_association *associations;
	size_t count;
} dp_published;

/* The same for records that are not in a danepriv_records. */
danepriv_status dp_evaluate_published(const danepriv *ctx, const dp_published *published,
    const danepriv_credential *credential, const dp_names *names, danepriv_time now,
    danepriv_time bound, danepriv_verdict *out);

#endif
