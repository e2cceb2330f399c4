/* SPDX-License-Identifier: BSD-2-Clause
 * crypto.h - who verifies the signatures of DNSSEC?
 *
 * GnuTLS and libsodium do, unless a context is opened with somebody else: <danepriv/openssl.h> has
 * one who is faster for ECDSA.  What may be verified at all is not asked of him: lengths, moduli
 * and exponents out of bounds never reach him. */
#ifndef DANEPRIV_CRYPTO_H
#define DANEPRIV_CRYPTO_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Three functions, called from any number of threads at the same time: same arguments, same answer.
 * They must live as long as each context that was opened with them. */
typedef struct danepriv_crypto {
	size_t size; /* sizeof(danepriv_crypto) */
	/* The public key field of a DNSKEY (RFC 3110, 5702, 6605, 8080) made ready for use; NULL
	 * when it is no such key, the algorithm is not one of yours, or memory is out: GnuTLS and
	 * libsodium are then asked. */
	void *(*import_key)(uint8_t algorithm, danepriv_span key);
	/* 1: the key made `signature`, in the form that an RRSIG of its algorithm has, over `data`.
	 * All else: it did not. */
	int (*verify)(const void *key, danepriv_span data, danepriv_span signature);
	/* Lets go of a key.  Never called with NULL. */
	void (*free_key)(void *key);
} danepriv_crypto;

#ifdef __cplusplus
}
#endif

#endif
