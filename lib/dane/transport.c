/* SPDX-License-Identifier: BSD-2-Clause
 * What goes without saying for a transport? */
#include "dane/transport.h"

#include <stddef.h>

/* Appended to when a transport is, in the enum's order.  Chains are for TLS and DTLS alone (RFC
 * 9102 section 3). */
static const dp_transport_traits transports[] = {
	/* RFC 8310 section 8.2 */
	[DANEPRIV_TRANSPORT_DOT] = { 853, "_tcp", true, true },
	/* RFC 8484 section 8: HTTPS over TCP */
	[DANEPRIV_TRANSPORT_DOH] = { 443, "_tcp", true, true },
	/* draft-ietf-dnsop-svcb-dane; _udp is DTLS */
	[DANEPRIV_TRANSPORT_DOQ] = { 853, "_quic", false, false },
	/* RFC 8310 section 8.2 */
	[DANEPRIV_TRANSPORT_DTLS] = { 853, "_udp", true, true },
	[DANEPRIV_TRANSPORT_IPSEC] = { 53, NULL, true, false },
	/* draft-ietf-dnsop-svcb-dane */
	[DANEPRIV_TRANSPORT_DOH3] = { 443, "_quic", false, false },
};

const dp_transport_traits *
dp_transport(danepriv_transport transport)
{
	/* An enum may be signed or not; the cast makes negative values large. */
	if ((size_t)transport >= sizeof transports / sizeof *transports)
		return NULL;
	return &transports[transport];
}

bool
dp_transport_has_chains(danepriv_transport transport)
{
	const dp_transport_traits *traits = dp_transport(transport);

	return traits && traits->has_chains;
}
