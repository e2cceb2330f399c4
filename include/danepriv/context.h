/* SPDX-License-Identifier: BSD-2-Clause
 * context.h - whom do we trust at the top, and how much work may a stranger cause? */
#ifndef DANEPRIV_CONTEXT_H
#define DANEPRIV_CONTEXT_H

#include <danepriv/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Trust anchors and limits.  Read-only once open, shared by any number of threads. */
typedef struct danepriv danepriv;

/* Zero in any field stands for the default. */
typedef struct danepriv_settings {
	size_t size;	      /* sizeof(danepriv_settings) */
	const char *anchors;  /* DS and DNSKEY lines as in a zone file, ended by newlines; a revoked
				 key never anchors.  In Unbound's autotrust files only keys in the
				 states VALID and MISSING do (RFC 5011 section 4.2).  NULL: the
				 root's 20326 and 38696 */
	const char *negative; /* negative trust anchors (RFC 7646): domain names between white
				 space; what is at or below one is insecure.  NULL: none */
	danepriv_time earliest; /* an earlier clock is plainly wrong: proofs are then indeterminate,
				   reason "clock".  0: the date of the library's build */
	uint32_t skew_s;	/* seconds by which a signature's dates may be missed.  Default 0 */
	uint32_t max_work;	/* units a verdict may cost; one P-256 verification is 1.  0: 92.
				   Counted apart for DNSSEC and for certificates */
	uint32_t memo; /* signatures to remember that verified, 32 octets each, so that what is
			  signed above many servers is verified once.  0: 4096 */
	danepriv_span roots; /* authorities for certificate usages 0 and 1: PEM, with any text
				   between, or certificates in DER one after the other.  Copied.
				   Empty: none, and such records are unusable */
	const danepriv_crypto *crypto; /* who verifies signatures.  Copied.  NULL: GnuTLS and
					  libsodium */
} danepriv_settings;

/* Opens a context.  `settings`: NULL for defaults.  Initialises libsodium: call it once before
 * other threads start, and after fork. Algorithms and curves that the system's policy for GnuTLS
 * switches off by now are unsupported, and what is signed with nothing else is insecure (RFC 4035
 * section 5.2), unless `crypto` takes their keys; Ed25519 is libsodium's. On success *out is yours
 * to close; on failure it is NULL. EINVAL: a wrong `size`, an unknown field is set, or there are
 * roots without octets; or so it is with `crypto`, or that lacks one of its first three functions,
 * or has one of the last two without the other.  EMALFORMED: an anchor or a negative anchor does
 * not parse, or no anchor that can be used is left, or the roots hold something else than
 * certificates, or none.  ELIMIT: too many anchors or roots (256, 1024), or more than 16777216
 * signatures to remember.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_open(
    const danepriv_settings *settings, danepriv **out);

/* Lets go of your reference to a context.  NULL is fine.  Lookups and sessions hold references of
 * their own, and go on; records need none. */
DANEPRIV_API void danepriv_close(danepriv *ctx);

#ifdef __cplusplus
}
#endif

#endif
