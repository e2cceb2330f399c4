/* SPDX-License-Identifier: BSD-2-Clause
 * credential.h - what did the peer present? */
#ifndef DANEPRIV_CREDENTIAL_H
#define DANEPRIV_CREDENTIAL_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum danepriv_credential_type {
	DANEPRIV_X509 = 0, /* items: certificates in DER, the end entity's first */
	DANEPRIV_RAW_KEY   /* one item: a SubjectPublicKeyInfo in DER (RFC 7250) */
} danepriv_credential_type;

/* A plain struct that only names: the octets stay yours. */
typedef struct danepriv_credential {
	danepriv_credential_type type;
	const danepriv_span *items;
	size_t count;
} danepriv_credential;

#ifdef __cplusplus
}
#endif

#endif
