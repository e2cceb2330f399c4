/* SPDX-License-Identifier: BSD-2-Clause
 * Who has signed this RRset, and does it hold?  (RFC 4035 section 5.3) */
#ifndef DP_DNSSEC_RRSIG_H
#define DP_DNSSEC_RRSIG_H

#include "dns/rr.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>

/* Is the RRset that begins at `first` signed by the zone that it lies in? */
dp_checked dp_rrsig_check(dp_validator *v, size_t first);
/* Was it found to be, by an earlier dp_rrsig_check? */
bool dp_rrsig_is_secure(const dp_validator *v, size_t first);
/* Of one that is: the TTL that was signed (RFC 4034 section 3.1.4). */
uint32_t dp_rrsig_ttl(const dp_validator *v, size_t first);
/* Does `key` (item of a DNSKEY) verify this signature over the RRset? */
bool dp_rrsig_verify(dp_validator *v, size_t first, const dp_rrsig *sig, size_t key);
/* Are we inside the signature's dates?  NONE, or the reason why not. */
danepriv_reason dp_rrsig_dates(const dp_validator *v, const dp_rrsig *sig);
/* How long does this RRset stay proven by this signature, item `rrsig`?  It takes note that this
 * one verifies: the `checked` of an RRSIG. */
dp_proven dp_rrsig_proven(dp_validator *v, size_t first, size_t rrsig, const dp_rrsig *sig);

#endif
