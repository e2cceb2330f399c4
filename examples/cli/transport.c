/* SPDX-License-Identifier: BSD-2-Clause
 * Which transports does this build speak? */
#include "transport.h"

const cli_transport *
cli_transport_of(danepriv_transport transport)
{
	static const cli_transport *const transports[] = {
		[DANEPRIV_TRANSPORT_DOT] = &cli_transport_dot,
		[DANEPRIV_TRANSPORT_DTLS] = &cli_transport_dtls,
#ifdef CLI_HTTP2
		[DANEPRIV_TRANSPORT_DOH] = &cli_transport_doh,
#endif
#ifdef CLI_QUIC
		[DANEPRIV_TRANSPORT_DOQ] = &cli_transport_doq,
#endif
#ifdef CLI_HTTP3
		[DANEPRIV_TRANSPORT_DOH3] = &cli_transport_doh3,
#endif
	};
	size_t place = (size_t)transport;

	return place < sizeof transports / sizeof *transports ? transports[place] : NULL;
}
