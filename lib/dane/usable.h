/* SPDX-License-Identifier: BSD-2-Clause
 * Could this record be judged at all, whatever the peer presents?  (RFC 6698 section 4.1, RFC 7671
 * section 9) */
#ifndef DP_DANE_USABLE_H
#define DP_DANE_USABLE_H

#include "dns/tlsa.h"

#include <danepriv/judge.h>
#include <stdbool.h>

/* Reads a record.  NONE: it is usable.  Else the reason why not; *out is zero when MALFORMED.
 * `have_roots`: are there authorities for usages 0 and 1? */
danepriv_record_reason dp_tlsa_read_usable(danepriv_span rdata, bool have_roots, dp_tlsa *out);

#endif
