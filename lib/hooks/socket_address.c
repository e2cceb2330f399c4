/* SPDX-License-Identifier: BSD-2-Clause
 * Which address does a socket's say?  The only file of the core that knows how sockets lay theirs
 * out; it opens none. */
#include <danepriv/hooks.h>

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

danepriv_status
danepriv_address_read(
    const struct sockaddr *address, danepriv_transport transport, danepriv_address *out)
{
	const uint8_t *octets = (const uint8_t *)address;

	if (!out)
		return DANEPRIV_EINVAL;
	memset(out, 0, sizeof *out);
	if (!address)
		return DANEPRIV_EINVAL;
	switch (address->sa_family) {
	case AF_INET:
		out->octets = (danepriv_span){ octets + offsetof(struct sockaddr_in, sin_addr), 4 };
		break;
	case AF_INET6:
		out->octets =
		    (danepriv_span){ octets + offsetof(struct sockaddr_in6, sin6_addr), 16 };
		break;
	default:
		return DANEPRIV_EINVAL;
	}
	out->transport = transport;
	return DANEPRIV_OK;
}
