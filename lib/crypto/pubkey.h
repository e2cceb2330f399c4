/* SPDX-License-Identifier: BSD-2-Clause
 * Did this DNSSEC key sign these octets?  (RFC 3110, 5702, 6605, 8080) */
#ifndef DP_CRYPTO_PUBKEY_H
#define DP_CRYPTO_PUBKEY_H

#include <danepriv/crypto.h>
#include <stdbool.h>

enum {
	DP_ALGORITHM_RSASHA256 = 8,
	DP_ALGORITHM_RSASHA512 = 10,
	DP_ALGORITHM_ECDSAP256SHA256 = 13,
	DP_ALGORITHM_ECDSAP384SHA384 = 14,
	DP_ALGORITHM_ED25519 = 15,
	DP_ALGORITHM_ED448 = 16
};

typedef struct dp_pubkey dp_pubkey;

/* 8, 10, 13, 14, 15, 16.  All others, 5 and 7 among them (RFC 9905), are as good as unknown. */
bool dp_pubkey_knows(uint8_t algorithm);

/* Of those, the ones that can be verified: bit n stands for number n. */
typedef uint32_t dp_algorithms;

/* Asks `crypto` (NULL: nobody) and, for what it does not take, libsodium, and GnuTLS what the
 * system's policy for cryptography has left of it, algorithms and curves. */
dp_algorithms dp_algorithms_ask(const danepriv_crypto *crypto);
bool dp_algorithms_have(dp_algorithms algorithms, uint8_t algorithm);

/* Thousandths of one P-256 verification that one with such a key costs; at least 1, also for keys
 * that do not parse. */
unsigned dp_pubkey_cost(uint8_t algorithm, danepriv_span key);

/* Imports the public key field of a DNSKEY, for `crypto` (NULL: GnuTLS and libsodium), which must
 * outlive it.  *out is yours to free; NULL on failure.
 * EINVAL: algorithm not supported.  EMALFORMED: wrong length, RSA modulus or exponent out of the
 * bounds of base/bounds.h, with leading zeros or even, not a point of the curve (ECDSA; Ed25519 and
 * Ed448 look at the point when they verify).  ENOMEM. */
danepriv_status dp_pubkey_from_dnskey(
    const danepriv_crypto *crypto, uint8_t algorithm, danepriv_span key, dp_pubkey **out);
void dp_pubkey_free(dp_pubkey *key);

/* True only if the key made `signature`, in the form of the algorithm's RRSIG, over `data`. */
bool dp_pubkey_verify(const dp_pubkey *key, danepriv_span data, danepriv_span signature);

#endif
