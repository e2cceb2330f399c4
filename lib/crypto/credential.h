/* SPDX-License-Identifier: BSD-2-Clause
 * Is this a credential as a peer can present one? */
#ifndef DP_CRYPTO_CREDENTIAL_H
#define DP_CRYPTO_CREDENTIAL_H

#include <danepriv/credential.h>

/* Looks at the shape alone, not into the octets; *octets (may be NULL) is their sum.
 * EINVAL: NULL, empty, an empty item, unknown type, or more than one raw key.  ELIMIT: more items
 * or octets than base/bounds.h allows. */
danepriv_status dp_credential_check(const danepriv_credential *credential, size_t *octets);

/* One block that holds a checked credential and all its octets; free it with dp_free.  ENOMEM;
 * EINVAL, ELIMIT as above.  *out is NULL on failure. */
danepriv_status dp_credential_copy(
    const danepriv_credential *credential, danepriv_credential **out);

#endif
