/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this Certificate message is the server's proof?  (RFC 8446 section 4.4.2) */
#ifndef DP_GNUTLS_ENTRY_H
#define DP_GNUTLS_ENTRY_H

#include <danepriv/status.h>

/* The extensions of the first CertificateEntry, and the one that was looked for among them. */
typedef struct dp_entry {
	size_t block;	    /* octets before the first extension */
	size_t at;	    /* octets before the one that was looked for: its type */
	danepriv_span data; /* what it holds; borrowed */
} dp_entry;

/* The octets of the first entry of a TLS 1.3 Certificate message, the end entity's certificate or
 * key.  Empty: the message is not well-formed up to there, or has none. */
danepriv_span dp_entry_first(danepriv_span message);

/* Looks for the extension of this type in the body of a TLS 1.3 Certificate message.
 * ENOTFOUND: it is not there.  EMALFORMED: the message is not well-formed up to the end of the
 * first entry, or has it twice.  On failure *out is zero. */
danepriv_status dp_entry_find(danepriv_span message, uint16_t type, dp_entry *out);

/* Makes of it another one at the front of the block, of the same length, all zero inside. */
void dp_entry_relabel(uint8_t *message, const dp_entry *entry, uint16_t type);

#endif
