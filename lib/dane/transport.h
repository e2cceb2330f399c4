/* SPDX-License-Identifier: BSD-2-Clause
 * What goes without saying for a transport? */
#ifndef DP_DANE_TRANSPORT_H
#define DP_DANE_TRANSPORT_H

#include <danepriv/server.h>
#include <stdbool.h>

typedef struct dp_transport_traits {
	uint16_t port;
	const char *label; /* in front of the server's name; NULL: none (draft-osterweil-dane-ipsec
			      section 2.3) */
	bool is_settled;   /* the label stands in an RFC */
	bool has_chains;   /* a server can send its own proof in the handshake */
} dp_transport_traits;

/* NULL: no such transport. */
const dp_transport_traits *dp_transport(danepriv_transport transport);
bool dp_transport_has_chains(danepriv_transport transport);

#endif
