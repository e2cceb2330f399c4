/* SPDX-License-Identifier: BSD-2-Clause
 * In which place of a table does this belong, so that nobody outside can foretell it?
 *
 * Strangers choose the names that fill our tables.  Without the secret they cannot choose names
 * that fall on each other (SipHash-2-4, made for this).  64 bits: equal hashes are no proof of
 * equal octets. */
#ifndef DP_CRYPTO_KEYED_H
#define DP_CRYPTO_KEYED_H

#include <danepriv/status.h>
#include <stdbool.h>

#define DP_KEYED_SECRET_OCTETS 16

/* A secret for one table, from the system's randomness.  False, and all zeros: there is none to be
 * had. */
bool dp_keyed_secret(uint8_t secret[DP_KEYED_SECRET_OCTETS]);

/* Same secret and octets, same hash, in one process: for memory, never to be stored or sent. */
uint64_t dp_keyed_hash(const uint8_t secret[DP_KEYED_SECRET_OCTETS], danepriv_span octets);

#endif
