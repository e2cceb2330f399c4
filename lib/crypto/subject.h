/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate or key the one that a record means?  (RFC 6698 section 2.1.2 and 2.1.3) */
#ifndef DP_CRYPTO_SUBJECT_H
#define DP_CRYPTO_SUBJECT_H

#include "crypto/der.h"
#include "crypto/digest.h"
#include "dns/tlsa.h"

#include <danepriv/credential.h>

/* One certificate or raw key of the peer's, with the digests of it that were needed so far.  Holds
 * no memory of its own: borrows from the credential. */
typedef struct dp_subject {
	dp_certificate fields;			     /* of a raw key there is `spki` alone */
	uint8_t digests[2][2][DP_DIGEST_OCTETS_MAX]; /* by selector, then SHA-256, SHA-512 */
	bool known[2][2];
} dp_subject;

/* The digest that a matching type stands for; NONE for Full and for unknown ones. */
dp_digest_type dp_subject_digest(uint8_t matching);

/* EMALFORMED: not DER of the right shape; nothing may then match it. */
danepriv_status dp_subject_read(dp_subject *out, danepriv_credential_type type, danepriv_span item);

/* What a record for this subject would hold as association data, each digest computed once. Borrows
 * from the subject.  Empty: no such part, type or digest. */
danepriv_span dp_subject_data(dp_subject *subject, uint8_t selector, uint8_t matching);

/* Does a usable record mean this subject?  Compared in constant time. */
bool dp_subject_matches(dp_subject *subject, const dp_tlsa *record);

/* Octets that have to be hashed or compared to tell. */
size_t dp_subject_work(const dp_subject *subject, const dp_tlsa *record);

/* Computes all digests, after which the subject does not change any more.  False: that cannot be
 * done. */
bool dp_subject_complete(dp_subject *subject);

#endif
