/* SPDX-License-Identifier: BSD-2-Clause
 * Did the holder of this key sign this certificate?  (RFC 3279, 4055, 5758, 8410) */
#ifndef DP_CRYPTO_SIGNATURE_H
#define DP_CRYPTO_SIGNATURE_H

#include "crypto/keyhole.h"

#include <danepriv/crypto.h>

/* `key` is what dp_keyhole_spki found in `spki`; `crypto` (NULL: none) is asked first.
 * OK: it made `signature` over `data`.  EMALFORMED: it did not.  EINVAL: nobody here can use the
 * key.  ENOMEM. */
danepriv_status dp_signature_verify(const danepriv_crypto *crypto, const dp_key *key,
    danepriv_span spki, danepriv_scheme scheme, danepriv_span data, danepriv_span signature);

/* Can anybody here use the key?  OK, EINVAL, ENOMEM. */
danepriv_status dp_signature_key_check(
    const danepriv_crypto *crypto, const dp_key *key, danepriv_span spki);

/* Thousandths of one P-256 verification that one with such a key costs, with the hash of so many
 * octets. */
uint32_t dp_signature_cost(const dp_key *key, size_t octets);

#endif
