/* SPDX-License-Identifier: BSD-2-Clause
 * credential.h - what did the peer present? */
#ifndef DANEPRIV_CREDENTIAL_H
#define DANEPRIV_CREDENTIAL_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum danepriv_credential_type {
	DANEPRIV_CREDENTIAL_X509 = 0, /* items: certificates in DER, the end entity's first */
	DANEPRIV_CREDENTIAL_RAW_KEY,  /* one item: a SubjectPublicKeyInfo in DER (RFC 7250) */
	DANEPRIV_CREDENTIAL_LEAF      /* as X509, but the peer sent more certificates than you were
					 shown (a resumed session, a TLS library that keeps them to
					 itself).  Never for a handshake whose whole list you have */
} danepriv_credential_type;

/* A plain struct that only names: the octets stay yours. */
typedef struct danepriv_credential {
	danepriv_credential_type type;
	const danepriv_span *items;
	size_t count;
} danepriv_credential;

/* The owner's side: the RDATA of the TLSA (or IPSECA) record that means a credential's first item,
 * written to `rdata`, at most `room` octets (NULL and 0 to measure, which says ELIMIT); *needed
 * (may be NULL) receives its length.  35 octets do for `3 1 1`.  Nothing is proven by it. EINVAL:
 * not a credential, a usage over 3, a selector over 1, a matching type over 2, or a raw key with
 * other than `3 1 x`.  EMALFORMED: the item is not DER of the right shape.  ELIMIT: `room` is too
 * small, or the item too large for a record.  EADAPTER: no such digest in the library underneath.
 * After a failure nothing was written. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_credential_record(
    const danepriv_credential *credential, uint8_t usage, uint8_t selector, uint8_t matching,
    uint8_t *rdata, size_t room, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
