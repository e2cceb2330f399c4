/* SPDX-License-Identifier: BSD-2-Clause
 * Which records did a server send in its handshake?  (RFC 9102 section 2.2) */
#ifndef DP_DNSSEC_CHAIN_H
#define DP_DNSSEC_CHAIN_H

#include <danepriv/status.h>

/* What extension 59 holds when a server sends it. */
typedef struct dp_extension {
	uint16_t lifetime;   /* hours for which the server promises to go on sending it */
	danepriv_span chain; /* records, one after the other; borrowed */
} dp_extension;

/* The records of an AuthenticationChain, with or without the length in front of it: the syntax of
 * TLS asks for one, and the RFC's own example has none.  EMALFORMED: no records, or something else.
 * On failure *out is empty. */
danepriv_status dp_chain_read(danepriv_span octets, danepriv_span *out);

/* The whole extension.  EMALFORMED as above.  On failure *out is zero. */
danepriv_status dp_extension_read(danepriv_span octets, dp_extension *out);

#endif
