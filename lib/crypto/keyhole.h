/* SPDX-License-Identifier: BSD-2-Clause
 * May a library see this key of a stranger's?  (RFC 3110, 3279, 4055, 5480, 8410)
 *
 * All keys pass here before GnuTLS, libsodium, OpenSSL or a caller's provider is given one: some of
 * those divide by what is zero in it, and some run for minutes with what is long in it. */
#ifndef DP_CRYPTO_KEYHOLE_H
#define DP_CRYPTO_KEYHOLE_H

#include <danepriv/status.h>
#include <stdbool.h>

/* Zero: no key, with which nothing is verified.  DSA, GOST, X25519, other curves, and curves by
 * their parameters are not here. */
typedef enum dp_key_kind {
	DP_KEY_NONE = 0,
	DP_KEY_RSA,
	DP_KEY_RSA_PSS, /* for RSA-PSS alone (RFC 4055 section 1.2) */
	DP_KEY_P256,
	DP_KEY_P384,
	DP_KEY_P521,
	DP_KEY_ED25519,
	DP_KEY_ED448
} dp_key_kind;

/* Borrows from the octets that it was read from. */
typedef struct dp_key {
	dp_key_kind kind;
	danepriv_span modulus, exponent; /* RSA: without leading zeros */
	danepriv_span point;		 /* ECDSA: x, then y; else as RFC 8032 has it */
	unsigned bits;			 /* RSA: of the modulus; else of the curve */
	unsigned pss_hash;		 /* RSA_PSS: 256, 384 or 512; 0: any of those */
	unsigned pss_salt;		 /* RSA_PSS: octets of salt at the least */
} dp_key;

/* Reads one SubjectPublicKeyInfo from its first octet to its last.
 * EMALFORMED: none, or its numbers cannot be such a key's.  EINVAL: of a kind, with parameters or
 * in a form that are not ours.  ELIMIT: RSA, with a modulus or exponent out of bounds; out->bits
 * says how many the modulus has.  But for those bits *out is then empty.  That a point lies on its
 * curve is for the library to see. */
danepriv_status dp_keyhole_spki(danepriv_span spki, dp_key *out);

/* The same of a certificate's or a peer's own key, where only yes or no is asked for. */
bool dp_keyhole_is_fit(danepriv_span spki);

/* What is in RSASSA-PSS-params (RFC 4055 section 3.1): SHA-256, 384 or 512, MGF1 with the same,
 * a salt no longer than the hash, trailer 1.  False: anything else. */
bool dp_keyhole_read_pss(danepriv_span parameters, unsigned *hash_bits, unsigned *salt);

/* Is it an RSA key, by the rules that all share?  `shortest` and `longest`: bits of the modulus.
 * Without leading zeros in its numbers.  EMALFORMED, ELIMIT as above. */
danepriv_status dp_keyhole_rsa(danepriv_span modulus, danepriv_span exponent, unsigned shortest,
    unsigned longest, dp_key *out);

/* Thousandths of one P-256 verification that one with this RSA key costs.  It grows with the square
 * of the modulus and with the bits of the exponent.  Within a factor of two of what GnuTLS 3.7
 * took, in measures of OpenSSL's P-256. */
unsigned dp_keyhole_rsa_cost(const dp_key *key);

#endif
