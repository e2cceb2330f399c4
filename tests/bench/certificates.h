/* SPDX-License-Identifier: BSD-2-Clause
 * How does the bench come by certificates and keys that nobody would issue?  What cannot be made
 * ends the program; what is returned is yours to free. */
#ifndef BENCH_CERTIFICATES_H
#define BENCH_CERTIFICATES_H

#include "support/octets.h"

#include <gnutls/abstract.h>

/* What it is signed with, or seems to be: all but RSA with the hash that fits. */
typedef enum made_scheme { MADE_ECDSA = 0, MADE_RSA, MADE_ED25519, MADE_ED448 } made_scheme;

typedef struct made {
	const char *subject, *issuer; /* common names */
	danepriv_span spki;
	made_scheme scheme;
	size_t signature_octets; /* of RSA */
	gnutls_privkey_t signer; /* NULL: nobody signs it */
	bool is_authority;
	unsigned names;	   /* alternative names: `ns1.example.net`, and so many others less one */
	const char *name;  /* the others; NULL: short ones, all different */
	unsigned subtrees; /* what may not be issued for */
	size_t filling;	   /* octets of an extension that nobody knows */
	unsigned serial;
} made;

test_octets made_certificate(const made *m);

/* A new key's SubjectPublicKeyInfo; *kept (or NULL): the other half, yours too. */
test_octets made_key(gnutls_pk_algorithm_t algorithm, unsigned bits, gnutls_privkey_t *kept);
/* RSA with a modulus of so many octets, made of nothing, another one for each number; the exponent
 * has all bits set, or is 3 (no octets). */
test_octets made_rsa_key(size_t modulus, size_t exponent, unsigned number);

/* Octets that could be such a signature. */
test_octets made_signature(made_scheme scheme, size_t rsa_octets, unsigned serial);

#endif
