/* SPDX-License-Identifier: BSD-2-Clause
 * Which records did a server send in its handshake?  (RFC 9102 section 2.2) */
#ifndef DP_DNSSEC_CHAIN_H
#define DP_DNSSEC_CHAIN_H

#include "base/buffer.h"

/* dnssec_chain (RFC 9102 section 12). */
#define DP_EXTENSION_TYPE 59
/* Of what a server sends: lifetime, length of the chain, and one octet of it. */
#define DP_EXTENSION_OCTETS_MIN 5

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
danepriv_status dp_chain_read_extension(danepriv_span octets, dp_extension *out);

/* The whole extension, as a server sends it: with the length in front of the chain where `prefixed`
 * (the syntax of TLS), else without (the RFC's own example).  EMALFORMED: no records, or something
 * else.  ELIMIT: more than an extension holds.  Then nothing is written.  Else the buffer's status.
 */
danepriv_status dp_chain_write_extension(
    dp_buffer *b, const dp_extension *extension, bool prefixed);

#endif
