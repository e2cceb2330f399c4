/* SPDX-License-Identifier: BSD-2-Clause
 * What does a key of this algorithm look like?  For whoever wants to know if others take it. */
#ifndef DP_CRYPTO_SAMPLE_H
#define DP_CRYPTO_SAMPLE_H

#include <danepriv/status.h>

/* The public key field of a DNSKEY, whose private half nobody has kept; empty for algorithms that
 * are not known, and for Ed25519, which needs no asking. */
danepriv_span dp_sample_key(uint8_t algorithm);

#endif
