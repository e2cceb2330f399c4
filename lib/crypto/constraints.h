/* SPDX-License-Identifier: BSD-2-Clause
 * May this authority issue for these names?  (RFC 5280 section 4.2.1.10)
 *
 * Constraints on dNSNames, iPAddresses and directoryNames are held against names.  Those on names
 * of other kinds refuse a certificate that has one, if they are critical. */
#ifndef DP_CRYPTO_CONSTRAINTS_H
#define DP_CRYPTO_CONSTRAINTS_H

#include "crypto/profile.h"
#include "dns/name.h"

/* Zero: no. */
typedef enum dp_permission {
	DP_PERMISSION_NO = 0,
	DP_PERMISSION_LIMIT, /* there are too many names and subtrees to tell */
	DP_PERMISSION_YES
} dp_permission;

/* All that the certificate is made out to: its alternative names and its subject.  *work is what
 * it may cost still, and goes down. */
dp_permission dp_constraints_permit(
    const dp_profile *authority, const dp_profile *certificate, uint64_t *work);

/* A server's own name, by whatever star a certificate is for it. */
dp_permission dp_constraints_permit_name(const dp_profile *authority, dp_name name, uint64_t *work);

#endif
