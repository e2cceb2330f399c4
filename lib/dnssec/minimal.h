/* SPDX-License-Identifier: BSD-2-Clause
 * Which records prove this, and no others?  (RFC 9102 sections 2.3 and 5) */
#ifndef DP_DNSSEC_MINIMAL_H
#define DP_DNSSEC_MINIMAL_H

#include "base/buffer.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/status.h>

/* Writes records out of what `v` has seen that prove, without another question, what it `found` of
 * `type` at `name` at v->now.  Without any one RRset or signature of them it would not be proven,
 * or not for as long; the keys of the zones on the way, the anchor's too, are among them.  *limit:
 * to when. ENOTFOUND: nothing that could be proven to others was found.  ELIMIT: it takes more than
 * an extension of TLS can hold, than DP_CHAIN_TRIALS_MAX trials, or than one verdict may cost.
 * ENOMEM.  On failure `out` is to be given up. */
danepriv_status dp_minimal_write(const dp_validator *v, dp_name name, uint16_t type,
    const dp_found *found, dp_buffer *out, dp_proven *limit);

#endif
