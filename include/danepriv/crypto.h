/* SPDX-License-Identifier: BSD-2-Clause
 * crypto.h - who verifies the signatures of DNSSEC and of certificates?
 *
 * GnuTLS and libsodium do, unless a context is opened with another provider.  One that is faster
 * for ECDSA is in <danepriv/openssl.h>.  What may be verified at all is not left to a provider:
 * lengths, moduli and exponents out of bounds never reach it. */
#ifndef DANEPRIV_CRYPTO_H
#define DANEPRIV_CRYPTO_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a certificate was signed: the form of the signature, and the digest.  With ECDSA the curve is
 * that of the key: P-256, P-384 or P-521. */
typedef enum danepriv_scheme {
	DANEPRIV_SCHEME_NONE = 0,
	DANEPRIV_SCHEME_RSA_SHA256, /* RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2) */
	DANEPRIV_SCHEME_RSA_SHA384,
	DANEPRIV_SCHEME_RSA_SHA512,
	DANEPRIV_SCHEME_PSS_SHA256, /* RSASSA-PSS (RFC 8017 section 8.1): MGF1 with the same digest,
				       a salt as long as that */
	DANEPRIV_SCHEME_PSS_SHA384,
	DANEPRIV_SCHEME_PSS_SHA512,
	DANEPRIV_SCHEME_ECDSA_SHA256, /* Ecdsa-Sig-Value in DER (RFC 3279 section 2.2.3) */
	DANEPRIV_SCHEME_ECDSA_SHA384,
	DANEPRIV_SCHEME_ECDSA_SHA512,
	DANEPRIV_SCHEME_ED25519, /* RFC 8032 */
	DANEPRIV_SCHEME_ED448
} danepriv_scheme;

/* A provider: functions that are called from any number of threads at the same time.  The same
 * arguments give the same answer.  They must live as long as each context that was opened with
 * them.  The last two are for certificates.  Both are there, or neither: then GnuTLS and libsodium
 * verify those.  A provider for certificates alone has an `import_key` that answers NULL.  What
 * `verify` or `verify_spki` denies is final: nobody else is asked. */
typedef struct danepriv_crypto {
	size_t size; /* sizeof(danepriv_crypto) */
	/* Makes the public key field of a DNSKEY (RFC 3110, 5702, 6605, 8080) ready for use.  NULL:
	 * it is no such key, the algorithm is not one of yours, or memory ran out.  GnuTLS and
	 * libsodium are then asked. */
	void *(*import_key)(uint8_t algorithm, danepriv_span key);
	/* 1: the key made `signature` over `data`.  Any other value: it did not.  The signature has
	 * the form that an RRSIG of its algorithm has. */
	int (*verify)(const void *key, danepriv_span data, danepriv_span signature);
	/* Frees a key of either kind.  Never called with NULL. */
	void (*free_key)(void *key);
	/* Makes a SubjectPublicKeyInfo in DER (RFC 3279, 4055, 5480, 8410) ready for signatures of
	 * this scheme.  NULL: as with `import_key`. */
	void *(*import_spki)(danepriv_scheme scheme, danepriv_span spki);
	/* 1: the key, imported for this scheme, made `signature` over `data`, which is not hashed
	 * yet.  Any other value: it did not.  The signature has the form that a certificate has. */
	int (*verify_spki)(
	    const void *key, danepriv_scheme scheme, danepriv_span data, danepriv_span signature);
} danepriv_crypto;

#ifdef __cplusplus
}
#endif

#endif
