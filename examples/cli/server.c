/* SPDX-License-Identifier: BSD-2-Clause
 * Which server is meant? */
#include "server.h"

#include <arpa/inet.h>

/* Over IPsec a server may be known by its address alone: then it is named by its place in the
 * reverse tree (draft-osterweil-dane-ipsec section 2.4.1). */
static void
name_address(cli_server *s)
{
	uint8_t octets[16];
	danepriv_span address = { octets, 0 };

	if (inet_pton(AF_INET, s->name, octets) == 1)
		address.len = 4;
	else if (inet_pton(AF_INET6, s->name, octets) == 1)
		address.len = 16;
	if (address.len > 0 &&
	    danepriv_server_reverse(address, s->reverse, sizeof s->reverse, NULL) == DANEPRIV_OK)
		s->server.name = s->reverse;
}

static bool
label_is_good(const cli_server *s)
{
	danepriv_server plain = { "a.test", 0, s->server.transport };
	char owner[64];

	plain.label = s->label;
	danepriv_status status = danepriv_server_owner(&plain, owner, sizeof owner, NULL);
	if (status == DANEPRIV_EINVAL)
		cli_complain("--label goes with --transport doq and doh3 only");
	else if (status != DANEPRIV_OK)
		cli_complain("--label is not '_' with letters, digits and hyphens behind it");
	return status == DANEPRIV_OK;
}

bool
cli_server_read(cli_server *s)
{
	char owner[1024];

	s->server.name = s->name;
	s->server.port = (uint16_t)s->port.value;
	s->server.transport = (danepriv_transport)s->transport.value;
	s->server.role = s->is_name_server ? DANEPRIV_NAME_SERVER : DANEPRIV_RESOLVER;
	s->server.label = s->label;
	if (s->label && !label_is_good(s))
		return false;
	if (s->server.transport == DANEPRIV_IPSEC)
		name_address(s);
	if (danepriv_server_owner(&s->server, owner, sizeof owner, NULL) == DANEPRIV_OK)
		return true;
	cli_complain("'%.80s' is no name of a server", s->name);
	return false;
}

const char *
cli_transport_word(danepriv_transport transport)
{
	switch (transport) {
	case DANEPRIV_DOT:
		return "dot";
	case DANEPRIV_DOH:
		return "doh";
	case DANEPRIV_DOQ:
		return "doq";
	case DANEPRIV_DTLS:
		return "dtls";
	case DANEPRIV_IPSEC:
		return "ipsec";
	case DANEPRIV_DOH3:
		return "doh3";
	}
	return "unknown";
}
