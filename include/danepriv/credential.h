/* SPDX-License-Identifier: BSD-2-Clause
 * credential.h - what did the peer present?
 *
 * A credential only names what was presented: the octets stay yours.  judge.h compares it with what
 * the owner of the server's name has published. */
#ifndef DANEPRIV_CREDENTIAL_H
#define DANEPRIV_CREDENTIAL_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In which form a peer presents its key. */
typedef enum danepriv_credential_type {
	DANEPRIV_CREDENTIAL_X509 = 0, /* items: certificates in DER, the end entity's first */
	DANEPRIV_CREDENTIAL_RAW_KEY,  /* one item: a SubjectPublicKeyInfo in DER (RFC 7250) */
	DANEPRIV_CREDENTIAL_LEAF      /* as X509, but the peer sent more certificates than you were
					 shown.  So it is with a resumed session, and with a TLS
					 library that does not pass them on.  Never use it for a
					 handshake whose whole list you have */
} danepriv_credential_type;

/* A credential: a plain struct that only names. */
typedef struct danepriv_credential {
	danepriv_credential_type type;
	const danepriv_span *items;
	size_t count;
} danepriv_credential;

/* Writes the RDATA of the TLSA (or IPSECA) record that means a credential's first item.  This is
 * for the owner of a server, and proves nothing.
 * `usage`, `selector`, `matching`: the first three fields of the record (RFC 6698 section 2.1).
 * `rdata`: room for `room` octets.  35 do for `3 1 1`.  NULL and 0 measure, which says ELIMIT.
 * `needed`: receives the length of the RDATA in octets; may be NULL.
 * On failure nothing is written to `rdata`.
 * Returns:
 * - OK: the RDATA is written.
 * - EINVAL: not a credential; a usage over 3, a selector over 1, or a matching type over 2; a raw
 *   key with other than `3 1 x`; or `rdata` is NULL with room.
 * - EMALFORMED: the first item is not DER of the right shape, or an item has no octets.
 * - EADAPTER: the library underneath has no such digest.
 * - ELIMIT: `room` is too small, the item is too large for a record, or the credential is larger
 *   than a handshake may carry. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_credential_record(
    const danepriv_credential *credential, uint8_t usage, uint8_t selector, uint8_t matching,
    uint8_t *rdata, size_t room, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
