/* SPDX-License-Identifier: BSD-2-Clause
 * Which server is meant? */
#include "server.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <strings.h>

bool
cli_name_is_ascii(const char *name)
{
	gnutls_datum_t mapped = { NULL, 0 };

	for (const char *c = name; *c != '\0'; c++) {
		if (!(*c & 0x80))
			continue;
		/* What was meant is told and not taken: who reads it has to agree. */
		if (gnutls_idna_map(name, (unsigned)strlen(name), &mapped,
			GNUTLS_IDNA_FORCE_2008) == GNUTLS_E_SUCCESS)
			cli_complain("'%.120s' is not ASCII: give its A-label, '%.255s'", name,
			    (const char *)mapped.data);
		else
			cli_complain("'%.120s' is not ASCII: give its A-label (xn--...)", name);
		gnutls_free(mapped.data);
		return false;
	}
	return true;
}

/* The end of a label that begins with an underscore, and its dot; or NULL. */
static const char *
after_label(const char *name)
{
	const char *dot = name && name[0] == '_' ? strchr(name, '.') : NULL;

	return dot ? dot + 1 : NULL;
}

/* The server's name behind _PORT._TRANSPORT, or over IPsec behind _PORT, however often somebody put
 * that in front; NULL if it is not there. */
static const char *
name_in_owner(const char *name)
{
	const char *within = NULL;

	for (const char *rest; (rest = after_label(name)) != NULL; name = within) {
		if (name + 1 + strspn(name + 1, "0123456789") + 1 != rest)
			break;
		within = after_label(rest) ? after_label(rest) : rest;
	}
	return within;
}

bool
cli_names_equal(const char *one, const char *other)
{
	size_t len = strlen(one), other_len = strlen(other);

	len -= len > 0 && one[len - 1] == '.';
	other_len -= other_len > 0 && other[other_len - 1] == '.';
	return len == other_len && strncasecmp(one, other, len) == 0;
}

bool
cli_name_read(const char **name, danepriv_server *server)
{
	char owner[1024];

	if (!cli_name_is_ascii(server->name))
		return false;
	const char *within = name_in_owner(server->name);
	const char *given = *name;
	if (within)
		*name = server->name = within;
	if (danepriv_server_owner(server, owner, sizeof owner, NULL) != DANEPRIV_OK) {
		cli_complain("'%.80s' is no name of a server", given);
		return false;
	}
	if (!within || cli_names_equal(given, owner))
		return true;
	cli_complain("'%.120s' is the owner of records: the server's name is '%.120s', and its "
		     "records are looked for at '%.120s'",
	    given, within, owner);
	return false;
}

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
	s->server.name = s->name;
	s->server.port = (uint16_t)s->port.value;
	s->server.transport = (danepriv_transport)s->transport.value;
	s->server.aliases = s->is_name_server ? DANEPRIV_ALIASES_REFUSE : DANEPRIV_ALIASES_FOLLOW;
	s->server.label = s->label;
	if (s->label && !label_is_good(s))
		return false;
	if (s->server.transport == DANEPRIV_TRANSPORT_IPSEC)
		name_address(s);
	return cli_name_read(&s->name, &s->server);
}
