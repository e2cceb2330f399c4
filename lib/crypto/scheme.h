/* SPDX-License-Identifier: BSD-2-Clause
 * How does this certificate say that it was signed?  (RFC 3279, 4055, 5758, 8410) */
#ifndef DP_CRYPTO_SCHEME_H
#define DP_CRYPTO_SCHEME_H

#include <danepriv/crypto.h>

/* An AlgorithmIdentifier, with its tag and length; *out is NONE but with OK.
 * EINVAL: none of ours.  ELIMIT: with MD5 or SHA-1, which are too weak. */
danepriv_status dp_scheme_read(danepriv_span algorithm, danepriv_scheme *out);

/* Bits of its digest: 256, 384 or 512; 0 for those that have none of their own. */
unsigned dp_scheme_hash_bits(danepriv_scheme scheme);

#endif
