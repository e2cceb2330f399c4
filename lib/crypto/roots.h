/* SPDX-License-Identifier: BSD-2-Clause
 * Which authorities does the caller trust?  For usages 0 and 1 (RFC 6698 section 2.1.1). */
#ifndef DP_CRYPTO_ROOTS_H
#define DP_CRYPTO_ROOTS_H

#include "crypto/profile.h"
#include "crypto/subject.h"

/* Zeroed, it holds none.  All is read and hashed once, when the context opens. */
typedef struct dp_roots {
	dp_profile *profiles;
	dp_subject *subjects; /* in the same order, complete */
	size_t count;
	uint8_t *octets; /* that they borrow from */
} dp_roots;

/* PEM, or certificates in DER one after the other.  EMALFORMED: something else, or none is in it.
 * ELIMIT: too many, too large.  ENOMEM.  After a failure *out is empty. */
danepriv_status dp_roots_read(dp_roots *out, danepriv_span text);
void dp_roots_free(dp_roots *roots);

#endif
