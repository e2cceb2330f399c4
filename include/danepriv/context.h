/* SPDX-License-Identifier: BSD-2-Clause
 * context.h - whom do we trust at the top, and how much work may a stranger cause?
 *
 * Time.  The library has no clock.  What validates a proof takes `now`, in seconds (danepriv_time).
 * A `now` before the date of the library's build is plainly wrong: proofs are then INDETERMINATE,
 * reason "clock".  To validate what was signed before that date, or to test, set `earliest` in
 * danepriv_settings.
 *
 * Threads and fork.  Call danepriv_open once before other threads start, and again after fork: it
 * initialises libsodium.  An open context is read-only, and any number of threads share it.
 *
 * Algorithms.  What the system's policy for GnuTLS has switched off when a context is opened is
 * unsupported in it: signature algorithms and curves.  What is signed with nothing but these is
 * insecure (RFC 4035 section 5.2).  This does not apply to an algorithm whose keys `crypto` takes,
 * nor to Ed25519, which is libsodium's. */
#ifndef DANEPRIV_CONTEXT_H
#define DANEPRIV_CONTEXT_H

#include <danepriv/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Trust anchors and limits. */
typedef struct danepriv danepriv;

/* Zero in any field but `size` stands for the default. */
typedef struct danepriv_settings {
	size_t size;		/* sizeof(danepriv_settings) */
	const char *anchors;	/* DS and DNSKEY lines as in a zone file, ended by newlines.  A
				   revoked key never anchors.  In Unbound's autotrust files only
				   keys in the states VALID and MISSING do (RFC 5011 section 4.2).
				   NULL: the root's 20326 and 38696 */
	const char *negative;	/* negative trust anchors (RFC 7646): domain names between white
				   space.  What is at or below one is insecure.  NULL: none */
	danepriv_time earliest; /* a `now` before this is plainly wrong: proofs are then
				   INDETERMINATE, reason "clock".  0: the date of the library's
				   build */
	uint32_t skew_s;	/* seconds by which a signature's dates may be missed.  Default 0 */
	uint32_t max_work;	/* units that a verdict may cost.  One P-256 verification is 1.
				   Counted apart for DNSSEC and for certificates.  0: 92 */
	uint32_t memo; /* verified signatures to remember, 32 octets each: what is signed above many
			  servers is then verified once.  0: 4096 */
	danepriv_span roots; /* authorities for certificate usages 0 and 1.  PEM, with any text
				between, or certificates in DER one after the other.  Copied.
				Empty: none, and such records are unusable */
	const danepriv_crypto *crypto; /* who verifies signatures.  Copied.  NULL: GnuTLS and
					  libsodium */
	uint32_t excluded_usages;      /* certificate usages that local policy forbids (RFC 6698
					  section 4.1).  The sum of 1 for usage 0, 2 for usage 1, 4
					  for usage 2 and 8 for usage 3.  Such records are UNUSABLE,
					  reason EXCLUDED.  With 8, offer no raw keys in TLS */
	int ike_takes_server_auth; /* 1: certificates of IKE peers may list serverAuth instead of
				      ipsecIKE, since some authorities issue nothing else.  0: RFC
				      4945 section 5.1.3.12 */
} danepriv_settings;

/* Opens a context.
 * `settings`: NULL for defaults.
 * On success *out is yours to close.  On failure it is NULL.
 * Returns:
 * - OK: *out is open.
 * - EINVAL: `out` is NULL; `settings` or `crypto` has a wrong `size`, or sets an unknown field;
 *   `roots` has a length without octets; `excluded_usages` has an unknown usage, or
 *   `ike_takes_server_auth` is neither 0 nor 1; `crypto` lacks one of its first three functions, or
 *   has one of the last two without the other.
 * - ENOMEM: memory ran out, or libsodium could not start.
 * - ELIMIT: more than 16777216 signatures to remember, 256 anchors, 256 negative anchors, or 1024
 *   roots or 4194304 octets of them.
 * - EMALFORMED: an anchor or a negative anchor does not parse; no anchor that can be used is left;
 *   or the roots hold no certificate, or something that is none. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_open(
    const danepriv_settings *settings, danepriv **out);

/* Releases your reference to a context.
 * `ctx`: NULL is fine.  Lookups and sessions hold references of their own, and go on.  Records need
 *   none. */
DANEPRIV_API void danepriv_close(danepriv *ctx);

#ifdef __cplusplus
}
#endif

#endif
