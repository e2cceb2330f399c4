/* SPDX-License-Identifier: BSD-2-Clause
 * Is the peer's certificate issued by whom a record means?  Usages 0, 1 and 2 (RFC 6698 section
 * 2.1.1, RFC 7671 sections 5.2 to 5.4) */
#ifndef DP_DANE_ISSUER_H
#define DP_DANE_ISSUER_H

#include "dane/reference.h"
#include "dns/name.h"
#include "dns/tlsa.h"
#include "dnssec/context.h"

#include <danepriv/judge.h>

/* All that is asked about one peer; made when it is first needed. */
typedef struct dp_issuers dp_issuers;

/* `credential` is X.509, and its first item known to be one; it, `ctx`, `base` and `wanted` must
 * stay.  *out is yours to free; ENOMEM. */
danepriv_status dp_issuers_new(dp_issuers **out, const danepriv *ctx,
    const danepriv_credential *credential, dp_name base, const dp_wanted *wanted,
    danepriv_time now);
void dp_issuers_free(dp_issuers *issuers);

/* Judges a usable record of usage 0, 1 or 2: sets judgement, reason and, with MATCH, depth; then
 * *until is the last second at which the path is valid.  It stays UNTRIED where that takes
 * certificates that were not shown.  ENOMEM. */
danepriv_status dp_issuers_try(dp_issuers *issuers, const dp_tlsa *record,
    danepriv_record_verdict *verdict, danepriv_time *until);

#endif
